/** A file's content as the star or the ledger holds it. */
export interface Held {
  readonly url: string;
  readonly etag: string;
  readonly runId: string;
}

export interface RunRow {
  readonly status: 'succeeded' | 'failed';
  readonly loadDigest: string;
  readonly sourceDigest: string;
  /** Grows with every row: the order of finished_at. */
  readonly order: number;
}

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/**
 * What the warehouse holds, as far as exactly-once depends on it. The star is the list of file contents that were
 * merged into it: twice the same file is twice in the list. That the SQL makes the right facts of given files is what
 * test/sql proves on the engine; here it is only which files, once, in which transaction.
 */
export class StarModel {
  migrations: Row[] = [];
  star: Held[] = [];
  ledger: Held[] = [];
  generation = 0;
  readonly runs = new Map<string, RunRow>();
  private order = 0;

  record(runId: string, row: Omit<RunRow, 'order'>): void {
    this.order += 1;
    this.runs.set(runId, { ...row, order: this.order });
  }

  lastRun(): RunRow | undefined {
    return [...this.runs.values()]
      .filter(({ status }) => status === 'succeeded')
      .sort((one, other) => other.order - one.order)[0];
  }
}
