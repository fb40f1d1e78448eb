import { rows } from './output';
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

/** The star, and what is staged, wherever that stands. */
const TABLES = `select table_schema, table_name from svv_tables
    where table_type = 'BASE TABLE' and (table_schema = 'public'
        or (table_schema = 'etl' and left(table_name, 8) = 'staging_'))
    order by table_name`;
/** Which tables of the star are declared to point at which. */
const REFERENCES = `select distinct keys.table_name as pointing, used.table_name as pointed
    from information_schema.table_constraints as keys
    inner join information_schema.constraint_column_usage as used
        on keys.constraint_schema = used.constraint_schema
        and keys.constraint_name = used.constraint_name
    where keys.constraint_schema = 'public' and keys.constraint_type = 'FOREIGN KEY'`;

const KINDS = ['staging', 'fact', 'dimension'] as const;

/** A fact points at dimensions, and nothing points at it. */
function kindOf(
  table: string,
  references: readonly { readonly pointing: string; readonly pointed: string }[],
): TableCount['kind'] {
  if (table.startsWith('staging_')) return 'staging';
  const points = references.some(({ pointing }) => pointing === table);
  return points && !references.some(({ pointed }) => pointed === table) ? 'fact' : 'dimension';
}

/** The tables of the warehouse with their row counts, as its catalogue has them: staging first, then facts. */
export async function tableCounts(warehouse: WarehouseClient): Promise<readonly TableCount[]> {
  const names = await warehouse.objects<Readonly<Record<'table_schema' | 'table_name', string>>>(TABLES);
  if (names.length === 0) return [];
  const references = await warehouse.objects<{ readonly pointing: string; readonly pointed: string }>(REFERENCES);
  const known = names.map((each) => ({ ...each, kind: kindOf(each.table_name, references) }));
  const tables = KINDS.flatMap((kind) => known.filter((each) => each.kind === kind));
  const counts = tables.map(
    ({ table_schema, table_name }) => `(select count(*) from "${table_schema}"."${table_name}") as "${table_name}"`,
  );
  const knownSongs = '(select count(song_id) from public.songplays) as "known songs"';
  const [row] = await warehouse.objects<Readonly<Record<string, number>>>(
    `select ${[...counts, knownSongs].join(', ')}`,
  );
  return tables.map(({ kind, table_name }) => ({
    kind,
    table: table_name,
    rows: row?.[table_name] ?? 0,
    note: noteOf(kind, table_name, row?.['known songs'] ?? 0),
  }));
}

function noteOf(kind: TableCount['kind'], table: string, knownSongs: number): string {
  if (table === 'songplays') return `${knownSongs} know their song`;
  return kind === 'staging' ? 'as last loaded' : '';
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
  return `${check_name}: ${rows(offending_rows)}${examples === null ? '' : `, for example: ${examples}`}`;
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

/** A moment as the warehouse writes it, in UTC. @param milliseconds since the epoch */
export function sqlTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}

/** A moment that the warehouse has written, in milliseconds since the epoch. */
export function fromSqlTime(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

/** A text as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
