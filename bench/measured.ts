/** What one side of a comparison took. */
export interface Measured {
  /** User and system time of the process that holds the engine. */
  readonly cpuMilliseconds: number;
  readonly wallMilliseconds: number;
  /** Peak resident memory of that process. */
  readonly maxRssBytes: number;
  /** Rows of each table, and of the plays that know their song. */
  readonly counts: Readonly<Record<string, number>>;
}
