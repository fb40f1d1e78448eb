import { notSupported, RedshiftError } from '../errors';
import type { ResultColumn } from '../warehouse';
import type { CommonTable, Expression, OrderItem, Query, QueryBody, SetOperation } from './ast';
import type { Translation, TranslationContext } from './contract';
import { quoteIdentifier } from './engine-types';
import { castTo, settled, unifyValues } from './infer-coerce';
import { BIGINT, type Typed, UNKNOWN, unknownLiteral } from './infer-types';
import { type CommonTableEntry, emptyScope, freshAlias, newStatement, type Scope, type Statement } from './scope';
import { translateExpression } from './translate-expression';
import { translateSelect } from './translate-select';

export interface OutputColumn {
  /** The name Redshift gives the column. */
  readonly name: string;
  /** Its name in the engine, unique within the query. */
  readonly engineName: string;
  /** The value inside the query; `unknown` literals keep their constant. */
  readonly value: Typed;
}

export interface TranslatedQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** A whole query statement. @throws RedshiftError */
export function translateQueryStatement(query: Query, context: TranslationContext): Translation {
  const statement = newStatement(context);
  const { sql, columns } = translateQuery(query, emptyScope(statement));
  refuseMixedNodes(statement);
  return {
    engineSql: [sql],
    columns: columns.map(resultColumn),
    writes: [],
    reads: [...statement.reads.values()],
    accesses: [...statement.accesses.values()],
    leaderFunctions: [...statement.leaderFunctions],
  };
}

function resultColumn({ name, value }: OutputColumn): ResultColumn {
  const { type, source, nullable } = settled(value);
  return { label: name, type, nullable: source === undefined ? 2 : nullable ? 1 : 0, ...(source && { source }) };
}

/** Functions of the leader node cannot run where tables are read. @throws RedshiftError 0A000 */
export function refuseMixedNodes(statement: Statement): void {
  if (statement.leaderFunctions.size === 0 || statement.reads.size === 0) return;
  throw notSupported('Specified types or functions (one per INFO message) not supported on Redshift tables.');
}

/**
 * Translates a query below `frame`, an empty scope that holds what the query may see from outside.
 * WITH items become the engine's own.
 */
export function translateQuery(query: Query, frame: Scope): TranslatedQuery {
  const { definitions, scope } = translateWith(query.with, query.recursive, frame);
  const body = translateBody(query, scope);
  return { sql: definitions + body.sql, columns: body.columns };
}

function translateBody(query: Query, frame: Scope): TranslatedQuery {
  const { body } = query;
  const tail = limitClause(query, frame);
  if (body.node === 'select') {
    const { sql, columns } = translateSelect(body, frame, query.orderBy);
    return { sql: sql + tail, columns };
  }
  const inner = translateBranch(body, frame);
  const order = query.orderBy.map((item) => orderByOutput(item, inner.columns));
  if (order.length === 0 && tail === '') return inner;
  return {
    sql: `${inner.sql}${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''}${tail}`,
    columns: inner.columns,
  };
}

function translateBranch(body: QueryBody, frame: Scope): TranslatedQuery {
  if (body.node === 'select') return translateSelect(body, frame, []);
  if (body.node === 'query') {
    const inner = translateQuery(body, frame);
    const alias = quoteIdentifier(freshAlias(frame.statement, 'query'));
    return { sql: `SELECT * FROM (${inner.sql}) AS ${alias}`, columns: inner.columns };
  }
  return translateSetOperation(body, frame);
}

function translateSetOperation(body: SetOperation, frame: Scope): TranslatedQuery {
  return combine(body, translateBranch(body.left, frame), translateBranch(body.right, frame), frame);
}

