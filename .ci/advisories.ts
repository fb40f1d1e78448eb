/** An advisory that does not concern us, or that nothing can be done about yet. */
export interface Explanation {
  /** `GHSA-xxxx-xxxx-xxxx`. */
  readonly id: string;
  readonly reason: string;
  /** The last day on which the reason is believed, `YYYY-MM-DD`; then somebody has to look again. */
  readonly until: string;
}

/** What `npm audit` finds at high level and we go on with. */
export const EXPLANATIONS: readonly Explanation[] = [];
