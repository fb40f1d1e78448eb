import { BIGINT, type Columns, char, columnList, INTEGER, type SystemView, TIMESTAMP, varchar } from './system-view';

/** A view over one of the engine's logs: a column's type, and the engine's SQL where it is not the log's own column. */
function logView(
  name: string,
  log: string,
  userColumn: string,
  columns: Columns,
  sql: Record<string, string>,
): SystemView {
  const list = Object.keys(columns)
    .map((column) => `${sql[column] ?? column} AS "${column}"`)
    .join(', ');
  return {
    schema: 'pg_catalog',
    name,
    columns: columnList(columns),
    overLogs: true,
    engineSql: ({ seesAllLogs, userId }) =>
      `SELECT ${list} FROM ${log}${seesAllLogs ? '' : ` WHERE ${userColumn} = ${userId}`}`,
  };
}

const time = (column: string): string => `make_timestamp(${column} * 1000)`;
const micros = '(end_time - start_time) * 1000';

const queryHistory = logView(
  'sys_query_history',
  'rs.query_log',
  'user_id',
  {
    user_id: INTEGER,
    query_id: BIGINT,
    query_label: char(320),
    transaction_id: BIGINT,
    session_id: INTEGER,
    database_name: char(128),
    query_type: char(32),
    status: char(10),
    result_cache_hit: { name: 'boolean' },
    start_time: TIMESTAMP,
    end_time: TIMESTAMP,
    elapsed_time: BIGINT,
    queue_time: BIGINT,
    execution_time: BIGINT,
    error_message: char(512),
    returned_rows: BIGINT,
    returned_bytes: BIGINT,
    query_text: char(4000),
    redshift_version: char(256),
    lock_wait_time: BIGINT,
  },
  {
    result_cache_hit: 'false',
    start_time: time('start_time'),
    end_time: time('end_time'),
    elapsed_time: micros,
    queue_time: '0::BIGINT',
    execution_time: `${micros} - lock_wait_time`,
    returned_bytes: '0::BIGINT',
    redshift_version: "'local'",
  },
);

const stlQuery = logView(
  'stl_query',
  'rs.query_log',
  'user_id',
  {
    userid: INTEGER,
    query: INTEGER,
    label: char(320),
    xid: BIGINT,
    pid: INTEGER,
    database: char(32),
    querytxt: char(4000),
    starttime: TIMESTAMP,
    endtime: TIMESTAMP,
    aborted: INTEGER,
  },
  {
    userid: 'user_id',
    query: 'query_id::INTEGER',
    label: 'query_label',
    xid: 'transaction_id',
    pid: 'session_id',
    database: 'database_name',
    querytxt: 'query_text',
    starttime: time('start_time'),
    endtime: time('end_time'),
    aborted: "CASE WHEN status = 'success' THEN 0 ELSE 1 END",
  },
);

const loadHistory = logView(
  'sys_load_history',
  'rs.load_log',
  'user_id',
  {
    user_id: INTEGER,
    query_id: BIGINT,
    transaction_id: BIGINT,
    session_id: INTEGER,
    database_name: varchar(64),
    status: varchar(64),
    table_name: varchar(128),
    start_time: TIMESTAMP,
    end_time: TIMESTAMP,
    duration: BIGINT,
    data_source: varchar(256),
    file_format: varchar(16),
    loaded_rows: BIGINT,
    loaded_bytes: BIGINT,
    source_file_count: INTEGER,
    source_file_bytes: BIGINT,
    file_count_scanned: INTEGER,
    file_bytes_scanned: BIGINT,
    error_count: INTEGER,
    copy_job_id: BIGINT,
  },
  {
    start_time: time('start_time'),
    end_time: time('end_time'),
    duration: micros,
    file_count_scanned: 'source_file_count',
    file_bytes_scanned: 'source_file_bytes',
    copy_job_id: '(-1)::BIGINT',
  },
);

const loadDetail = logView(
  'sys_load_detail',
  'rs.load_detail_log',
  'user_id',
  {
    user_id: INTEGER,
    query_id: BIGINT,
    file_name: varchar(512),
    bytes_scanned: BIGINT,
    lines_scanned: BIGINT,
    record_time: TIMESTAMP,
    splits_scanned: INTEGER,
    start_time: TIMESTAMP,
    end_time: TIMESTAMP,
  },
  {
    record_time: time('record_time'),
    splits_scanned: '1',
    start_time: time('record_time'),
    end_time: time('record_time'),
  },
);

const loadCommits = logView(
  'stl_load_commits',
  'rs.load_detail_log',
  'user_id',
  {
    userid: INTEGER,
    query: INTEGER,
    slice: INTEGER,
    filename: char(256),
    lines_scanned: INTEGER,
    curtime: TIMESTAMP,
    status: INTEGER,
  },
  {
    userid: 'user_id',
    query: 'query_id::INTEGER',
    slice: '0',
    filename: 'file_name',
    lines_scanned: 'lines_scanned::INTEGER',
    curtime: time('record_time'),
    status: '1',
  },
);

const loadErrorDetail = logView(
  'sys_load_error_detail',
  'rs.load_error_log',
  'user_id',
  {
    user_id: INTEGER,
    query_id: BIGINT,
    transaction_id: BIGINT,
    session_id: INTEGER,
    database_name: char(64),
    table_id: INTEGER,
    start_time: TIMESTAMP,
    file_name: char(256),
    line_number: BIGINT,
    column_name: char(127),
    column_type: char(10),
    column_length: char(10),
    position: INTEGER,
    error_code: INTEGER,
    error_message: char(512),
  },
  { start_time: time('start_time') },
);

const stlLoadErrors = logView(
  'stl_load_errors',
  'rs.load_error_log',
  'user_id',
  {
    userid: INTEGER,
    slice: INTEGER,
    tbl: INTEGER,
    starttime: TIMESTAMP,
    session: INTEGER,
    query: INTEGER,
    filename: char(256),
    line_number: BIGINT,
    colname: char(127),
    type: char(10),
    col_length: char(10),
    position: INTEGER,
    raw_line: char(1024),
    raw_field_value: char(1024),
    err_code: INTEGER,
    err_reason: char(100),
  },
  {
    userid: 'user_id',
    slice: '0',
    tbl: 'table_id',
    starttime: time('start_time'),
    session: 'session_id',
    query: 'query_id::INTEGER',
    filename: 'file_name',
    colname: 'column_name',
    type: 'column_type',
    col_length: 'column_length',
    err_code: 'error_code',
    err_reason: 'error_message[:100]',
  },
);

/** Views over what was done. Source: Developer Guide, pages of each view; columns that are unconfirmed are left out. */
export const LOG_VIEWS: readonly SystemView[] = [
  queryHistory,
  stlQuery,
  loadHistory,
  loadDetail,
  loadCommits,
  loadErrorDetail,
  stlLoadErrors,
];
