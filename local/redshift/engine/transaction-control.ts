import type { DuckDBConnection } from '@duckdb/node-api';
import { CatalogState } from '../catalog/catalog-state';
import type { LastCopy } from './copy-functions';
import type { Engine } from './engine';
import { Settings } from './settings';
import { Transaction } from './transaction';

/**
 * A session's transactions: one statement's own (implicit), or a block from BEGIN to COMMIT or ROLLBACK. An error in a
 * block ends its work and its locks at once; the block stays aborted until the client ends it. Parameters set in a
 * transaction that is rolled back go back to what they were.
 */
export class TransactionControl {
  /** The session's parameters as of now. */
  settings = Settings.initial;
  /** For PG_LAST_COPY_ID() and PG_LAST_COPY_COUNT(). */
  readonly lastCopy: LastCopy = { queryId: -1, rows: 0 };
  private blockState: 'idle' | 'open' | 'aborted' = 'idle';
  private running: Transaction | undefined;
  private temporary = CatalogState.empty;
  private settingsBefore = Settings.initial;
  /** Undo for SET LOCAL, at the end of the transaction. */
  private readonly locals = new Map<string, string>();

  constructor(
    private readonly engine: Engine,
    private readonly connection: DuckDBConnection,
    private readonly pid: number,
  ) {}

  /** `idle` outside a block. */
  get block(): 'idle' | 'open' | 'aborted' {
    return this.blockState;
  }

  /** The running transaction; there is one while a statement runs. */
  get current(): Transaction {
    if (this.running === undefined) {
      throw new Error('no transaction is running');
    }
    return this.running;
  }

  async beginBlock(): Promise<void> {
    await this.start();
    this.blockState = 'open';
  }

  /** Starts the statement's own transaction outside a block. */
  async beginStatement(): Promise<void> {
    if (this.blockState === 'idle') {
      await this.start();
    }
  }

  /** Ends the statement's own transaction; in a block it does nothing. */
  async endStatement(): Promise<void> {
    if (this.blockState === 'idle' && this.running !== undefined) {
      await this.commit();
    }
  }

  /** After an error: the statement's own transaction ends, a block is aborted. */
  async fail(): Promise<void> {
    await this.rollback();
    if (this.blockState === 'open') {
      this.blockState = 'aborted';
    }
  }

  /** COMMIT of an open block; when it fails the block is over as well. */
  async commitBlock(): Promise<void> {
    this.blockState = 'idle';
    await this.commit();
  }

  async rollbackBlock(): Promise<void> {
    this.blockState = 'idle';
    await this.rollback();
  }

  /** Commits what was done so far and goes on in a new transaction: TRUNCATE, and COMMIT in a procedure. */
  async commitAndGoOn(): Promise<void> {
    await this.commit();
    await this.start();
  }

  async rollbackAndGoOn(): Promise<void> {
    await this.rollback();
    await this.start();
  }

  setLocal(name: string, value: string): void {
    if (!this.locals.has(name)) {
      this.locals.set(name, this.settings.get(name));
    }
    this.settings = this.settings.with(name, value);
  }

  private async start(): Promise<void> {
    const { engine } = this;
    const id = await engine.counter.next();
    this.settingsBefore = this.settings;
    this.running = new Transaction(engine, this.connection, id, this.pid, engine.clock.now(), this.temporary);
  }

  private async commit(): Promise<void> {
    const transaction = this.running;
    this.running = undefined;
    try {
      this.temporary = (await transaction?.commit()) ?? this.temporary;
    } catch (error) {
      this.settings = this.settingsBefore;
      this.locals.clear();
      throw error;
    }
    for (const [name, value] of this.locals) {
      this.settings = this.settings.with(name, value);
    }
    this.locals.clear();
  }

  private async rollback(): Promise<void> {
    const transaction = this.running;
    this.running = undefined;
    if (transaction !== undefined) {
      this.settings = this.settingsBefore;
      this.locals.clear();
      await transaction.rollback();
    }
  }
}
