import { outColours as pc } from '../colours';
import type { IdentityName } from '../identities';
import { duration, footer, type Rows, rows as rowsText } from '../output';
import type { WarehouseClient } from '../warehouse';
import { type Catalogue, EMPTY_CATALOGUE, readCatalogue } from './catalogue';
import { complete } from './completion';
import { explain, needsCatalogue, type Place } from './explain';
import { MOST_ENTRIES, remembered } from './history';
import { LineInput, type TerminalStreams } from './line-input';
import { completeMeta, runMeta } from './meta';
import { checkWritable, formatOf, writtenWhole } from './output-file';
import { writeResult } from './result-writer';
import { untilCancelled } from './run-statements';
import { showResult, type Terminal, type View } from './screen';
import {
  ReadingStoppedError,
  SessionEndedError,
  StatementCancelledError,
  StatementFailedError,
  StatementNotSentError,
  type StatementSession,
} from './statement-session';
import { changesCatalogue, type Split, type Statement, split, statements, transactionStep } from './statements';
import { type Every, withWaitingLine } from './waiting-line';

/** Somebody's connection to the warehouse. */
export interface Connection {
  readonly warehouse: Pick<WarehouseClient, 'session' | 'batch' | 'queryAll'>;
  release(): Promise<void>;
}

/** What a shell stands on. */
export interface ShellParts {
  readonly environment: string;
  readonly identity: IdentityName;
  readonly connect: (identity: IdentityName) => Promise<Connection>;
  readonly streams: TerminalStreams;
  /** Shows a long text. @returns false where there is no pager */
  readonly page?: (text: string) => Promise<boolean>;
  readonly history: {
    readonly load: () => readonly string[];
    readonly save: (entries: readonly string[]) => Promise<void>;
  };
  readonly readFile: (path: string) => Promise<string>;
  readonly now: () => number;
  readonly every?: Every;
}

/** Seconds without a statement after which the warehouse ends the session of a shell. */
const KEEP_ALIVE = 1800;

/** An interactive shell for Redshift SQL: one database session, so that transactions and settings hold. */
export class Shell {
  readonly view: { -readonly [K in keyof View]: View[K] } = { format: 'table', expanded: false };
  timing = true;
  /** Where the next result goes instead of the screen. */
  nextFile: string | undefined;
  left = false;
  private identity: IdentityName;
  private connection: Connection | undefined;
  private session: StatementSession | undefined;
  /** Of what the last line has asked for: Ctrl-C counts from the key Enter on. */
  private running = new AbortController();
  private transaction: 'none' | 'open' | 'failed' = 'none';
  private known: Promise<Catalogue> | undefined;
  private buffer = '';
  private history: readonly string[];
  private readonly lines: LineInput;

  constructor(readonly parts: ShellParts) {
    this.identity = parts.identity;
    this.history = parts.history.load();
    this.lines = new LineInput(
      parts.streams,
      this.history,
      MOST_ENTRIES,
      (before, after) => this.completion(before, after),
      () => this.running.abort(),
    );
  }

  /** Reads, runs and shows until somebody leaves. @throws what the first connection throws */
  async run(): Promise<void> {
    try {
      await this.become(this.identity);
      this.print(`Statements end with a semicolon. ${pc.bold('\\?')} helps, ${pc.bold('\\q')} or Ctrl-D leaves.`);
      while (!this.left) {
        const typed = await this.lines.next(this.prompt());
        if (typed.kind === 'end') break;
        this.running = new AbortController();
        if (typed.kind === 'interrupt') this.buffer = '';
        else await this.take(typed.text);
      }
      if (this.transaction !== 'none') this.print('The open transaction is rolled back.');
    } finally {
      this.lines.close();
      await this.disconnect();
    }
  }

  /** Goes on as somebody else, in a new session. @throws what the connecting throws; one is then still who one was */
  async become(identity: IdentityName): Promise<void> {
    const connection = await this.parts.connect(identity);
    await this.disconnect();
    this.connection = connection;
    this.session = connection.warehouse.session(KEEP_ALIVE);
    this.identity = identity;
    this.transaction = 'none';
    this.known = undefined;
  }

  /** Text with a line break behind it. */
  print(text: string): void {
    this.parts.streams.output.write(`${text}\n`);
  }

  get warehouse(): Connection['warehouse'] {
    if (this.connection === undefined) throw new Error('the shell is not connected');
    return this.connection.warehouse;
  }

