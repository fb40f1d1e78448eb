import { sha256 } from '../statements/digest';
import type { WorkFiles } from './work-files';

/** How many lines are held at a time, and one object has at most: COPY reads several objects side by side. */
export const LINES_PER_PART = 50_000;

interface Part {
  readonly digest: string;
  readonly key: string;
}

/**
 * Any number of lines in bounded memory. Their digest is known only after the last one, yet names the objects that are
 * made of them: so full parts wait in the work bucket under the digest of their own, and are read back one by one. What
 * fits into one part never leaves memory.
 */
export class Spool {
  private readonly full: Part[] = [];
  private lines: string[] = [];
  private count = 0;

  constructor(
    private readonly work: WorkFiles,
    private readonly folder: string,
    private readonly linesPerPart = LINES_PER_PART,
  ) {}

  /** How many lines were added. */
  get size(): number {
    return this.count;
  }

  async add(line: string): Promise<void> {
    // Only what is known to have a successor is put away.
    if (this.lines.length >= this.linesPerPart) await this.putAway();
    this.lines.push(line);
    this.count += 1;
  }

  /** Digest of all lines in their order. */
  digest(): string {
    return sha256('lines', ...this.full.map(({ digest }) => digest), sha256(this.last()));
  }

  /** The lines again, a part at a time, each line with its end. */
  async *parts(): AsyncGenerator<string> {
    for (const { key } of this.full) yield await this.work.get(key);
    if (this.lines.length > 0) yield this.last();
  }

  private last(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }

  private async putAway(): Promise<void> {
    const body = this.last();
    const digest = sha256(body);
    const key = `${this.folder}${digest.slice(0, 24)}.json`;
    await this.work.put(key, body);
    this.full.push({ digest, key });
    this.lines = [];
  }
}
