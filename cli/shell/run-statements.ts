import { InterruptedError, QueryError, UsageError } from '../errors';
import { count, duration, type Rows } from '../output';
import type { Catalogue } from './catalogue';
import { explain, needsCatalogue } from './explain';
import { StatementCancelledError, StatementFailedError, type StatementSession } from './statement-session';
import { type Statement, transactionStep } from './statements';

/** What a run of statements needs around it. */
export interface Surroundings {
  readonly session: Pick<StatementSession, 'run'>;
  /** The file that the statements stand in; undefined where they were typed. */
  readonly file?: string;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Shows or writes a result. @returns how many rows it were */
  readonly deliver: (pages: AsyncIterable<Rows>, statement: Statement) => Promise<number>;
  /** What people are told of a statement that has ended well, and how long it took. */
  readonly say: (what: string, time: string) => void;
  /** What the identity may see, for what it misspelt. */
  readonly catalogue: () => Promise<Catalogue | undefined>;
}

/**
 * Runs statements in turn and stops at the first that fails or is cancelled.
 * @throws QueryError that names the line, InterruptedError after a cancellation; both say what was left as it was
 */
export async function runStatements(statements: readonly Statement[], around: Surroundings): Promise<void> {
  const [first] = statements;
  if (statements.length === 1 && first !== undefined) refuseAlone(first);
  let opened: Statement | undefined;
  for (const [index, statement] of statements.entries()) {
    const left = () => whatIsLeft(statements, index, opened, around.file);
    try {
      await runOne(statement, around);
    } catch (error) {
      throw await explained(error, statement, around, left());
    }
    const step = transactionStep(statement.sql);
    if (step !== undefined) opened = step === 'begins' ? statement : undefined;
  }
  if (opened !== undefined)
    throw new QueryError(`The transaction that begins on line ${opened.line} was never committed: it is rolled back.`);
}

async function runOne(statement: Statement, { session, signal, now, deliver, say }: Surroundings): Promise<void> {
  const begun = now();
  const { pages, changed = 0 } = await session.run(statement.sql, signal);
  const rows = pages === undefined ? changed : await deliver(untilCancelled(pages, signal), statement);
  const what = `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  say(pages === undefined ? doneText(changed, what) : what, duration(now() - begun));
}

function doneText(changed: number, what: string): string {
  return changed === 0 ? 'done; the statement has no result set' : `done; ${what} changed`;
}

/** The pages of a result until somebody has seen enough. @throws StatementCancelledError */
export async function* untilCancelled(pages: AsyncIterable<Rows>, signal: AbortSignal): AsyncGenerator<Rows> {
  for await (const page of pages) {
    if (signal.aborted) throw new StatementCancelledError('Cancelled while its result was read.');
    yield page;
  }
}

/** @throws UsageError for BEGIN and the like all by themselves: each command is a session of its own */
function refuseAlone({ sql }: Statement): void {
  if (transactionStep(sql) === undefined) return;
  throw new UsageError(
    `query: ${sql} alone changes nothing, for its session ends with the command. Send the whole transaction: ` +
      'sparkify query "begin; …; commit", a file with --file, or the shell: sparkify query',
  );
}

async function explained(error: unknown, statement: Statement, around: Surroundings, left: string): Promise<unknown> {
  const { file, catalogue } = around;
  if (error instanceof StatementCancelledError) return new InterruptedError(`Cancelled. ${left}`, { cause: error });
  if (!(error instanceof StatementFailedError)) return error;
  const known = needsCatalogue(error) ? await catalogue() : undefined;
  const text = explain(error, statement.sql, { file, line: statement.line }, known);
  return new QueryError(left === ALONE ? text : `${text}\n${left}`, { cause: error });
}

const ALONE = 'The statement is rolled back: nothing was changed.';

/** What became of the statements when one of them has not ended well. */
function whatIsLeft(
  all: readonly Statement[],
  failed: number,
  opened: Statement | undefined,
  file: string | undefined,
): string {
  if (all.length === 1) return ALONE;
  const line = all[failed]?.line ?? 1;
  const where = `Statement ${failed + 1} of ${all.length}, line ${line}${file === undefined ? '' : ` of ${file}`}, is rolled back`;
  const before = beforeText(all, failed, opened);
  const behind = all.length - failed - 1;
  return `${where}${before}${behind === 0 ? '' : `; the ${behind === 1 ? 'one' : behind} behind it did not run`}.`;
}

function beforeText(all: readonly Statement[], failed: number, opened: Statement | undefined): string {
  const stay = opened === undefined ? failed : all.indexOf(opened);
  const transaction = opened === undefined ? '' : ` with the transaction that begins on line ${opened.line}`;
  if (stay === 0) return `${transaction}; nothing was changed`;
  return `${transaction}; what the ${stay === 1 ? 'one' : stay} before ${opened === undefined ? 'it' : 'that'} did stays`;
}
