import leven from 'leven';
import { errorColours as pc } from '../colours';
import { type Catalogue, type RelationEntry, relationName } from './catalogue';
import { relationsIn } from './sources';
import type { StatementFailedError } from './statement-session';
import { type Piece, pieces } from './tokens';
import { FUNCTIONS, KEYWORDS } from './words';

/** Where a statement stands: for people it is a place in their file, not an offset into what was sent. */
export interface Place {
  /** Undefined where it was typed. */
  readonly file?: string;
  /** 1-based line of the file on which the statement begins. */
  readonly line: number;
}

/** What the warehouse has refused, the line and the sign where, and what to do about it. */
export function explain(
  failure: StatementFailedError,
  sql: string,
  place: Place = { line: 1 },
  catalogue?: Catalogue,
): string {
  const offset = failure.position === undefined ? guessedOffset(failure.reason, sql) : failure.position - 1;
  return [
    failure.reason,
    ...(offset === undefined ? atStatement(place) : pointed(sql, offset, place)),
    ...advice(failure.reason, sql, catalogue).map((line) => pc.yellow(line)),
  ].join('\n');
}

/** Without a position the name that the text complains of shows the place, where it stands in the statement once. */
function guessedOffset(reason: string, sql: string): number | undefined {
  const name = missingName(reason)?.name.split('.').at(-1);
  const found = pieces(sql).filter((piece) => bare(piece) === name);
  return found.length === 1 ? found[0]?.start : undefined;
}

const bare = ({ kind, text }: Piece): string | undefined => {
  if (kind === 'word') return text.toLowerCase();
  return kind === 'name' ? text.slice(1, -1) : undefined;
};

function atStatement({ file, line }: Place): readonly string[] {
  return file === undefined ? [] : [`  in ${file}, the statement of line ${line}`];
}

/** How much of a long line is shown on either side of the place. */
const AROUND = 60;

function pointed(sql: string, offset: number, { file, line }: Place): readonly string[] {
  const at = Math.min(offset, sql.length);
  const begin = sql.lastIndexOf('\n', at - 1) + 1;
  const end = sql.indexOf('\n', at);
  const whole = sql.slice(begin, end < 0 ? undefined : end).replaceAll('\t', ' ');
  const from = Math.max(0, at - begin - AROUND);
  const shown = whole.slice(from, at - begin + AROUND);
  const number = line + sql.slice(0, begin).split('\n').length - 1;
  const head = file === undefined ? `line ${number}: ` : `${file}:${number}: `;
  return [`${head}${shown}`, `${' '.repeat(head.length + at - begin - from)}${pc.bold('^')}`];
}

/** What a text says is not there. */
function missingName(reason: string): { readonly what: string; readonly name: string } | undefined {
  const found = /\b(column|relation|schema|function) "?([^"\s(]+)"?(?:\(.*\))? (?:does not exist|not found)/.exec(
    reason,
  );
  return found === null ? undefined : { what: found[1] ?? '', name: (found[2] ?? '').toLowerCase() };
}

/** What to do, a sentence each. */
function advice(reason: string, sql: string, catalogue?: Catalogue): readonly string[] {
  const similar = suggestions(reason, sql, catalogue);
  if (similar.length > 0) return [`Did you mean ${similar.join(' or ')}?`];
  return ADVICE.filter(([pattern]) => pattern.test(reason)).map(([, text]) => text);
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/current transaction is aborted/, 'Send `rollback`; then begin the transaction again.'],
  [
    /permission denied/,
    'What each role may do stands in docs/access.md; --as says as whom a statement is run (\\as in the shell).',
  ],
  [
    /packet for query is too large|result exceeds|exceeds the .*result|larger than the maximum/i,
    'The Data API gives at most 500 MB of result and 64 KB a row: select fewer columns or rows, or UNLOAD to S3.',
  ],
  [
    /statement text limit/,
    'The Data API takes statements of at most 100 KB: load long lists of values from S3 with COPY.',
  ],
  [/relation ".*" does not exist/, 'The tables and views that you may see: \\d in the shell.'],
];

/** The names closest to one that is not there, at most three. */
export function suggestions(reason: string, sql: string, catalogue?: Catalogue): readonly string[] {
  const near = /^.*syntax error at or near "([^"]+)"/.exec(reason)?.[1];
  if (near !== undefined) return closest(near.toLowerCase(), KEYWORDS);
  const missing = missingName(reason);
  if (missing === undefined) return [];
  const { what, name } = missing;
  if (what === 'function') return closest(name, FUNCTIONS);
  if (catalogue === undefined) return [];
  if (what === 'schema') return closest(name, catalogue.schemas);
  if (what === 'relation') return closestRelations(name, catalogue.relations);
  const columns = relationsIn(catalogue, sql).flatMap((relation) => relation.columns.map((column) => column.name));
  return closest(name.split('.').at(-1) ?? name, columns);
}

/** With a schema the whole names are compared, without one the names alone, wherever they are. */
function closestRelations(name: string, relations: readonly RelationEntry[]): readonly string[] {
  const whole = name.includes('.');
  const key = (relation: RelationEntry) => (whole ? `${relation.schema}.${relation.name}` : relation.name);
  const keys = closest(name, relations.map(key));
  const found = keys.flatMap((one) => relations.filter((relation) => key(relation) === one));
  return found.map(relationName).filter((shown) => shown !== name);
}

/** The candidates that are nearest to a name, all at the same distance; none where that is too far to be a slip. */
function closest(name: string, candidates: readonly string[]): readonly string[] {
  const furthest = Math.max(1, Math.round(name.length / 2.5));
  const found = [...new Set(candidates)].map((candidate) => ({ candidate, distance: leven(name, candidate) }));
  const nearest = Math.min(...found.map(({ distance }) => distance));
  if (nearest > furthest) return [];
  return found
    .filter(({ distance }) => distance === nearest)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Whether the catalogue would help to explain a failure. */
export function needsCatalogue(failure: StatementFailedError): boolean {
  const what = missingName(failure.reason)?.what;
  return what !== undefined && what !== 'function';
}
