import type { DistStyle, IdentitySpec, SortKey } from '../catalog/relation';
import { notImplementedLocally, RedshiftError } from '../errors';
import type {
  ColumnSpec,
  CreateTable,
  CreateTableAs,
  CreateTableLike,
  QualifiedName,
  TableAttributes,
  TableConstraintSpec,
} from './ast';
import { readExpression } from './parser-expressions';
import { isQueryStart, readQuery } from './parser-queries';
import { readType } from './parser-types';
import type { TokenStream } from './token-stream';

interface Head {
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly position: number;
}

/**
 * CREATE TABLE in its three shapes; the cursor stands behind CREATE.
 * @param position where the statement begins
 */
export function readCreateTable(tokens: TokenStream, position: number): CreateTable | CreateTableAs | CreateTableLike {
  const local = tokens.accept('local');
  const temporary = tokens.accept('temp') || tokens.accept('temporary');
  if (local && !temporary) throw tokens.unexpected();
  tokens.expect('table');
  const ifNotExists = tokens.accept('if', 'not', 'exists');
  const name = tokens.qualifiedName();
  const isTemporary = temporary || (name.parts[name.parts.length - 1] ?? '').startsWith('#');
  const head = { name, temporary: isTemporary, position };
  if (!ifNotExists && isTableAs(tokens)) return readTableAs(tokens, head);
  if (tokens.isOperator('(') && tokens.isWord('like', 1)) return readTableLike(tokens, head, ifNotExists);
  return readTableDefinition(tokens, head, ifNotExists);
}

/** A list of bare names, or none at all: the columns' types come from the query. */
function isTableAs(tokens: TokenStream): boolean {
  if (!tokens.isOperator('(')) return true;
  return tokens.isName(1) && (tokens.isOperator(',', 2) || tokens.isOperator(')', 2));
}

function readTableAs(tokens: TokenStream, head: Head): CreateTableAs {
  const columnNames = tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [];
  const attributes = readTableAttributes(tokens);
  tokens.expect('as');
  if (!isQueryStart(tokens)) throw tokens.unexpected();
  return { node: 'create table as', ...head, columnNames, attributes, query: readQuery(tokens) };
}

function readTableLike(tokens: TokenStream, head: Head, ifNotExists: boolean): CreateTableLike {
  tokens.expectOperator('(');
  tokens.expect('like');
  const like = tokens.qualifiedName();
  const includingDefaults = tokens.accept('including', 'defaults');
  if (!includingDefaults) tokens.accept('excluding', 'defaults');
  if (tokens.isOperator(',')) throw notImplementedLocally('CREATE TABLE with LIKE beside other columns');
  tokens.expectOperator(')');
  readBackup(tokens);
  return { node: 'create table like', ...head, ifNotExists, like, includingDefaults };
}

function readTableDefinition(tokens: TokenStream, head: Head, ifNotExists: boolean): CreateTable {
  const columns: ColumnSpec[] = [];
  const constraints: TableConstraintSpec[] = [];
  tokens.parenthesized(() => {
    if (tokens.isWord('like')) throw notImplementedLocally('CREATE TABLE with LIKE beside other columns');
    const constraint = readTableConstraint(tokens);
    if (constraint) constraints.push(constraint);
    else columns.push(readColumn(tokens));
  });
  const named = columns.find((column) => column.distKey)?.name;
  const attributes = readTableAttributes(tokens, named);
  return { node: 'create table', ...head, ifNotExists, columns, constraints, attributes };
}

/** PRIMARY KEY, UNIQUE or FOREIGN KEY of a table, named or not; undefined when a column stands here. */
export function readTableConstraint(tokens: TokenStream): TableConstraintSpec | undefined {
  const constraintName = tokens.accept('constraint') ? tokens.name() : undefined;
  const name = constraintName === undefined ? {} : { name: constraintName };
  if (tokens.accept('primary', 'key')) return { kind: 'primary key', ...name, columns: readColumnNames(tokens) };
  if (tokens.accept('unique')) return { kind: 'unique', ...name, columns: readColumnNames(tokens) };
  if (tokens.accept('foreign', 'key')) {
    const columns = readColumnNames(tokens);
    tokens.expect('references');
    return { kind: 'foreign key', ...name, columns, references: readReference(tokens) };
  }
  if (constraintName !== undefined || tokens.isWord('check')) throw refusedConstraint(tokens);
  return undefined;
}

function refusedConstraint(tokens: TokenStream): RedshiftError {
  const hint = tokens.isWord('check') ? 'Redshift has no CHECK constraints; check with a query.' : undefined;
  return tokens.unexpected(tokens.peek(), hint);
}

function readColumnNames(tokens: TokenStream): string[] {
  return tokens.parenthesized(() => tokens.name());
}

function readReference(tokens: TokenStream): NonNullable<ColumnSpec['references']> {
  const table = tokens.qualifiedName();
  return { table, columns: tokens.isOperator('(') ? readColumnNames(tokens) : [] };
}

type ColumnOptions = { -readonly [K in keyof ColumnSpec]?: ColumnSpec[K] };

/** A column with its attributes and constraints in any order. */
export function readColumn(tokens: TokenStream): ColumnSpec {
  const { position } = tokens;
  const name = tokens.name();
  const type = readType(tokens);
  const options: ColumnOptions = {};
  while (readColumnOption(tokens, options));
  const flags = { notNull: false, distKey: false, sortKey: false, primaryKey: false, unique: false };
  return { name, type, ...flags, ...options, position };
}