function combine(body: SetOperation, left: TranslatedQuery, right: TranslatedQuery, frame: Scope): TranslatedQuery {
  const word = body.operator.toUpperCase();
  if (left.columns.length !== right.columns.length) {
    throw new RedshiftError(`each ${word} query must have the same number of columns`, '42601', {
      position: body.position,
    });
  }
  const columns = left.columns.map((column, index) => {
    const other = right.columns[index] as OutputColumn;
    const [common] = unifyValues([column.value, other.value], word);
    const type = common?.type ?? UNKNOWN;
    const value: Typed = { sql: '', type, nullable: column.value.nullable || other.value.nullable };
    return { ...column, value };
  });
  const branches = [left, right].map((branch) => withTypes(branch, columns, frame));
  return { sql: `(${branches[0]}) ${word}${body.all ? ' ALL' : ''} (${branches[1]})`, columns };
}

/** The branch with its columns brought to the common types; itself where they have them already. */
function withTypes(branch: TranslatedQuery, wanted: readonly OutputColumn[], frame: Scope): string {
  const same = branch.columns.every(({ value }, index) => sameEngineValue(value, wanted[index]?.value));
  if (same) return branch.sql;
  const alias = quoteIdentifier(freshAlias(frame.statement, 'branch'));
  const items = branch.columns.map((column, index) => {
    const { value, engineName } = wanted[index] as OutputColumn;
    return `${castTo(outside(column, alias), value.type, 'implicit').sql} AS ${quoteIdentifier(engineName)}`;
  });
  return `SELECT ${items.join(', ')} FROM (${branch.sql}) AS ${alias}`;
}

function sameEngineValue(value: Typed, wanted: Typed | undefined): boolean {
  const { type } = settled(value);
  return wanted !== undefined && type.name === wanted.type.name && JSON.stringify(type) === JSON.stringify(wanted.type);
}

/** A column of a derived table as the query around it sees it; literals of no type stay literals. */
export function outside(column: OutputColumn, quotedAlias: string): Typed {
  const { value, engineName } = column;
  if (value.type.name === 'unknown' && value.constant !== undefined && value.constant.kind !== 'number') {
    return unknownLiteral(value.constant.kind === 'null' ? null : value.constant.value);
  }
  const { type } = settled(value);
  const sql = `${quotedAlias}.${quoteIdentifier(engineName)}`;
  const { nullable, source, trimmed } = value;
  return { sql, type, nullable, ...(source && { source }), ...(trimmed && { trimmed }) };
}

/** ORDER BY behind a set operation: positions and output names only. @throws RedshiftError 42P10, 42703 */
function orderByOutput(item: OrderItem, columns: readonly OutputColumn[]): string {
  const position = outputPosition(item.expression, columns);
  if (position === undefined) {
    throw new RedshiftError(
      'ORDER BY on a UNION/INTERSECT/EXCEPT result must be on one of the result columns',
      '0A000',
    );
  }
  return `${position} ${orderSuffix(item)}`;
}

/** The 1-based place of an output column that an ORDER BY or GROUP BY item names. */
export function outputPosition(expression: Expression, columns: readonly OutputColumn[]): number | undefined {
  if (expression.node === 'literal' && expression.literal.kind === 'number') {
    const position = Number(expression.literal.text);
    if (Number.isInteger(position) && position >= 1 && position <= columns.length) return position;
    throw new RedshiftError(`ORDER BY position ${expression.literal.text} is not in select list`, '42P10');
  }
  const [name, more] = expression.node === 'column' ? expression.parts : [];
  if (name === undefined || more !== undefined) return undefined;
  const matches = columns.map((column, index) => (column.name === name ? index + 1 : 0)).filter((one) => one > 0);
  return matches[0];
}

/** NULLs come last going up and first going down, unless the query says otherwise. */
export function orderSuffix(item: OrderItem): string {
  const nulls = item.nulls ?? (item.direction === 'asc' ? 'last' : 'first');
  return `${item.direction.toUpperCase()} NULLS ${nulls.toUpperCase()}`;
}

