import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Clock } from '../../clock';
import type { CatalogView, TableDefinition } from '../catalog/relation';
import type { Copy } from '../dialect/ast';

/**
 * A small door to the session's own DuckDB connection, inside the transaction that the engine has opened.
 * What is run here is rolled back when COPY fails: throwing is enough, COPY never begins or ends a transaction.
 * A DuckDB error passes through unchanged (a plain Error), so that the fast path can tell it and fall back.
 */
export interface CopyConnection {
  /**
   * Runs one or several DuckDB statements.
   * @param values for `$1`, `$2` ... (of one statement only)
   * @returns the rows changed by the last statement
   */
  run(sql: string, values?: readonly DuckDBValue[]): Promise<number>;
  /** Runs one DuckDB query and reads all of it: rows as arrays of DuckDB values. For small results. */
  query(sql: string, values?: readonly DuckDBValue[]): Promise<readonly (readonly DuckDBValue[])[]>;
  /** The same query read in chunks (about 2,000 rows each), for results of any size. */
  stream(sql: string, values?: readonly DuckDBValue[]): AsyncIterable<readonly (readonly DuckDBValue[])[]>;
  /** The connection itself, for appenders. Begin, commit and rollback are the engine's. */
  readonly raw: DuckDBConnection;
  /** The relation's name in the engine, quoted: `"public"."t"`, or `temp.main."t"` for a temporary table. */
  relationSql(table: TableDefinition): string;
}

/** One row of SYS_LOAD_ERROR_DETAIL and STL_LOAD_ERRORS, without what the engine knows itself. */
export interface LoadError {
  /** `s3://bucket/key` */
  readonly fileName: string;
  /** 1-based; the last line of the object for JSON that spreads over several lines. */
  readonly lineNumber: number;
  readonly columnName: string;
  /** As Redshift names it there: `int4`, `int8`, `varchar`, `timestamp`, `numeric`. */
  readonly columnType: string;
  /** Declared length as text, '' where there is none. */
  readonly columnLength: string;
  /** Character position in the line, 0 where unknown. */
  readonly position: number;
  /** Error code of the "Load error reference", for example 1207. */
  readonly errorCode: number;
  readonly errorMessage: string;
  /** The line as read (cut to 1,024 bytes by the engine) and the field's value. Only STL_LOAD_ERRORS shows them. */
  readonly rawLine: string;
  readonly rawFieldValue: string;
}

/** One row of SYS_LOAD_HISTORY, without what the engine knows itself (ids, user, database, table, times). */
export interface LoadHistory {
  readonly status: 'completed' | 'aborted';
  /** The url in FROM. */
  readonly dataSource: string;
  readonly fileFormat: 'csv' | 'txt' | 'json' | 'parquet';
  readonly loadedRows: number;
  readonly loadedBytes: number;
  readonly sourceFileCount: number;
  readonly sourceFileBytes: number;
  readonly errorCount: number;
}

/** One row of SYS_LOAD_DETAIL and STL_LOAD_COMMITS: a file that was read. */
export interface LoadDetail {
  readonly fileName: string;
  readonly bytesScanned: number;
  readonly linesScanned: number;
}

/** What the engine hands to COPY for one statement. */
export interface CopyContext {
  readonly connection: CopyConnection;
  /** The target; its write lock is held and the transaction is open. */
  readonly table: TableDefinition;
  readonly catalog: CatalogView;
  readonly queryId: number;
  readonly user: string;
  readonly database: string;
  readonly pid: number;
  readonly transactionId: number;
  /** Milliseconds since the epoch; DEFAULT SYSDATE and GETDATE() in COPY use them. */
  readonly transactionTime: number;
  readonly statementTime: number;
  /**
   * The DEFAULT of a column as DuckDB SQL for this statement (times of the transaction filled in); undefined
   * where the column has none. IDENTITY columns have none here: leave them out of the INSERT.
   */
  defaultSql(column: string): string | undefined;
  /** These three are written on a connection of their own and survive the rollback of a failed COPY. */
  recordLoadErrors(rows: readonly LoadError[]): Promise<void>;
  recordLoadHistory(row: LoadHistory): Promise<void>;
  recordLoadDetail(rows: readonly LoadDetail[]): Promise<void>;
  /** Aborted by cancel(); the running DuckDB statement is interrupted by the engine too. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export interface CopyOutcome {
  /** Rows now in the table through this COPY; PG_LAST_COPY_COUNT(). 0 with NOLOAD. */
  readonly loadedRows: number | bigint;
  /** INFO messages, for example `Load into table 't' completed, 3 record(s) loaded successfully.` */
  readonly notices: readonly string[];
}

/** Does COPY FROM S3 for the engine. */
export interface CopyRunner {
  /** @throws RedshiftError what Redshift answers; the engine rolls the statement back and aborts the transaction */
  run(copy: Copy, context: CopyContext): Promise<CopyOutcome>;
}