function readColumnOption(tokens: TokenStream, options: ColumnOptions): boolean {
  if (tokens.accept('not', 'null')) options.notNull = true;
  else if (tokens.accept('null')) options.notNull ??= false;
  else if (tokens.accept('primary', 'key')) Object.assign(options, { primaryKey: true, notNull: true });
  else if (tokens.accept('unique')) options.unique = true;
  else if (tokens.accept('distkey')) options.distKey = true;
  else if (tokens.accept('sortkey')) options.sortKey = true;
  else if (tokens.accept('encode')) options.encoding = readEncoding(tokens);
  else if (tokens.accept('references')) options.references = readReference(tokens);
  else if (tokens.accept('collate')) readCollation(tokens);
  else if (tokens.isWord('default')) readDefault(tokens, options);
  else if (tokens.isWord(['identity', 'generated'])) setIdentity(options, readIdentity(tokens));
  else if (tokens.isWord(['check', 'constraint'])) throw refusedConstraint(tokens);
  else return false;
  return true;
}

function setIdentity(options: ColumnOptions, identity: IdentitySpec): void {
  options.identity = identity;
  options.notNull = true;
}

function readDefault(tokens: TokenStream, options: ColumnOptions): void {
  tokens.expect('default');
  const from = tokens.index;
  options.defaultValue = readExpression(tokens);
  options.defaultSql = tokens.textBetween(from, tokens.index);
}

/** `identity(seed, step)` or `generated by default as identity(seed, step)`. */
function readIdentity(tokens: TokenStream): IdentitySpec {
  const byDefault = tokens.accept('generated');
  if (byDefault) tokens.expect('by', 'default', 'as');
  tokens.expect('identity');
  tokens.expectOperator('(');
  const seed = tokens.integer();
  tokens.expectOperator(',');
  const step = tokens.integer();
  tokens.expectOperator(')');
  return { seed, step, byDefault };
}

const ENCODINGS = `auto raw az64 bytedict delta delta32k lzo mostly8 mostly16 mostly32 runlength text255 text32k zstd
  none`.split(/\s+/);

/** The name of a compression encoding behind ENCODE, in lower case. */
export function readEncoding(tokens: TokenStream): string {
  if (!tokens.isWord(ENCODINGS)) throw tokens.unexpected();
  return tokens.next().value;
}

function readCollation(tokens: TokenStream): void {
  if (tokens.accept('case_sensitive') || tokens.accept('cs')) return;
  if (tokens.isWord(['case_insensitive', 'ci'])) throw notImplementedLocally('A case-insensitive collation');
  throw tokens.unexpected();
}

/** BACKUP YES | NO: accepted and without effect, as on RA3 and serverless. */
export function readBackup(tokens: TokenStream): boolean {
  if (!tokens.accept('backup')) return false;
  if (!tokens.accept('yes')) tokens.expect('no');
  return true;
}

/**
 * DISTSTYLE, DISTKEY, SORTKEY, ENCODE AUTO and BACKUP, in any order.
 * @param columnDistKey the column that carries DISTKEY itself, if one does
 */
export function readTableAttributes(tokens: TokenStream, columnDistKey?: string): TableAttributes {
  const start = tokens.peek();
  let style: DistStyle['style'] | undefined;
  let distKey: string | undefined;
  let sortKey: SortKey | undefined;
  let encodeAuto = false;
  for (;;) {
    if (style === undefined && tokens.accept('diststyle')) style = readStyle(tokens);
    else if (distKey === undefined && tokens.accept('distkey')) distKey = readDistKey(tokens);
    else if (sortKey === undefined && isSortKey(tokens)) sortKey = readSortKey(tokens);
    else if (tokens.accept('encode', 'auto')) encodeAuto = true;
    else if (!readBackup(tokens)) break;
  }
  const column = distKey ?? columnDistKey;
  const misfit = style === 'key' ? column === undefined : style !== undefined && column !== undefined;
  if (misfit) throw tokens.unexpected(start, 'DISTSTYLE KEY and a DISTKEY column go together, and only they.');
  const distStyle = column === undefined ? style && ({ style } as DistStyle) : ({ style: 'key', column } as const);
  return { ...(distStyle && { distStyle }), ...(sortKey && { sortKey }), ...(encodeAuto && { encodeAuto }) };
}

/** AUTO, EVEN, ALL or KEY behind DISTSTYLE. */
export function readStyle(tokens: TokenStream): DistStyle['style'] {
  for (const style of ['auto', 'even', 'all', 'key'] as const) if (tokens.accept(style)) return style;
  throw tokens.unexpected();
}

/** `(column)` behind DISTKEY. */
export function readDistKey(tokens: TokenStream): string {
  tokens.expectOperator('(');
  const column = tokens.name();
  tokens.expectOperator(')');
  return column;
}

/** True before SORTKEY, COMPOUND SORTKEY or INTERLEAVED SORTKEY. */
export function isSortKey(tokens: TokenStream): boolean {
  return tokens.isWord('sortkey') || (tokens.isWord(['compound', 'interleaved']) && tokens.isWord('sortkey', 1));
}

/** `sortkey auto`, `sortkey none` or `[compound | interleaved] sortkey (columns)`, COMPOUND by default. */
export function readSortKey(tokens: TokenStream): SortKey {
  const written = tokens.accept('interleaved') ? 'interleaved' : tokens.accept('compound') ? 'compound' : undefined;
  tokens.expect('sortkey');
  if (written === undefined && tokens.accept('auto')) return { kind: 'auto' };
  if (written === undefined && tokens.accept('none')) return { kind: 'none' };
  const { position } = tokens;
  const columns = readColumnNames(tokens);
  const kind = written ?? 'compound';
  const most = kind === 'interleaved' ? 8 : 400;
  if (columns.length <= most) return { kind, columns };
  throw new RedshiftError(`${kind} sort keys have at most ${most} columns, not ${columns.length}`, '54011', {
    position,
  });
}
