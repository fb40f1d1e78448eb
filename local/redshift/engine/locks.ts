import { RedshiftError } from '../errors';

/** Who holds and waits for locks: a transaction. A younger transaction has the higher `id`. */
export interface LockOwner {
  readonly id: number;
  readonly pid: number;
}

interface Waiter {
  readonly owner: LockOwner;
  readonly grant: () => void;
  readonly refuse: (error: RedshiftError) => void;
}

interface LockState {
  owner: LockOwner;
  readonly queue: Waiter[];
}

/**
 * Exclusive locks on tables, held to the end of a transaction, given in the order of asking.
 * Source: Developer Guide, "Managing concurrent write operations": a write takes the table's lock, a second one waits.
 */
export class LockTable {
  private readonly locks = new Map<string, LockState>();

  /**
   * Takes the lock on `key`, waiting for its turn.
   * @returns true when it had to wait
   * @throws RedshiftError 40P01 for the younger transaction of a cycle; whatever `signal` was aborted with
   */
  async acquire(key: string, owner: LockOwner, signal: AbortSignal): Promise<boolean> {
    const lock = this.locks.get(key);
    if (lock === undefined) {
      this.locks.set(key, { owner, queue: [] });
      return false;
    }
    if (lock.owner.id === owner.id) {
      return false;
    }
    await this.wait(lock, owner, signal);
    return true;
  }

  /** Gives back everything that `owner` holds and hands each lock to the first in its queue. */
  releaseAll(owner: LockOwner): void {
    for (const [key, lock] of this.locks) {
      if (lock.owner.id === owner.id) {
        this.handOver(key, lock);
      }
    }
  }

  /** Number of transactions that wait for `key`. */
  waiting(key: string): number {
    return this.locks.get(key)?.queue.length ?? 0;
  }

  private handOver(key: string, lock: LockState): void {
    const next = lock.queue.shift();
    if (next === undefined) {
      this.locks.delete(key);
      return;
    }
    lock.owner = next.owner;
    next.grant();
  }

  private wait(lock: LockState, owner: LockOwner, signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        const index = lock.queue.indexOf(waiter);
        if (index >= 0) {
          lock.queue.splice(index, 1);
        }
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        owner,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', onAbort);
      lock.queue.push(waiter);
      this.breakDeadlock(owner);
    });
  }

  /** When `start` now waits for itself, the youngest transaction of the cycle is refused. */
  private breakDeadlock(start: LockOwner): void {
    const cycle = this.cycleFrom(start);
    if (cycle.length === 0) {
      return;
    }
    const victim = cycle.reduce((a, b) => (b.owner.id > a.owner.id ? b : a));
    const parties = cycle.map((waiter) => `transaction ${waiter.owner.id} (pid:${waiter.owner.pid})`).join(', ');
    victim.refuse(new RedshiftError('deadlock detected', '40P01', { detail: `Waiting for each other: ${parties}` }));
  }

  /** The waiters on the way from `start` back to `start`; empty when there is no such way. */
  private cycleFrom(start: LockOwner): readonly Waiter[] {
    const path: Waiter[] = [];
    const seen = new Set<number>();
    const visit = (owner: LockOwner): boolean => {
      if (seen.has(owner.id)) {
        return false;
      }
      seen.add(owner.id);
      for (const { waiter, blockers } of this.waitsOf(owner)) {
        path.push(waiter);
        for (const blocker of blockers) {
          if (blocker.id === start.id || visit(blocker)) {
            return true;
          }
        }
        path.pop();
      }
      return false;
    };
    return visit(start) ? path : [];
  }

  /** What `owner` waits for: the holder of each lock and those before it in the queue. */
  private *waitsOf(owner: LockOwner): Iterable<{ waiter: Waiter; blockers: readonly LockOwner[] }> {
    for (const lock of this.locks.values()) {
      const index = lock.queue.findIndex((waiter) => waiter.owner.id === owner.id);
      const waiter = lock.queue[index];
      if (waiter !== undefined) {
        yield { waiter, blockers: [lock.owner, ...lock.queue.slice(0, index).map((before) => before.owner)] };
      }
    }
  }
}
