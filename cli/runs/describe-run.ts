import { outColours as pc } from '../colours';
import { bytes, count, duration, files, type Rows, render } from '../output';
import { rejectsTable } from '../rejects';
import { type StepRow, sqlTime, warningLine } from '../run-history';
import { between, colouredStatus } from './run-list';
import type { EndedRun, RunOnItsWay, RunStory } from './run-story';

const column = (name: string, numeric = false) => ({ name, numeric });
const heading = (text: string) => `\n${pc.bold(text)}`;
const BAR = 30;

/** A run's whole story for people. */
export function describeRun(story: RunStory): string {
  return 'run' in story ? ended(story) : onItsWay(story);
}

function ended(story: EndedRun): string {
  const { run } = story;
  const took = duration(between(run.started_at, run.finished_at));
  return [
    `${pc.bold(run.run_id)}: ${colouredStatus(run.status)}, ${run.mode}, ${took}`,
    facts([
      ['why', why(run.trigger, run.run_id, story)],
      ['began', `${run.started_at} UTC`],
      ['ended', `${run.finished_at} UTC`],
      ...brought(story),
    ]),
    ...error(story),
    ...rejects(story),
    ...checks(story),
    ...steps(story.steps),
    ...tables(story),
    heading('Next'),
    ...nextSteps(story).map(([command, what]) => `  ${pc.cyan(`sparkify ${command}`)}  ${what}`),
  ].join('\n');
}

function onItsWay({ running, executionArn, stackName }: RunOnItsWay): string {
  const { runId, phase, trigger, mode, startedAt, trouble } = running;
  const size = running.files === undefined ? 'not known yet' : extent(running.files, running.bytes ?? 0);
  return [
    `${pc.bold(runId)}: ${pc.yellow('running')}, ${phase}`,
    facts([
      ['why', why(trigger, runId, { stackName })],
      ['mode', mode ?? 'not known yet'],
      ['began', `${sqlTime(startedAt)} UTC`],
      ['files', size],
      ['execution', executionArn],
      ...(trouble === undefined ? [] : [['trouble', trouble] as const]),
    ]),
    ...steps(running.steps.map(({ step, milliseconds }) => ({ step, duration_ms: milliseconds }))),
    heading('Next'),
    `  ${pc.cyan(`sparkify logs --follow --run ${runId}`)}  what it does, line by line`,
    `  ${pc.cyan(`sparkify cancel ${runId}`)}  stop it`,
  ].join('\n');
}

function facts(lines: readonly (readonly [name: string, value: string])[]): string {
  return lines.map(([name, value]) => `  ${pc.dim(name.padEnd(10))} ${value}`).join('\n');
}

const extent = (number: number, size: number) => `${files(number)}, ${bytes(size)}`;

/**
 * Why a run was made and by whom, as far as its id and its trigger tell: a deploy's id is made of CloudFormation's
 * request, a nightly run's of the time it was due, an operator's run has the name that was given to it.
 */
export function why(
  trigger: string,
  runId: string,
  { stackName, scheduleName }: { readonly stackName: string; readonly scheduleName?: string },
): string {
  const rest = runId.slice(trigger.length + 1);
  if (trigger === 'deploy') return `a deploy of ${stackName}, by CloudFormation`;
  if (trigger === 'operator') return `an operator, under the name ${rest}`;
  const due = /^(\d{4}-\d{2}-\d{2})t(\d{2})-(\d{2})-(\d{2})/.exec(rest);
  const at = due === null ? rest : `${due[1]} ${due[2]}:${due[3]}:${due[4]} UTC`;
  return `the nightly schedule${scheduleName === undefined ? '' : ` ${scheduleName}`}, due ${at}`;
}

