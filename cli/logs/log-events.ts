import { setTimeout } from 'node:timers/promises';
import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from './log-line';

/** Which events of a log group are wanted. */
export interface LogRequest {
  readonly logGroupName: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Only what the function has written of this run. */
  readonly runId?: string;
}

/** Reads the events of a group in their order, from a moment on. */
export type ReadEvents = (request: LogRequest) => AsyncIterable<LogEvent>;

/** Reads with FilterLogEvents, page by page. */
export function filterLogEvents(client: CloudWatchLogsClient): ReadEvents {
  return async function* ({ logGroupName, since, runId }) {
    const pages = paginateFilterLogEvents(
      { client },
      {
        logGroupName,
        startTime: since,
        ...(runId !== undefined && { filterPattern: `{ $.run = ${JSON.stringify(runId)} }` }),
      },
    );
    for await (const { events = [] } of pages)
      for (const { eventId = '', timestamp = 0, message = '' } of events) yield { id: eventId, timestamp, message };
  };
}

/** CloudWatch may take so long to have an event, in milliseconds: it is looked for so far back. */
const LATE = 15_000;

/**
 * The events of a group as they come, each of them once, until the signal.
 * @param pause milliseconds between two looks
 */
export async function* followed(
  read: ReadEvents,
  request: LogRequest,
  signal: AbortSignal,
  pause: number,
): AsyncGenerator<LogEvent> {
  const seen = new Map<string, number>();
  let newest = request.since;
  while (!signal.aborted) {
    const since = Math.max(request.since, newest - LATE);
    for (const [id, timestamp] of seen) if (timestamp < since) seen.delete(id);
    for await (const event of read({ ...request, since })) {
      if (seen.has(event.id)) continue;
      seen.set(event.id, event.timestamp);
      newest = Math.max(newest, event.timestamp);
      yield event;
    }
    await setTimeout(pause, undefined, { signal }).catch(() => undefined);
  }
}
