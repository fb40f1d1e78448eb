import {
  CancelStatementCommand,
  type ColumnMetadata,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type ExecuteStatementCommandOutput,
  type Field,
  paginateGetStatementResult,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { QueryError } from '../errors';
import type { Cell, Rows } from '../output';

/** Where statements go: a cluster or workgroup with a database, and as whom. */
export type StatementTarget = Pick<
  ExecuteStatementCommandInput,
  'ClusterIdentifier' | 'WorkgroupName' | 'Database' | 'DbUser' | 'SecretArn'
>;

/** A statement that has ended well. */
export interface Ended {
  /** Rows that it changed; undefined where it has a result set. */
  readonly changed?: number;
  /** Its result page by page, read as they are asked for: at least one, all with the same columns. */
  readonly pages?: AsyncIterable<Rows>;
}

/** The warehouse has refused a statement, or it failed there. */
export class StatementFailedError extends QueryError {
  constructor(
    /** The warehouse's own words, without what follows. */
    readonly reason: string,
    /** 1-based offset into the statement where the warehouse tells one. */
    readonly position?: number,
    options?: ErrorOptions,
  ) {
    super(position === undefined ? reason : `${reason}\n  Position: ${position}`, options);
  }
}

/** A statement was cancelled in the warehouse: what it had changed is rolled back. */
export class StatementCancelledError extends QueryError {
  constructor() {
    super('The statement was cancelled; its changes are rolled back.');
  }
}

/** Somebody has cancelled before the statement was sent. */
export class StatementNotSentError extends QueryError {
  constructor() {
    super('Cancelled before the statement was sent.');
  }
}

/** Somebody has seen enough of a result. The statement itself has ended before, and what it did stays. */
export class ReadingStoppedError extends QueryError {
  constructor() {
    super('Cancelled while the result was read; the statement itself had ended before.');
  }
}

/** The kept session is no more: temporary tables, SET and an open transaction have gone with it. */
export class SessionEndedError extends QueryError {}

/** Seconds that a call waits for a statement to end before we ask again. */
const FIRST_WAIT = 1;
const LONG_POLL = 20;

/**
 * Runs one statement after the other through the Redshift Data API. With `keepAliveSeconds` they share one database
 * session, so that temporary tables, SET and transactions go from one to the next; without, each has its own.
 */
export class StatementSession {
  private sessionId: string | undefined;

  constructor(
    private readonly client: RedshiftDataClient,
    private readonly target: StatementTarget,
    private readonly keepAliveSeconds?: number,
  ) {}

  /**
   * Runs one statement to its end.
   * @param signal cancels it in the warehouse
   * @throws StatementFailedError, StatementCancelledError, StatementNotSentError, SessionEndedError
   */
  async run(sql: string, signal?: AbortSignal): Promise<Ended> {
    if (signal?.aborted) throw new StatementNotSentError();
    const begun = await this.begin(sql);
    const id = begun.Id ?? '';
    const cancelling = new Cancelling(this.client, id, signal);
    try {
      // Who has waited for the end knows it already.
      if (begun.Status === 'FINISHED' && begun.HasResultSet === true) return { pages: resultPages(this.client, id) };
      const end = await cancelling.orElse(ended(this.client, id));
      return end.HasResultSet === true
        ? { pages: resultPages(this.client, id) }
        : { changed: Math.max(0, end.ResultRows ?? 0) };
    } catch (error) {
      throw inWords(error);
    } finally {
      cancelling.stop();
    }
  }

  /** Ends the database session, rolling back what is open. To be called also after errors; does not throw. */
  async close(): Promise<void> {
    const SessionId = this.sessionId;
    if (SessionId === undefined) return;
    this.sessionId = undefined;
    const last = { SessionId, Sql: 'rollback', StatementName: 'sparkify-query', SessionKeepAliveSeconds: 0 };
    // A session that cannot be ended now ends by itself when its time is over.
    await this.client.send(new ExecuteStatementCommand(last)).catch(() => undefined);
  }

  private async begin(sql: string): Promise<ExecuteStatementCommandOutput> {
    const where = this.sessionId === undefined ? this.target : { SessionId: this.sessionId };
    const order = {
      ...where,
      Sql: sql,
      StatementName: 'sparkify-query',
      WaitTimeSeconds: FIRST_WAIT,
      ...(this.keepAliveSeconds && { SessionKeepAliveSeconds: this.keepAliveSeconds }),
    };
    try {
      const begun = await this.client.send(new ExecuteStatementCommand(order));
      this.sessionId = begun.SessionId ?? this.sessionId;
      return begun;
    } catch (error) {
      throw this.refused(error);
    }
  }

  private refused(error: unknown): Error {
    const { message = '' } = error as Partial<Error>;
    if (this.sessionId !== undefined && /^Session (is not available|with Id)/.test(message)) {
      this.sessionId = undefined;
      return new SessionEndedError(
        'The warehouse has ended this session: temporary tables and settings are gone, an open transaction is rolled ' +
          'back. The statement was not run; the next one begins a new session.',
        { cause: error },
      );
    }
    return inWords(error);
  }
}

/** What the Data API itself has refused, throttled or not reached, as people read it. */
function inWords(error: unknown): Error {
  if (error instanceof QueryError) return error;
  const { name = 'Error', message = String(error) } = error as Partial<Error>;
  return new StatementFailedError(`${name}: ${message}`, undefined, { cause: error });
}

/** Waits for the end of a statement. @throws StatementFailedError, StatementCancelledError */
export async function ended(client: RedshiftDataClient, Id: string): Promise<DescribeStatementResponse> {
  for (;;) {
    const now = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: LONG_POLL }));
    if (now.Status === 'FINISHED') return now;
    if (now.Status === 'FAILED') throw failure(now.Error ?? 'The statement failed without a reason.');
    if (now.Status === 'ABORTED') throw new StatementCancelledError();
  }
}

