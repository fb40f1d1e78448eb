import { coloursOf } from './colours';
import { duration } from './output';
import { type Advance, advanceText } from './progress-bar';

/** One finished step of a command, for the table at the end. */
export interface StepTime {
  readonly step: string;
  readonly milliseconds: number;
}

/** Says how a running step stands: in words, or how far it is. */
export type Update = (detail: string | Advance) => void;

/** What the steps are told on: standard error, unless a test says otherwise. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

/** Milliseconds between two drawings of a line: more often nobody sees. */
const REDRAW = 80;
/** Columns before what a running line says: the mark and the step's name. */
const HEAD = 14;

/**
 * Says on standard error what is being done, so that standard output stays for results. On a terminal a running step
 * rewrites its own line; elsewhere only its end is written.
 */
export class Progress {
  readonly times: StepTime[] = [];
  private readonly colours: ReturnType<typeof coloursOf>;

  constructor(
    private readonly stream: ProgressStream = process.stderr,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.colours = coloursOf(stream);
  }

  /** Runs one step; `update` inside it changes what the running line says. */
  async step<T>(name: string, work: (update: Update) => Promise<T>, done: (result: T) => string): Promise<T> {
    const begun = this.now();
    this.draw(name, '');
    try {
      const result = await work(this.updates(name, begun));
      const milliseconds = this.now() - begun;
      this.times.push({ step: name, milliseconds });
      this.line(
        `${this.colours.green('✓')} ${name.padEnd(10)} ${done(result)} ${this.colours.dim(duration(milliseconds))}`,
      );
      return result;
    } catch (error) {
      this.line(`${this.colours.red('✗')} ${name}`);
      throw error;
    }
  }

  /** A line of its own. */
  say(text: string): void {
    this.line(text);
  }

  /** What is counted second began when what is counted first was told of last: rates are of each alone. */
  private updates(name: string, stepBegun: number): Update {
    let counted: string | undefined;
    let begun = stepBegun;
    let told = stepBegun;
    let drawn = Number.NEGATIVE_INFINITY;
    return (detail) => {
      const now = this.now();
      if (typeof detail !== 'string') {
        const what = detail.what ?? 'bytes';
        if (counted !== undefined && counted !== what) begun = told;
        counted = what;
        told = now;
      }
      if (now - drawn < REDRAW) return;
      drawn = now;
      this.draw(name, typeof detail === 'string' ? detail : advanceText(detail, now - begun));
    };
  }

  private draw(name: string, detail: string): void {
    if (this.stream.isTTY)
      this.stream.write(`\r\x1b[K${this.colours.cyan('…')} ${name.padEnd(10)} ${this.fitting(detail)}`);
  }

  /** A line that wraps could not be rewritten. */
  private fitting(detail: string): string {
    const room = Math.max(10, (this.stream.columns || 80) - HEAD);
    return detail.length <= room ? detail : `${detail.slice(0, room - 1)}…`;
  }

  private line(text: string): void {
    this.stream.write(`${this.stream.isTTY ? '\r\x1b[K' : ''}${text}\n`);
  }
}
