import { count, render } from './output';
import { literal, type RunRow } from './run-history';
import type { WarehouseClient } from './warehouse';

/** A row of a source file that COPY has left out. */
export interface RejectRow {
  readonly file_url: string;
  readonly line_number: number;
  /** Null where the whole line is no object. */
  readonly column_name: string | null;
  readonly value: string | null;
  readonly error_code: number;
  readonly reason: string | null;
  readonly source: string;
}

/** What the last load has left out; all of it stands in etl.rejects. */
export interface Rejects {
  readonly run_id: string;
  readonly rejected_rows: number;
  /** The first of them. */
  readonly rows: readonly RejectRow[];
}

/** How many are shown: an environment may allow 99,999. */
const MOST_SHOWN = 1000;

/** The last run that has loaded files; undefined before the first. */
export async function lastLoadedRun(
  warehouse: WarehouseClient,
): Promise<Pick<RunRow, 'run_id' | 'rejected_rows'> | undefined> {
  const [run] = await warehouse.objects<Pick<RunRow, 'run_id' | 'rejected_rows'>>(
    `select run_id, rejected_rows from etl.runs
     where status = 'succeeded' and files > 0 order by finished_at desc limit 1`,
  );
  return run;
}

/** The rejects of the last run that has loaded files; none before the first. */
export async function lastRejects(warehouse: WarehouseClient): Promise<Rejects | null> {
  const run = await lastLoadedRun(warehouse);
  return run === undefined ? null : { ...run, rows: await rejectsOf(warehouse, run.run_id, MOST_SHOWN) };
}

/** The columns of etl.rejects that people and programs are shown, in their order. */
export const REJECT_COLUMNS = [
  'source',
  'file_url',
  'line_number',
  'column_name',
  'value',
  'error_code',
  'reason',
] as const satisfies readonly (keyof RejectRow)[];

/** The first rejects of a run, in the order of files and lines. @param limit how many at most */
export function rejectsOf(warehouse: WarehouseClient, runId: string, limit: number): Promise<readonly RejectRow[]> {
  return warehouse.objects<RejectRow>(
    `select ${REJECT_COLUMNS.join(', ')} from etl.rejects
     where run_id = ${literal(runId)} order by file_url, line_number, column_name limit ${Math.trunc(limit)}`,
  );
}

const column = (name: string, numeric = false) => ({ name, numeric });

/** The rejects for people. */
export function describeRejects(rejects: Rejects | null): string {
  if (rejects === null || rejects.rejected_rows === 0) return 'none';
  const more = rejects.rejected_rows - rejects.rows.length;
  return [
    `${count(rejects.rejected_rows)} of run ${rejects.run_id}`,
    rejectsTable(rejects.rows),
    ...(more > 0
      ? [`and ${count(more)} more: sparkify rejects --run ${rejects.run_id} --limit ${rejects.rejected_rows}`]
      : []),
  ].join('\n');
}

/** Rejected rows for people. */
export function rejectsTable(rejects: readonly RejectRow[]): string {
  const columns = [
    column('file'),
    column('line', true),
    column('column'),
    column('value'),
    column('code', true),
    column('reason'),
  ];
  const rows = rejects.map((row) => [
    row.file_url,
    count(row.line_number),
    row.column_name,
    shortened(row.value),
    row.error_code,
    row.reason,
  ]);
  return render({ columns, rows }, 'table');
}

/** A value may have 1,024 bytes; what is wrong with it is seen at its beginning. */
function shortened(value: string | null): string | null {
  return value === null || value.length <= 60 ? value : `${value.slice(0, 59)}…`;
}
