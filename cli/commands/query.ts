import { existsSync, readFileSync } from 'node:fs';
import { text as readText } from 'node:stream/consumers';
import { QueryError, UsageError } from '../errors';
import type { IdentityName } from '../identities';
import { type Format, footer, type Rows } from '../output';
import type { Catalogue } from '../shell/catalogue';
import { checkWritable, formatOf, writtenWhole } from '../shell/output-file';
import { page, pagerOf } from '../shell/pager';
import { streamSink, writeResult } from '../shell/result-writer';
import { runStatements } from '../shell/run-statements';
import { type Statement, statements } from '../shell/statements';
import { withWaitingLine } from '../shell/waiting-line';
import { type Target, type TargetChoice, withTarget } from '../target';
import type { WarehouseClient } from '../warehouse';

export interface QueryOptions extends TargetChoice {
  readonly file?: string;
  readonly format?: Format;
  readonly output?: string;
  readonly force?: boolean;
  readonly expanded?: boolean;
  readonly pager: boolean;
  readonly as: IdentityName;
}

/** Seconds that the session of several statements outlives each of them. */
const KEEP_ALIVE = 120;

/**
 * `sparkify query`: the statements of the command line, of a file or of standard input; without any, on a terminal,
 * the shell. Rows go to standard output or into a file, what is said about them to standard error.
 * @throws CliError
 */
export async function query(sql: string | undefined, options: QueryOptions): Promise<void> {
  const source = await sourceOf(sql, options);
  if (source === undefined) {
    if (options.output !== undefined) throw new UsageError('query: in the shell, \\o FILE writes a result to a file.');
    const { format, expanded = false, pager, as: identity } = options;
    const { openShell } = await import('../shell/open-shell.ts');
    return withTarget(options, (target) => openShell(target, { identity, format, expanded, pager }));
  }
  const asked = statements(source.text);
  if (asked.length === 0)
    throw new UsageError('query: the statement is empty. Example: sparkify query "select count(*) from songplays"');
  const { output } = options;
  const format = options.format ?? (output === undefined ? 'table' : formatOf(output));
  if (output !== undefined) checkWritable(output, options.force === true);
  const interrupt = new AbortController();
  // Of two signals for one Ctrl-C, the terminal's and the parent's, the second must not end us before the warehouse has.
  const onInterrupt = () => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  try {
    await withTarget(options, (target) => ask(target, asked, { ...options, format }, source.file, interrupt.signal));
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** The text to run and the file that it stands in; undefined for the shell. @throws UsageError */
async function sourceOf(
  sql: string | undefined,
  { file }: QueryOptions,
): Promise<{ readonly text: string; readonly file?: string } | undefined> {
  if (file !== undefined) {
    if (sql !== undefined) throw new UsageError('query: a statement and --file cannot be given together.');
    if (!existsSync(file)) throw new UsageError(`query: there is no file ${file}.`);
    return { text: readFileSync(file, 'utf8'), file };
  }
  if (sql !== undefined && sql !== '-') return { text: sql };
  if (sql === undefined && process.stdin.isTTY && process.stdout.isTTY) return undefined;
  return { text: await readText(process.stdin) };
}

async function ask(
  target: Target,
  asked: readonly Statement[],
  options: QueryOptions & { readonly format: Format },
  file: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  await target.as(options.as, async (warehouse: WarehouseClient) => {
    const session = warehouse.session(asked.length > 1 ? KEEP_ALIVE : undefined);
    const forPeople = options.format === 'table' || options.output !== undefined;
    const waiting = process.stderr.isTTY ? (text: string) => void process.stderr.write(text) : undefined;
    const notes: string[] = [];
    let results = 0;
    try {
      await runStatements(asked, {
        session: { run: (sql, cancel) => withWaitingLine(waiting, () => session.run(sql, cancel)) },
        ...(file !== undefined && { file }),
        signal,
        now: () => performance.now(),
        deliver: (pages, statement) => {
          results += 1;
          return deliver(pages, options, statement === asked.at(-1), notes);
        },
        say: (what, time) => {
          if (forPeople || what.startsWith('done')) console.error(footer(what, time, ...notes.splice(0)));
        },
        catalogue: () => catalogueOf(warehouse),
      });
    } finally {
      await session.close();
    }
    if (results === 0) withoutRows(options);
  });
}

/** What the identity may see; undefined where it may not even ask: the failure that it would explain is what counts. */
async function catalogueOf(warehouse: WarehouseClient): Promise<Catalogue | undefined> {
  const { readCatalogue } = await import('../shell/catalogue.ts');
  return readCatalogue(warehouse).catch(() => undefined);
}

/** Programs that asked for JSON get some. @throws QueryError where a file was to be written */
function withoutRows({ output, format }: QueryOptions): void {
  if (output !== undefined) throw new QueryError(`The statement has no result set: ${output} was not written.`);
  if (format === 'json') console.log('[]');
}

/** Shows, prints or writes a result. @returns its rows */
async function deliver(
  pages: AsyncIterable<Rows>,
  { format, output, expanded = false, pager }: QueryOptions & { readonly format: Format },
  last: boolean,
  notes: string[],
): Promise<number> {
  if (output !== undefined) {
    if (!last) {
      notes.push('not written: --output takes the result of the last statement');
      return writeResult(pages, 'csv', { write: async () => undefined });
    }
    notes.push(`in ${output}`);
    return writtenWhole(output, (sink) => writeResult(pages, format, sink));
  }
  if (!process.stdout.isTTY && !expanded) return writeResult(pages, format, streamSink(process.stdout));
  const { showResult } = await import('../shell/screen.ts');
  const command = pager && process.stdout.isTTY ? pagerOf(process.env) : undefined;
  const seen = await showResult(
    pages,
    { format, expanded },
    {
      size: () => process.stdout,
      write: (text) => console.log(text),
      ...(command !== undefined && { page: (text: string) => page(text, command) }),
    },
  );
  notes.push(...seen.notes);
  return seen.rows;
}
