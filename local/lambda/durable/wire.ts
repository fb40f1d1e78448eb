import type { Operation } from './operation';

/** A time on the wire: ISO 8601 in the invocation's event, seconds since the epoch in an API answer. */
export type TimeFormat = (milliseconds: number) => string | number;

export const isoTime: TimeFormat = (milliseconds) => new Date(milliseconds).toISOString();
export const epochSeconds: TimeFormat = (milliseconds) => milliseconds / 1000;

/** An operation as Lambda's Operation shape. */
export function wireOperation(operation: Operation, time: TimeFormat): Record<string, unknown> {
  return prune({
    Id: operation.id,
    ParentId: operation.parentId,
    Name: operation.name,
    Type: operation.type,
    SubType: operation.subType,
    Status: operation.status,
    StartTimestamp: time(operation.startedAt),
    EndTimestamp: operation.endedAt === undefined ? undefined : time(operation.endedAt),
    ...detailsOf(operation, time),
  });
}

function detailsOf(operation: Operation, time: TimeFormat): Record<string, unknown> {
  const outcome = { Result: operation.result, Error: operation.error };
  switch (operation.type) {
    case 'EXECUTION':
      return { ExecutionDetails: { InputPayload: operation.inputPayload } };
    case 'CONTEXT':
      return { ContextDetails: prune({ ReplayChildren: operation.replayChildren, ...outcome }) };
    case 'WAIT':
      return { WaitDetails: { ScheduledEndTimestamp: time(operation.wakeAt ?? operation.startedAt) } };
    case 'STEP': {
      const next = operation.nextAttemptAt;
      const NextAttemptTimestamp = next === undefined ? undefined : time(next);
      return { StepDetails: prune({ Attempt: operation.attempt ?? 0, NextAttemptTimestamp, ...outcome }) };
    }
  }
}

function prune(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
