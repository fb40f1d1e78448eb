import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { StatementsError } from './errors';
import { didYouMean } from './suggest';

/** COPY takes a MAXERROR of at most 100,000, and fails when its errors reach it. */
export const MOST_REJECTS = 99_999;

/** Where the JSONPaths file of a COPY lies: a key of the source bucket, or a file beside the SQL. */
export type JsonPaths = { readonly key: string } | { readonly file: string };

/** A source as sql/sources.yaml declares it. */
export interface Source {
  /** `songs`: in the ledger, in etl.rejects, in placeholders and headers of the SQL. */
  readonly name: string;
  /** Key prefix in the source bucket; ends in `/`. */
  readonly prefix: string;
  readonly jsonPaths?: JsonPaths;
  /** Pattern of a key whose first group is the day of the file. */
  readonly day?: string;
  /** Rows that a run may leave out, where the environment says nothing else. */
  readonly rejects: number;
}

/** The name of a source: etl.files and etl.rejects have room for 16 letters. */
export const SOURCE_NAME = /^[a-z][a-z0-9_]{0,15}$/;
/** What a key prefix looks like. */
export const PREFIX = /^([A-Za-z0-9!_.*()=@:,+-]+\/)+$/;
/** Of an object, as S3 takes it without escapes. */
export const KEY = /^([A-Za-z0-9!_.*()=@:,+-]+\/)*[A-Za-z0-9!_.*()=@:,+-]+$/;
const KEPT = /^jsonpaths\/[a-z0-9_]+\.json$/;

const FILE = 'sources.yaml';
const ADVICE = 'Mend sql/sources.yaml: the comment at its head says what may stand there.';
const FIELDS = ['prefix', 'jsonpaths', 'day', 'rejects'];

/**
 * Reads what sql/sources.yaml declares.
 * @throws StatementsError with the line of the first thing that may not stand there
 */
export function parseSources(text: string): readonly Source[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reader = new Reader(lines);
  const [broken] = document.errors;
  if (broken !== undefined) throw reader.error(broken.pos[0], broken.message);
  const top = reader.map(document.contents, 'the file', ['sources']);
  const sources = reader.map(top.get('sources', true) as Node | undefined, 'sources');
  const read = sources.items.map((pair) => readSource(reader, pair));
  if (read.length === 0) throw reader.error(0, 'no source is declared');
  refuseOverlap(read, (name, problem) =>
    reader.error(reader.at(sources.items.find((pair) => keyOf(pair) === name)?.key), problem),
  );
  return read;
}

/**
 * Makes sure that no file is of two sources and that no JSONPaths file is loaded as data.
 * @param error makes what is thrown, of the source's name and the problem
 */
export function refuseOverlap(
  sources: readonly Pick<Source, 'name' | 'prefix' | 'jsonPaths'>[],
  error: (name: string, problem: string) => Error,
): void {
  for (const { name, prefix, jsonPaths } of sources) {
    const around = sources.find((other) => other.name !== name && prefix.startsWith(other.prefix));
    if (around !== undefined)
      throw error(
        name,
        `the prefix ${prefix} of ${name} lies in ${around.prefix} of ${around.name}: a file would be of both`,
      );
    const key = jsonPaths !== undefined && 'key' in jsonPaths ? jsonPaths.key : undefined;
    const data = key === undefined ? undefined : sources.find((other) => key.startsWith(other.prefix));
    if (data !== undefined)
      throw error(
        name,
        `the JSONPaths file ${key} of ${name} lies in the prefix ${data.prefix} of ${data.name}: COPY would load it as data`,
      );
  }
}

/**
 * What the function is told of sources in one bucket: the text of its variable SOURCES.
 * @param rejects rows that each may leave out, where it is not what the source says itself
 */
export function sourcesVariable(sources: readonly Source[], bucket: string, rejects?: number): string {
  const settings = sources.map(({ name, prefix, jsonPaths, rejects: own }) => {
    const key = jsonPaths !== undefined && 'key' in jsonPaths ? { jsonPaths: `s3://${bucket}/${jsonPaths.key}` } : {};
    return [name, { url: `s3://${bucket}/${prefix}`, ...key, rejects: rejects ?? own }];
  });
  return JSON.stringify(Object.fromEntries(settings));
}

