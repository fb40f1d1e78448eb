import type { Clock } from '../clock';
import type { DiskQueueStore } from '../sqs/disk-queue-store';
import type { Datum } from './metric';

const MINUTE = 60_000;
/** How far back, in minutes: what alarms look at. */
const MINUTES = 60;

/**
 * SQS's own metric of each queue, a value a minute as SQS sends it: how many messages of those there now had been sent
 * by then.
 */
export function queueMetrics(queues: DiskQueueStore, clock: Clock): Datum[] {
  const now = Math.floor(clock.now() / MINUTE) * MINUTE;
  return queues.names().flatMap((name) => {
    const sent = queues.messages(queues.arnOf(name)).map(({ sentAt }) => sentAt.getTime());
    return Array.from({ length: MINUTES + 1 }, (_, index) => {
      const time = now - (MINUTES - index) * MINUTE;
      return {
        namespace: 'AWS/SQS',
        name: 'ApproximateNumberOfMessagesVisible',
        dimensions: [{ name: 'QueueName', value: name }],
        time,
        values: [sent.filter((sentAt) => sentAt < time + MINUTE).length],
        unit: 'Count',
      };
    });
  });
}
