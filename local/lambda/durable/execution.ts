import type { FunctionVersion } from '../function-record';
import type { HistoryEvent } from './history';
import type { ErrorObject, Operation } from './operation';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'TIMED_OUT';

/** What of an execution is known at its start and never changes. Times are milliseconds since the epoch. */
export interface ExecutionStart {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly functionName: string;
  /** The version it runs to its end, kept here so that later changes of the function do not touch it. */
  readonly version: FunctionVersion;
  /** The ARN of the function with the qualifier it was invoked by. */
  readonly invokedFunctionArn: string;
  readonly invocationType: 'RequestResponse' | 'Event';
  /** JSON text. */
  readonly payload: string;
  readonly startedAt: number;
  /** Seconds. */
  readonly executionTimeout: number;
  readonly retentionPeriodInDays: number;
}

export interface ExecutionEnd {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly endedAt: number;
  /** JSON text. */
  readonly result?: string;
  readonly error?: ErrorObject;
}

/** One durable execution as far as it has come. */
export interface DurableExecution {
  readonly start: ExecutionStart;
  /** By id, in the order of their first appearance; the EXECUTION operation is the first. */
  readonly operations: Map<string, Operation>;
  readonly events: HistoryEvent[];
  end: ExecutionEnd | undefined;
}

/** One change of an execution: all of it is on disk, or nothing. */
export interface ExecutionChange {
  readonly operations?: readonly Operation[];
  readonly events?: readonly HistoryEvent[];
  readonly end?: ExecutionEnd;
}

export function statusOf(execution: DurableExecution): ExecutionStatus {
  return execution.end?.status ?? 'RUNNING';
}

export function newExecution(start: ExecutionStart): DurableExecution {
  return { start, operations: new Map(), events: [], end: undefined };
}

/** Applies a change in memory. */
export function applyChange(execution: DurableExecution, change: ExecutionChange): void {
  for (const operation of change.operations ?? []) execution.operations.set(operation.id, operation);
  execution.events.push(...(change.events ?? []));
  if (change.end) execution.end = change.end;
}
