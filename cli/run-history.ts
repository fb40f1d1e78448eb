import type { WarehouseClient } from './warehouse';

/** One row of etl.runs. */
export interface RunRow {
  readonly run_id: string;
  readonly trigger: string;
  readonly mode: string;
  readonly status: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly files: number;
  readonly bytes: number;
  readonly staged_events: number;
  readonly staged_songs: number;
  readonly vanished_files: number;
  readonly rejected_rows: number;
  readonly error: string | null;
}

export interface TableCount {
  readonly kind: 'staging' | 'fact' | 'dimension';
  readonly table: string;
  readonly rows: number;
  readonly note: string;
}

export interface CheckRow {
  readonly check_name: string;
  readonly severity: string;
  readonly offending_rows: number;
  readonly passed: boolean;
  /** Up to five offending rows. */
  readonly examples: string | null;
}

export interface StepRow {
  readonly step: string;
  readonly duration_ms: number;
}

export interface LedgerRow {
  readonly source: string;
  readonly files: number;
  readonly bytes: number;
  readonly last_loaded_at: string | null;
}

/** The columns of etl.runs that people and programs are shown, in their order. */
export const RUN_COLUMNS =
  'run_id, trigger, mode, status, started_at, finished_at, files, bytes, staged_events, staged_songs, vanished_files, rejected_rows, error';

/** The newest runs first. */
export function lastRuns(warehouse: WarehouseClient, limit: number): Promise<readonly RunRow[]> {
  return warehouse.objects<RunRow>(
    `select ${RUN_COLUMNS} from etl.runs order by finished_at desc, run_id limit ${Math.trunc(limit)}`,
  );
}

/** One run, undefined where it has no row. */
export async function runNamed(warehouse: WarehouseClient, runId: string): Promise<RunRow | undefined> {
  const [run] = await warehouse.objects<RunRow>(`select ${RUN_COLUMNS} from etl.runs where run_id = ${literal(runId)}`);
  return run;
}

/** The tables of the warehouse with their row counts, staging first. */
export async function tableCounts(warehouse: WarehouseClient): Promise<readonly TableCount[]> {
  const tables: readonly (readonly [TableCount['kind'], string])[] = [
    ['staging', 'staging_events'],
    ['staging', 'staging_songs'],
    ['fact', 'songplays'],
    ['dimension', 'users'],
    ['dimension', 'songs'],
    ['dimension', 'artists'],
    ['dimension', 'time'],
  ];
  const counts = tables.map(([, table]) => `(select count(*) from public.${table}) as "${table}"`);
  const known = '(select count(song_id) from public.songplays) as known';
  const [row] = await warehouse.objects<Readonly<Record<string, number>>>(`select ${[...counts, known].join(', ')}`);
  return tables.map(([kind, table]) => ({
    kind,
    table,
    rows: row?.[table] ?? 0,
    note: table === 'songplays' ? `${row?.known ?? 0} know their song` : kind === 'staging' ? 'as last loaded' : '',
  }));
}

/** The checks of one run. */
export function checksOf(warehouse: WarehouseClient, runId: string): Promise<readonly CheckRow[]> {
  return warehouse.objects<CheckRow>(
    `select check_name, severity, offending_rows, passed, examples from etl.check_results
     where run_id = ${literal(runId)} order by check_name`,
  );
}

/** The checks that the last run with files has warned of; one that fails rolls its run back. */
export function warnings(warehouse: WarehouseClient): Promise<readonly CheckRow[]> {
  return warehouse.objects<CheckRow>(
    `select check_name, severity, offending_rows, passed, examples from etl.check_results
     where not passed and run_id = (
         select run_id from etl.runs where status = 'succeeded' and files > 0 order by finished_at desc limit 1
     ) order by check_name`,
  );
}

/** A check that has found something, in a line. */
export function warningLine({ check_name, offending_rows, examples }: CheckRow): string {
  return `${check_name}: ${offending_rows} rows${examples === null ? '' : `, for example: ${examples}`}`;
}

/** The steps of one run, in their order. */
export function stepsOf(warehouse: WarehouseClient, runId: string): Promise<readonly StepRow[]> {
  return warehouse.objects<StepRow>(
    `select step, duration_ms from etl.run_steps where run_id = ${literal(runId)} order by position`,
  );
}

/** What the star holds, by kind of source. */
export function ledger(warehouse: WarehouseClient): Promise<readonly LedgerRow[]> {
  return warehouse.objects<LedgerRow>(
    `select source, count(*) as files, sum(size_bytes) as bytes, max(loaded_at) as last_loaded_at
     from etl.files group by source order by source`,
  );
}

/** What the ledger holds of one run, by kind of source. */
export function ledgerOfRun(warehouse: WarehouseClient, runId: string): Promise<readonly LedgerRow[]> {
  return warehouse.objects<LedgerRow>(
    `select source, count(*) as files, sum(size_bytes) as bytes, max(loaded_at) as last_loaded_at
     from etl.files where run_id = ${literal(runId)} group by source order by source`,
  );
}

/** A text as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
