import { createInterface, type Interface } from 'node:readline';

/** What becomes of a prompt: a line, Ctrl-C, or the end of the input (Ctrl-D). */
export type Typed =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'end' };

/** Candidates for the end of what stands before the cursor. @param after what stands behind it */
export type Completer = (
  before: string,
  after: string,
) => Promise<{ readonly candidates: readonly string[]; readonly replaces: string }>;

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream & { readonly isRaw?: boolean; setRawMode?(mode: boolean): unknown };
  readonly output: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };
}

/** Lines of a terminal with Node's own line editing, history and completion. */
export class LineInput {
  private readonly readline: Interface;
  private readonly ahead: string[] = [];
  private ended = false;
  private waiting: ((typed: Typed) => void) | undefined;
  /** Readline's own, the newest first; it lets others change it. */
  private recalled: string[] = [];

  /** @param onInterrupt Ctrl-C while nobody waits for a line */
  constructor(
    private readonly streams: TerminalStreams,
    history: readonly string[],
    historySize: number,
    completer: Completer,
    private readonly onInterrupt: () => void,
  ) {
    this.readline = createInterface({
      input: streams.input,
      output: streams.output,
      terminal: true,
      history: [...history],
      historySize,
      completer: (before: string, done: (error: Error | null, result: [string[], string]) => void) => {
        void this.completed(completer, before).then((result) => done(null, result));
      },
    });
    this.readline.on('history', (lines) => {
      this.recalled = lines;
    });
    this.readline.on('line', (text) => this.take({ kind: 'line', text }));
    this.readline.on('close', () => {
      this.ended = true;
      this.take({ kind: 'end' });
    });
    this.readline.on('SIGINT', () => this.interrupted());
  }

  /** Waits for a line; what was typed ahead comes at once. */
  next(prompt: string): Promise<Typed> {
    const text = this.ahead.shift();
    if (text !== undefined) return Promise.resolve({ kind: 'line', text });
    if (this.ended) return Promise.resolve({ kind: 'end' });
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.readline.setPrompt(prompt);
      this.readline.prompt(true);
    });
  }

  /** What the arrows bring back from now on, the newest first. */
  recall(history: readonly string[]): void {
    this.recalled.splice(0, this.recalled.length, ...history);
  }

  /** Leaves the terminal to somebody else until the work has ended. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    const { input } = this.streams;
    this.readline.pause();
    input.setRawMode?.(false);
    try {
      return await work();
    } finally {
      if (!this.ended) {
        input.setRawMode?.(true);
        this.readline.resume();
      }
    }
  }

  close(): void {
    this.readline.close();
  }

  private take(typed: Typed): void {
    const { waiting } = this;
    this.waiting = undefined;
    // What is typed ahead stands on a line of its own, behind no prompt: nobody is asked.
    this.readline.setPrompt('');
    if (waiting !== undefined) waiting(typed);
    else if (typed.kind === 'line') this.ahead.push(typed.text);
  }

  private interrupted(): void {
    this.ahead.length = 0;
    // Nothing of the line stays, on neither side of the cursor.
    this.readline.write(null, { ctrl: true, name: 'e' });
    this.streams.output.write('^C\n');
    this.readline.write(null, { ctrl: true, name: 'u' });
    // The arrows begin anew, as behind a whole line. Readline tells nobody of its place in the history.
    (this.readline as Interface & { historyIndex?: number }).historyIndex = -1;
    if (this.waiting === undefined) this.onInterrupt();
    else this.take({ kind: 'interrupt' });
  }

  private async completed(completer: Completer, before: string): Promise<[string[], string]> {
    const { line, cursor } = this.readline;
    const { candidates, replaces } = await completer(before, line.slice(cursor));
    return [[...candidates], replaces];
  }
}
