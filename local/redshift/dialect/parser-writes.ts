import { RedshiftError } from '../errors';
import type {
  Call,
  CommonTable,
  Delete,
  Expression,
  FromItem,
  Insert,
  Merge,
  Query,
  Statement,
  Truncate,
  Update,
} from './ast';
import { readExpression } from './parser-expressions';
import { readFrom } from './parser-from';
import { isQueryStart, readQuery, readQueryAfterWith, readWith } from './parser-queries';
import type { TokenStream } from './token-stream';

/** `with … select | update | delete`; Redshift has no `with … insert`: there the WITH stands behind the table. */
export function readWithStatement(tokens: TokenStream): Statement {
  const { position } = tokens;
  const { recursive, tables } = readWith(tokens);
  if (tokens.isWord('update')) return readUpdate(tokens, tables);
  if (tokens.isWord('delete')) return readDelete(tokens, tables);
  return { node: 'query statement', query: readQueryAfterWith(tokens, recursive, tables, position) };
}

/** `insert into t [(columns)] values … | select … | default values` */
export function readInsert(tokens: TokenStream): Insert {
  const { position } = tokens;
  tokens.expect('insert', 'into');
  const table = tokens.qualifiedName();
  const columns = tokens.isOperator('(') && !isQueryStart(tokens) ? tokens.parenthesized(() => tokens.name()) : [];
  return { node: 'insert', with: [], table, columns, source: readSource(tokens), position };
}

function readSource(tokens: TokenStream): Insert['source'] {
  if (tokens.accept('default', 'values')) return { kind: 'default values' };
  if (isQueryStart(tokens)) return { kind: 'query', query: readQuery(tokens) };
  tokens.expect('values');
  const { position } = tokens;
  const rows = tokens.list(() => tokens.parenthesized(() => readValue(tokens)));
  if (rows.some((row) => row.length !== rows[0]?.length)) {
    throw new RedshiftError('VALUES lists must all be the same length', '42601', { position });
  }
  return { kind: 'values', rows };
}

function readValue(tokens: TokenStream): Expression | 'default' {
  return tokens.accept('default') ? 'default' : readExpression(tokens);
}

/** `update t [as a] set … [from …] [where …]` */
export function readUpdate(tokens: TokenStream, tables: readonly CommonTable[] = []): Update {
  const { position } = tokens;
  tokens.expect('update');
  const table = tokens.qualifiedName();
  const alias = tokens.accept('as') || (tokens.isName() && !tokens.isWord('set')) ? tokens.name() : undefined;
  tokens.expect('set');
  const set = tokens.list(() => {
    const column = tokens.name();
    tokens.expectOperator('=');
    return { column, value: readValue(tokens) };
  });
  const from = tokens.accept('from') ? readFrom(tokens) : [];
  const where = tokens.accept('where') ? readExpression(tokens) : undefined;
  return {
    node: 'update',
    with: tables,
    table,
    ...(alias !== undefined && { alias }),
    set,
    from,
    ...(where && { where }),
    position,
  };
}

/** `delete [from] t [using …] [where …]`; the documented grammar knows no alias for the target. */
export function readDelete(tokens: TokenStream, tables: readonly CommonTable[] = []): Delete {
  const { position } = tokens;
  tokens.expect('delete');
  tokens.accept('from');
  const table = tokens.qualifiedName();
  const using = tokens.accept('using') ? readFrom(tokens) : [];
  const where = tokens.accept('where') ? readExpression(tokens) : undefined;
  return { node: 'delete', with: tables, table, using, ...(where && { where }), position };
}

/** `merge into t using s on … when matched … when not matched …`, both clauses, or `… remove duplicates`. */
export function readMerge(tokens: TokenStream): Merge {
  const { position } = tokens;
  tokens.expect('merge', 'into');
  const table = tokens.qualifiedName();
  tokens.expect('using');
  const source = readMergeSource(tokens);
  tokens.expect('on');
  const on = readExpression(tokens);
  return { node: 'merge', table, source, on, action: readMergeAction(tokens), position };
}

/** A table only: MERGE takes neither a view nor a subquery. */
function readMergeSource(tokens: TokenStream): FromItem {
  const name = tokens.qualifiedName();
  const alias = tokens.accept('as') || tokens.isName() ? tokens.name() : undefined;
  return { node: 'table', name, ...(alias !== undefined && { alias }), columnAliases: [] };
}

function readMergeAction(tokens: TokenStream): Merge['action'] {
  if (tokens.accept('remove', 'duplicates')) return { kind: 'remove duplicates' };
  tokens.expect('when', 'matched', 'then');
  const matched = tokens.accept('delete') ? ({ do: 'delete' } as const) : readMergeUpdate(tokens);
  tokens.expect('when', 'not', 'matched', 'then', 'insert');
  const columns = tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [];
  tokens.expect('values');
  const values = tokens.parenthesized(() => readExpression(tokens));
  return { kind: 'when', matched, insert: { columns, values } };
}

function readMergeUpdate(tokens: TokenStream): { do: 'update'; set: { column: string; value: Expression }[] } {
  tokens.expect('update', 'set');
  const set = tokens.list(() => {
    const column = tokens.name();
    tokens.expectOperator('=');
    return { column, value: readExpression(tokens) };
  });
  return { do: 'update', set };
}

/** `truncate [table] t` */
export function readTruncate(tokens: TokenStream): Truncate {
  const { position } = tokens;
  tokens.expect('truncate');
  tokens.accept('table');
  return { node: 'truncate', table: tokens.qualifiedName(), position };
}

/** `call procedure(arguments)` */
export function readCallStatement(tokens: TokenStream): Call {
  const { position } = tokens;
  tokens.expect('call');
  const name = tokens.qualifiedName();
  const empty = tokens.isOperator('(') && tokens.isOperator(')', 1);
  const args = empty ? [] : tokens.parenthesized(() => readExpression(tokens));
  if (empty) {
    tokens.next();
    tokens.next();
  }
  return { node: 'call procedure', name, arguments: args, position };
}

/** A statement that is a query. */
export function readQueryStatement(tokens: TokenStream): { node: 'query statement'; query: Query } {
  return { node: 'query statement', query: readQuery(tokens) };
}
