import type { DuckDBConnection } from '@duckdb/node-api';
import type { Statement } from '../dialect/ast';
import { RedshiftError } from '../errors';
import type { CellValue, Session, StatementResult } from '../warehouse';
import type { Engine } from './engine';
import { cancelledError, toRedshiftError } from './engine-errors';
import { Execution, type SessionIdentity } from './execution';
import { Mutex } from './mutex';
import { done, type Outcome, type Rows, rowsOf } from './outcome';
import { performStatement } from './statements';
import { TransactionControl } from './transaction-control';

/** Chunks fetched before `execute` answers: errors among the first rows come from `execute` itself. */
const EAGER_CHUNKS = 2;
/** An interrupt that comes between two engine statements is lost; it is repeated until the statement has ended. */
const INTERRUPT_EVERY_MS = 20;

interface Running {
  readonly abort: AbortController;
  readonly queryId: number;
  stopTimers(): void;
}

/** A session over one connection of the engine. */
export class EngineSession implements Session {
  private readonly mutex = new Mutex();
  private readonly control: TransactionControl;
  private running: Running | undefined;
  /** Ends the result that is still being read. */
  private finishResult: (() => Promise<void>) | undefined;
  private closed = false;
  private begunQueryId = 0;

  constructor(
    private readonly engine: Engine,
    private readonly connection: DuckDBConnection,
    private readonly identity: SessionIdentity,
    private readonly onClose: (session: EngineSession) => void,
  ) {
    this.control = new TransactionControl(engine, connection, identity.pid);
  }

  get pid(): number {
    return this.identity.pid;
  }
  get user(): string {
    return this.identity.user;
  }
  get database(): string {
    return this.identity.database;
  }
  get lastQueryId(): number {
    return this.begunQueryId;
  }
  get transaction(): 'idle' | 'open' | 'aborted' {
    return this.control.block;
  }

  execute(sql: string, parameters?: ReadonlyMap<string, string>): Promise<StatementResult> {
    return this.mutex.run(() => this.executeNext(sql, parameters ?? new Map()));
  }

  cancel(): void {
    const running = this.running;
    if (running !== undefined && !running.abort.signal.aborted) {
      this.abort(running);
    }
  }

  close(): Promise<void> {
    this.cancel();
    return this.mutex.run(async () => {
      if (this.closed) {
        return;
      }
      await this.finishResult?.();
      this.closed = true;
      await this.control.rollbackBlock();
      this.connection.closeSync();
      this.onClose(this);
    });
  }

  private abort(running: Running): void {
    running.abort.abort(cancelledError(running.queryId));
    const interrupt = (): void => {
      if (this.running === running) {
        this.connection.interrupt();
        this.engine.clock.after(INTERRUPT_EVERY_MS, interrupt);
      }
    };
    interrupt();
  }

  private async executeNext(sql: string, parameters: ReadonlyMap<string, string>): Promise<StatementResult> {
    if (this.closed) {
      throw new RedshiftError('the session is closed', '08003');
    }
    await this.finishResult?.();
    const queryId = await this.engine.counter.next();
    this.begunQueryId = queryId;
    const running = this.startRunning(queryId);
    const execution = this.newExecution(queryId, running);
    const record = new StatementRecord(this.engine, execution, sql);
    let statement: Statement | undefined;
    try {
      statement = execution.parse(sql);
      const outcome = await this.perform(statement, execution, parameters);
      return await this.answer(outcome, execution, running, record, statement);
    } catch (error) {
      throw await this.failed(error, execution, running, record, statement);
    }
  }

  private startRunning(queryId: number): Running {
    const timeout = this.control.settings.statementTimeout();
    const running: Running = {
      abort: new AbortController(),
      queryId,
      stopTimers: timeout > 0 ? this.engine.clock.after(timeout, () => this.cancel()) : () => undefined,
    };
    this.running = running;
    return running;
  }

  private newExecution(queryId: number, { abort }: Running): Execution {
    const { engine, identity, control, connection } = this;
    const now = engine.clock.now();
    return new Execution(engine, identity, control, connection, queryId, now, abort.signal, performStatement);
  }

  private async perform(
    statement: Statement,
    execution: Execution,
    parameters: ReadonlyMap<string, string>,
  ): Promise<Outcome> {
    const ended = await this.controlTransaction(statement, execution);
    if (ended !== undefined) {
      return ended;
    }
    if (this.control.block === 'aborted') {
      throw new RedshiftError(
        'current transaction is aborted, commands ignored until end of transaction block',
        '25P02',
      );
    }
    await this.control.beginStatement();
    const values = new Map([...parameters].map(([name, text]) => [name, { text, type: { name: 'unknown' } as const }]));
    return performStatement(statement, execution, values);
  }

  /** BEGIN, COMMIT and ROLLBACK; undefined for anything else. */
  private async controlTransaction(statement: Statement, execution: Execution): Promise<Outcome | undefined> {
    const { control } = this;
    switch (statement.node) {
      case 'begin':
        if (control.block === 'idle') {
          await control.beginBlock();
        } else if (control.block === 'open') {
          execution.notices.push('there is already a transaction in progress');
        } else {
          return undefined;
        }
        return done('BEGIN');
      case 'commit':
        if (control.block === 'open') {
          await control.commitBlock();
          return done('COMMIT');
        }
        return this.endWithoutWork(execution, control.block === 'aborted' ? 'ROLLBACK' : 'COMMIT');
      case 'rollback':
        if (control.block === 'open') {
          await control.rollbackBlock();
          return done('ROLLBACK');
        }
        return this.endWithoutWork(execution, 'ROLLBACK');
      default:
        return undefined;
    }
  }

