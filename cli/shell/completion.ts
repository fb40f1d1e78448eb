import {
  type Catalogue,
  DEFAULT_SCHEMA,
  quoted,
  type RelationEntry,
  relationName,
  relationsNamed,
  unquoted,
} from './catalogue';
import { namedQueries, relationsIn, sourcesOf, wantsRelation } from './sources';
import { type Piece, pieces } from './tokens';
import { FUNCTIONS, KEYWORDS, SYSTEM_VIEWS } from './words';

/** What may take the place of what stands before the cursor. */
export interface Completion {
  readonly candidates: readonly string[];
  /** The end of the text before the cursor that a candidate takes the place of. */
  readonly replaces: string;
}

const NOTHING: Completion = { candidates: [], replaces: '' };

/**
 * What a statement can go on with at the cursor: relations behind FROM and the like, columns behind the alias or the
 * name of a table, else the columns of the tables that the statement names, then functions, keywords and relations.
 * @param before the statement up to the cursor; @param after the rest of it, which may name the tables
 */
export function complete(catalogue: Catalogue, before: string, after = ''): Completion {
  const parts = pieces(before);
  const typed = typedWord(parts, before);
  if (typed === undefined) return NOTHING;
  const { word, path } = typed;
  const sql = before + after;
  const names = path.length > 0 ? qualified(catalogue, sql, path) : unqualified(catalogue, before, after, word);
  const candidates = [...new Set(names)].filter((name) => unquoted(name).startsWith(unquoted(word)));
  return { candidates: candidates.map((name) => asTyped(name, word)), replaces: word };
}

/** The word that the cursor stands behind, and the names with a dot before it; undefined inside a string or comment. */
function typedWord(
  parts: readonly Piece[],
  before: string,
): { readonly word: string; readonly path: readonly string[] } | undefined {
  const last = parts.at(-1);
  const touches = last !== undefined && last.start + last.text.length === before.length;
  const isWord = touches && (last.kind === 'word' || (last.kind === 'name' && last.open === true));
  if (touches && !isWord && (last.open || last.kind === 'comment' || last.kind === 'string' || last.kind === 'number'))
    return undefined;
  if (last?.open && !isWord) return undefined;
  const path: string[] = [];
  for (let at = parts.length - (isWord ? 2 : 1); at > 0 && parts[at]?.text === '.'; at -= 2) {
    const name = parts[at - 1] as Piece;
    if (name.kind !== 'word' && name.kind !== 'name') break;
    path.unshift(unquoted(name.text));
  }
  return { word: isWord ? last.text : '', path };
}

const columnsOf = (relations: readonly RelationEntry[]) =>
  relations.flatMap(({ columns }) => columns.map(({ name }) => quoted(name)));

/** Behind `sp.`, `analytics.` or `analytics.top_songs.` */
function qualified(catalogue: Catalogue, sql: string, path: readonly string[]): readonly string[] {
  const [first = '', second] = path;
  if (second !== undefined) return columnsOf(relationsNamed(catalogue, second, first));
  const source = sourcesOf(sql).find(({ alias, name }) => (alias ?? name) === first);
  const relations = source === undefined ? [] : relationsNamed(catalogue, source.name, source.schema);
  if (relations.length > 0) return columnsOf(relations);
  const inSchema = catalogue.relations.filter(({ schema }) => schema === first);
  return inSchema.length > 0 ? inSchema.map(({ name }) => quoted(name)) : columnsOf(relationsNamed(catalogue, first));
}

function unqualified(catalogue: Catalogue, before: string, after: string, word: string): readonly string[] {
  const sql = before + after;
  const head = before.slice(0, before.length - word.length);
  const relations = relationNames(catalogue, sql);
  if (/\bschema\s+$/i.test(head)) return catalogue.schemas.map(quoted);
  if (wantsRelation(head)) return word === '' ? relations : [...relations, ...SYSTEM_VIEWS, 'select', 'table'];
  const columns = columnsOf(relationsIn(catalogue, sql));
  const aliases = sourcesOf(sql).flatMap(({ alias }) => (alias === undefined ? [] : [alias]));
  // Nobody looks through all there is: without a letter only what the statement itself suggests is shown.
  if (word === '') return columns.length > 0 ? columns : KEYWORDS.filter((one) => STARTS.has(one));
  return [...columns, ...aliases, ...KEYWORDS, ...FUNCTIONS.map((name) => `${name}(`), ...relations];
}

const STARTS = new Set(['select', 'with', 'insert', 'update', 'delete', 'create', 'explain', 'show', 'begin']);

/** Relations of the default schema by their names, the other schemas with a dot, and what WITH names. */
function relationNames(catalogue: Catalogue, sql: string): readonly string[] {
  const schemas = catalogue.schemas.filter((schema) => schema !== DEFAULT_SCHEMA);
  return [
    ...namedQueries(sql),
    ...catalogue.relations
      .filter(({ schema }) => schema === DEFAULT_SCHEMA || /^pg_temp/.test(schema))
      .map(({ name }) => quoted(name)),
    ...schemas.map((schema) => `${quoted(schema)}.`),
  ];
}

/** SELECT goes on in capitals when it was begun so; names are what they are. */
function asTyped(name: string, word: string): string {
  const shouting = word.length > 0 && word === word.toUpperCase() && word !== word.toLowerCase();
  return shouting && KEYWORDS.includes(name) ? name.toUpperCase() : name;
}

/** All relations as \d takes them. */
export function describable(catalogue: Catalogue): readonly string[] {
  return catalogue.relations.map(relationName);
}
