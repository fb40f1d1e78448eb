import type { Clock } from '../../clock';
import { tooManyWaiting } from './data-api-errors';
import type { Running } from './statement-runner';

/** How many calls may wait for one statement at once; AWS names the limit but not the number. */
const WAITING_LIMIT = 10;

/** Long polls: calls that wait for a statement's end. */
export class Waiting {
  private readonly counts = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /**
   * Returns when the statement has ended, the time is over or the caller has hung up.
   * @throws AwsError ActiveWaitingRequestsExceededException
   */
  async until(running: Running | undefined, waitSeconds: number | undefined, signal: AbortSignal): Promise<void> {
    if (running === undefined || waitSeconds === undefined) {
      return;
    }
    const { id } = running.record;
    const count = this.counts.get(id) ?? 0;
    if (count >= WAITING_LIMIT) {
      throw tooManyWaiting();
    }
    this.counts.set(id, count + 1);
    try {
      await this.endOrTimeout(running, waitSeconds * 1000, signal);
    } finally {
      const left = (this.counts.get(id) ?? 1) - 1;
      if (left === 0) {
        this.counts.delete(id);
      } else {
        this.counts.set(id, left);
      }
    }
  }

  private endOrTimeout(running: Running, milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = this.clock.after(milliseconds, resolve);
      const end = (): void => {
        stopTimer();
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
      void running.done.then(end);
    });
  }
}
