/** An error as durable executions carry it: the members of Lambda's ErrorObject. */
export interface ErrorObject {
  readonly ErrorMessage?: string;
  readonly ErrorType?: string;
  readonly ErrorData?: string;
  readonly StackTrace?: readonly string[];
}

export type OperationType = 'EXECUTION' | 'STEP' | 'WAIT' | 'CONTEXT';
export type OperationStatus = 'STARTED' | 'PENDING' | 'READY' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** One operation of a durable execution. Times are milliseconds since the epoch. */
export interface Operation {
  readonly id: string;
  readonly type: OperationType;
  readonly parentId?: string;
  readonly name?: string;
  readonly subType?: string;
  readonly status: OperationStatus;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** STEP and CONTEXT, also the state kept between the checks of a waitForCondition. */
  readonly result?: string;
  readonly error?: ErrorObject;
  /** STEP: attempts that have ended. */
  readonly attempt?: number;
  /** STEP in status PENDING. */
  readonly nextAttemptAt?: number;
  /** WAIT. */
  readonly wakeAt?: number;
  /** CONTEXT. */
  readonly replayChildren?: boolean;
  /** EXECUTION. */
  readonly inputPayload?: string;
}

/** A checkpoint's update as the durable execution SDK sends it: Lambda's OperationUpdate. */
export interface OperationUpdate {
  readonly Id: string;
  readonly Type: string;
  readonly Action: string;
  readonly ParentId?: string;
  readonly Name?: string;
  readonly SubType?: string;
  readonly Payload?: string;
  readonly Error?: ErrorObject;
  readonly ContextOptions?: { readonly ReplayChildren?: boolean };
  readonly StepOptions?: { readonly NextAttemptDelaySeconds?: number };
  readonly WaitOptions?: { readonly WaitSeconds?: number };
}

/** When the operation wants the service to do something, if it waits for a time. */
export function dueAt(operation: Operation): number | undefined {
  if (operation.type === 'STEP' && operation.status === 'PENDING') return operation.nextAttemptAt;
  if (operation.type === 'WAIT' && operation.status === 'STARTED') return operation.wakeAt;
  return undefined;
}

/** The operation after its time has come: a retry is ready, a wait is over. */
export function whenDue(operation: Operation, now: number): Operation {
  if (operation.type === 'STEP') {
    const { nextAttemptAt: _past, ...rest } = operation;
    return { ...rest, status: 'READY' };
  }
  return { ...operation, status: 'SUCCEEDED', endedAt: now };
}
