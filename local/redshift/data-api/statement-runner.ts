import type { Clock } from '../../clock';
import { tokenize } from '../dialect/lexer';
import { RedshiftError } from '../errors';
import type { Session, StatementResult } from '../warehouse';
import type { WarehouseEndpoints } from './endpoint';
import { removeResult, writeResult } from './result-file';
import type { KeptSession, SessionPool } from './sessions';
import type { Execution, SqlParameter, StatementRecord, SubStatement } from './statement';
import type { StatementStore } from './statement-store';

/** The text that Redshift gives to parts of a batch that never ran; the slip is its own. */
const NEVER_RAN = 'Connection or an prior query failed.';

/** A statement on its way. */
export interface Running {
  readonly record: StatementRecord;
  cancelled: boolean;
  session?: Session;
  /** Ends with the statement; never rejects. */
  readonly done: Promise<void>;
}

/** An SQL error as DescribeStatement shows it. */
export function errorText(error: unknown): string {
  if (!(error instanceof RedshiftError)) {
    return `ERROR: ${error instanceof Error ? error.message : String(error)}`;
  }
  const level = FATAL_STATES.has(error.sqlState) ? 'FATAL' : 'ERROR';
  const { detail, hint, position } = error.more;
  return (
    `${level}: ${error.message}` +
    (detail === undefined ? '' : `\n  Detail: ${detail}`) +
    (hint === undefined ? '' : `\n  Hint: ${hint}`) +
    (position === undefined ? '' : `\n  Position: ${position}`)
  );
}

/** States of errors that come before there is a session. */
const FATAL_STATES = new Set(['3D000', '28000', '28P01', '57P03']);

