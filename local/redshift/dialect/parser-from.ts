import { notImplementedLocally, RedshiftError } from '../errors';
import type { Expression, FromItem, FunctionCall, Query } from './ast';
import { readCall } from './parser-calls';
import { readExpression, readSubquery } from './parser-expressions';
import { isQueryAt } from './parser-queries';
import type { TokenStream } from './token-stream';

const JOIN_WORDS = ['join', 'inner', 'left', 'right', 'full', 'cross', 'natural'];

/** The items behind FROM (or USING). @throws RedshiftError 42601 */
export function readFrom(tokens: TokenStream): FromItem[] {
  const names: Names = new Set();
  return tokens.list(() => readJoined(tokens, names));
}

/** The names of the items read so far: PartiQL paths may begin with them. */
type Names = Set<string>;

/** One item with the joins behind it. */
function readJoined(tokens: TokenStream, names: Names): FromItem {
  return tokens.nested(() => {
    let left = readItem(tokens, names);
    while (tokens.isWord(JOIN_WORDS)) left = readJoin(tokens, left, names);
    return left;
  });
}

type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross';

function readJoin(tokens: TokenStream, left: FromItem, names: Names): FromItem {
  const { position } = tokens;
  const natural = tokens.accept('natural');
  const kind = readJoinKind(tokens);
  if (natural && kind === 'cross') throw tokens.unexpected();
  let right = readItem(tokens, names);
  const join = { node: 'join', kind, natural, left, position } as const;
  if (natural || kind === 'cross') return { ...join, right };
  while (tokens.isWord(JOIN_WORDS)) right = tokens.nested(() => readJoin(tokens, right, names));
  if (tokens.accept('on')) return { ...join, right, on: readExpression(tokens) };
  tokens.expect('using');
  return { ...join, right, using: tokens.parenthesized(() => tokens.name()) };
}

function readJoinKind(tokens: TokenStream): JoinKind {
  const kind = (['inner', 'left', 'right', 'full', 'cross'] as const).find((word) => tokens.accept(word)) ?? 'inner';
  if (kind !== 'inner' && kind !== 'cross') tokens.accept('outer');
  tokens.expect('join');
  return kind;
}

function readItem(tokens: TokenStream, names: Names): FromItem {
  const item = readUnjoined(tokens, names);
  const name = nameOf(item);
  if (name !== undefined) names.add(name);
  return item;
}

function nameOf(item: FromItem): string | undefined {
  if (item.node === 'join') return undefined;
  return item.alias ?? (item.node === 'table' ? item.name.parts.at(-1) : undefined);
}

function readUnjoined(tokens: TokenStream, names: Names): FromItem {
  if (tokens.isOperator('(')) return isQueryAt(tokens, tokens.index) ? readDerived(tokens) : readGroup(tokens, names);
  if (tokens.isWord(['lateral', 'values']) && tokens.isOperator('(', 1)) throw tokens.unexpected();
  if (tokens.isOperator('(', 1) || (tokens.isOperator('.', 1) && tokens.isOperator('(', 3))) {
    return readTableFunction(tokens);
  }
  return isPath(tokens, names) ? readUnnest(tokens) : readTable(tokens);
}

function readGroup(tokens: TokenStream, names: Names): FromItem {
  tokens.expectOperator('(');
  const item = readJoined(tokens, names);
  tokens.expectOperator(')');
  return item;
}

function readDerived(tokens: TokenStream): FromItem {
  const { position } = tokens;
  const query: Query = readSubquery(tokens);
  const { alias, columnAliases } = readAlias(tokens);
  if (alias === undefined) {
    throw new RedshiftError('subquery in FROM must have an alias', '42601', {
      hint: 'For example, FROM (SELECT ...) [AS] foo.',
      position,
    });
  }
  return { node: 'derived', query, alias, columnAliases, position };
}

function readTableFunction(tokens: TokenStream): FromItem {
  const start = tokens.peek();
  const call = readCall(tokens);
  if (call.node !== 'call') throw tokens.unexpected(start);
  return { node: 'table function', call: call satisfies FunctionCall, ...readAlias(tokens) };
}

function readTable(tokens: TokenStream): FromItem {
  const name = tokens.qualifiedName();
  return { node: 'table', name, ...readAlias(tokens) };
}

interface Alias {
  readonly alias?: string;
  readonly columnAliases: readonly string[];
}

/** `[as] alias [(columns)]` */
function readAlias(tokens: TokenStream): Alias {
  if (tokens.isWord(['pivot', 'unpivot'])) throw notImplementedLocally(tokens.peek().value.toUpperCase());
  if (tokens.isWord('start') && tokens.isWord('with', 1)) throw notImplementedLocally('CONNECT BY');
  if (tokens.isWord('connect') && tokens.isWord('by', 1)) throw notImplementedLocally('CONNECT BY');
  const alias = readAliasName(tokens);
  if (alias === undefined) return { columnAliases: [] };
  return { alias, columnAliases: tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [] };
}

/**
 * QUALIFY directly behind a table without an alias is taken as its alias, as Redshift does (Developer Guide, "QUALIFY
 * clause": the relation needs an alias then).
 */
function readAliasName(tokens: TokenStream): string | undefined {
  if (tokens.accept('as')) return tokens.name();
  return tokens.isName() && !tokens.isWord(['set', 'returning']) ? tokens.name() : undefined;
}

/** `t.items` where `t` is an item to the left: a walk into a SUPER value, not a table of a schema. */
function isPath(tokens: TokenStream, names: Names): boolean {
  if (tokens.isOperator('[', 1)) return true;
  return tokens.isOperator('.', 1) && names.has(tokens.peek().value);
}

function readUnnest(tokens: TokenStream): FromItem {
  const { position } = tokens;
  const path = readExpression(tokens);
  const alias = readAliasName(tokens) ?? lastName(path);
  if (alias === undefined) throw tokens.unexpected();
  const indexAlias = tokens.accept('at') ? tokens.name() : undefined;
  return { node: 'unnest', path, alias, ...(indexAlias !== undefined && { indexAlias }), position };
}

function lastName(path: Expression): string | undefined {
  return path.node === 'column' ? path.parts[path.parts.length - 1] : undefined;
}
