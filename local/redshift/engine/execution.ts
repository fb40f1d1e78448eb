import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import type { CatalogEntry } from '../catalog/catalog-state';
import type { TableDefinition } from '../catalog/relation';
import { SessionCatalog } from '../catalog/session-catalog';
import type { Statement } from '../dialect/ast';
import type { ParameterValue, TranslationContext } from '../dialect/contract';
import { parseStatement } from '../dialect/parser';
import type { ResultColumn } from '../warehouse';
import { AccessControl, tableObject } from './access-control';
import { bindCopyFunctions } from './copy-functions';
import type { Engine } from './engine';
import { TEMP_SCHEMA } from './engine-names';
import { hasPrivilege } from './has-privilege';
import type { Outcome, Rows } from './outcome';
import type { Transaction } from './transaction';
import type { TransactionControl } from './transaction-control';
import { toCell } from './values';

export type Parameters = ReadonlyMap<string, ParameterValue>;

/** What a statement's plan needs before it may run. */
export interface Plan<Content> {
  readonly content: Content;
  /** Keys of the locks to hold. */
  readonly locks: readonly string[];
}

export interface SessionIdentity {
  readonly pid: number;
  readonly user: string;
  readonly database: string;
}

/** Performs one statement inside the running transaction. */
export type Perform = (statement: Statement, execution: Execution, parameters: Parameters) => Promise<Outcome>;

/** One statement of a client while it runs, with all that a procedure runs in its turn. */
export class Execution {
  readonly notices: string[] = [];
  /** Nesting of procedure calls. */
  callDepth = 0;
  /** Microseconds spent waiting for locks. */
  lockWait = 0;
  /** Written last, for the text of a conflict. */
  lastWritten: TableDefinition | undefined;

  /** Decides what the current user may do. */
  readonly access: AccessControl;

  private lastTransaction: Transaction | undefined;
  /** Owners of the procedures with SECURITY DEFINER that run, the innermost last. */
  private readonly definers: string[] = [];

  constructor(
    readonly engine: Engine,
    readonly session: SessionIdentity,
    readonly control: TransactionControl,
    readonly connection: DuckDBConnection,
    readonly queryId: number,
    readonly startedAt: number,
    readonly signal: AbortSignal,
    private readonly performer: Perform,
  ) {
    this.access = new AccessControl(this);
  }

  /** Whose rights count now: the session's user, or in a procedure with SECURITY DEFINER its owner. */
  get user(): string {
    return this.definers.at(-1) ?? this.session.user;
  }

  /** Does this with another's rights. */
  async as<Result>(user: string, work: () => Promise<Result>): Promise<Result> {
    this.definers.push(user);
    try {
      return await work();
    } finally {
      this.definers.pop();
    }
  }

  get transaction(): Transaction {
    this.lastTransaction = this.control.current;
    return this.lastTransaction;
  }

  /** Of the running transaction, or of the last one that ran; 0 before any. */
  get transactionId(): number {
    return this.lastTransaction?.id ?? 0;
  }

  get userId(): number {
    return this.transaction.catalog.principal('user', this.user)?.oid ?? 0;
  }

  /** Parses SQL, with what only the session knows put in. @throws RedshiftError 42601 */
  parse(sql: string): Statement {
    const statement = parseStatement(sql);
    return /pg_last_copy/i.test(sql) ? bindCopyFunctions(statement, this.control.lastCopy) : statement;
  }

  /** Runs another statement inside this one, as procedures do. */
  perform(statement: Statement, parameters: Parameters): Promise<Outcome> {
    return this.performer(statement, this, parameters);
  }

