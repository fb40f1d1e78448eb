import { invalidParameter } from '../errors';
import { applyUpdate } from './apply-update';
import type { ExecutionChange } from './execution';
import { type HistoryEvent, operationEvent } from './history';
import { dueAt, type Operation, type OperationUpdate, whenDue } from './operation';

/** Operations of one execution (Lambda quotas, "Durable functions"). */
const MAX_OPERATIONS = 3000;

type Operations = ReadonlyMap<string, Operation>;

/**
 * What a checkpoint's updates change, without changing it.
 * @throws AwsError InvalidParameterValueException; then none of the updates counts
 */
export function changeByUpdates(
  operations: Operations,
  updates: readonly OperationUpdate[],
  now: number,
): ExecutionChange {
  const draft = new Map<string, Operation>();
  const events: HistoryEvent[] = [];
  for (const update of updates) {
    const changed = applyUpdate(draft.get(update.Id) ?? operations.get(update.Id), update, now);
    draft.set(update.Id, changed);
    const event = operationEvent(changed, now);
    if (event) events.push(event);
  }
  const added = [...draft.keys()].filter((id) => !operations.has(id)).length;
  if (operations.size + added > MAX_OPERATIONS) {
    throw invalidParameter(`A durable execution has at most ${MAX_OPERATIONS} operations.`);
  }
  return { operations: [...draft.values()], events };
}

/** What has come due by now: waits that are over, retries that are ready. */
export function changeByTime(operations: Operations, now: number): ExecutionChange {
  const due = [...operations.values()].filter((operation) => (dueAt(operation) ?? Number.POSITIVE_INFINITY) <= now);
  const changed = due.map((operation) => whenDue(operation, now));
  const events = changed.flatMap((operation) => operationEvent(operation, now) ?? []);
  return { operations: changed, events };
}

/**
 * When the execution must be invoked again after it said PENDING: 0 for at once, undefined when nothing will ever
 * happen. Operations inside a context that has ended do not count: the SDK never looks at them again.
 */
export function nextInvocationAt(operations: Operations): number | undefined {
  const times = [...operations.values()].filter((operation) => isOpen(operation, operations)).flatMap(timeOf);
  return times.length === 0 ? undefined : Math.min(...times);
}

function timeOf(operation: Operation): readonly number[] {
  if (operation.status === 'READY') return [0];
  const due = dueAt(operation);
  return due === undefined ? [] : [due];
}

function isOpen(operation: Operation, operations: Operations): boolean {
  for (let id = operation.parentId; id !== undefined; id = operations.get(id)?.parentId) {
    if (operations.get(id)?.endedAt !== undefined) return false;
  }
  return true;
}
