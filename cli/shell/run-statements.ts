import { InterruptedError, QueryError, UsageError } from '../errors';
import { duration, type Rows, rows as rowsText } from '../output';
import type { Catalogue } from './catalogue';
import {
  ReadingStoppedError,
  StatementCancelledError,
  StatementFailedError,
  StatementNotSentError,
  type StatementSession,
} from './statement-session';
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
    try {
      await runOne(statement, around);
    } catch (error) {
      throw await explained(error, { all: statements, at: index, opened }, around);
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
  let ended = now();
  const arrived = () => {
    ended = now();
  };
  const rows = pages === undefined ? changed : await deliver(untilCancelled(pages, signal, arrived), statement);
  const what = rowsText(rows);
  say(pages === undefined ? doneText(changed, what) : what, duration(ended - begun));
}

function doneText(changed: number, what: string): string {
  return changed === 0 ? 'done; the statement has no result set' : `done; ${what} changed`;
}

/**
 * The pages of a result until somebody has seen enough.
 * @param arrived called with each page: what a reader does with them is no time of the warehouse
 * @throws ReadingStoppedError
 */
export async function* untilCancelled(
  pages: AsyncIterable<Rows>,
  signal: AbortSignal,
  arrived: () => void,
): AsyncGenerator<Rows> {
  for await (const page of pages) {
    arrived();
    if (signal.aborted) throw new ReadingStoppedError();
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

/** How far a run has come. */
interface Progress {
  readonly all: readonly Statement[];
  /** Index of the statement that has not ended well. */
  readonly at: number;
  /** What has begun the open transaction. */
  readonly opened: Statement | undefined;
}

async function explained(error: unknown, progress: Progress, around: Surroundings): Promise<unknown> {
  const { file, catalogue } = around;
  const left = (fate: string) => whatIsLeft(progress, fate, file);
  const interrupted = (text: string) => new InterruptedError(text, { cause: error });
  if (error instanceof StatementCancelledError) return interrupted(`Cancelled. ${left('is rolled back')}`);
  if (error instanceof StatementNotSentError) return interrupted(`Cancelled. ${left('was not sent')}`);
  if (error instanceof ReadingStoppedError) return interrupted(`${error.message} ${left('was not read to its end')}`);
  const statement = progress.all[progress.at];
  if (!(error instanceof StatementFailedError) || statement === undefined) return error;
  const { explain, needsCatalogue } = await import('./explain.ts');
  const known = needsCatalogue(error) ? await catalogue() : undefined;
  const text = explain(error, statement.sql, { file, line: statement.line }, known);
  const rest = progress.all.length === 1 ? '' : `\n${left('is rolled back')}`;
  return new QueryError(`${text}${rest}`, { cause: error });
}

/** What became of the statements when one of them has not ended well. @param fate of that one */
function whatIsLeft({ all, at, opened }: Progress, fate: string, file: string | undefined): string {
  if (all.length === 1)
    return fate === 'was not read to its end' ? 'What it did stays.' : `The statement ${fate}: nothing was changed.`;
  const where = `Statement ${at + 1} of ${all.length}, line ${all[at]?.line ?? 1}${file === undefined ? '' : ` of ${file}`}, ${fate}`;
  const behind = all.length - at - 1;
  const unrun = behind === 0 ? '' : `; the ${behind === 1 ? 'one' : behind} behind it did not run`;
  return `${where}${beforeText(all, at, opened)}${unrun}.`;
}

/** Without a transaction all before it stays; with one, what stands before that. */
function beforeText(all: readonly Statement[], at: number, opened: Statement | undefined): string {
  const stay = opened === undefined ? at : all.indexOf(opened);
  const transaction = opened === undefined ? '' : `; the transaction that begins on line ${opened.line} is rolled back`;
  if (stay === 0) return `${transaction}; nothing was changed`;
  return `${transaction}; what the ${stay === 1 ? 'one' : stay} before ${opened === undefined ? 'it' : 'that'} did stays`;
}