  /** The catalogue as of now. */
  catalog(): SessionCatalog {
    const { transaction, session, user, access } = this;
    const { rights } = access;
    return new SessionCatalog(
      transaction.catalog,
      transaction.temporaryCatalog,
      // As in PostgreSQL, a bare name is not looked for where the user may not look.
      this.control.settings.searchPath(user).filter((schema) => access.mayUseSchema(schema)),
      {
        database: session.database,
        user,
        userId: this.userId,
        superuser: rights.superuser,
        seesAllLogs:
          rights.holdsSystem('access system table') ||
          transaction.catalog.principal('user', user)?.seesAllLogs === true,
        seesAllMetadata: rights.holdsSystem('access catalog'),
        maySee: ({ definition, owner }) =>
          definition.schema === TEMP_SCHEMA ||
          (access.mayUseSchema(definition.schema) && (owner === user || rights.holdsAny(tableObject(definition)))),
        mayUse: (schema) => access.mayUseSchema(schema),
        isOwnGrant: ({ grantee }) => rights.isGrantee(grantee),
        isMember: (grantee) => rights.isGrantee(grantee),
      },
    );
  }

  translation(catalog: SessionCatalog, parameters: Parameters): TranslationContext {
    const { session, transaction } = this;
    return {
      catalog,
      parameters,
      user: this.user,
      sessionUser: session.user,
      hasPrivilege: (kind, user, object, privilege) => hasPrivilege(kind, user, object, privilege, catalog, this),
      database: session.database,
      pid: session.pid,
      transactionTime: transaction.startedAt,
      statementTime: this.startedAt,
    };
  }

  /**
   * Plans, takes the locks, and takes the snapshot after them. What others have committed while it waited may have
   * changed the names, so it then plans again.
   */
  async settle<Content>(plan: (catalog: SessionCatalog) => Plan<Content>): Promise<Content> {
    for (;;) {
      const before = this.transaction.catalog;
      const catalog = this.catalog();
      const { content, locks } = plan(catalog);
      if (catalog.usesLogs) {
        await this.engine.journal.flush();
      }
      await this.lock(locks);
      await this.transaction.begin();
      if (this.transaction.catalog === before) {
        return content;
      }
    }
  }

  async lock(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const start = performance.now();
      const waited = await this.engine.locks.acquire(key, this.transaction, this.signal);
      if (waited) {
        this.lockWait += Math.round((performance.now() - start) * 1000);
      }
    }
  }

  /** To be called for every table before it is written, after `settle`. */
  noteWrite(table: TableDefinition): void {
    this.lastWritten = table;
    this.transaction.noteWrite(table);
  }

  change(key: string, entry: CatalogEntry | undefined): void {
    this.transaction.change(key, entry);
  }

  /** Runs engine SQL. @returns rows changed by the last statement */
  async run(sql: string, values?: readonly DuckDBValue[]): Promise<number> {
    this.signal.throwIfAborted();
    const result = await this.connection.run(sql, values === undefined ? undefined : [...values]);
    return result.rowsChanged;
  }

  /** Reads all rows of a small result. */
  async query(sql: string, values?: readonly DuckDBValue[]): Promise<readonly (readonly DuckDBValue[])[]> {
    this.signal.throwIfAborted();
    const reader = await this.connection.runAndReadAll(sql, values === undefined ? undefined : [...values]);
    return reader.getRows();
  }

  async *stream(sql: string, values?: readonly DuckDBValue[]): AsyncIterable<readonly (readonly DuckDBValue[])[]> {
    this.signal.throwIfAborted();
    const result = await this.connection.stream(sql, values === undefined ? undefined : [...values]);
    for (;;) {
      const chunk = await this.fetch(result);
      if (chunk === undefined) {
        return;
      }
      yield chunk.getRows();
    }
  }

  /** Runs a query and yields its rows as they leave for the client. */
  async *cells(sql: string, columns: readonly ResultColumn[]): Rows {
    this.signal.throwIfAborted();
    const result = await this.connection.stream(sql);
    for (;;) {
      const chunk = await this.fetch(result);
      if (chunk === undefined) {
        return;
      }
      const byColumn = columns.map(({ type }, index) =>
        chunk.getColumnValues(index).map((value) => toCell(value, type)),
      );
      yield Array.from({ length: chunk.rowCount }, (_, row) => byColumn.map((column) => column[row] ?? null));
    }
  }

  private async fetch(result: DuckDBResult) {
    this.signal.throwIfAborted();
    const chunk = await result.fetchChunk();
    return chunk === null || chunk.rowCount === 0 ? undefined : chunk;
  }
}
