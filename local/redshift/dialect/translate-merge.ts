import type { ColumnDefinition, TableDefinition } from '../catalog/relation';
import { notSupported, RedshiftError } from '../errors';
import type { Expression, Merge } from './ast';
import { quoteIdentifier } from './engine-types';
import { assignTo } from './infer-coerce';
import { comparable } from './infer-compare';
import type { Scope } from './scope';
import { assignments, columnsFor, defaultValue, insertColumns, refuseIdentity } from './target-columns';
import { translateCondition, translateExpression } from './translate-expression';
import { engineTable, findRelation, type Source, tableSource, translateFrom } from './translate-from';

interface Joined {
  readonly table: TableDefinition;
  readonly target: Source;
  /** The source with the target beside it, as ON and SET see them. */
  readonly both: Scope;
  readonly source: { readonly sql: string; readonly scope: Scope };
  readonly on: string;
}

/**
 * MERGE as the engine's own, after a check that no target row has two matches.
 * Source: Database Developer Guide, MERGE.
 * @throws RedshiftError 0A000 when the source is no table or is the target
 */
export function translateMerge(node: Merge, table: TableDefinition, frame: Scope): string[] {
  requireTable(node, table, frame);
  const target = tableSource(table, table.name, [], frame, table.schema);
  const source = translateFrom([node.source], frame);
  const both = translateBoth(target, source.scope);
  const on = translateCondition(node.on, both, 'MERGE/ON').sql;
  const joined: Joined = { table, target, both, source, on };
  if (node.action.kind === 'remove duplicates') return removeDuplicates(joined);
  return [duplicateCheck(node.on, joined, frame), mergeSql(node.action, joined)];
}

function requireTable(node: Merge, table: TableDefinition, frame: Scope): void {
  if (node.source.node !== 'table') throw notSupported('The source of MERGE must be a table');
  const definition = findRelation(node.source.name, frame);
  if (definition.kind !== 'table') throw notSupported('The source of MERGE must be a table');
  if (definition.oid === table.oid) throw notSupported('The source and the target of MERGE must be different tables');
}

function translateBoth(target: Source, source: Scope): Scope {
  return {
    ...source,
    relations: [...target.relations, ...source.relations],
    visible: [...target.visible, ...source.visible],
  };
}

type When = Extract<Merge['action'], { kind: 'when' }>;

function mergeSql(action: When, joined: Joined): string {
  const { table, target, source, both, on } = joined;
  const matched =
    action.matched.do === 'delete'
      ? 'DELETE'
      : `UPDATE SET ${assignments(action.matched.set, table, both)
          .map(({ column, sql }) => `${quoteIdentifier(column)} = ${sql}`)
          .join(', ')}`;
  return [
    `MERGE INTO ${target.sql} USING ${source.sql} ON ${on}`,
    `WHEN MATCHED THEN ${matched}`,
    `WHEN NOT MATCHED THEN INSERT ${insertSql(action.insert, joined)}`,
  ].join(' ');
}

function insertSql(insert: When['insert'], { table, source }: Joined): string {
  const { scope } = source;
  const columns = columnsFor(insertColumns(table, insert.columns), insert.values.length, insert.columns.length > 0);
  const given = columns.map((column, index) => {
    refuseIdentity(column);
    return { column, sql: assignTo(translateExpression(insert.values[index] as Expression, scope), column).sql };
  });
  const defaults = table.columns.flatMap((column: ColumnDefinition) => {
    if (columns.includes(column)) return [];
    const value = defaultValue(column, scope);
    return value === undefined ? [] : [{ column, sql: value.sql }];
  });
  const all = [...given, ...defaults];
  const names = all.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  return `(${names}) VALUES (${all.map(({ sql }) => sql).join(', ')})`;
}

/** Raises where two source rows match one target row, which MERGE would otherwise settle at random. */
function duplicateCheck(on: Expression, joined: Joined, frame: Scope): string {
  const fail = `rs.fail('XX000', 'Found multiple matches to update the same tuple.')`;
  const { target, source } = joined;
  const keys = equalityKeys(on, joined, frame);
  if (keys === undefined) {
    const alias = target.sql.slice(target.sql.lastIndexOf(' AS ') + 4);
    return `SELECT ${fail} FROM (SELECT ${alias}.rowid FROM ${target.sql} JOIN ${source.sql} ON ${joined.on} GROUP BY 1 HAVING count(*) > 1)`;
  }
  const names = keys.map((_, index) => `k${index + 1}`);
  const list = keys.map((key, index) => `${key.source} AS ${names[index]}`).join(', ');
  const grouped = `SELECT ${list}, count(*) AS matches FROM ${source.sql} GROUP BY ALL HAVING count(*) > 1`;
  const match = keys.map((key, index) => `${key.target} = repeated.${names[index]}`).join(' AND ');
  return `SELECT ${fail} FROM (${grouped}) AS repeated WHERE EXISTS (SELECT 1 FROM ${target.sql} WHERE ${match})`;
}

interface Key {
  readonly target: string;
  readonly source: string;
}

/** The two sides of each equality when ON is nothing but equalities between target and source. */
function equalityKeys(on: Expression, joined: Joined, frame: Scope): readonly Key[] | undefined {
  if (on.node === 'logical' && on.operator === 'and') {
    const left = equalityKeys(on.left, joined, frame);
    const right = equalityKeys(on.right, joined, frame);
    return left === undefined || right === undefined ? undefined : [...left, ...right];
  }
  if (on.node !== 'binary' || on.operator !== '=') return undefined;
  const targetScope = { ...frame, relations: joined.target.relations, visible: joined.target.visible };
  const key =
    keyOf(on.left, on.right, targetScope, joined.source.scope) ??
    keyOf(on.right, on.left, targetScope, joined.source.scope);
  return key && [key];
}

function keyOf(targetSide: Expression, sourceSide: Expression, target: Scope, source: Scope): Key | undefined {
  try {
    const { left, right } = comparable(
      '=',
      translateExpression(targetSide, target),
      translateExpression(sourceSide, source),
    );
    return { target: left, source: right };
  } catch (error) {
    // The expression speaks of the other table as well: the general check answers then.
    if (error instanceof RedshiftError) return undefined;
    throw error;
  }
}

/** MERGE … REMOVE DUPLICATES: what matches goes, then every source row comes in. @throws RedshiftError 42601 */
function removeDuplicates({ table, target, source, on }: Joined): string[] {
  const columns = source.scope.visible;
  if (columns.length !== table.columns.length) {
    throw new RedshiftError('MERGE REMOVE DUPLICATES needs source and target with the same columns', '42601');
  }
  const values = table.columns.map((column, index) => {
    refuseIdentity(column);
    const value = columns[index]?.value;
    if (value === undefined) throw new RedshiftError('MERGE REMOVE DUPLICATES: a column is missing', '42601');
    return assignTo(value, column).sql;
  });
  const names = table.columns.map((column) => quoteIdentifier(column.name)).join(', ');
  return [
    `DELETE FROM ${target.sql} USING ${source.sql} WHERE ${on}`,
    `INSERT INTO ${engineTable(table)} (${names}) SELECT DISTINCT ${values.join(', ')} FROM ${source.sql}`,
  ];
}
