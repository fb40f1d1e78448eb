import type { ColumnDefinition, TableDefinition } from '../catalog/relation';
import { notSupported, RedshiftError } from '../errors';
import type { Delete, Expression, Insert, Merge, QualifiedName, Update } from './ast';
import type { Translation, TranslationContext } from './contract';
import { quoteIdentifier } from './engine-types';
import { assignTo } from './infer-coerce';
import type { Typed } from './infer-types';
import { parseExpression } from './parser';
import { emptyScope, freshAlias, newStatement, type Scope, type Statement } from './scope';
import { translateCondition, translateExpression } from './translate-expression';
import { engineTable, findRelation, tableSource, translateFrom } from './translate-from';
import { translateMerge } from './translate-merge';
import { outside, refuseMixedNodes, translateQuery, translateWith } from './translate-query';

/** INSERT, UPDATE, DELETE or MERGE. @throws RedshiftError */
export function translateWriteStatement(
  node: Insert | Update | Delete | Merge,
  context: TranslationContext,
): Translation {
  const statement = newStatement(context);
  const frame = emptyScope(statement);
  const table = targetTable(node.table, frame);
  const engineSql = translateWrite(node, table, frame);
  if (node.node === 'insert' && statement.leaderFunctions.size > 0) refuseLeaderFunctions(statement);
  refuseMixedNodes(statement);
  return { engineSql, writes: [{ schema: table.schema, name: table.name }], reads: [...statement.reads.values()] };
}

function translateWrite(node: Insert | Update | Delete | Merge, table: TableDefinition, frame: Scope): string[] {
  switch (node.node) {
    case 'insert':
      return [translateInsert(node, table, frame)];
    case 'update':
      return [translateUpdate(node, table, frame)];
    case 'delete':
      return [translateDelete(node, table, frame)];
    case 'merge':
      return translateMerge(node, table, frame);
  }
}

/** What the leader node alone computes cannot be inserted. @throws RedshiftError 0A000 */
function refuseLeaderFunctions(statement: Statement): void {
  if (![...statement.leaderFunctions].some((name) => name === 'generate_series')) return;
  throw notSupported('Specified types or functions (one per INFO message) not supported on Redshift tables.');
}

/** @throws RedshiftError 42P01, 42809 when it is no table */
function targetTable(name: QualifiedName, frame: Scope): TableDefinition {
  const definition = findRelation(name, frame);
  if (definition.kind === 'table') return definition;
  throw new RedshiftError(`"${definition.name}" is a ${definition.kind}, it cannot be written to`, '42809', {
    hint: 'Write to the tables behind it.',
    position: name.position,
  });
}

/** @throws RedshiftError 42703 */
export function targetColumn(table: TableDefinition, name: string): ColumnDefinition {
  const column = table.columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw new RedshiftError(`column "${name}" of relation "${table.name}" does not exist`, '42703');
}

/** A column's DEFAULT; undefined where the engine fills it in: IDENTITY, and NULL. */
export function defaultValue(column: ColumnDefinition, frame: Scope): Typed | undefined {
  if (column.identity !== undefined || column.defaultSql === undefined) return undefined;
  return assignTo(translateExpression(parseExpression(column.defaultSql), emptyScope(frame.statement)), column);
}

/** @throws RedshiftError 0A000 for an identity column that makes its own values */
export function refuseIdentity(column: ColumnDefinition): void {
  if (column.identity === undefined || column.identity.byDefault) return;
  throw notSupported('cannot set an identity column to a value');
}

interface Assigned {
  readonly column: ColumnDefinition;
  readonly sql: string;
}

/** Explicit columns first, then those left out that have a DEFAULT. */
function withDefaults(assigned: readonly Assigned[], table: TableDefinition, frame: Scope): readonly Assigned[] {
  const named = new Set(assigned.map(({ column }) => column.name));
  const rest = table.columns.flatMap((column) => {
    const value = named.has(column.name) ? undefined : defaultValue(column, frame);
    return value === undefined ? [] : [{ column, sql: value.sql }];
  });
  return [...assigned, ...rest];
}

const names = (columns: readonly ColumnDefinition[]): string =>
  columns.map((column) => quoteIdentifier(column.name)).join(', ');

/** The columns an INSERT fills, in order. @throws RedshiftError 42703, 42701 when one is named twice */
export function insertColumns(table: TableDefinition, named: readonly string[]): readonly ColumnDefinition[] {
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) throw new RedshiftError(`column "${twice}" specified more than once`, '42701');
  return named.length === 0 ? table.columns : named.map((name) => targetColumn(table, name));
}

/**
 * The columns for a number of values: without a column list the first ones.
 * @throws RedshiftError 42601 when the counts do not go together
 */
export function columnsFor(
  columns: readonly ColumnDefinition[],
  values: number,
  explicit: boolean,
): readonly ColumnDefinition[] {
  if (values > columns.length) throw new RedshiftError('INSERT has more expressions than target columns', '42601');
  if (explicit && values < columns.length) {
    throw new RedshiftError('INSERT has more target columns than expressions', '42601');
  }
  return columns.slice(0, values);
}

