/** A file's content as the ledger holds it. */
export interface Held {
  readonly url: string;
  readonly etag: string;
  readonly runId: string;
}

/** A file's content as the star holds it. */
export interface Loaded extends Held {
  /** Which SQL of the load put it there. */
  readonly load: number;
  /** Its bad row was left out. */
  readonly spoilt: boolean;
}

export interface RunRow {
  readonly status: 'succeeded' | 'failed';
  readonly trigger: string;
  /** False for a run that found nothing. */
  readonly loaded: boolean;
  readonly loadDigest: string;
  readonly sourceDigest: string;
  readonly finishedAt: number;
  /** Grows with every row: the order of finished_at. */
  readonly order: number;
}

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/**
 * What the warehouse holds, as far as exactly-once depends on it. The star is the list of file contents that were
 * merged into it: twice the same file is twice in the list. That the SQL makes the right facts of given files is what
 * test/sql proves on the engine; here it is only which files, once, in which transaction, by which SQL.
 */
export class StarModel {
  migrations: Row[] = [];
  star: Loaded[] = [];
  ledger: Held[] = [];
  /** The rows of etl.rejects: one a spoilt file that was loaded all the same. */
  rejects: Held[] = [];
  generation = 0;
  /** The loader has its role. */
  admitted = false;
  /** How often anything was committed. */
  changes = 0;
  readonly runs = new Map<string, RunRow>();
  private order = 0;

  record(runId: string, row: Omit<RunRow, 'order'>): void {
    this.order += 1;
    this.runs.set(runId, { ...row, order: this.order });
  }

  /** The last run that succeeded, or that has loaded. */
  lastRun(loaded: boolean): readonly [string, RunRow] | undefined {
    return [...this.runs]
      .filter(([, row]) => row.status === 'succeeded' && (row.loaded || !loaded))
      .sort(([, one], [, other]) => other.order - one.order)[0];
  }
}
