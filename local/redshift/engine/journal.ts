import type { DuckDBConnection } from '@duckdb/node-api';
import { Mutex } from './mutex';

/** A finished statement, for SYS_QUERY_HISTORY and STL_QUERY. Times in milliseconds since the epoch. */
export interface QueryRecord {
  readonly user_id: number;
  readonly query_id: number;
  readonly query_label: string;
  readonly transaction_id: number;
  readonly session_id: number;
  readonly database_name: string;
  readonly query_type: string;
  readonly status: 'success' | 'failed' | 'canceled';
  readonly start_time: number;
  readonly end_time: number;
  /** Microseconds. */
  readonly lock_wait_time: number;
  readonly error_message: string;
  readonly returned_rows: number;
  readonly query_text: string;
}

/** Rows of the load views, with what the engine adds. */
export interface LoadErrorRecord {
  readonly user_id: number;
  readonly query_id: number;
  readonly transaction_id: number;
  readonly session_id: number;
  readonly database_name: string;
  readonly table_id: number;
  readonly start_time: number;
  readonly file_name: string;
  readonly line_number: number;
  readonly column_name: string;
  readonly column_type: string;
  readonly column_length: string;
  readonly position: number;
  readonly error_code: number;
  readonly error_message: string;
  readonly raw_line: string;
  readonly raw_field_value: string;
}
export interface LoadHistoryRecord {
  readonly user_id: number;
  readonly query_id: number;
  readonly transaction_id: number;
  readonly session_id: number;
  readonly database_name: string;
  readonly status: string;
  readonly table_name: string;
  readonly start_time: number;
  readonly end_time: number;
  readonly data_source: string;
  readonly file_format: string;
  readonly loaded_rows: number;
  readonly loaded_bytes: number;
  readonly source_file_count: number;
  readonly source_file_bytes: number;
  readonly error_count: number;
}
export interface LoadDetailRecord {
  readonly user_id: number;
  readonly query_id: number;
  readonly file_name: string;
  readonly bytes_scanned: number;
  readonly lines_scanned: number;
  readonly record_time: number;
}

interface Log {
  readonly table: string;
  readonly columns: Readonly<Record<string, 'BIGINT' | 'INTEGER' | 'VARCHAR'>>;
  /** Rows kept; older ones are removed now and then. */
  readonly keep: number;
}

const LOGS = {
  queries: {
    table: 'rs.query_log',
    columns: {
      user_id: 'INTEGER',
      query_id: 'BIGINT',
      query_label: 'VARCHAR',
      transaction_id: 'BIGINT',
      session_id: 'INTEGER',
      database_name: 'VARCHAR',
      query_type: 'VARCHAR',
      status: 'VARCHAR',
      start_time: 'BIGINT',
      end_time: 'BIGINT',
      lock_wait_time: 'BIGINT',
      error_message: 'VARCHAR',
      returned_rows: 'BIGINT',
      query_text: 'VARCHAR',
    },
    keep: 5_000,
  },
  loadErrors: {
    table: 'rs.load_error_log',
    columns: {
      user_id: 'INTEGER',
      query_id: 'BIGINT',
      transaction_id: 'BIGINT',
      session_id: 'INTEGER',
      database_name: 'VARCHAR',
      table_id: 'INTEGER',
      start_time: 'BIGINT',
      file_name: 'VARCHAR',
      line_number: 'BIGINT',
      column_name: 'VARCHAR',
      column_type: 'VARCHAR',
      column_length: 'VARCHAR',
      position: 'INTEGER',
      error_code: 'INTEGER',
      error_message: 'VARCHAR',
      raw_line: 'VARCHAR',
      raw_field_value: 'VARCHAR',
    },
    keep: 10_000,
  },
  loadHistory: {
    table: 'rs.load_log',
    columns: {
      user_id: 'INTEGER',
      query_id: 'BIGINT',
      transaction_id: 'BIGINT',
      session_id: 'INTEGER',
      database_name: 'VARCHAR',
      status: 'VARCHAR',
      table_name: 'VARCHAR',
      start_time: 'BIGINT',
      end_time: 'BIGINT',
      data_source: 'VARCHAR',
      file_format: 'VARCHAR',
      loaded_rows: 'BIGINT',
      loaded_bytes: 'BIGINT',
      source_file_count: 'INTEGER',
      source_file_bytes: 'BIGINT',
      error_count: 'INTEGER',
    },
    keep: 5_000,
  },
  loadDetail: {
    table: 'rs.load_detail_log',
    columns: {
      user_id: 'INTEGER',
      query_id: 'BIGINT',
      file_name: 'VARCHAR',
      bytes_scanned: 'BIGINT',
      lines_scanned: 'BIGINT',
      record_time: 'BIGINT',
    },
    keep: 50_000,
  },
} as const satisfies Record<string, Log>;

