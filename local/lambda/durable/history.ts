import type { ExecutionEnd, ExecutionStart } from './execution';
import type { ErrorObject, Operation } from './operation';

/** One entry of GetDurableExecutionHistory, members as on the wire (times in seconds), numbered when read. */
export interface HistoryEvent {
  readonly EventType: string;
  readonly EventTimestamp: number;
  readonly Id?: string;
  readonly Name?: string;
  readonly SubType?: string;
  readonly ParentId?: string;
  /** `StepStartedDetails` and its like. */
  readonly [details: string]: unknown;
}

export function executionStarted(start: ExecutionStart): HistoryEvent {
  return {
    EventType: 'ExecutionStarted',
    EventTimestamp: start.startedAt / 1000,
    Id: start.id,
    Name: start.name,
    ExecutionStartedDetails: { Input: { Payload: start.payload }, ExecutionTimeout: start.executionTimeout },
  };
}

const END_EVENTS = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  STOPPED: 'ExecutionStopped',
  TIMED_OUT: 'ExecutionTimedOut',
} as const;

export function executionEnded(start: ExecutionStart, end: ExecutionEnd): HistoryEvent {
  const type = END_EVENTS[end.status];
  return {
    EventType: type,
    EventTimestamp: end.endedAt / 1000,
    Id: start.id,
    Name: start.name,
    [`${type}Details`]: end.status === 'SUCCEEDED' ? { Result: payload(end.result) } : { Error: payload(end.error) },
  };
}

export function invocationCompleted(
  requestId: string,
  startedAt: number,
  endedAt: number,
  error?: ErrorObject,
): HistoryEvent {
  return {
    EventType: 'InvocationCompleted',
    EventTimestamp: endedAt / 1000,
    InvocationCompletedDetails: {
      StartTimestamp: startedAt / 1000,
      EndTimestamp: endedAt / 1000,
      RequestId: requestId,
      ...(error ? { Error: payload(error) } : {}),
    },
  };
}

/** The event that tells of an operation's new state; undefined where history has none (a retry that became ready). */
export function operationEvent(operation: Operation, now: number): HistoryEvent | undefined {
  const what = describe(operation, now);
  if (!what) return undefined;
  const [type, details] = what;
  return {
    EventType: type,
    EventTimestamp: now / 1000,
    Id: operation.id,
    ...(operation.name === undefined ? {} : { Name: operation.name }),
    ...(operation.subType === undefined ? {} : { SubType: operation.subType }),
    ...(operation.parentId === undefined ? {} : { ParentId: operation.parentId }),
    [`${type}Details`]: details,
  };
}

function describe(operation: Operation, now: number): [string, object] | undefined {
  switch (operation.type) {
    case 'STEP':
      return describeStep(operation, now);
    case 'WAIT':
      return describeWait(operation);
    case 'CONTEXT':
      return describeContext(operation);
    case 'EXECUTION':
      return undefined;
  }
}

function describeStep(operation: Operation, now: number): [string, object] | undefined {
  if (operation.status === 'STARTED') return ['StepStarted', {}];
  if (operation.status === 'READY') return undefined;
  const RetryDetails = {
    CurrentAttempt: operation.attempt ?? 1,
    ...(operation.nextAttemptAt === undefined
      ? {}
      : { NextAttemptDelaySeconds: (operation.nextAttemptAt - now) / 1000 }),
  };
  return operation.error
    ? ['StepFailed', { Error: payload(operation.error), RetryDetails }]
    : ['StepSucceeded', { Result: payload(operation.result), RetryDetails }];
}

function describeWait(operation: Operation): [string, object] | undefined {
  const wakeAt = operation.wakeAt ?? operation.startedAt;
  const seconds = (wakeAt - operation.startedAt) / 1000;
  if (operation.status === 'STARTED') {
    return ['WaitStarted', { Duration: seconds, ScheduledEndTimestamp: wakeAt / 1000 }];
  }
  return operation.status === 'CANCELLED' ? ['WaitCancelled', {}] : ['WaitSucceeded', { Duration: seconds }];
}

function describeContext(operation: Operation): [string, object] {
  if (operation.status === 'STARTED') return ['ContextStarted', {}];
  return operation.error
    ? ['ContextFailed', { Error: payload(operation.error) }]
    : ['ContextSucceeded', { Result: payload(operation.result) }];
}

function payload(value: string | ErrorObject | undefined): object {
  return value === undefined ? {} : { Payload: value };
}
