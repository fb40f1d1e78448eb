import { NAMESPACE, runMetrics } from '../../lambda/metrics';
import { newRun, type RunState } from '../../lambda/state';

const NOON = 1_540_900_800_000;
const run: RunState = {
  ...newRun({ runId: 'schedule-x', trigger: 'schedule', mode: 'incremental' }, NOON, 3300),
  phase: 'succeeded',
  mode: 'incremental',
  retries: 1,
  collected: { digest: 'd', files: 2, bytes: 900, manifests: {}, jsonPaths: {}, ledgerPrefix: 'runs/x/files/' },
  counts: { staging_events: 10, staging_songs: 3, songplays: 7, rejected_rows: 2, warned_checks: 1 },
};

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

/** As CloudWatch reads the line. @returns the metrics by name */
function extracted(line: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const root = JSON.parse(JSON.stringify(line)) as Record<string, unknown> & {
    readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
  };
  expect(Number.isInteger(root._aws.Timestamp)).toBe(true);
  const [directive] = root._aws.CloudWatchMetrics;
  if (directive === undefined) throw new Error('no metrics');
  for (const names of directive.Dimensions)
    for (const name of names) expect(typeof root[name] === 'string' && root[name] !== '').toBe(true);
  return Object.fromEntries(directive.Metrics.map(({ Name }) => [Name, root[Name]]));
}

describe('the metrics of a run', () => {
  it('are in the embedded metric format, in one namespace, by environment', () => {
    const line = runMetrics(run, 'dev', NOON + 5000);
    expect(line).toMatchObject({
      Environment: 'dev',
      _aws: { Timestamp: NOON + 5000, CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['Environment']] }] },
    });
    expect(extracted(line)).toEqual({
      RunsSucceeded: 1,
      RunsFailed: 0,
      RunDuration: 5000,
      FilesLoaded: 2,
      BytesLoaded: 900,
      RowsStaged: 13,
      RowsRejected: 2,
      ChecksWarned: 1,
      Retries: 1,
    });
  });

  it('count nothing as loaded where the run failed', () => {
    const failed: RunState = { ...run, phase: 'failed', counts: undefined };
    expect(extracted(runMetrics(failed, 'dev', NOON))).toMatchObject({
      ...{ RunsSucceeded: 0, RunsFailed: 1, FilesLoaded: 0, BytesLoaded: 0, RowsStaged: 0, RowsRejected: 0 },
    });
  });

  it('count nothing as staged where the run found nothing new: the stage holds the last load', () => {
    const idle: RunState = { ...run, idle: true, collected: undefined, counts: { staging_events: 10 } };
    expect(extracted(runMetrics(idle, 'dev', NOON))).toMatchObject({ RunsSucceeded: 1, FilesLoaded: 0, RowsStaged: 0 });
  });

  it('say how far the star is behind its source, whatever the clock says: from its newest play to the end of the newest log', () => {
    const newest_play = Date.UTC(2018, 10, 30, 21, 30) / 1000;
    const of = (counts: object) => extracted(runMetrics({ ...run, counts: { ...run.counts, ...counts } }, 'dev', NOON));
    expect(of({ newest_play, newest_log_day: 20181130 })).toMatchObject({ HoursBehindSource: 2.5 });
    expect(of({ newest_play, newest_log_day: 20181202 })).toMatchObject({ HoursBehindSource: 50.5 });
    // A play of the day after its file's name: not ahead of its source.
    expect(of({ newest_play, newest_log_day: 20181129 })).toMatchObject({ HoursBehindSource: 0 });
  });

  it.each([
    ['there is no play', { newest_play: 0, newest_log_day: 20181130 }],
    ['no log has a day', { newest_play: 1_543_613_400, newest_log_day: 0 }],
    ['a file is named after no day of the calendar', { newest_play: 1_543_613_400, newest_log_day: 20181131 }],
  ])('do not say how far the star is behind where %s', (_, counts) => {
    expect(extracted(runMetrics({ ...run, counts }, 'dev', NOON))).not.toHaveProperty('HoursBehindSource');
  });

  it('do not say how far the star is behind where the run failed', () => {
    const failed: RunState = {
      ...run,
      phase: 'failed',
      counts: { newest_play: 1_543_613_400, newest_log_day: 20181130 },
    };
    expect(extracted(runMetrics(failed, 'dev', NOON))).not.toHaveProperty('HoursBehindSource');
  });

  it('have values that CloudWatch takes, for every metric it announces', () => {
    for (const value of Object.values(extracted(runMetrics(run, 'dev', NOON))))
      expect(Number.isFinite(value)).toBe(true);
  });
});
