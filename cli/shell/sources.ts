import { type Catalogue, type RelationEntry, relationsNamed, unquoted } from './catalogue';
import { type Piece, pieces } from './tokens';

/** A relation that a statement names behind FROM, JOIN, INTO, UPDATE or TABLE. */
export interface Source {
  readonly schema?: string;
  readonly name: string;
  readonly alias?: string;
}

const BEFORE_RELATION = new Set(['from', 'join', 'into', 'update', 'table', 'using', 'truncate', 'vacuum', 'analyze']);
/** What may stand behind a relation and is no alias. */
const AFTER_RELATION = new Set(
  `where join left right full inner outer cross natural on using group order having limit union except intersect minus
  set values select as when qualify window for with add drop rename alter distkey sortkey diststyle from into and or
  returning default offset`.split(/\s+/),
);

const meaningful = (sql: string) => pieces(sql).filter(({ kind }) => kind !== 'comment');

/** Where in a statement the name of a relation stands, or would stand if it went on. */
function relationPlaces(parts: readonly Piece[]): readonly number[] {
  const found: number[] = [];
  let listing = false;
  parts.forEach(({ kind, text }, at) => {
    const word = kind === 'word' ? text.toLowerCase() : '';
    const begins = BEFORE_RELATION.has(word);
    if (begins) listing = word === 'from';
    else if (AFTER_RELATION.has(word) && word !== 'as') listing = false;
    if (begins || (listing && text === ',')) found.push(at + 1);
  });
  return found;
}

/** Whether an unfinished statement goes on with the name of a relation. */
export function wantsRelation(sql: string): boolean {
  const parts = meaningful(sql);
  return relationPlaces(parts).includes(parts.length);
}

/** The relations that a statement names, finished or not, in its order. */
export function sourcesOf(sql: string): readonly Source[] {
  const parts = meaningful(sql);
  return relationPlaces(parts).flatMap((at) => sourceAt(parts, at) ?? []);
}

function sourceAt(parts: readonly Piece[], at: number): Source | undefined {
  const name = nameAt(parts, at);
  if (name === undefined) return undefined;
  const second = parts[at + 1]?.text === '.' ? nameAt(parts, at + 2) : undefined;
  const behind = at + (second === undefined ? 1 : 3);
  const alias = parts[behind]?.text.toLowerCase() === 'as' ? nameAt(parts, behind + 1) : nameAt(parts, behind);
  const known = second === undefined ? { name } : { schema: name, name: second };
  return alias === undefined ? known : { ...known, alias };
}

function nameAt(parts: readonly Piece[], at: number): string | undefined {
  const part = parts[at];
  if (part === undefined) return undefined;
  if (part.kind === 'name') return unquoted(part.text);
  const word = part.text.toLowerCase();
  return part.kind === 'word' && !AFTER_RELATION.has(word) && !BEFORE_RELATION.has(word) ? word : undefined;
}

/** The relations of the catalogue that a statement names. */
export function relationsIn(catalogue: Catalogue, sql: string): readonly RelationEntry[] {
  const found = sourcesOf(sql).flatMap(({ name, schema }) => relationsNamed(catalogue, name, schema));
  return [...new Set(found)];
}

/** The names that WITH gives to the queries of a statement. */
export function namedQueries(sql: string): readonly string[] {
  const parts = meaningful(sql);
  if (parts[0]?.text.toLowerCase() !== 'with') return [];
  return parts.flatMap((part, at) =>
    (part.kind === 'word' || part.kind === 'name') &&
    parts[at + 1]?.text.toLowerCase() === 'as' &&
    parts[at + 2]?.text === '('
      ? [unquoted(part.text)]
      : [],
  );
}
