import { coloursOf } from './colours';
import { duration } from './output';

/** One finished step of a command, for the table at the end. */
export interface StepTime {
  readonly step: string;
  readonly milliseconds: number;
}

/**
 * Says on standard error what is being done, so that standard output stays for results. On a terminal a running step
 * rewrites its own line; elsewhere only its end is written.
 */
export class Progress {
  readonly times: StepTime[] = [];
  private readonly colours: ReturnType<typeof coloursOf>;

  constructor(
    private readonly stream: NodeJS.WriteStream = process.stderr,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.colours = coloursOf(stream);
  }

  /** Runs one step; `update` inside it changes what the running line says. */
  async step<T>(
    name: string,
    work: (update: (detail: string) => void) => Promise<T>,
    done: (result: T) => string,
  ): Promise<T> {
    const begun = this.now();
    this.running(name, '');
    try {
      const result = await work((detail) => this.running(name, detail));
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

  private running(name: string, detail: string): void {
    if (this.stream.isTTY) this.stream.write(`\r\x1b[K${this.colours.cyan('…')} ${name.padEnd(10)} ${detail}`);
  }

  private line(text: string): void {
    this.stream.write(`${this.stream.isTTY ? '\r\x1b[K' : ''}${text}\n`);
  }
}