const FLUSH_AT = 200;
const CUT_EVERY = 1_000;

/**
 * The engine's logs, behind the SYS_ and STL_ views. They are written on a connection of their own, so that they
 * survive the rollback of what they tell of. Statements are written in bulk: before a view is read, every 200
 * statements and at close; a crash may lose the last of them, never a load error.
 */
export class Journal {
  static readonly ddl: readonly string[] = Object.values(LOGS).map(
    ({ table, columns }) =>
      `CREATE TABLE IF NOT EXISTS ${table} (${Object.entries(columns)
        .map(([name, type]) => `${name} ${type}`)
        .join(', ')})`,
  );

  private readonly mutex = new Mutex();
  private pending: readonly QueryRecord[] = [];
  private written = 0;

  constructor(private readonly connection: DuckDBConnection) {}

  /** Remembers a statement; it is on disk after the next `flush`. */
  recordQuery(record: QueryRecord): void {
    this.pending = [...this.pending, record];
    if (this.pending.length % FLUSH_AT === 0) {
      // A failure keeps the rows: the next flush, which somebody waits for, tells of it.
      this.flush().catch(() => undefined);
    }
  }

  recordLoadErrors(rows: readonly LoadErrorRecord[]): Promise<void> {
    return this.mutex.run(() => this.write(LOGS.loadErrors, rows));
  }

  /** Writes them in a transaction of a session, which sees them at once; see `Transaction.onRollback`. */
  static async writeLoadErrors(connection: DuckDBConnection, rows: readonly LoadErrorRecord[]): Promise<void> {
    await insert(connection, LOGS.loadErrors, rows);
  }

  recordLoadHistory(row: LoadHistoryRecord): Promise<void> {
    return this.mutex.run(() => this.write(LOGS.loadHistory, [row]));
  }

  recordLoadDetail(rows: readonly LoadDetailRecord[]): Promise<void> {
    return this.mutex.run(() => this.write(LOGS.loadDetail, rows));
  }

  flush(): Promise<void> {
    return this.mutex.run(async () => {
      const rows = this.pending;
      await this.write(LOGS.queries, rows);
      this.pending = this.pending.slice(rows.length);
    });
  }

  private async write(log: Log, rows: readonly object[]): Promise<void> {
    if (rows.length === 0) {
      return;
    }
    await insert(this.connection, log, rows);
    this.written += rows.length;
    if (this.written >= CUT_EVERY) {
      this.written = 0;
      await this.cut();
    }
  }

  private async cut(): Promise<void> {
    for (const { table, keep } of Object.values(LOGS)) {
      await this.connection.run(
        `DELETE FROM ${table} WHERE query_id < (SELECT min(query_id) FROM
          (SELECT query_id FROM ${table} ORDER BY query_id DESC LIMIT ${keep}))`,
      );
    }
  }
}

async function insert(connection: DuckDBConnection, log: Log, rows: readonly object[]): Promise<void> {
  const structure = JSON.stringify([log.columns]);
  await connection.run(
    `INSERT INTO ${log.table} SELECT unnest(from_json($1::JSON, '${structure}'), recursive := true)`,
    [JSON.stringify(rows)],
  );
}
