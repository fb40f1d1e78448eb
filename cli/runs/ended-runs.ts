import { LoadError } from '../errors';
import type { ExecutionEnd } from '../executions';
import { bytes, count, type Format, files, render } from '../output';
import { type RunRow, runNamed, stepsOf } from '../run-history';
import { stepRows } from '../summary';
import type { Target } from '../target';
import { between } from './run-list';

/** The run's id, as the function's result names it. */
function runIdOf(end: ExecutionEnd): string | undefined {
  const result = end.result;
  if (typeof result !== 'object' || result === null || !('run' in result)) return undefined;
  return typeof result.run === 'string' ? result.run : undefined;
}

/** The row of the run that an execution has made. @throws LoadError when it did not succeed */
export async function runOf({ warehouse }: Target, end: ExecutionEnd, arn: string): Promise<RunRow> {
  const runId = runIdOf(end);
  if (end.status !== 'SUCCEEDED' || runId === undefined) {
    throw new LoadError(
      `The load did not succeed (${end.status}): ${end.error ?? 'without a reason'}\nExecution: ${arn}`,
    );
  }
  const run = await runNamed(warehouse, runId);
  if (run === undefined) throw new LoadError(`Run ${runId} succeeded but has no row in etl.runs.`);
  return run;
}

/** What runs have come to: a line and the slow steps of each, or their rows as JSON. */
export async function showEndedRuns(
  { warehouse }: Target,
  runs: readonly RunRow[],
  format: Extract<Format, 'table' | 'json'>,
): Promise<void> {
  if (format === 'json') {
    console.log(JSON.stringify(runs, null, 2));
    return;
  }
  for (const run of runs) {
    console.log(endLine(run));
    const rows = stepRows(await stepsOf(warehouse, run.run_id));
    const columns = [
      { name: 'step', numeric: false },
      { name: 'took', numeric: true },
    ];
    if (rows.length > 0) console.log(render({ columns, rows }, 'table'));
  }
}

/** A run that has ended, in a line, with the rate at which it read its files. */
export function endLine(run: RunRow): string {
  const took = between(run.started_at, run.finished_at);
  const rate = took >= 1000 ? `, ${bytes(Math.round(run.bytes / (took / 1000)))}/s` : '';
  const what = run.files === 0 ? 'nothing new' : `${files(run.files)}, ${bytes(run.bytes)}${rate}`;
  const without = run.rejected_rows > 0 ? `, without ${count(run.rejected_rows)} rejected rows (sparkify rejects)` : '';
  return `${run.run_id}: ${run.status}, ${run.mode}, ${what}${without}`;
}