function readSource(reader: Reader, pair: Pair): Source {
  const name = keyOf(pair);
  if (!SOURCE_NAME.test(name))
    throw reader.error(
      reader.at(pair.key),
      `'${name}' is no name of a source: a letter, then up to 15 of a-z, 0-9 and _`,
    );
  const fields = reader.map(pair.value as Node, name, FIELDS);
  const prefix = reader.text(fields, 'prefix', PREFIX, 'a key prefix that ends in /, such as song_data/');
  if (prefix === undefined) throw reader.error(reader.at(pair.key), `${name} has no prefix`);
  const jsonPaths = readJsonPaths(reader, name, fields.get('jsonpaths', true) as Node | undefined);
  const day = reader.text(fields, 'day', /^[^'"\n]{1,200}$/, 'a pattern of at most 200 characters, without quotes');
  if (day !== undefined && !hasOneGroup(day))
    throw reader.error(
      reader.at(fields.get('day', true)),
      `day of ${name} is '${day}', not a pattern with one group (…) for the day, such as (\\d{4}-\\d{2}-\\d{2})-events\\.json$`,
    );
  const rejects = reader.text(fields, 'rejects', /^(0|[1-9]\d{0,4})$/, `a whole number from 0 to ${MOST_REJECTS}`);
  return { name, prefix, ...(jsonPaths && { jsonPaths }), ...(day && { day }), rejects: Number(rejects ?? 0) };
}

function readJsonPaths(reader: Reader, name: string, node: Node | undefined): JsonPaths | undefined {
  if (node === undefined) return undefined;
  const fields = reader.map(node, `jsonpaths of ${name}`, ['key', 'file']);
  const key = reader.text(fields, 'key', KEY, 'the key of an object in the source bucket');
  const file = reader.text(fields, 'file', KEPT, 'jsonpaths/NAME.json, with a-z, 0-9 and _ in NAME');
  if ((key === undefined) === (file === undefined))
    throw reader.error(reader.at(node), `jsonpaths of ${name} has to say either key or file`);
  return key === undefined ? { file: String(file) } : { key };
}

/** True for a pattern that can be compiled and has one group that catches. */
function hasOneGroup(pattern: string): boolean {
  try {
    return new RegExp(`${pattern}|`).exec('')?.length === 2;
  } catch {
    return false;
  }
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

/** Reads YAML's nodes, which know where they stand. */
class Reader {
  constructor(private readonly lines: LineCounter) {}

  /** A record, all of whose fields are known. */
  map(node: unknown, what: string, known?: readonly string[]): YAMLMap {
    if (!isMap(node)) throw this.error(this.at(node), `${what} has to be a record of ${known?.join(', ') ?? 'names'}`);
    for (const pair of node.items) {
      const name = keyOf(pair);
      if (known !== undefined && !known.includes(name))
        throw this.error(
          this.at(pair.key),
          `${what} has no field ${name}, but ${known.join(', ')}${didYouMean(name, known)}`,
        );
    }
    return node;
  }

  /** The value of a field as text, undefined where it is not there. */
  text(fields: YAMLMap, name: string, shape: RegExp, allowed: string): string | undefined {
    const node = fields.get(name, true) as unknown;
    if (node === undefined) return undefined;
    const value = isScalar(node) && node.value !== null ? String(node.value) : '';
    if (!shape.test(value)) throw this.error(this.at(node), `${name} is '${value}', not ${allowed}`);
    return value;
  }

  at(node: unknown): number {
    return (node as { readonly range?: readonly number[] } | null | undefined)?.range?.[0] ?? 0;
  }

  error(offset: number, problem: string): StatementsError {
    return new StatementsError(`${FILE} line ${this.lines.linePos(offset).line}`, problem, ADVICE);
  }
}
