import type { ColumnDefinition, TableDefinition } from '../catalog/relation';
import { notSupported, RedshiftError } from '../errors';
import type { Delete, Expression, Insert, Merge, QualifiedName, Update } from './ast';
import type { RelationAccess, Translation, TranslationContext } from './contract';
import { quoteIdentifier } from './engine-types';
import { assignTo } from './infer-coerce';
import { emptyScope, freshAlias, newStatement, noteAccess, type Scope, type Statement } from './scope';
import {
  assignments,
  columnsFor,
  defaultValue,
  insertColumns,
  names,
  refuseIdentity,
  withDefaults,
} from './target-columns';
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
  noteAccess(statement, table, ...neededPrivileges(node));
  const engineSql = translateWrite(node, table, frame);
  if (node.node === 'insert' && statement.leaderFunctions.size > 0) refuseLeaderFunctions(statement);
  refuseMixedNodes(statement);
  return {
    engineSql,
    writes: [{ schema: table.schema, name: table.name }],
    reads: [...statement.reads.values()],
    accesses: [...statement.accesses.values()],
  };
}

/**
 * Source: Developer Guide, GRANT: UPDATE and DELETE need SELECT too where they name columns to find their rows by or to
 * work out new values from.
 */
function neededPrivileges(node: Insert | Update | Delete | Merge): RelationAccess['privileges'] {
  switch (node.node) {
    case 'insert':
      return ['insert'];
    case 'update':
      return node.where !== undefined || node.set.some(({ value }) => namesColumn(value))
        ? ['select', 'update']
        : ['update'];
    case 'delete':
      return node.where === undefined ? ['delete'] : ['select', 'delete'];
    case 'merge': {
      const { action } = node;
      const matched = action.kind === 'when' && action.matched.do === 'update' ? 'update' : 'delete';
      return ['select', 'insert', matched];
    }
  }
}

function namesColumn(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  return ('node' in tree && tree.node === 'column') || Object.values(tree).some(namesColumn);
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
