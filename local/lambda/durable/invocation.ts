import type { InvocationOutcome } from '../runtime/execution-environment';
import type { DurableExecution } from './execution';
import type { ErrorObject, Operation } from './operation';
import { isoTime, type TimeFormat, wireOperation } from './wire';

/** Bytes of operations that go into the invocation's event; the rest is read by GetDurableExecutionState. */
const INLINE_STATE_BYTES = 4 * 1024 * 1024;

/** What the durable execution SDK said of an invocation. */
export type DurableOutcome =
  | { readonly kind: 'succeeded'; readonly result?: string }
  | { readonly kind: 'failed'; readonly error: ErrorObject }
  | { readonly kind: 'pending' }
  /** The invocation itself went wrong (crash, time-out, uncaught error): it is made again. */
  | { readonly kind: 'broken'; readonly error: ErrorObject };

/** The event of one invocation: DurableExecutionInvocationInput, JSON text. */
export function invocationInput(execution: DurableExecution, token: string, updated: readonly string[]): string {
  const { operations, next } = page([...execution.operations.values()], 0, INLINE_STATE_BYTES, isoTime);
  return JSON.stringify({
    DurableExecutionArn: execution.start.arn,
    CheckpointToken: token,
    UpdatedOperationIds: updated,
    InitialExecutionState: { Operations: operations, NextMarker: next === undefined ? '' : String(next) },
  });
}

/** Operations on the wire from one index on, as many as fit; `next` is the index after them, if any are left. */
export function page(
  operations: readonly Operation[],
  from: number,
  maximumBytes: number,
  time: TimeFormat,
  maximumItems = Number.POSITIVE_INFINITY,
): { readonly operations: object[]; readonly next: number | undefined } {
  const taken: object[] = [];
  let bytes = 0;
  for (const operation of operations.slice(from)) {
    const wire = wireOperation(operation, time);
    bytes += JSON.stringify(wire).length;
    if (taken.length > 0 && (bytes > maximumBytes || taken.length >= maximumItems)) break;
    taken.push(wire);
  }
  const next = from + taken.length;
  return { operations: taken, next: next < operations.length ? next : undefined };
}

/** Reads DurableExecutionInvocationOutput. */
export function readOutcome(outcome: InvocationOutcome): DurableOutcome {
  if (outcome.kind === 'failed') {
    const { errorType, errorMessage, trace } = outcome.error;
    return {
      kind: 'broken',
      error: { ErrorType: errorType, ErrorMessage: errorMessage, ...(trace ? { StackTrace: trace } : {}) },
    };
  }
  const output = JSON.parse(outcome.payload) as { Status?: string; Result?: string; Error?: ErrorObject } | null;
  switch (output?.Status) {
    case 'SUCCEEDED':
      return output.Result === undefined ? { kind: 'succeeded' } : { kind: 'succeeded', result: output.Result };
    case 'FAILED':
      return { kind: 'failed', error: output.Error ?? { ErrorMessage: 'The execution failed without an error' } };
    case 'PENDING':
      return { kind: 'pending' };
    default:
      return {
        kind: 'failed',
        error: {
          ErrorType: 'InvalidParameterValueException',
          ErrorMessage:
            'Invalid Status in invocation output: a durable function must return what withDurableExecution() returns.',
        },
      };
  }
}