  /** What the identity may see, read when it is first asked for and after a change. @throws QueryError */
  catalogue(): Promise<Catalogue> {
    this.known ??= readCatalogue(this.warehouse).catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  /** Runs the statements of a text in turn, as far as the first that fails. */
  async runText(text: string, file: string): Promise<void> {
    for (const statement of statements(text)) {
      if (!(await this.execute(statement, { file, line: statement.line }))) return;
    }
  }

  /** Shows a result that is no statement's, as \d has it. */
  async show(rows: Rows): Promise<void> {
    const pages = (async function* () {
      yield rows;
    })();
    await showResult(pages, { ...this.view, format: 'table' }, this.terminal());
  }

  private async disconnect(): Promise<void> {
    await this.session?.close();
    await this.connection?.release();
    this.session = undefined;
    this.connection = undefined;
  }

  private async take(line: string): Promise<void> {
    const begins = this.buffer.trim() === '';
    if (begins && /^\s*(quit|exit)\s*;?\s*$/i.test(line)) {
      this.left = true;
      return;
    }
    if (/^\s*\\/.test(line) && (begins || split(this.buffer).open === undefined)) {
      await this.remember(line);
      await runMeta(this, line.trim());
      return;
    }
    this.buffer = begins ? line : `${this.buffer}\n${line}`;
    const { complete: whole, rest } = split(this.buffer);
    if (whole.length === 0) {
      if (rest === undefined && split(this.buffer).open === undefined) this.buffer = '';
      return;
    }
    await this.runWhole(whole, rest);
  }

  private async runWhole(whole: readonly Statement[], rest: Split['rest']): Promise<void> {
    const text = this.buffer;
    this.buffer = rest === undefined ? '' : text.slice(rest.start);
    await this.remember(text.slice(0, rest?.start).trim());
    for (const statement of whole) {
      // Lines are counted from the statement's own first one: that is what somebody sees.
      if (!(await this.execute(statement, { line: 1 }))) {
        this.buffer = '';
        return;
      }
    }
  }

  /** @returns whether it ended well */
  private async execute(statement: Statement, place: Place): Promise<boolean> {
    const { signal } = this.running;
    const begun = this.parts.now();
    try {
      const ended = await withWaitingLine(
        (text) => this.parts.streams.output.write(text),
        () => this.session!.run(statement.sql, signal),
        this.parts.every,
      );
      let arrived = this.parts.now();
      const noteTime = () => {
        arrived = this.parts.now();
      };
      const notes = ended.pages === undefined ? [] : await this.deliver(untilCancelled(ended.pages, signal, noteTime));
      const what = ended.pages === undefined ? doneText(ended.changed ?? 0) : (notes.shift() ?? '');
      const time = this.timing ? duration(arrived - begun) : undefined;
      this.print(pc.dim(footer(what, time, ...notes)));
      this.follow(statement.sql);
      return true;
    } catch (error) {
      await this.explain(error, statement.sql, place);
      return false;
    }
  }

  /** @returns how many rows it were, then what must be known of them */
  private async deliver(pages: AsyncIterable<Rows>): Promise<string[]> {
    const file = this.nextFile;
    if (file === undefined) {
      const { rows, notes } = await showResult(pages, this.view, this.terminal());
      return [rowsText(rows), ...notes];
    }
    this.nextFile = undefined;
    checkWritable(file, false);
    const rows = await writtenWhole(file, (sink) => writeResult(pages, formatOf(file), sink));
    return [`${rowsText(rows)} in ${file}`];
  }

  private terminal(): Terminal {
    const { streams, page } = this.parts;
    return {
      size: () => ({ columns: streams.output.columns, rows: streams.output.rows }),
      write: (text) => this.print(text),
      ...(page && { page: (text: string) => this.lines.lend(() => page(text)) }),
    };
  }

  private follow(sql: string): void {
    const step = transactionStep(sql);
    if (step !== undefined) this.transaction = step === 'begins' ? 'open' : 'none';
    if (changesCatalogue(sql)) this.known = undefined;
  }

  private async explain(error: unknown, sql: string, place: Place): Promise<void> {
    if (error instanceof ReadingStoppedError || error instanceof StatementNotSentError) {
      this.print(pc.yellow(error.message));
      return;
    }
    if (error instanceof SessionEndedError) this.transaction = 'none';
    else if (this.transaction === 'open') this.transaction = 'failed';
    if (error instanceof StatementCancelledError) {
      const rest =
        this.transaction === 'none' ? 'nothing was changed.' : 'and the transaction with it; send `rollback`.';
      this.print(pc.yellow(`Cancelled. The statement is rolled back: ${rest}`));
    } else if (error instanceof StatementFailedError) {
      const known = needsCatalogue(error) ? await this.catalogue().catch(() => undefined) : undefined;
      this.print(pc.red(explain(error, sql, place, known)));
    } else this.print(pc.red(error instanceof Error ? error.message : String(error)));
  }

  private async remember(entry: string): Promise<void> {
    // Others may have written theirs meanwhile.
    this.history = remembered(this.parts.history.load(), oneLine(entry));
    this.lines.recall(this.history);
    await this.parts.history.save(this.history);
  }

  private async completion(before: string, after: string) {
    // Without a catalogue keywords and functions are still worth a Tab; \d says why there is none.
    const known = await this.catalogue().catch(() => EMPTY_CATALOGUE);
    if (this.buffer === '' && /^\s*\\/.test(before)) return completeMeta(known, before);
    return complete(known, this.buffer === '' ? before : `${this.buffer}\n${before}`, after);
  }

  /** `local=> `; behind a name that is not the admin's, `*` in a transaction, `!` in a failed one, `-> ` for more. */
  private prompt(): string {
    const who = this.identity === 'admin' ? this.parts.environment : `${this.parts.environment}:${this.identity}`;
    if (this.buffer !== '') return `${who}${CONTINUED[split(this.buffer).open ?? 'none']}> `;
    return `${who}=${{ none: '', open: '*', failed: '!' }[this.transaction]}> `;
  }
}

/** What is open, as the prompt shows it. */
const CONTINUED = { none: '-', string: "'", name: '"', comment: '*', parenthesis: '(' } as const;

function doneText(changed: number): string {
  return changed === 0 ? 'done' : `done; ${rowsText(changed)} changed`;
}

/** A statement of several lines as one, where no text or comment would become another one by it. */
function oneLine(entry: string): string {
  return /['"$]|--/.test(entry) ? entry : entry.replace(/\s*\n\s*/g, ' ');
}
