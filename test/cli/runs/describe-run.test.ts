import { stripVTControlCharacters } from 'node:util';
import type { RunRow } from '../../../cli/run-history';
import { describeRun, nextSteps, stepBars, why } from '../../../cli/runs/describe-run';
import type { EndedRun } from '../../../cli/runs/run-story';

const run: RunRow = {
  run_id: 'operator-backlog',
  trigger: 'operator',
  mode: 'incremental',
  status: 'succeeded',
  started_at: '2026-11-28 10:00:00.500',
  finished_at: '2026-11-28 10:00:04',
  files: 12,
  bytes: 4500,
  staged_events: 1200,
  staged_songs: 10,
  vanished_files: 0,
  rejected_rows: 0,
  error: null,
};
const story: EndedRun = {
  stackName: 'Sparkify-dev',
  scheduleName: 'Nightly',
  run,
  sources: [
    { source: 'events', files: 2, bytes: 4000, last_loaded_at: null },
    { source: 'songs', files: 10, bytes: 500, last_loaded_at: null },
  ],
  rejects: [],
  checks: [],
  steps: [],
};
const told = (changes: Partial<EndedRun>) => stripVTControlCharacters(describeRun({ ...story, ...changes }));

describe('the story of a run', () => {
  it('says how it ended, how long it took, and what it brought, by kind of source', () => {
    const text = told({});
    expect(text).toMatch(/^operator-backlog: succeeded, incremental, 3\.5 s\n/);
    expect(text).toMatch(/files\s+12 files, 4\.5 kB\n\s+events\s+2 files, 4\.0 kB\n\s+songs\s+10 files, 500 B/);
    expect(text).toMatch(/rows read\s+1,200 events, 10 songs/);
    expect(text).not.toMatch(/later run|Error|Rejected|gone/);
  });

  it('says that later runs have taken over some of its files', () => {
    const [events] = story.sources;
    expect(told({ sources: events === undefined ? [] : [events] })).toContain(
      '10 files of them loaded again by a later run',
    );
  });

  it('of a failed run is its error and how to go on', () => {
    const error = 'COPY failed: log_data/a.json, line 3, column sessionid: "12x" is no number. Mend it.';
    const failed = { ...run, status: 'failed', error };
    const text = told({ run: failed, sources: [] });
    expect(text).toContain(`Error\n${error}`);
    expect(text).toContain('sparkify logs --run operator-backlog');
    expect(text).toMatch(/sparkify load\b/);
    expect(nextSteps({ ...story, run: { ...failed, trigger: 'deploy' } }).map(([command]) => command)).toContain(
      'deploy',
    );
  });

  it('names the commands for what it left out and what is gone', () => {
    const commands = nextSteps({ ...story, run: { ...run, rejected_rows: 3, vanished_files: 1 } }).map(
      ([command]) => command,
    );
    expect(commands).toEqual([
      'rejects --run operator-backlog',
      'files --run operator-backlog',
      'files --gone',
      'logs --run operator-backlog',
    ]);
  });

  it('that goes on says what it does and how to stop it', () => {
    const running = {
      runId: 'operator-x',
      trigger: 'operator',
      dryRun: false,
      phase: 'load',
      startedAt: 0,
      files: 2,
      bytes: 10,
      steps: [],
    };
    const text = stripVTControlCharacters(describeRun({ stackName: 'S', executionArn: 'arn:x', running }));
    expect(text).toMatch(/^operator-x: running, load\n/);
    expect(text).toContain('began      1970-01-01 00:00:00.000 UTC');
    expect(text).toContain('sparkify cancel operator-x');
  });
});

describe('why a run was made', () => {
  it.each([
    ['deploy', 'deploy-b081d8858600', 'a deploy of Sparkify-dev, by CloudFormation'],
    ['operator', 'operator-backlog-1', 'an operator, under the name backlog-1'],
    ['schedule', 'schedule-2018-11-05t02-00-00z', 'the nightly schedule Nightly, due 2018-11-05 02:00:00 UTC'],
  ])('by %s, %s', (trigger, runId, expected) => {
    expect(why(trigger, runId, { stackName: 'Sparkify-dev', scheduleName: 'Nightly' })).toBe(expected);
  });
});

describe('the bars of steps', () => {
  it('are as long as their part of the longest, and quick steps share one', () => {
    const steps = [
      { step: 'copy', duration_ms: 1000 },
      { step: 'list', duration_ms: 500 },
      { step: 'a', duration_ms: 40 },
      { step: 'b', duration_ms: 10 },
    ];
    expect(stepBars(steps, 20).rows).toEqual([
      ['copy', '1.0 s', '█'.repeat(20)],
      ['list', '0.5 s', '█'.repeat(10)],
      ['2 quicker steps', '0.1 s', '█'],
    ]);
  });
});
