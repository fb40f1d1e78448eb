import { appendFileSync, closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';

/** Bytes of the log that `LogType: Tail` gives back. */
const TAIL_BYTES = 4096;

/** One CloudWatch log stream as a file `<logs>/<group>/<stream>.log`. The environment writes to the same file. */
export class LogStream {
  private constructor(
    private readonly file: string,
    readonly group: string,
    readonly name: string,
  ) {}

  static open(logs: string, group: string, name: string): LogStream {
    const file = join(logs, group, `${name}.log`);
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, '');
    return new LogStream(file, group, name);
  }

  /** A stream that keeps nothing. */
  static nowhere(group: string, name: string): LogStream {
    return new LogStream(devNull, group, name);
  }

  /** Opens the file for appending while `use` runs: for handing it to a child process, which then has its own. */
  withDescriptor<T>(use: (descriptor: number) => T): T {
    const descriptor = openSync(this.file, 'a');
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  write(line: string): void {
    appendFileSync(this.file, `${line}\n`);
  }

  /** Bytes written so far. */
  size(): number {
    return statSync(this.file).size;
  }

  /** The last 4 KB written since `offset`. */
  tail(offset: number): Buffer {
    const end = this.size();
    const start = Math.max(offset, end - TAIL_BYTES);
    const buffer = Buffer.alloc(end - start);
    const descriptor = openSync(this.file, 'r');
    try {
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, start));
    } finally {
      closeSync(descriptor);
    }
  }
}

/** A stream's name as Lambda makes it: `2026/11/24/[<version>]<32 hex digits>`. */
export function logStreamName(now: number, version: string, uuid: string): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${uuid.replaceAll('-', '')}`;
}