function limitClause(query: Query, frame: Scope): string {
  const top = query.body.node === 'select' ? query.body.top : undefined;
  const limit = query.limit === 'all' ? undefined : (query.limit ?? top);
  const count = (expression: Expression): string =>
    castTo(translateExpression(expression, emptyScope(frame.statement)), BIGINT, 'implicit').sql;
  return (
    (limit === undefined ? '' : ` LIMIT ${count(limit)}`) +
    (query.offset === undefined ? '' : ` OFFSET ${count(query.offset)}`)
  );
}

/** The WITH clause's text (empty without items) and the frame in which its names are known. */
export function translateWith(
  items: readonly CommonTable[],
  recursive: boolean,
  frame: Scope,
): { readonly definitions: string; readonly scope: Scope } {
  if (items.length === 0) return { definitions: '', scope: frame };
  const definitions: string[] = [];
  let scope = frame;
  for (const item of items) {
    const self = recursive && isRecursive(item);
    const { sql, entry } = self ? translateRecursive(item, scope) : translateCommonTable(item, scope);
    const names = entry.columns.map((column) => quoteIdentifier(column.engineName)).join(', ');
    definitions.push(`${quoteIdentifier(entry.engineName)}(${names}) AS (${sql})`);
    scope = withEntry(scope, entry);
  }
  return { definitions: `WITH ${recursive ? 'RECURSIVE ' : ''}${definitions.join(', ')} `, scope };
}

function withEntry(scope: Scope, entry: CommonTableEntry): Scope {
  return { ...scope, commonTables: new Map([...scope.commonTables, [entry.name, entry]]) };
}

function translateCommonTable(item: CommonTable, scope: Scope): { sql: string; entry: CommonTableEntry } {
  const { sql, columns } = translateQuery(item.query, scope);
  return { sql, entry: commonTableEntry(item, columns, freshAlias(scope.statement, item.name)) };
}

/** @throws RedshiftError 42P10 when the column list is longer than the query's columns */
function commonTableEntry(item: CommonTable, columns: readonly OutputColumn[], engineName: string): CommonTableEntry {
  if (item.columns.length > columns.length) {
    throw new RedshiftError(
      `WITH query "${item.name}" has ${columns.length} columns available but ${item.columns.length} columns specified`,
      '42P10',
    );
  }
  return {
    name: item.name,
    engineName,
    columns: columns.map((column, index) => ({
      name: item.columns[index] ?? column.name,
      engineName: column.engineName,
      type: settled(column.value).type,
    })),
  };
}

/** The part before UNION ALL gives the types; the part behind it sees the table itself. */
function translateRecursive(item: CommonTable, scope: Scope): { sql: string; entry: CommonTableEntry } {
  const { body } = item.query;
  if (body.node !== 'set operation' || body.operator !== 'union' || !body.all) {
    throw notSupported('recursive CTE must have the form non-recursive-term UNION ALL recursive-term');
  }
  const first = translateBranch(body.left, scope);
  const columns = first.columns.map((column) => ({ ...column, value: { ...settled(column.value), sql: '' } }));
  const entry = commonTableEntry(item, columns, freshAlias(scope.statement, item.name));
  const second = translateBranch(body.right, withEntry(scope, entry));
  if (second.columns.length !== columns.length) {
    throw new RedshiftError('each UNION query must have the same number of columns', '42601');
  }
  const [left, right] = [first, second].map((branch) => withTypes(branch, columns, scope));
  return { sql: `(${left}) UNION ALL (${right})`, entry };
}

function isRecursive(item: CommonTable): boolean {
  return item.query.body.node === 'set operation' && mentions(item.query.body.right, item.name);
}

/** True when a FROM item below `node` names the table. */
function mentions(node: unknown, table: string): boolean {
  if (Array.isArray(node)) return node.some((one) => mentions(one, table));
  if (node === null || typeof node !== 'object') return false;
  const { node: kind, name } = node as { node?: unknown; name?: { parts?: readonly string[] } };
  if (kind === 'table' && name?.parts?.length === 1 && name.parts[0] === table) return true;
  return Object.values(node).some((one) => mentions(one, table));
}