/** Runs statements on the clusters' engines and writes what becomes of them into their records. */
export class StatementRunner {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly warehouses: WarehouseEndpoints,
    private readonly store: StatementStore,
    private readonly sessions: SessionPool,
    private readonly clock: Clock,
  ) {}

  start(record: StatementRecord, kept: KeptSession | undefined): Running {
    const running: Running = {
      record,
      cancelled: false,
      done: Promise.resolve().then(() => this.run(running, kept)),
    };
    this.running.set(record.id, running);
    return running;
  }

  find(id: string): Running | undefined {
    return this.running.get(id);
  }

  /** Interrupts a running statement; its record says ABORTED once the engine has let go of it. */
  cancel(running: Running): void {
    running.cancelled = true;
    running.session?.cancel();
  }

  async stop(): Promise<void> {
    const all = [...this.running.values()];
    for (const running of all) {
      this.cancel(running);
    }
    await Promise.all(all.map(({ done }) => done));
  }

  private async run(running: Running, kept: KeptSession | undefined): Promise<void> {
    const { record } = running;
    try {
      await this.runOnSession(running, kept);
    } catch (error) {
      this.neverRan(running, error);
    } finally {
      this.touch(record);
      record.durationMs = Math.max(0, record.updatedAt - record.createdAt);
      this.store.save(record);
      this.running.delete(record.id);
    }
  }

  private async runOnSession(running: Running, kept: KeptSession | undefined): Promise<void> {
    const { record } = running;
    const session = await this.session(record, kept);
    running.session = session;
    record.pid = session.pid;
    try {
      if (running.cancelled) {
        throw new Error('cancelled before it began');
      }
      record.status = 'STARTED';
      this.touch(record);
      if (record.subStatements === undefined) {
        await this.runSingle(running, session);
      } else {
        await this.runBatch(running, session, record.subStatements);
      }
    } finally {
      running.session = undefined;
      if (kept === undefined) {
        await session.close();
      } else {
        await this.sessions.release(kept);
      }
    }
  }

  private async session(record: StatementRecord, kept: KeptSession | undefined): Promise<Session> {
    if (kept?.connection !== undefined) {
      return kept.connection;
    }
    try {
      const warehouse = await this.warehouses.warehouse(record.clusterIdentifier);
      const session = await warehouse.connect({ database: record.database, user: record.dbUser });
      if (kept !== undefined) {
        kept.connection = session;
      }
      return session;
    } catch (error) {
      if (kept !== undefined) {
        await this.sessions.close(kept);
      }
      throw error;
    }
  }

  /** The connection failed, or the cancel came first: every part stays undone. */
  private neverRan({ record, cancelled }: Running, error: unknown): void {
    record.status = cancelled ? 'ABORTED' : 'FAILED';
    record.error = cancelled ? undefined : errorText(error);
    this.abortRest(record.subStatements ?? []);
  }

  private async runSingle(running: Running, session: Session): Promise<void> {
    const { record } = running;
    try {
      await this.execute(record, record.sql ?? '', 0, running, session);
      record.status = 'FINISHED';
    } catch (error) {
      this.fail(record, error, running.cancelled);
    }
  }

  private async runBatch(running: Running, session: Session, parts: readonly SubStatement[]): Promise<void> {
    const { record } = running;
    const oneTransaction = record.executionMode !== 'AUTO_COMMIT';
    let failure: string | undefined;
    let kept = false;
    try {
      if (oneTransaction) {
        await session.execute('begin');
      }
      failure = await this.runParts(running, session, parts, oneTransaction);
      // From here on a cancel comes too late: what is committed must not be called aborted.
      kept = failure === undefined && !running.cancelled;
      if (oneTransaction) {
        await session.execute(kept ? 'commit' : 'rollback');
      }
    } catch (error) {
      failure = errorText(error);
      kept = false;
      await endTransaction(session);
    }
    this.abortRest(parts);
    sumUp(record, parts);
    record.status = kept ? 'FINISHED' : running.cancelled ? 'ABORTED' : 'FAILED';
    record.error = failure;
  }

  /** The parent's error text, undefined when all went well. */
  private async runParts(
    running: Running,
    session: Session,
    parts: readonly SubStatement[],
    stopAtError: boolean,
  ): Promise<string | undefined> {
    let failure: string | undefined;
    for (const [index, part] of parts.entries()) {
      if (running.cancelled) {
        break;
      }
      part.status = 'STARTED';
      this.touch(part);
      const began = this.clock.now();
      try {
        await this.execute(part, part.sql, index + 1, running, session);
        part.status = 'FINISHED';
      } catch (error) {
        this.fail(part, error, running.cancelled);
        failure ??= `Query #${index + 1} failed with ${part.error}`;
      }
      this.touch(part);
      part.durationMs = Math.max(0, part.updatedAt - began);
      if (failure !== undefined && stopAtError) {
        break;
      }
    }
    return failure;
  }

  private async execute(
    execution: Execution,
    sql: string,
    part: number,
    { record }: Running,
    session: Session,
  ): Promise<void> {
    const parameters = usedParameters(sql, record.parameters ?? []);
    const result = await this.begin(execution, sql, parameters, session);
    if (result.columns === undefined) {
      execution.resultRows = result.affectedRows;
      execution.resultSize = 0;
      return;
    }
    const file = this.store.resultFile(record.id, part);
    try {
      const index = await writeResult(file, result, record.resultFormat);
      execution.hasResultSet = true;
      execution.resultRows = index.totalRows;
      execution.resultSize = index.size;
    } catch (error) {
      await removeResult(file);
      throw error;
    }
  }

  /** Runs a statement; its number is known also when it fails, for that is how its load errors are found. */
  private async begin(
    execution: Execution,
    sql: string,
    parameters: ReadonlyMap<string, string>,
    session: Session,
  ): Promise<StatementResult> {
    try {
      return await session.execute(sql, parameters);
    } finally {
      execution.queryId = session.lastQueryId;
    }
  }

  private fail(execution: Execution, error: unknown, cancelled: boolean): void {
    execution.status = cancelled ? 'ABORTED' : 'FAILED';
    execution.error = errorText(error);
  }

  private abortRest(parts: readonly SubStatement[]): void {
    for (const part of parts) {
      if (part.status === 'SUBMITTED') {
        part.status = 'ABORTED';
        part.error = NEVER_RAN;
        this.touch(part);
      }
    }
  }

  private touch(execution: Execution): void {
    execution.updatedAt = this.clock.now();
  }
}

/** A session that is used again must not start inside what a failed COMMIT left. */
async function endTransaction(session: Session): Promise<void> {
  if (session.transaction !== 'idle') {
    await session.execute('rollback');
  }
}

/** A batch's rows and bytes are the sums over its parts. */
function sumUp(record: StatementRecord, parts: readonly SubStatement[]): void {
  record.hasResultSet = parts.some((part) => part.hasResultSet);
  record.resultRows = parts.reduce((sum, part) => sum + Math.max(0, part.resultRows), 0);
  record.resultSize = parts.reduce((sum, part) => sum + Math.max(0, part.resultSize), 0);
}

/** Names of the placeholders of a text; none where it cannot even be cut into tokens. */
export function placeholders(sql: string): ReadonlySet<string> {
  try {
    const tokens = tokenize(sql).filter((token) => token.kind === 'parameter' && sql[token.start] === ':');
    return new Set(tokens.map((token) => token.value));
  } catch {
    return new Set();
  }
}

/** The parameters that this text uses: a batch shares one list. */
function usedParameters(sql: string, parameters: readonly SqlParameter[]): ReadonlyMap<string, string> {
  if (parameters.length === 0) {
    return new Map();
  }
  const names = placeholders(sql);
  return new Map(parameters.filter(({ name }) => names.has(name)).map(({ name, value }) => [name, value]));
}