/** Takes the position out of an error's text; the other lines stay. */
function failure(text: string): StatementFailedError {
  const found = /\n\s*Position: (\d+)/.exec(text);
  return new StatementFailedError(text.replace(found?.[0] ?? '', ''), found === null ? undefined : Number(found[1]));
}

/** Cancels a statement in the warehouse when a signal says so. */
class Cancelling {
  private fail: (error: Error) => void = () => undefined;
  private readonly failed = new Promise<never>((_, reject) => {
    this.fail = reject;
  });
  private readonly cancel = () => void this.send();

  constructor(
    private readonly client: RedshiftDataClient,
    private readonly id: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.failed.catch(() => undefined);
    if (signal?.aborted) this.cancel();
    else signal?.addEventListener('abort', this.cancel, { once: true });
  }

  /** What comes of the statement, or why it could not be cancelled: then it goes on without us. */
  orElse<T>(end: Promise<T>): Promise<T> {
    end.catch(() => undefined);
    return Promise.race([end, this.failed]);
  }

  stop(): void {
    this.signal?.removeEventListener('abort', this.cancel);
  }

  private async send(): Promise<void> {
    try {
      await this.client.send(new CancelStatementCommand({ Id: this.id }));
    } catch (error) {
      const { message = String(error) } = error as Partial<Error>;
      // It has ended by itself in the meantime: whoever waits for it learns how.
      if (/already in/.test(message)) return;
      this.fail(new QueryError(`The statement could not be cancelled and goes on: ${message}`, { cause: error }));
    }
  }
}

/** The pages of a result set, at least one, so that its columns are known. */
export async function* resultPages(client: RedshiftDataClient, Id: string): AsyncGenerator<Rows> {
  let metadata: readonly ColumnMetadata[] = [];
  for await (const page of paginateGetStatementResult({ client }, { Id })) {
    metadata = page.ColumnMetadata ?? metadata;
    const columns = metadata.map((column) => ({
      name: column.label ?? column.name ?? '',
      numeric: NUMERIC_TYPES.has(column.typeName ?? ''),
    }));
    const rows = (page.Records ?? []).map((record) => record.map((field, index) => cell(field, metadata[index])));
    yield { columns, rows };
  }
}

/** All rows of a result. */
export async function wholeResult(pages: AsyncIterable<Rows>): Promise<Rows> {
  let columns: Rows['columns'] = [];
  const rows: (readonly Cell[])[] = [];
  for await (const page of pages) {
    columns = page.columns;
    for (const row of page.rows) rows.push(row);
  }
  return { columns, rows };
}

const NUMERIC_TYPES = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'oid']);

function cell(field: Field, column: ColumnMetadata | undefined): Cell {
  if (field.isNull) return null;
  if (field.longValue !== undefined) return field.longValue;
  if (field.doubleValue !== undefined) return field.doubleValue;
  if (field.booleanValue !== undefined) return field.booleanValue;
  const value = field.stringValue ?? '';
  if (column?.typeName === 'numeric') return numeric(value);
  return column?.typeName === 'super' ? (JSON.parse(value) as Cell) : value;
}

/** A number where a double holds every digit of the decimal, else its text. */
function numeric(value: string): number | string {
  const digits = value.replace(/^-?0*|\./g, '').replace(/^0+/, '');
  return digits.length <= 15 ? Number(value) : value;
}
