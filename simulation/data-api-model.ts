import { taggedFile } from '../statements/render';
import type { Chance } from './chance';
import type { Code } from './code';
import type { StatementFault } from './plan';
import type { S3Model } from './s3-model';
import { serviceError } from './service-error';
import type { Row, StarModel } from './star-model';
import type { Switches } from './switches';
import { SqlError, Transaction } from './transaction';
import type { VirtualTime } from './virtual-time';

type Status = 'SUBMITTED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';
type Reply = Readonly<Record<string, unknown>>;

/** A statement or batch, as the Data API keeps it. */
export interface Statement {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** The database user it runs as. */
  readonly user: string;
  readonly sqls: readonly string[];
  readonly batch: boolean;
  readonly submittedAt: number;
  readonly lock?: string;
  status: Status;
  error?: string;
  readonly transaction: Transaction;
  /** Holds its lock, or needs none. */
  begun: boolean;
  /** What waits for its end. */
  waiting: (() => void)[];
}

/** Told of what the warehouse does, for the invariants and the trace. */
export interface Watcher {
  submitted(statement: Statement): void;
  ended(statement: Statement): void;
  committed(statement: Statement): void;
}

/** What the Data API says of a statement whose outcome was not what it did. */
const LOST_TEXTS: Readonly<Partial<Record<StatementFault, string>>> = {
  conflict: '1023 Serializable isolation violation on table',
  'lost before commit': 'connection was lost',
  'lost after commit': 'connection was lost',
};

const TOKEN_MEMORY = 8 * 3_600_000;

/** The Data API and the cluster behind it: asynchronous statements, tokens of 8 hours, table locks in order of arrival. */
export class DataApiModel {
  readonly statements = new Map<string, Statement>();
  private readonly tokens = new Map<string, { readonly id: string; readonly at: number }>();
  /** From here on no statement meets a fault. */
  quiet = false;
  private readonly queues = new Map<string, Statement[]>();

  constructor(
    private readonly time: VirtualTime,
    private readonly chance: Chance,
    private readonly star: StarModel,
    private readonly s3: S3Model,
    private readonly faults: ReadonlyMap<number, StatementFault>,
    private readonly switches: Switches,
    private readonly watcher: Watcher,
  ) {}

  /** @param code of the run that sends it */
  submit(input: Reply, code: Code): Statement {
    const token = String(input.ClientToken);
    const known = this.tokens.get(token);
    const remembered = known !== undefined && this.time.now - known.at < TOKEN_MEMORY;
    if (remembered && this.switches.forgetTokens !== true) return this.statement(known.id);
    const sqls = (input.Sqls as readonly string[] | undefined) ?? [String(input.Sql)];
    const number = this.statements.size;
    const user = String(input.DbUser);
    const locked = sqls.map((sql) => /^lock (\S+)$/m.exec(sql)?.[1]).find((table) => table !== undefined);
    const statement: Statement = {
      id: `statement-${number}`,
      number,
      name: String(input.StatementName),
      user,
      sqls,
      batch: input.Sqls !== undefined,
      submittedAt: this.time.now,
      lock: this.switches.ignoreLock === true ? undefined : locked,
      status: 'SUBMITTED',
      transaction: new Transaction(sqls, this.star, this.s3, this.switches, code, user),
      begun: false,
      waiting: [],
    };
    this.statements.set(statement.id, statement);
    this.tokens.set(token, { id: statement.id, at: this.time.now });
    this.watcher.submitted(statement);
    this.time.after(this.chance.between(5, 400), () => this.queue(statement));
    return statement;
  }

  statement(id: string): Statement {
    const statement = this.statements.get(id.split(':')[0] ?? '');
    if (statement === undefined) throw serviceError('ResourceNotFoundException', 400, 'Query does not exist.');
    return statement;
  }

  describe(statement: Statement): Reply {
    const { id, status, error, transaction, sqls, batch } = statement;
    const failing = transaction.parts.findIndex((part) => part.error !== undefined);
    const parts = sqls.map((sql, index) => ({
      Id: `${id}:${index + 1}`,
      QueryString: sql,
      Status:
        status !== 'FAILED' || failing < 0
          ? status
          : index < failing
            ? 'FINISHED'
            : index === failing
              ? 'FAILED'
              : 'ABORTED',
      Error: transaction.parts[index]?.error,
      Duration: 1_000_000,
      RedshiftQueryId: 1000 * statement.number + index + 1,
    }));
    return { Id: id, Status: status, Error: error, Duration: 1_000_000, ...(batch ? { SubStatements: parts } : {}) };
  }

