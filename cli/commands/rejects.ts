import { outColours as pc } from '../colours';
import { NotDeployedError } from '../errors';
import { count, type Format, render } from '../output';
import { lastLoadedRun, REJECT_COLUMNS, type Rejects, rejectsOf, rejectsTable } from '../rejects';
import { runNamed } from '../run-history';
import { findRun } from '../runs/find-run';
import { type Target, type TargetChoice, withTarget } from '../target';

export interface RejectsOptions extends TargetChoice {
  /** A run; otherwise the last that has loaded files. */
  readonly run?: string;
  readonly limit: number;
  readonly format: Format;
}

/** `sparkify rejects`: the rows of source files that a run has left out. @throws UnknownRunError */
export async function rejects(options: RejectsOptions): Promise<void> {
  const { run_id, rejected_rows, rows } = await withTarget(options, (target) => readRejects(target, options));
  if (options.format === 'table') {
    if (rows.length > 0) console.log(rejectsTable(rows));
  } else {
    const columns = REJECT_COLUMNS.map((name) => ({ name, numeric: ['line_number', 'error_code'].includes(name) }));
    console.log(render({ columns, rows: rows.map((row) => REJECT_COLUMNS.map((name) => row[name])) }, options.format));
  }
  console.error(
    rejected_rows === 0 ? `Run ${run_id} has left out no row.` : `${count(rejected_rows)} of run ${run_id}`,
  );
  if (rejected_rows > rows.length)
    console.error(pc.dim(`the first ${count(rows.length)} are shown: --limit ${rejected_rows}`));
}

async function readRejects({ warehouse }: Target, { run, limit }: RejectsOptions): Promise<Rejects> {
  const found =
    run === undefined || run === 'last'
      ? await lastLoadedRun(warehouse)
      : await runNamed(warehouse, await findRun(warehouse, run));
  if (found === undefined) throw new NotDeployedError('No run has loaded files yet: sparkify load starts one.');
  const { run_id, rejected_rows } = found;
  return { run_id, rejected_rows, rows: await rejectsOf(warehouse, run_id, limit) };
}
