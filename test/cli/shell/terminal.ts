import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A terminal without a machine behind it: keys are typed into it, and what was written on it can be waited for. */
export class TestTerminal {
  readonly input = new PassThrough();
  readonly output: Writable & { columns: number; rows: number };
  private seen = '';
  private heard: (() => void) | undefined;

  constructor(columns = 100, rows = 30) {
    const write = (chunk: Buffer | string) => {
      this.seen += stripVTControlCharacters(String(chunk)).replaceAll('\r', '');
      this.heard?.();
    };
    const stream = new Writable({
      write: (chunk: Buffer | string, _encoding, done) => {
        write(chunk);
        done();
      },
    });
    this.output = Object.assign(stream, { columns, rows });
  }

  /** Types keys, one after the other as a person does. */
  type(keys: string): void {
    this.input.write(keys);
  }

  /** Waits until something stands on it that was not waited for before. @returns all up to its end */
  until(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const found = pattern.exec(this.seen);
        if (found === null) return;
        const end = found.index + found[0].length;
        const text = this.seen.slice(0, end);
        this.seen = this.seen.slice(end);
        this.heard = undefined;
        resolve(text);
      };
      this.heard = look;
      look();
    });
  }
}
