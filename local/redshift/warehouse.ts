import type { RedshiftType } from './types';

/** One value as it leaves the engine. DECIMAL, dates, times, timestamps, intervals and SUPER are text. */
export type CellValue = null | boolean | number | bigint | string;

/** One column of a result set. */
export interface ResultColumn {
  /** The alias, or the name the server gives an unnamed expression (`?column?`, `count`). */
  readonly label: string;
  readonly type: RedshiftType;
  /** Set only where the column is a plain reference to a table's column. */
  readonly source?: { readonly schema: string; readonly table: string; readonly column: string };
  /** 0 not null, 1 nullable, 2 unknown (as JDBC has it). */
  readonly nullable: 0 | 1 | 2;
}

export interface StatementResult {
  /** Number in SYS_QUERY_HISTORY. */
  readonly queryId: number;
  /** The command's tag, for example `SELECT`, `INSERT`, `COPY`, `CREATE TABLE`. */
  readonly command: string;
  /** Absent when the statement has no result set. */
  readonly columns?: readonly ResultColumn[];
  /** Rows in chunks, to be read once and to the end (or returned early) before the session runs anything else. */
  readonly rows: AsyncIterable<readonly (readonly CellValue[])[]>;
  /** Rows changed by INSERT, UPDATE, DELETE, MERGE; 0 for COPY and DDL, as the Data API reports it. */
  readonly affectedRows: number;
  /** INFO, NOTICE and WARNING messages, for example COPY's "Load into table ... completed". */
  readonly notices: readonly string[];
}

/** One database session: temporary tables, SET and an open transaction belong to it. One statement at a time. */
export interface Session {
  readonly pid: number;
  readonly user: string;
  readonly database: string;
  /** Number in SYS_QUERY_HISTORY of the last statement that began, also of one that failed; 0 before the first. */
  readonly lastQueryId: number;
  /** `idle` outside a transaction, `open` inside one, `aborted` inside one after an error. */
  readonly transaction: 'idle' | 'open' | 'aborted';
  /**
   * Runs one statement of Redshift SQL.
   * @param parameters values for `:name` placeholders, all as text
   * @throws RedshiftError
   */
  execute(sql: string, parameters?: ReadonlyMap<string, string>): Promise<StatementResult>;
  /** Interrupts the running statement, which then fails with 57014; without one it does nothing. */
  cancel(): void;
  /** Rolls back what is open and drops the temporary tables. */
  close(): Promise<void>;
}

/** One cluster's or workgroup's databases. */
export interface Warehouse {
  /** @throws RedshiftError 3D000 when the database does not exist */
  connect(options: { readonly database: string; readonly user: string }): Promise<Session>;
  listDatabases(): Promise<readonly string[]>;
  /** Closes every session and checkpoints. */
  close(): Promise<void>;
}
