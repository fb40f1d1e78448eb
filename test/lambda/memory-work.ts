import type { WorkFiles } from '../../lambda/work-files';

/** A work bucket in memory. */
export class MemoryWork implements WorkFiles {
  readonly objects = new Map<string, string>();

  async put(key: string, body: string): Promise<void> {
    this.objects.set(key, body);
  }

  async get(key: string): Promise<string> {
    const body = this.objects.get(key);
    if (body === undefined) throw new Error(`no object ${key}`);
    return body;
  }

  async assemble(key: string, pieces: AsyncIterable<string>): Promise<void> {
    const held: string[] = [];
    for await (const piece of pieces) held.push(piece);
    this.objects.set(key, held.join(''));
  }

  /** The JSON lines below a prefix, in the order of the keys. */
  lines(prefix: string): readonly Readonly<Record<string, unknown>>[] {
    return [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, body]) => body.trimEnd().split('\n'))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }
}
