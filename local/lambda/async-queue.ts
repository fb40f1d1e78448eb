import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from '../clock';
import type { ResolvedFunction } from './function-record';
import type { FunctionStore } from './function-store';
import type { InvocationOutcome } from './runtime/execution-environment';

/** An asynchronous event that waits to be run, or to be run again. */
export interface QueuedEvent {
  /** The request id: the same for all attempts. */
  readonly id: string;
  readonly functionName: string;
  readonly qualifier?: string;
  /** JSON text. */
  readonly payload: string;
  /** Attempts made so far. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly notBefore: number;
}

export interface AsyncQueueOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly functions: FunctionStore;
  /** Wait before the first retry, the second ... milliseconds. */
  readonly retryDelaysMs: readonly number[];
  readonly log: (line: string) => void;
  run(target: ResolvedFunction, event: QueuedEvent): Promise<InvocationOutcome>;
  /** Told of an event that failed for good. */
  giveUp(target: ResolvedFunction, event: QueuedEvent, reason: string): void;
}

const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;

/**
 * Lambda's queue for asynchronous invocations: every event is on disk before it is acknowledged, runs at least once,
 * and is retried after an error (developer guide, "How Lambda handles errors and retries with asynchronous invocation").
 */
export class AsyncQueue {
  /** Events that this process has taken up. */
  private readonly known = new Set<string>();
  private readonly timers = new Map<string, () => void>();
  private readonly running = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly options: AsyncQueueOptions) {
    mkdirSync(options.folder, { recursive: true });
  }

  /** Takes up the events that an earlier process left behind. */
  resume(): void {
    const names = readdirSync(this.options.folder).filter((name) => name.endsWith('.json'));
    for (const name of names.sort()) {
      const event = JSON.parse(readFileSync(join(this.options.folder, name), 'utf8')) as QueuedEvent;
      if (!this.known.has(event.id)) this.schedule(event);
    }
  }

  /** Stores the event; it runs soon after this returns. */
  add(event: QueuedEvent): void {
    this.save(event);
    this.schedule(event);
  }

  /** Starts nothing more. Events that were not finished stay on disk. */
  close(): void {
    this.closed = true;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  /** Resolves when the attempts now running have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private schedule(event: QueuedEvent): void {
    this.known.add(event.id);
    const wait = Math.max(0, event.notBefore - this.options.clock.now());
    if (wait === 0) {
      setImmediate(() => this.start(event));
      return;
    }
    this.timers.set(
      event.id,
      this.options.clock.after(wait, () => this.start(event)),
    );
  }

  private start(event: QueuedEvent): void {
    this.timers.delete(event.id);
    if (this.closed) return;
    const attempt = this.attempt(event).catch((error: unknown) => {
      this.options.log(`lambda: event ${event.id} of ${event.functionName}: ${String(error)}`);
    });
    this.running.add(attempt);
    void attempt.finally(() => this.running.delete(attempt));
  }

  private async attempt(event: QueuedEvent): Promise<void> {
    const target = this.resolve(event);
    if (!target) return;
    const outcome = await this.options.run(target, event);
    // An environment killed by close() is no failure of the function: the event runs again at the next start.
    if (this.closed) return;
    if (outcome.kind === 'returned') this.forget(event);
    else this.failed(target, { ...event, attempts: event.attempts + 1 }, outcome.error.errorMessage);
  }

  private resolve(event: QueuedEvent): ResolvedFunction | undefined {
    try {
      return this.options.functions.resolve(event.functionName, event.qualifier);
    } catch (error) {
      this.options.log(
        `lambda: event ${event.id} is dropped: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.forget(event);
      return undefined;
    }
  }

  private failed(target: ResolvedFunction, event: QueuedEvent, reason: string): void {
    const { clock, retryDelaysMs } = this.options;
    const config = target.record.eventInvokeConfigs[target.qualifier ?? '$LATEST'];
    const retries = config?.maximumRetryAttempts ?? DEFAULT_RETRIES;
    const delay = retryDelaysMs[Math.min(event.attempts, retryDelaysMs.length) - 1] ?? 0;
    const notBefore = clock.now() + delay;
    const expires = event.receivedAt + (config?.maximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS) * 1000;
    if (event.attempts > retries || notBefore > expires) {
      this.options.giveUp(target, event, reason);
      this.forget(event);
      return;
    }
    this.add({ ...event, notBefore });
  }

  private save(event: QueuedEvent): void {
    writeFileAtomic.sync(this.file(event), JSON.stringify(event));
  }

  private forget(event: QueuedEvent): void {
    this.known.delete(event.id);
    rmSync(this.file(event), { force: true });
  }

  private file(event: QueuedEvent): string {
    return join(this.options.folder, `${event.id}.json`);
  }
}