function brought({ run, sources }: EndedRun): readonly (readonly [string, string])[] {
  if (run.files === 0) return [['files', run.status === 'succeeded' ? 'nothing new' : 'none']];
  const held = sources.reduce((sum, source) => sum + source.files, 0);
  const later = run.status === 'succeeded' && held < run.files ? run.files - held : 0;
  return [
    ['files', extent(run.files, run.bytes)],
    ...sources.map((each) => [`  ${each.source}`, extent(each.files, each.bytes)] as const),
    ...(later > 0 ? [['', `${files(later)} of them loaded again by a later run`] as const] : []),
    ...(run.status === 'succeeded'
      ? [['rows read', `${count(run.staged_events)} events, ${count(run.staged_songs)} songs`] as const]
      : []),
    ...(run.vanished_files > 0
      ? [
          [
            'gone',
            `${files(run.vanished_files)} loaded before and gone from the source; what they brought stays`,
          ] as const,
        ]
      : []),
  ];
}

function error({ run }: EndedRun): readonly string[] {
  return run.error === null ? [] : [heading('Error'), pc.red(run.error)];
}

function rejects({ run, rejects: rows }: EndedRun): readonly string[] {
  if (run.rejected_rows === 0) return [];
  const more = run.rejected_rows - rows.length;
  return [
    heading(`Rejected rows: ${count(run.rejected_rows)}`),
    rejectsTable(rows),
    ...(more > 0 ? [`and ${count(more)} more`] : []),
  ];
}

function checks({ checks: all }: EndedRun): readonly string[] {
  if (all.length === 0) return [];
  const passed = all.filter((check) => check.passed).length;
  return [
    heading('Checks'),
    `${pc.green('✓')} ${passed} of ${all.length} passed`,
    ...all.filter((check) => !check.passed).map((check) => `${pc.yellow('!')} ${warningLine(check)}`),
  ];
}

/** Milliseconds; steps below share one line (JSON has each of them). */
const WORTH_A_LINE = 50;

/** What each step took, with a bar as long as its part of the longest; those that took next to nothing share a line. */
export function stepBars(all: readonly StepRow[], width: number): Rows {
  const longest = Math.max(1, ...all.map(({ duration_ms }) => duration_ms));
  const bar = (milliseconds: number) => '█'.repeat(Math.round(Math.min(1, milliseconds / longest) * width));
  const slow = all.filter(({ duration_ms }) => duration_ms >= WORTH_A_LINE);
  const quick = all.filter(({ duration_ms }) => duration_ms < WORTH_A_LINE);
  const together = quick.reduce((sum, { duration_ms }) => sum + duration_ms, 0);
  return {
    columns: [column('step'), column('took', true), column('')],
    rows: [
      ...slow.map(({ step, duration_ms }) => [step, duration(duration_ms), bar(duration_ms)]),
      ...(quick.length === 0 ? [] : [[`${quick.length} quicker steps`, duration(together), bar(together)]]),
    ],
  };
}

function steps(all: readonly StepRow[]): readonly string[] {
  return all.length === 0 ? [] : [heading('Steps'), render(stepBars(all, BAR), 'table')];
}

function tables({ tables: counts }: EndedRun): readonly string[] {
  if (counts === undefined) return [];
  const rows = counts.map(({ table, kind, rows: number, note }) => [table, kind, count(number), note]);
  const columns = [column('table'), column('kind'), column('rows', true), column('')];
  return [heading('Tables, as they are now'), render({ columns, rows }, 'table')];
}

/** What somebody may want to do after reading the story: commands, and what for. */
export function nextSteps({ run }: EndedRun): readonly (readonly [command: string, what: string])[] {
  const { run_id, status, rejected_rows, trigger } = run;
  const log = [`logs --run ${run_id}`, 'what it did, line by line'] as const;
  if (status !== 'succeeded') {
    return [log, [trigger === 'deploy' ? 'deploy' : 'load', 'again, when it is mended']];
  }
  return [
    ...(rejected_rows > 0 ? [[`rejects --run ${run_id}`, 'all rows that it has left out'] as const] : []),
    ...(run.files > 0 ? [[`files --run ${run_id}`, 'the files that it brought'] as const] : []),
    ...(run.vanished_files > 0 ? [['files --gone', 'files that are gone from the source'] as const] : []),
    log,
  ];
}
