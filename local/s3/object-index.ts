import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { sync as writeFileAtomicSync } from 'write-file-atomic';

/** What is known of an object beyond its bytes. Header names in lower case. */
export interface ObjectAttributes {
  /** Content-Type, Cache-Control and the like, and x-amz-meta-*. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The checksum the writer gave, for example `['crc32', 'i9aeUg==']`. */
  readonly checksum?: readonly [algorithm: string, base64: string];
}

interface Entry extends ObjectAttributes {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly etag: string;
}

/** Time stamps of files step by some milliseconds: a file younger than this may change again unseen. */
const SETTLED_MILLISECONDS = 100;

/**
 * ETags and attributes of one bucket's files, valid as long as size and time stamps of the file stay the same.
 * Kept in memory and as a journal (one JSON line a change) outside the bucket; compacted when opened. Losing the
 * journal costs a fresh MD5 of every file and what the writers' headers said.
 */
export class ObjectIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #file: string;
  #pending: string[] = [];
  #descriptor: number | undefined;

  constructor(file: string) {
    this.#file = file;
    const lines = this.#load();
    if (lines > 2 * this.#entries.size + 100) {
      this.#compact();
    }
  }

  /** The entry when the file is still the one it was made for. */
  get(path: string, stats: Stats): { readonly etag: string; readonly attributes: ObjectAttributes } | undefined {
    const entry = this.#entries.get(path);
    if (!entry || entry.size !== stats.size || entry.mtimeMs !== stats.mtimeMs || entry.ctimeMs !== stats.ctimeMs) {
      return undefined;
    }
    return { etag: entry.etag, attributes: entry };
  }

  /** Remembers an ETag computed from the file's bytes, unless the file was written only just now. */
  remember(path: string, stats: Stats, etag: string): void {
    if (Date.now() - stats.ctimeMs > SETTLED_MILLISECONDS) {
      this.set(path, stats, etag, {});
    }
  }

  /** Remembers what a writer gave with the object. */
  set(path: string, stats: Stats, etag: string, attributes: ObjectAttributes): void {
    const { headers, checksum } = attributes;
    const entry = { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, etag, headers, checksum };
    this.#entries.set(path, entry);
    this.#append([path, entry]);
  }

  delete(path: string): void {
    if (this.#entries.delete(path)) {
      this.#append([path]);
    }
  }

  /** Writes what has gathered. */
  flush(): void {
    if (this.#pending.length === 0) {
      return;
    }
    mkdirSync(dirname(this.#file), { recursive: true });
    this.#descriptor ??= openSync(this.#file, 'a');
    appendFileSync(this.#descriptor, this.#pending.join(''));
    this.#pending = [];
  }

  close(): void {
    this.flush();
    if (this.#descriptor !== undefined) {
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
    }
  }

  #append(line: readonly [string, Entry?]): void {
    this.#pending.push(`${JSON.stringify(line)}\n`);
    if (this.#pending.length >= 1_000) {
      this.flush();
    }
  }

  #load(): number {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return 0;
      }
      throw error;
    }
    const lines = text.split('\n');
    for (const line of lines) {
      this.#apply(line);
    }
    return lines.length;
  }

  #apply(line: string): void {
    let parsed: [string, Entry?];
    try {
      parsed = JSON.parse(line) as [string, Entry?];
    } catch {
      // The last line of a process that was killed, or the empty one at the end: a cache entry less.
      return;
    }
    const [path, entry] = parsed;
    if (entry) {
      this.#entries.set(path, entry);
    } else {
      this.#entries.delete(path);
    }
  }

  #compact(): void {
    const lines = [...this.#entries].map((entry) => `${JSON.stringify(entry)}\n`);
    writeFileAtomicSync(this.#file, lines.join(''));
  }
}
