import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../../clock';
import type { CatalogState } from '../catalog/catalog-state';
import type { CopyRunner } from '../copy/copy-runner';
import type { Dialect } from '../dialect/contract';
import type { Counter } from './counter';
import type { Journal } from './journal';
import type { LockTable } from './locks';
import type { Mutex } from './mutex';

/** Who committed last to a table, and as which number in the order of commits. */
export interface LastWrite {
  readonly sequence: number;
  readonly transactionId: number;
  readonly pid: number;
}

/** What all sessions of one warehouse share. */
export interface Engine {
  readonly clock: Clock;
  readonly database: string;
  readonly masterUser: string;
  /** Whether it shows the views of a single cluster's logs and state: STL, STV, SVL, SVCS. */
  readonly clusterViews: boolean;
  readonly dialect: Dialect;
  readonly copy: CopyRunner;
  readonly locks: LockTable;
  readonly counter: Counter;
  readonly journal: Journal;
  /**
   * Snapshots are taken and commits are made one at a time, so that a transaction's catalogue, its place in the
   * order of commits and its data are of the same moment.
   */
  readonly gate: Mutex;
  /** What is committed now. */
  catalog: CatalogState;
  /** Number of commits so far. */
  commits: number;
  /** By table oid. */
  readonly lastWrites: Map<number, LastWrite>;
  connect(): Promise<DuckDBConnection>;
}
