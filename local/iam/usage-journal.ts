import type { Clock } from '../clock';
import { readJsonFile, writeJsonFile } from '../json-file';

/** What one statement has been used for, summed over all calls. */
export interface Use {
  /** The role, or a user. */
  readonly principalArn: string;
  readonly policyName: string;
  /** Fingerprint of the statement as it read when it was used. */
  readonly statement: string;
  /** `s3:GetObject`, as the call named it. */
  readonly action: string;
  readonly count: number;
  readonly lastResource: string;
  /** Milliseconds since the epoch. */
  readonly lastAt: number;
}

/** A call that was refused, summed over all calls of the kind. */
export interface Refusal {
  readonly principalArn: string;
  readonly action: string;
  readonly reason: string;
  readonly count: number;
  readonly lastResource: string;
  readonly lastAt: number;
}

/** What permissions were used for: one entry a principal, statement and action, not one a call. */
export interface UsageJournal {
  used(use: Omit<Use, 'count' | 'lastAt'>): void;
  refused(refusal: Omit<Refusal, 'count' | 'lastAt'>): void;
  uses(): readonly Use[];
  refusals(): readonly Refusal[];
  /** Writes what is not yet on disk. */
  flush(): void;
}

/** Above this many entries the least recently used half goes: a home that lives for years stays small. */
const MOST_ENTRIES = 5_000;
const FLUSH_AFTER_MILLISECONDS = 2_000;

type Uncounted<T> = Omit<T, 'count' | 'lastAt'>;

interface Counted<T> {
  entry: T;
  count: number;
  lastAt: number;
}

/** A journal in one JSON file, written two seconds after the first change that is not on disk. @throws StateFileError */
export function createUsageJournal(options: { readonly file: string; readonly clock: Clock }): UsageJournal {
  const { file, clock } = options;
  const stored = readJsonFile<{ uses: readonly Use[]; refusals: readonly Refusal[] }>(file);
  const uses = counted<Uncounted<Use>>(stored?.uses ?? [], useKey);
  const refusals = counted<Uncounted<Refusal>>(stored?.refusals ?? [], refusalKey);
  let cancelFlush: (() => void) | undefined;

  function flush(): void {
    if (!cancelFlush) return;
    cancelFlush();
    cancelFlush = undefined;
    writeJsonFile(file, { uses: entries(uses), refusals: entries(refusals) }, 0o600, false);
  }

  function count<T>(known: Map<string, Counted<T>>, key: string, entry: T): void {
    const before = known.get(key)?.count ?? 0;
    if (before === 0 && known.size >= MOST_ENTRIES) forgetOldest(known);
    known.set(key, { entry, count: before + 1, lastAt: clock.now() });
    cancelFlush ??= clock.after(FLUSH_AFTER_MILLISECONDS, flush);
  }

  return {
    used: (use) => count(uses, useKey(use), use),
    refused: (refusal) => count(refusals, refusalKey(refusal), refusal),
    uses: () => entries(uses),
    refusals: () => entries(refusals),
    flush,
  };
}

function counted<T>(
  stored: readonly (T & { readonly count: number; readonly lastAt: number })[],
  key: (entry: T) => string,
): Map<string, Counted<T>> {
  return new Map(stored.map(({ count, lastAt, ...entry }) => [key(entry as T), { entry: entry as T, count, lastAt }]));
}

function entries<T>(known: ReadonlyMap<string, Counted<T>>): (T & { count: number; lastAt: number })[] {
  return [...known.values()].map(({ entry, count, lastAt }) => ({ ...entry, count, lastAt }));
}

function useKey(use: Pick<Use, 'principalArn' | 'policyName' | 'statement' | 'action'>): string {
  return [use.principalArn, use.policyName, use.statement, use.action].join('\n');
}

function refusalKey(refusal: Pick<Refusal, 'principalArn' | 'action' | 'reason'>): string {
  return [refusal.principalArn, refusal.action, refusal.reason].join('\n');
}

function forgetOldest(entries: Map<string, { readonly lastAt: number }>): void {
  const byAge = [...entries].sort(([, left], [, right]) => left.lastAt - right.lastAt);
  for (const [key] of byAge.slice(0, MOST_ENTRIES / 2)) entries.delete(key);
}
