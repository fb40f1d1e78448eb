import type { DuckDBConnection } from '@duckdb/node-api';
import { type CatalogEntry, type CatalogState, relationKey } from '../catalog/catalog-state';
import { storeChanges } from '../catalog/catalog-store';
import type { TableDefinition } from '../catalog/relation';
import { RedshiftError } from '../errors';
import type { Engine } from './engine';
import { TEMP_SCHEMA } from './engine-names';
import type { LockOwner } from './locks';

/**
 * One transaction of a session. The engine's own transaction starts late, with the first statement that has its
 * locks: a writer that had to wait then sees what it waited for.
 */
export class Transaction implements LockOwner {
  private begun = false;
  /** The engine has been told to begin: from then on it may have to be told to roll back. */
  private opened = false;
  private snapshot = 0;
  private shared: CatalogState;
  private readonly changes = new Map<string, CatalogEntry | undefined>();
  private readonly written = new Map<number, TableDefinition>();
  private readonly afterRollback: (() => Promise<void>)[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly connection: DuckDBConnection,
    readonly id: number,
    readonly pid: number,
    /** Milliseconds since the epoch; SYSDATE. */
    readonly startedAt: number,
    /** The session's temporary relations as of now. */
    private temporary: CatalogState,
  ) {
    this.shared = engine.catalog;
  }

  /** The permanent catalogue as this transaction sees it; before its snapshot, what is committed now. */
  get catalog(): CatalogState {
    return this.begun ? this.shared : this.engine.catalog;
  }

  get temporaryCatalog(): CatalogState {
    return this.temporary;
  }

  get hasBegun(): boolean {
    return this.begun;
  }

  /** Takes the snapshot, once. */
  async begin(): Promise<void> {
    if (this.begun) {
      return;
    }
    await this.engine.gate.run(async () => {
      this.opened = true;
      await this.connection.run('BEGIN TRANSACTION');
      // DuckDB takes the snapshot at the first use of the database, not at BEGIN.
      await this.connection.run('SELECT 1 FROM rs.catalog LIMIT 1');
      this.shared = this.engine.catalog;
      this.snapshot = this.engine.commits;
      this.begun = true;
    });
  }

  /** Changes one entry of the catalogue, here and at commit for all. */
  change(key: string, entry: CatalogEntry | undefined): void {
    if (entry?.entry === 'relation' && entry.definition.schema === TEMP_SCHEMA) {
      this.temporary = this.temporary.with(new Map([[key, entry]]));
    } else if (entry === undefined && this.temporary.get(key) !== undefined) {
      this.temporary = this.temporary.with(new Map([[key, undefined]]));
    } else {
      this.changes.set(key, entry);
      this.shared = this.shared.with(new Map([[key, entry]]));
    }
  }

  /**
   * Notes that a table is written, its lock being held.
   * @throws RedshiftError XX000 (1023) when another transaction has committed to it since the snapshot
   */
  noteWrite(table: TableDefinition): void {
    if (table.temporary) {
      return;
    }
    const last = this.engine.lastWrites.get(table.oid);
    if (last !== undefined && last.sequence > this.snapshot) {
      throw serializationError(table.oid, this, { id: last.transactionId, pid: last.pid });
    }
    this.written.set(table.oid, table);
  }

  /** @throws RedshiftError XX000 (1023) when the engine finds a conflict; the transaction is then rolled back */
  async commit(): Promise<CatalogState> {
    try {
      if (this.begun) {
        await storeChanges(this.connection, this.changes, () => this.engine.commits);
        await this.engine.gate.run(() => this.publish());
      }
      return this.temporary;
    } catch (error) {
      await this.rollback();
      throw error;
    } finally {
      this.engine.locks.releaseAll(this);
    }
  }

  /** Does this should the transaction be rolled back: for logs, which outlive what they tell of. */
  onRollback(work: () => Promise<void>): void {
    this.afterRollback.push(work);
  }

  async rollback(): Promise<void> {
    try {
      const begun = this.begun;
      this.begun = false;
      if (this.opened) await this.rollbackOpened(begun);
      if (begun) for (const work of this.afterRollback) await work();
    } finally {
      this.engine.locks.releaseAll(this);
    }
  }

  /** A cancel may come while the transaction begins: the engine then has one, or none to roll back. */
  private async rollbackOpened(begun: boolean): Promise<void> {
    this.opened = false;
    const undone = this.connection.run('ROLLBACK');
    await (begun
      ? undone
      : undone.catch((error: unknown) => {
          if (!/no transaction is active/i.test(String(error))) throw error;
        }));
  }

  private async publish(): Promise<void> {
    await this.connection.run('COMMIT');
    this.engine.commits += 1;
    this.engine.catalog = this.engine.catalog.with(this.changes);
    for (const oid of this.written.keys()) {
      this.engine.lastWrites.set(oid, { sequence: this.engine.commits, transactionId: this.id, pid: this.pid });
    }
  }
}

/** The key under which a table's lock is held. */
export function lockKey(name: { readonly schema: string; readonly name: string }): string {
  return relationKey(name);
}

/** Source: Developer Guide, "Serializable isolation". */
export function serializationError(oid: number, mine: LockOwner, other: LockOwner): RedshiftError {
  const cycle = `transactions forming the cycle are: ${mine.id}, ${other.id} (pid:${mine.pid})`;
  return new RedshiftError('1023', 'XX000', {
    detail: `Serializable isolation violation on table - ${oid}, ${cycle}`,
  });
}