function translateInsert(node: Insert, table: TableDefinition, frame: Scope): string {
  const into = `INSERT INTO ${engineTable(table)}`;
  const columns = insertColumns(table, node.columns);
  const explicit = node.columns.length > 0;
  switch (node.source.kind) {
    case 'default values': {
      const filled = withDefaults([], table, frame);
      if (filled.length === 0) return `${into} DEFAULT VALUES`;
      return `${into} (${names(filled.map(({ column }) => column))}) VALUES (${filled.map(({ sql }) => sql).join(', ')})`;
    }
    case 'values':
      return into + insertRows(node.source.rows, columns, explicit, table, frame);
    case 'query': {
      const { definitions, scope } = translateWith(node.with, false, frame);
      const query = translateQuery(node.source.query, scope);
      const targets = columnsFor(columns, query.columns.length, explicit);
      for (const column of targets) refuseIdentity(column);
      const alias = quoteIdentifier(freshAlias(frame.statement, 'source'));
      const assigned = query.columns.map((column, index) => {
        const target = targets[index] as ColumnDefinition;
        return { column: target, sql: assignTo(outside(column, alias), target).sql };
      });
      const filled = withDefaults(assigned, table, frame);
      const list = filled.map(({ sql }) => sql).join(', ');
      return `${into} (${names(filled.map(({ column }) => column))}) ${definitions}SELECT ${list} FROM (${query.sql}) AS ${alias}`;
    }
  }
}

type Row = readonly (Expression | 'default')[];

/** VALUES; a row may be shorter than the table, DEFAULT may stand for a value. */
function insertRows(
  rows: readonly Row[],
  columns: readonly ColumnDefinition[],
  explicit: boolean,
  table: TableDefinition,
  frame: Scope,
): string {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) {
    throw new RedshiftError('VALUES lists must all be the same length', '42601');
  }
  const targets = columnsFor(columns, width, explicit);
  const scope = emptyScope(frame.statement);
  const left = targets.map((_, index) => rows.every((row) => row[index] === 'default'));
  const kept = targets.filter((_, index) => left[index] !== true);
  const rest = withDefaults([], table, frame).filter(({ column }) => !kept.some((one) => one.name === column.name));
  const lines = rows.map((row) => {
    const values = targets.flatMap((column, index) => {
      if (left[index] === true) return [];
      const value = row[index] as Expression | 'default';
      if (value === 'default') return [defaultValue(column, frame)?.sql ?? 'DEFAULT'];
      refuseIdentity(column);
      return [assignTo(translateExpression(value, scope), column).sql];
    });
    return `(${[...values, ...rest.map(({ sql }) => sql)].join(', ')})`;
  });
  const all = [...kept, ...rest.map(({ column }) => column)];
  if (all.length === 0) return ` DEFAULT VALUES`;
  return ` (${names(all)}) VALUES ${lines.join(', ')}`;
}

/** `SET column = value`. @throws RedshiftError 42701, 42703 */
export function assignments(
  set: Update['set'],
  table: TableDefinition,
  scope: Scope,
): readonly { readonly column: string; readonly sql: string }[] {
  const twice = set.find(({ column }, index) => set.findIndex((one) => one.column === column) !== index);
  if (twice !== undefined) {
    throw new RedshiftError(`multiple assignments to same column "${twice.column}"`, '42601');
  }
  return set.map(({ column: name, value }) => {
    const column = targetColumn(table, name);
    refuseIdentity(column);
    if (value === 'default') return { column: name, sql: defaultValue(column, scope)?.sql ?? 'NULL' };
    return { column: name, sql: assignTo(translateExpression(value, scope), column).sql };
  });
}

function translateUpdate(node: Update, table: TableDefinition, frame: Scope): string {
  const { definitions, scope: withScope } = translateWith(node.with, false, frame);
  const target = tableSource(table, node.alias ?? table.name, [], withScope, node.alias ? undefined : table.schema);
  const from = translateFrom(node.from, withScope, [target]);
  const set = assignments(node.set, table, from.scope).map(({ column, sql }) => `${quoteIdentifier(column)} = ${sql}`);
  const where = node.where && translateCondition(node.where, from.scope, 'WHERE');
  return [
    `${definitions}UPDATE ${target.sql} SET ${set.join(', ')}`,
    ...(from.sql === '' ? [] : [`FROM ${from.sql}`]),
    ...(where === undefined ? [] : [`WHERE ${where.sql}`]),
  ].join(' ');
}

function translateDelete(node: Delete, table: TableDefinition, frame: Scope): string {
  const { definitions, scope: withScope } = translateWith(node.with, false, frame);
  const target = tableSource(table, node.alias ?? table.name, [], withScope, node.alias ? undefined : table.schema);
  const using = translateFrom(node.using, withScope, [target]);
  const where = node.where && translateCondition(node.where, using.scope, 'WHERE');
  return [
    `${definitions}DELETE FROM ${target.sql}`,
    ...(using.sql === '' ? [] : [`USING ${using.sql}`]),
    ...(where === undefined ? [] : [`WHERE ${where.sql}`]),
  ].join(' ');
}
