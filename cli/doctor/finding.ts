/** What a check came to: right, worth a look, wrong, or not looked at. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'skipped';

export const AREAS = ['machine', 'local', 'account', 'warehouse'] as const;
export type Area = (typeof AREAS)[number];

/** What one check has found. */
export interface Finding {
  readonly area: Area;
  readonly check: string;
  readonly verdict: Verdict;
  readonly found: string;
  /** The command that mends it; there is one wherever the verdict is `warn` or `fail`. */
  readonly mend?: string;
}

/** Findings of one area, by name and in one line each. */
export function findings(area: Area) {
  return {
    ok: (check: string, found: string): Finding => ({ area, check, verdict: 'ok', found }),
    warn: (check: string, found: string, mend: string): Finding => ({ area, check, verdict: 'warn', found, mend }),
    fail: (check: string, found: string, mend: string): Finding => ({ area, check, verdict: 'fail', found, mend }),
    skipped: (check: string, found: string): Finding => ({ area, check, verdict: 'skipped', found }),
  };
}

/** Whether anything is wrong, so that the command must not end with exit code 0. */
export function isIll(found: readonly Finding[]): boolean {
  return found.some(({ verdict }) => verdict === 'fail');
}
