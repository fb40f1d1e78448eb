import { randomUUID } from 'node:crypto';
import type { Clock, Ids } from './clock';

/** `setTimeout` takes at most this many milliseconds; longer waits are made of several. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own time. Timers don't keep the process alive by themselves. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      const step = Math.min(left, LONGEST_TIMER);
      timer = setTimeout(() => (left > step ? wait(left - step) : callback()), step);
      timer.unref();
    };
    wait(Math.max(0, milliseconds));
    return () => clearTimeout(timer);
  },
};

/** Random version 4 UUIDs. */
export const randomIds: Ids = { uuid: () => randomUUID() };
