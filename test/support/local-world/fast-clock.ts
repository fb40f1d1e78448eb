import type { Clock } from '../../../local/clock';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
  handle?: NodeJS.Timeout;
}

/** The machine's time, so many times as fast: waits of minutes take seconds, yet nothing comes before its turn. */
export class FastClock implements Clock {
  private readonly begun = Date.now();
  private leapt = 0;
  private readonly timers = new Set<Timer>();

  /** @param startAt milliseconds since the epoch: where an earlier clock of the same world has stopped */
  constructor(
    private readonly speed: number,
    private readonly startAt = Date.now(),
  ) {}

  now(): number {
    return Math.floor(this.startAt + this.leapt + (Date.now() - this.begun) * this.speed);
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer: Timer = { due: this.now() + milliseconds, callback };
    this.timers.add(timer);
    this.arm(timer);
    return () => {
      this.timers.delete(timer);
      clearTimeout(timer.handle);
    };
  }

  /** Lets so much time pass at once. */
  leap(milliseconds: number): void {
    this.leapt += milliseconds;
    for (const timer of [...this.timers].sort((a, b) => a.due - b.due)) {
      clearTimeout(timer.handle);
      this.arm(timer);
    }
  }

  private arm(timer: Timer): void {
    const fire = () => {
      if (this.timers.delete(timer)) timer.callback();
    };
    timer.handle = setTimeout(fire, Math.ceil(Math.max(0, timer.due - this.now()) / this.speed));
    timer.handle.unref();
  }
}
