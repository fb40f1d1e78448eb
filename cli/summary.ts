import { outColours as pc } from './colours';
import { count, duration, files, render } from './output';
import type { StepTime } from './progress';
import { type CheckRow, type RunRow, type StepRow, type TableCount, warningLine } from './run-history';

/** What a start ends with, as programs get it. */
export interface StartSummary {
  readonly home: string;
  /** The file that an analyst shows in a meeting. */
  readonly report: string;
  readonly source: string;
  readonly outputs: object;
  readonly tables: readonly TableCount[];
  readonly lastRun?: RunRow;
  readonly checks: readonly CheckRow[];
  readonly runSteps: readonly StepRow[];
  readonly steps: readonly StepTime[];
}

const heading = (text: string) => `\n${pc.bold(text)}`;

/** ` (last run …)`; nothing where there was none. */
export function lastRunNote(run: RunRow | undefined): string {
  return run === undefined ? '' : ` (last run ${run.run_id}: ${run.mode}, ${files(run.files)}, ${run.status})`;
}

/** The checks of a run for people: how many passed, and what the others found. */
export function checkLine(checks: readonly CheckRow[]): string {
  const passed = checks.filter((check) => check.passed);
  const warned = checks.filter((check) => !check.passed);
  const names = passed.map((check) => check.check_name).join(', ');
  const lines = [`${pc.green('✓')} ${passed.length} of ${checks.length} checks passed: ${names}`];
  for (const check of warned) lines.push(`${pc.yellow('!')} ${warningLine(check)}`);
  return lines.join('\n');
}

/** A stack's outputs for people. */
export function outputsTable(outputs: object): string {
  const columns = [
    { name: 'output', numeric: false },
    { name: 'value', numeric: false },
  ];
  return render({ columns, rows: Object.entries(outputs) }, 'table');
}

/** The tables with their row counts for people. */
export function countsTable(tables: readonly TableCount[]): string {
  const columns = [
    { name: 'table', numeric: false },
    { name: 'kind', numeric: false },
    { name: 'rows', numeric: true },
    { name: '', numeric: false },
  ];
  return render({ columns, rows: tables.map((t) => [t.table, t.kind, count(t.rows), t.note]) }, 'table');
}

/** Where the time went is seen in a few lines; `sparkify run` shows every step. */
const MOST_LINES = 6;

/** What a run's steps took: its slowest, in their order, and the others together. */
export function stepRows(steps: readonly StepRow[]): readonly (readonly [string, string])[] {
  const slowest = new Set([...steps].sort((a, b) => b.duration_ms - a.duration_ms).slice(0, MOST_LINES));
  const rest = steps.filter((step) => !slowest.has(step));
  const together = duration(rest.reduce((sum, step) => sum + step.duration_ms, 0));
  return [
    ...steps.filter((step) => slowest.has(step)).map(({ step, duration_ms }) => [step, duration(duration_ms)] as const),
    ...(rest.length === 0 ? [] : [[`${rest.length} quicker steps`, together] as const]),
  ];
}

function timesTable(summary: StartSummary): string {
  const columns = [
    { name: 'step', numeric: false },
    { name: 'took', numeric: true },
  ];
  const run = stepRows(summary.runSteps).map(([step, took]) => [`  last load: ${step}`, took]);
  const steps = summary.steps.flatMap(({ step, milliseconds }) => {
    const line = [step, duration(milliseconds)];
    return step === 'deploy' ? [line, ...run] : [line];
  });
  return render({ columns, rows: steps }, 'table');
}

const NEXT = [
  ['npm run -s sparkify -- open', 'the report in your browser'],
  ['npm run -s sparkify -- query', 'a shell with completion; \\? in it says more'],
  ['npm run -s sparkify -- query "select * from analytics.top_songs limit 5"', 'or one question'],
  ['npm run -s sparkify -- run last', 'the whole story of the last load'],
  ['npm run -s sparkify -- tick', 'let the nightly schedule fire once'],
  ['npm start -- --source DIR', 'the same on a bucket of your own'],
  ['npm run -s sparkify -- --help', 'everything else'],
] as const;

/** The end of a start for people. */
export function startSummary(summary: StartSummary, sourceFolder: string): string {
  const width = Math.max(...NEXT.map(([command]) => command.length));
  return [
    heading('Stack outputs'),
    outputsTable(summary.outputs),
    heading(`Warehouse${lastRunNote(summary.lastRun)}`),
    countsTable(summary.tables),
    checkLine(summary.checks),
    heading('Time'),
    timesTable(summary),
    heading('Report'),
    `  ${pc.cyan(summary.report)}`,
    heading('Next'),
    ...NEXT.map(([command, what]) => `  ${pc.cyan(command.padEnd(width))}  ${what}`),
    `  New files go into ${sourceFolder}; the next tick or load finds them.`,
  ].join('\n');
}
