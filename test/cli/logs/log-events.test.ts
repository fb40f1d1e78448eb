import { followed, type ReadEvents } from '../../../cli/logs/log-events';
import type { LogEvent } from '../../../cli/logs/log-line';

const request = { logGroupName: 'g', since: 100_000 };
const event = (id: string, timestamp: number): LogEvent => ({ id, timestamp, message: id });

/** A group that has more each time that it is read; the reading after the last one stops the following. */
async function follow(readings: readonly (readonly LogEvent[])[]) {
  const stop = new AbortController();
  const asked: number[] = [];
  const read: ReadEvents = async function* ({ since }) {
    const events = readings[asked.length] ?? [];
    asked.push(since);
    if (asked.length >= readings.length) stop.abort();
    yield* events.filter(({ timestamp }) => timestamp >= since);
  };
  const ids: string[] = [];
  for await (const { id } of followed(read, request, stop.signal, 0)) ids.push(id);
  return { ids, asked };
}

describe('following a log', () => {
  it('tells each event once, though it is read again', async () => {
    const [a, b, c] = [event('a', 100_001), event('b', 100_002), event('c', 100_003)] as const;
    expect((await follow([[a], [a, b], [a, b, c]])).ids).toEqual(['a', 'b', 'c']);
  });

  it('moves on with the newest event, and looks back for those that CloudWatch has late', async () => {
    const [early, new_, late] = [event('early', 100_000), event('new', 160_000), event('late', 150_000)] as const;
    const { ids, asked } = await follow([[early], [early, new_], [new_, late]]);
    expect(ids).toEqual(['early', 'new', 'late']);
    expect(asked).toEqual([100_000, 100_000, 145_000]);
  });

  it('ends with the signal', async () => {
    expect((await follow([[]])).asked).toHaveLength(1);
  });
});