  private async endWithoutWork(execution: Execution, command: string): Promise<Outcome> {
    if (this.control.block === 'idle') {
      execution.notices.push('there is no transaction in progress');
    }
    await this.control.rollbackBlock();
    return done(command);
  }

  /** Reads the first rows; a short result is whole then and its transaction ends here. */
  private async answer(
    outcome: Outcome,
    execution: Execution,
    running: Running,
    record: StatementRecord,
    statement: Statement,
  ): Promise<StatementResult> {
    const head: (readonly CellValue[])[][] = [];
    const source = outcome.rows?.[Symbol.asyncIterator]();
    let ended = source === undefined;
    while (!ended && head.length < EAGER_CHUNKS && source !== undefined) {
      const next = await source.next();
      if (next.done === true) {
        ended = true;
      } else {
        head.push([...next.value]);
      }
    }
    const result = (rows: Rows): StatementResult => ({
      queryId: execution.queryId,
      command: outcome.command,
      columns: outcome.columns,
      rows,
      affectedRows: outcome.affectedRows,
      notices: execution.notices,
    });
    record.count(head);
    if (ended || source === undefined) {
      await this.control.endStatement();
      this.stopRunning(running);
      record.succeed(statement);
      return result(rowsOf(head.flat()));
    }
    return result(this.rest(head, source, execution, running, record, statement));
  }

  /** The rows of a long result; reading to the end, returning early or the next statement ends its transaction. */
  private rest(
    head: readonly (readonly (readonly CellValue[])[])[],
    source: AsyncIterator<readonly (readonly CellValue[])[]>,
    execution: Execution,
    running: Running,
    record: StatementRecord,
    statement: Statement,
  ): Rows {
    let open = true;
    const failed = async (error: unknown): Promise<RedshiftError> => {
      open = false;
      this.finishResult = undefined;
      return this.failed(error, execution, running, record, statement);
    };
    const finish = async (): Promise<void> => {
      if (!open) {
        return;
      }
      open = false;
      this.finishResult = undefined;
      try {
        await source.return?.();
        await this.control.endStatement();
      } catch (error) {
        throw await failed(error);
      }
      this.stopRunning(running);
      record.succeed(statement);
    };
    this.finishResult = finish;
    const readNext = async (): Promise<readonly (readonly CellValue[])[] | undefined> => {
      try {
        const next = open ? await source.next() : undefined;
        return next === undefined || next.done === true ? undefined : next.value;
      } catch (error) {
        throw await failed(error);
      }
    };
    return (async function* (): Rows {
      try {
        yield* head;
        for (let chunk = await readNext(); chunk !== undefined; chunk = await readNext()) {
          record.count([chunk]);
          yield chunk;
        }
      } finally {
        await finish();
      }
    })();
  }

  private stopRunning(running: Running): void {
    running.stopTimers();
    if (this.running === running) {
      this.running = undefined;
    }
  }

  private async failed(
    error: unknown,
    execution: Execution,
    running: Running,
    record: StatementRecord,
    statement: Statement | undefined,
  ): Promise<RedshiftError> {
    const mapped = toRedshiftError(error, execution, record.sql);
    this.stopRunning(running);
    record.fail(mapped, statement);
    await this.control.fail();
    return mapped;
  }
}

/** One statement's line in the engine's history. */
class StatementRecord {
  private rows = 0;
  private readonly userId: number;

  constructor(
    private readonly engine: Engine,
    private readonly execution: Execution,
    readonly sql: string,
  ) {
    this.userId = engine.catalog.principal('user', execution.session.user)?.oid ?? 0;
  }

  count(chunks: readonly (readonly unknown[])[]): void {
    for (const chunk of chunks) {
      this.rows += chunk.length;
    }
  }

  succeed(statement: Statement): void {
    this.write('success', '', statement);
  }

  fail(error: RedshiftError, statement: Statement | undefined): void {
    this.write(error.sqlState === '57014' ? 'canceled' : 'failed', error.message, statement);
  }

  private write(status: 'success' | 'failed' | 'canceled', message: string, statement: Statement | undefined): void {
    const { execution, engine } = this;
    engine.journal.recordQuery({
      user_id: this.userId,
      query_id: execution.queryId,
      query_label: execution.control.settings.get('query_group'),
      transaction_id: execution.transactionId,
      session_id: execution.session.pid,
      database_name: execution.session.database,
      query_type: queryType(statement),
      status,
      start_time: execution.startedAt,
      end_time: engine.clock.now(),
      lock_wait_time: execution.lockWait,
      error_message: message.slice(0, 512),
      returned_rows: this.rows,
      query_text: this.sql.slice(0, 4000),
    });
  }
}

/** Source: Developer Guide, SYS_QUERY_HISTORY, query_type. */
function queryType(statement: Statement | undefined): string {
  switch (statement?.node) {
    case 'query statement':
      return 'SELECT';
    case 'insert':
    case 'update':
    case 'delete':
    case 'copy':
      return statement.node.toUpperCase();
    case 'create table as':
      return 'CTAS';
    case undefined:
    case 'set':
    case 'show':
    case 'reset':
    case 'begin':
    case 'commit':
    case 'rollback':
    case 'call procedure':
      return 'UTILITY';
    default:
      return 'DDL';
  }
}
