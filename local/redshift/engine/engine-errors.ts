import { mapEngineError } from '../dialect/dialect';
import { RedshiftError } from '../errors';
import type { Execution } from './execution';
import { serializationError } from './transaction';

/** Source: what Redshift answers to a statement that its user or a timeout has stopped. */
export function cancelledError(queryId: number): RedshiftError {
  return new RedshiftError(`Query (${queryId}) cancelled on user's request`, '57014');
}

const CONFLICT = /^TransactionContext Error: (Conflict|Catalog write-write conflict|Failed to commit)/;

/** Every error that leaves the engine is a RedshiftError: the engine's own are translated here. */
export function toRedshiftError(error: unknown, execution: Execution, sql: string): RedshiftError {
  if (error instanceof RedshiftError) {
    return error;
  }
  if (execution.signal.aborted) {
    return execution.signal.reason instanceof RedshiftError
      ? execution.signal.reason
      : cancelledError(execution.queryId);
  }
  if (error instanceof Error && CONFLICT.test(error.message)) {
    return conflict(execution);
  }
  return mapEngineError(error, sql);
}

function conflict(execution: Execution): RedshiftError {
  const table = execution.lastWritten;
  const last = table === undefined ? undefined : execution.engine.lastWrites.get(table.oid);
  const mine = { id: execution.queryId, pid: execution.session.pid };
  return serializationError(table?.oid ?? 0, mine, { id: last?.transactionId ?? 0, pid: last?.pid ?? 0 });
}
