import type { TableDefinition } from '../../catalog/relation';
import type { SessionCatalog } from '../../catalog/session-catalog';
import type { CopyContext, CopyOutcome, LoadError } from '../../copy/copy-runner';
import type { Copy } from '../../dialect/ast';
import { engineRelation } from '../engine-names';
import type { Execution } from '../execution';
import { Journal, type LoadErrorRecord } from '../journal';
import { done, type Outcome } from '../outcome';
import { defaultEngineSql } from './create-table';
import { tableLocks } from './data';
import { existingTable, relationEntry } from './names';

const RAW_BYTES = 1024;

export async function performCopy(statement: Copy, execution: Execution): Promise<Outcome> {
  const { table, catalog } = await execution.settle((view) => {
    const found = existingTable(view, statement.table, execution);
    execution.access.check([{ ...found, privileges: ['insert'] }]);
    const entry = relationEntry(found, execution);
    // Source: Developer Guide, COPY, STATUPDATE: of the owner and of superusers only.
    if (statement.statUpdate === 'on' && entry !== undefined) {
      execution.access.own(entry);
    }
    return { content: { table: found, catalog: view }, locks: tableLocks([found]) };
  });
  execution.noteWrite(table);
  const { lastCopy } = execution.control;
  lastCopy.queryId = execution.queryId;
  lastCopy.rows = 0;
  const { loadedRows, notices } = await copyAndTell(statement, table, catalog, execution);
  lastCopy.rows = Number(loadedRows);
  execution.notices.push(...notices);
  return done('COPY');
}

/**
 * The load errors of a COPY that fails outlive its transaction; those of one that skips them are seen in its transaction
 * too, as the logs of Redshift are.
 */
async function copyAndTell(
  statement: Copy,
  table: TableDefinition,
  catalog: SessionCatalog,
  execution: Execution,
): Promise<CopyOutcome> {
  const { journal, copy } = execution.engine;
  const errors: LoadErrorRecord[] = [];
  try {
    const outcome = await copy.run(statement, copyContext(table, catalog, execution, errors));
    await Journal.writeLoadErrors(execution.connection, errors);
    execution.transaction.onRollback(() => journal.recordLoadErrors(errors));
    return outcome;
  } catch (error) {
    await journal.recordLoadErrors(errors);
    throw error;
  }
}

function copyContext(
  table: TableDefinition,
  catalog: SessionCatalog,
  execution: Execution,
  errors: LoadErrorRecord[],
): CopyContext {
  const { engine, session, transaction, queryId } = execution;
  const origin = {
    user_id: execution.userId,
    query_id: queryId,
    transaction_id: transaction.id,
    session_id: session.pid,
    database_name: session.database,
  };
  return {
    connection: {
      run: (sql, values) => execution.run(sql, values),
      query: (sql, values) => execution.query(sql, values),
      stream: (sql, values) => execution.stream(sql, values),
      raw: execution.connection,
      relationSql: engineRelation,
    },
    table,
    catalog,
    queryId,
    ...session,
    transactionId: transaction.id,
    transactionTime: transaction.startedAt,
    statementTime: execution.startedAt,
    defaultSql: (name) => {
      const column = table.columns.find((one) => one.name === name);
      return column === undefined ? undefined : defaultEngineSql(column, execution, catalog);
    },
    recordLoadErrors: async (rows) => {
      for (const row of rows)
        errors.push({ ...origin, table_id: table.oid, start_time: execution.startedAt, ...loadErrorColumns(row) });
    },
    recordLoadHistory: (row) =>
      engine.journal.recordLoadHistory({
        ...origin,
        status: row.status,
        table_name: table.name,
        start_time: execution.startedAt,
        end_time: engine.clock.now(),
        data_source: row.dataSource,
        file_format: row.fileFormat,
        loaded_rows: row.loadedRows,
        loaded_bytes: row.loadedBytes,
        source_file_count: row.sourceFileCount,
        source_file_bytes: row.sourceFileBytes,
        error_count: row.errorCount,
      }),
    recordLoadDetail: (rows) =>
      engine.journal.recordLoadDetail(
        rows.map((row) => ({
          user_id: origin.user_id,
          query_id: queryId,
          file_name: row.fileName,
          bytes_scanned: row.bytesScanned,
          lines_scanned: row.linesScanned,
          record_time: engine.clock.now(),
        })),
      ),
    signal: execution.signal,
    clock: engine.clock,
  };
}

function loadErrorColumns(row: LoadError) {
  return {
    file_name: row.fileName,
    line_number: row.lineNumber,
    column_name: row.columnName,
    column_type: row.columnType,
    column_length: row.columnLength,
    position: row.position,
    error_code: row.errorCode,
    error_message: row.errorMessage,
    raw_line: cutBytes(row.rawLine),
    raw_field_value: cutBytes(row.rawFieldValue),
  };
}

function cutBytes(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= RAW_BYTES
    ? text
    : bytes
        .subarray(0, RAW_BYTES)
        .toString()
        .replace(/\uFFFD$/, '');
}
