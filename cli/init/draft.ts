import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, parseDocument, Scalar } from 'yaml';
import type { Fields } from './rules';

export type Path = readonly string[];

/** The value at a path; undefined where there is none. */
export function valueAt(fields: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Fields)[key] : undefined),
    fields,
  );
}

/**
 * An environment's file while it is being changed. Comments, order and fields that nobody was asked for stay as they are;
 * a field whose value is what it would be anyhow is not written.
 */
export class Draft {
  private readonly document: Document;
  private changed = false;

  /** @param before the file as it is; empty for a new one */
  constructor(private readonly before: string) {
    this.document = parseDocument(before);
  }

  /** Sets a field. @param effective what the environment is without this change @param comment for a new record */
  set(path: Path, value: unknown, effective: Fields, comment?: string): void {
    if (isDeepStrictEqual(valueAt(effective, path), value)) return;
    this.changed = true;
    const [field = ''] = path;
    const isNew = !this.document.hasIn([field]);
    const node = typeof value === 'object' && value !== null ? this.document.createNode(value) : value;
    this.document.setIn(path, node);
    if (isNew && comment !== undefined) this.comment(field, comment);
  }

  /** The file's text; to the letter as it was, where nothing was changed. */
  text(): string {
    if (!this.changed) return this.before;
    return this.document.toString({ lineWidth: 0 });
  }

  private comment(field: string, text: string): void {
    const { contents } = this.document;
    if (!isMap(contents)) return;
    const pair = contents.items.find(({ key }) => (isScalar(key) ? key.value : key) === field);
    if (pair === undefined) return;
    // A key that was just made is plain text, which carries no comment.
    const key = isScalar(pair.key) ? pair.key : new Scalar(field);
    key.commentBefore = ` ${text}`;
    pair.key = key;
  }
}