  result(id: string): readonly Row[] {
    const statement = this.statement(id);
    if (statement.status !== 'FINISHED')
      throw serviceError('ResourceNotFoundException', 400, 'Query does not have result.');
    return statement.transaction.parts[Number(id.split(':')[1] ?? '1') - 1]?.rows ?? [];
  }

  cancel(id: string): Reply {
    const statement = this.statement(id);
    if (!this.running(statement))
      throw serviceError(
        'ValidationException',
        400,
        `Could not cancel a query that is already in ${statement.status} state`,
      );
    this.end(statement, 'ABORTED', 'Query cancelled on user request');
    return { Status: true };
  }

  list(prefix: string, status: string): readonly Statement[] {
    return [...this.statements.values()].filter(
      (each) => each.name.startsWith(prefix) && (status === 'ALL' || each.status === status),
    );
  }

  /** The cluster is paused: what runs on it is lost. */
  loseAll(): void {
    // Newest first: what waits for a lock must not begin when the one before it ends.
    for (const statement of [...this.statements.values()].reverse())
      if (this.running(statement)) this.end(statement, 'FAILED', 'connection was lost');
  }

  running({ status }: Statement): boolean {
    return status === 'SUBMITTED' || status === 'STARTED';
  }

  private queue(statement: Statement): void {
    if (!this.running(statement)) return;
    statement.status = 'STARTED';
    if (this.mustWait(statement)) this.boundWait(statement);
    else this.begin(statement);
  }

  /** Takes its place in the line for its lock. @returns false for the first of the line */
  private mustWait(statement: Statement): boolean {
    if (statement.lock === undefined) return false;
    const line = this.queues.get(statement.lock) ?? [];
    this.queues.set(statement.lock, line);
    line.push(statement);
    return line.length > 1;
  }

  private boundWait(statement: Statement): void {
    const bound = statement.sqls.map((sql) => /^set statement_timeout to (\d+)$/m.exec(sql)?.[1]).find((each) => each);
    if (bound !== undefined) this.time.after(Number(bound), () => this.giveUpWaiting(statement));
  }

  private giveUpWaiting(statement: Statement): void {
    if (this.running(statement) && !statement.begun)
      this.end(statement, 'FAILED', statement.transaction.gaveUpWaiting());
  }

  private begin(statement: Statement): void {
    const { transaction } = statement;
    statement.begun = true;
    if (!this.attempt(statement, () => transaction.begin())) return;
    this.time.after(this.duration(statement), () => this.finish(statement, transaction));
  }

  private duration({ number, lock }: Statement): number {
    const fault = this.quiet ? undefined : this.faults.get(number);
    if (fault === 'slow') return this.chance.between(60_000, 2_400_000);
    if (fault === 'endless') return 20 * 3_600_000;
    return lock === undefined ? this.chance.between(20, 900) : this.chance.between(1_000, 120_000);
  }

  private finish(statement: Statement, transaction: Transaction): void {
    if (!this.running(statement)) return;
    const fault = this.quiet ? undefined : this.faults.get(statement.number);
    const lost = fault === undefined ? undefined : LOST_TEXTS[fault];
    if (lost !== undefined && fault !== 'lost after commit') {
      this.end(statement, 'FAILED', lost);
      return;
    }
    if (!this.attempt(statement, () => transaction.finish(this.time.now))) return;
    transaction.commit();
    this.watcher.committed(statement);
    this.end(statement, lost === undefined ? 'FINISHED' : 'FAILED', lost);
  }

  /** @returns false when a statement of the batch failed: all is rolled back */
  private attempt(statement: Statement, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.end(statement, 'FAILED', error.message);
      return false;
    }
  }

  private end(statement: Statement, status: Status, error?: string): void {
    statement.status = status;
    statement.error = error === undefined ? undefined : `ERROR: ${error}`;
    this.watcher.ended(statement);
    for (const waiting of statement.waiting) waiting();
    statement.waiting = [];
    const line = statement.lock === undefined ? undefined : this.queues.get(statement.lock);
    if (line === undefined) return;
    const first = line[0] === statement;
    line.splice(0, line.length, ...line.filter((each) => each !== statement));
    if (first && line[0] !== undefined) this.begin(line[0]);
  }
}

/** True for the batch that loads the star. */
export function isLoad(sqls: readonly string[]): boolean {
  return sqls.some((sql) => taggedFile(sql)?.startsWith('load/') === true);
}
