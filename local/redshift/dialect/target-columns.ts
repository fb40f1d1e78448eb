import type { ColumnDefinition, TableDefinition } from '../catalog/relation';
import { notSupported, RedshiftError } from '../errors';
import type { Update } from './ast';
import { quoteIdentifier } from './engine-types';
import { assignTo } from './infer-coerce';
import type { Typed } from './infer-types';
import { parseExpression } from './parser';
import { emptyScope, type Scope } from './scope';
import { translateExpression } from './translate-expression';

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

/** A target column and the engine's SQL of its value. */
export interface Assigned {
  readonly column: ColumnDefinition;
  readonly sql: string;
}

/** Explicit columns first, then those left out that have a DEFAULT. */
export function withDefaults(assigned: readonly Assigned[], table: TableDefinition, frame: Scope): readonly Assigned[] {
  const named = new Set(assigned.map(({ column }) => column.name));
  const rest = table.columns.flatMap((column) => {
    const value = named.has(column.name) ? undefined : defaultValue(column, frame);
    return value === undefined ? [] : [{ column, sql: value.sql }];
  });
  return [...assigned, ...rest];
}

/** Quoted names of columns, with commas. */
export const names = (columns: readonly ColumnDefinition[]): string =>
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
