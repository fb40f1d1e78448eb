/** A limit as the template wants it. */
export interface WantedLimit {
  readonly period: 'daily' | 'weekly' | 'monthly';
  /** RPU-hours. */
  readonly amount: number;
  readonly breachAction: 'log' | 'emit-metric' | 'deactivate';
}

/** A limit as it is. */
export interface PresentLimit {
  readonly usageLimitId: string;
  readonly period?: string;
  readonly amount?: number;
  readonly breachAction?: string;
}

export type LimitChange =
  | { readonly do: 'create'; readonly limit: WantedLimit }
  | { readonly do: 'update'; readonly usageLimitId: string; readonly amount: number }
  | { readonly do: 'delete'; readonly usageLimitId: string };

/**
 * What makes the present limits the wanted ones; nothing where they are. Redshift allows one limit a period and breach
 * action, so these two tell limits apart. What is to go goes first: there is room for four.
 */
export function limitChanges(present: readonly PresentLimit[], wanted: readonly WantedLimit[]): readonly LimitChange[] {
  const same = (one: PresentLimit, other: WantedLimit): boolean =>
    one.period === other.period && one.breachAction === other.breachAction;
  const deleted = present.filter((each) => !wanted.some((limit) => same(each, limit)));
  return [
    ...deleted.map(({ usageLimitId }) => ({ do: 'delete' as const, usageLimitId })),
    ...wanted.flatMap((limit): readonly LimitChange[] => {
      const found = present.find((each) => same(each, limit));
      if (found === undefined) return [{ do: 'create', limit }];
      if (found.amount === limit.amount) return [];
      return [{ do: 'update', usageLimitId: found.usageLimitId, amount: limit.amount }];
    }),
  ];
}
