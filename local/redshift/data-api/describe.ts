import { endpointMembers } from './endpoint';
import type { Execution, StatementRecord } from './statement';

/** Milliseconds since the epoch as the protocol's seconds. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

function nanoseconds(milliseconds: number): number {
  return milliseconds < 0 ? -1 : milliseconds * 1_000_000;
}

function executionMembers(execution: Execution): object {
  return {
    Status: execution.status,
    Error: execution.error,
    Duration: nanoseconds(execution.durationMs),
    CreatedAt: seconds(execution.createdAt),
    UpdatedAt: seconds(execution.updatedAt),
    RedshiftQueryId: execution.queryId,
    HasResultSet: execution.hasResultSet,
    ResultRows: execution.resultRows,
    ResultSize: execution.resultSize,
  };
}

/** The answer of ExecuteStatement and BatchExecuteStatement. */
export function submittedMembers(record: StatementRecord): object {
  return {
    Id: record.id,
    CreatedAt: seconds(record.createdAt),
    ...endpointMembers(record.clusterIdentifier),
    Database: record.database,
    DbUser: record.dbUser,
    SecretArn: record.secretArn,
    SessionId: record.sessionId,
    Status: record.status,
    RedshiftPid: record.pid,
    HasResultSet: record.hasResultSet,
  };
}

/** The answer of DescribeStatement for a statement or batch. */
export function describedMembers(record: StatementRecord): object {
  return {
    ...targetMembers(record),
    Id: record.id,
    ...executionMembers(record),
    QueryString: record.sql,
    QueryParameters: record.parameters,
    ExecutionMode: record.executionMode,
    SubStatements: record.subStatements?.map((part, index) => ({
      Id: `${record.id}:${index + 1}`,
      QueryString: part.sql,
      ...executionMembers(part),
    })),
  };
}

/** The answer of DescribeStatement for one part of a batch, `number` from 1. */
export function describedPart(record: StatementRecord, number: number): object | undefined {
  const part = record.subStatements?.[number - 1];
  return part === undefined
    ? undefined
    : {
        ...targetMembers(record),
        Id: `${record.id}:${number}`,
        ...executionMembers(part),
        QueryString: part.sql,
        QueryParameters: record.parameters,
      };
}

function targetMembers(record: StatementRecord): object {
  return {
    ...endpointMembers(record.clusterIdentifier),
    Database: record.database,
    DbUser: record.dbUser,
    SecretArn: record.secretArn,
    SessionId: record.sessionId,
    RedshiftPid: record.pid,
    ResultFormat: record.resultFormat,
  };
}

/** One element of ListStatements. */
export function listedMembers(record: StatementRecord): object {
  return {
    Id: record.id,
    QueryString: record.sql,
    QueryStrings: record.subStatements?.map(({ sql }) => sql),
    QueryParameters: record.parameters,
    SecretArn: record.secretArn,
    Status: record.status,
    StatementName: record.name,
    CreatedAt: seconds(record.createdAt),
    UpdatedAt: seconds(record.updatedAt),
    IsBatchStatement: record.subStatements !== undefined,
    ResultFormat: record.resultFormat,
    SessionId: record.sessionId,
  };
}
