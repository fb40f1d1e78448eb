import type { Clock } from '../../../../local/clock';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * A clock that does not wait: a timer of at most `jumpMs` moves the time to its end as soon as the code now running
 * has finished; a longer one fires when the time has moved past it.
 */
export class JumpingClock implements Clock {
  private readonly timers = new Set<Timer>();
  private watchers: { readonly milliseconds: number; readonly resolve: () => void }[] = [];

  constructor(
    private readonly jumpMs = 300_000,
    private time = Date.UTC(2026, 0, 1),
  ) {}

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { due: this.time + milliseconds, callback };
    this.timers.add(timer);
    if (milliseconds <= this.jumpMs) {
      setImmediate(() => {
        if (this.timers.has(timer)) this.moveTo(timer.due);
      });
    }
    for (const watcher of this.watchers.filter((one) => one.milliseconds === milliseconds)) watcher.resolve();
    return () => this.timers.delete(timer);
  }

  /** Resolves when somebody asks for a timer of exactly this length. */
  armed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.watchers.push({ milliseconds, resolve }));
  }

  advance(milliseconds: number): void {
    this.moveTo(this.time + milliseconds);
  }

  private moveTo(time: number): void {
    const due = [...this.timers].filter((timer) => timer.due <= time).sort((a, b) => a.due - b.due);
    for (const timer of due) {
      if (!this.timers.delete(timer)) continue;
      this.time = Math.max(this.time, timer.due);
      timer.callback();
    }
    this.time = Math.max(this.time, time);
  }
}
