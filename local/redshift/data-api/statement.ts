import type { Principal } from '../../aws/service';

export type Status = 'SUBMITTED' | 'PICKED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

export const STATUSES: readonly Status[] = ['SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'FAILED', 'ABORTED'];

export function isFinal(status: Status): boolean {
  return status === 'FINISHED' || status === 'FAILED' || status === 'ABORTED';
}

export interface SqlParameter {
  readonly name: string;
  readonly value: string;
}

/** What becomes of one SQL text. Times are milliseconds since the epoch, `durationMs` is -1 before it ends. */
export interface Execution {
  status: Status;
  error?: string;
  createdAt: number;
  updatedAt: number;
  durationMs: number;
  /** -1 before it ran. */
  queryId: number;
  hasResultSet: boolean;
  /** -1 before it ran. */
  resultRows: number;
  /** Bytes of the values, -1 before it ran. */
  resultSize: number;
}

export interface SubStatement extends Execution {
  readonly sql: string;
}

/** One statement or batch as the Data API remembers it for a day. */
export interface StatementRecord extends Execution {
  readonly id: string;
  readonly owner: Principal;
  readonly name?: string;
  readonly clientToken?: string;
  readonly clusterIdentifier: string;
  readonly database: string;
  readonly dbUser: string;
  readonly secretArn?: string;
  readonly sessionId?: string;
  readonly resultFormat: 'JSON' | 'CSV';
  readonly parameters?: readonly SqlParameter[];
  /** Of a single statement. */
  readonly sql?: string;
  /** Of a batch. */
  readonly subStatements?: SubStatement[];
  readonly executionMode?: 'TRANSACTION' | 'AUTO_COMMIT';
  pid: number;
}

export function newExecution(now: number): Execution {
  return {
    status: 'SUBMITTED',
    createdAt: now,
    updatedAt: now,
    durationMs: -1,
    queryId: 0,
    hasResultSet: false,
    resultRows: -1,
    resultSize: -1,
  };
}
