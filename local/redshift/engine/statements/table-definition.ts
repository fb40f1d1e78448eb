import type {
  ColumnDefinition,
  DistStyle,
  RelationName,
  SortKey,
  TableConstraint,
  TableDefinition,
} from '../../catalog/relation';
import type { SessionCatalog } from '../../catalog/session-catalog';
import type { ColumnSpec, CreateTable, TableAttributes, TableConstraintSpec } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import type { Execution } from '../execution';
import { isTemporary, missingRelation, splitName } from './names';

const MAX_COLUMNS = 1600;
const MAX_SORT_COLUMNS = 400;

/**
 * What CREATE TABLE declares, checked.
 * @throws RedshiftError 42701 duplicate column, 42703 unknown key column, 42830 foreign key without a key to point at
 */
export function defineTable(
  statement: CreateTable,
  name: RelationName,
  oid: number,
  catalog: SessionCatalog,
  execution: Execution,
): TableDefinition {
  checkColumns(statement.columns);
  const primaryKey = primaryKeyColumns(statement);
  const columns = statement.columns.map((spec) => defineColumn(spec, primaryKey.includes(spec.name)));
  const names = columns.map((column) => column.name);
  const bare: TableDefinition = {
    ...name,
    kind: 'table',
    oid,
    temporary: isTemporary(name),
    columns,
    distStyle: distStyleOf(statement, names),
    sortKey: sortKeyOf(statement, names),
    constraints: [],
  };
  const specs = [...statement.columns.flatMap(columnConstraints), ...statement.constraints];
  const keys = specs.filter(({ kind }) => kind !== 'foreign key');
  const withKeys = { ...bare, constraints: keys.map((spec) => defineConstraint(spec, bare, catalog, execution)) };
  return {
    ...withKeys,
    constraints: specs.map((spec) => defineConstraint(spec, withKeys, catalog, execution)),
  };
}

/** A column as declared; a key column is NOT NULL by itself, IDENTITY too. */
export function defineColumn(spec: ColumnSpec, inPrimaryKey = false): ColumnDefinition {
  const integer = spec.type.name === 'integer' || spec.type.name === 'bigint';
  if (spec.identity !== undefined && !integer) {
    throw new RedshiftError(`identity column "${spec.name}" must be of type INTEGER or BIGINT`, '0A000');
  }
  return {
    name: spec.name,
    type: spec.type,
    notNull: spec.notNull || inPrimaryKey || spec.primaryKey || spec.identity !== undefined,
    ...(spec.defaultSql === undefined ? {} : { defaultSql: spec.defaultSql }),
    ...(spec.identity === undefined ? {} : { identity: spec.identity }),
    encoding: spec.encoding ?? 'auto',
  };
}

/** @throws RedshiftError 42830 for a foreign key whose columns are no declared key of the other table */
export function defineConstraint(
  spec: TableConstraintSpec,
  table: TableDefinition,
  catalog: SessionCatalog,
  execution: Execution,
): TableConstraint {
  for (const column of spec.columns) {
    if (!table.columns.some(({ name }) => name === column)) {
      throw new RedshiftError(`column "${column}" named in key does not exist`, '42703');
    }
  }
  if (spec.kind !== 'foreign key') {
    return spec;
  }
  const self = spec.references.table.parts.at(-1) === table.name && spec.references.table.parts.length === 1;
  const other = self ? table : catalog.relation(splitName(spec.references.table, execution));
  if (other?.kind !== 'table') {
    throw missingRelation(spec.references.table);
  }
  return { ...spec, references: { table: { schema: other.schema, name: other.name }, columns: keyOf(other, spec) } };
}

function keyOf(other: TableDefinition, spec: Extract<TableConstraintSpec, { kind: 'foreign key' }>): readonly string[] {
  const wanted = spec.references.columns;
  if (wanted.length === 0) {
    const primary = other.constraints.find(({ kind }) => kind === 'primary key');
    if (primary === undefined) {
      throw new RedshiftError(`there is no primary key for referenced table "${other.name}"`, '42704');
    }
    return primary.columns;
  }
  const same = (columns: readonly string[]): boolean =>
    columns.length === wanted.length && columns.every((column) => wanted.includes(column));
  if (!other.constraints.some(({ kind, columns }) => kind !== 'foreign key' && same(columns))) {
    throw new RedshiftError(
      `there is no unique constraint matching given keys for referenced table "${other.name}"`,
      '42830',
    );
  }
  return wanted;
}

function checkColumns(columns: readonly ColumnSpec[]): void {
  if (columns.length > MAX_COLUMNS) {
    throw new RedshiftError(`tables can have at most ${MAX_COLUMNS} columns`, '54011');
  }
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      throw new RedshiftError(`column "${name}" specified more than once`, '42701');
    }
    seen.add(name);
  }
}

function primaryKeyColumns(statement: CreateTable): readonly string[] {
  const keys = [...statement.columns.flatMap(columnConstraints), ...statement.constraints].filter(
    ({ kind }) => kind === 'primary key',
  );
  if (keys.length > 1) {
    throw new RedshiftError(
      `multiple primary keys for table "${statement.name.parts.at(-1)}" are not allowed`,
      '42P16',
    );
  }
  return keys[0]?.columns ?? [];
}

function columnConstraints(spec: ColumnSpec): readonly TableConstraintSpec[] {
  const columns = [spec.name];
  return [
    ...(spec.primaryKey ? [{ kind: 'primary key', columns } as const] : []),
    ...(spec.unique ? [{ kind: 'unique', columns } as const] : []),
    ...(spec.references === undefined ? [] : [{ kind: 'foreign key', columns, references: spec.references } as const]),
  ];
}

function distStyleOf({ columns, attributes }: CreateTable, names: readonly string[]): DistStyle {
  const keyed = columns.filter(({ distKey }) => distKey);
  if (keyed.length > 1) {
    throw new RedshiftError('multiple distribution keys are not allowed', '42P16');
  }
  const column = keyed[0]?.name;
  return checkedDistStyle(
    column === undefined ? attributes : { ...attributes, distStyle: { style: 'key', column } },
    names,
  );
}

function sortKeyOf({ columns, attributes }: CreateTable, names: readonly string[]): SortKey {
  const keyed = columns.filter(({ sortKey }) => sortKey).map(({ name }) => name);
  return checkedSortKey(
    keyed.length === 0 ? attributes : { ...attributes, sortKey: { kind: 'compound', columns: keyed } },
    names,
  );
}

export function checkedDistStyle({ distStyle }: TableAttributes, names: readonly string[]): DistStyle {
  if (distStyle?.style === 'key' && !names.includes(distStyle.column)) {
    throw new RedshiftError(`column "${distStyle.column}" named in key does not exist`, '42703');
  }
  return distStyle ?? { style: 'auto' };
}

export function checkedSortKey({ sortKey }: TableAttributes, names: readonly string[]): SortKey {
  if (sortKey === undefined || !('columns' in sortKey)) {
    return sortKey ?? { kind: 'auto' };
  }
  const limit = sortKey.kind === 'interleaved' ? 8 : MAX_SORT_COLUMNS;
  if (sortKey.columns.length > limit) {
    throw new RedshiftError(`cannot have more than ${limit} columns in the sort key`, '54011');
  }
  const missing = sortKey.columns.find((column) => !names.includes(column));
  if (missing !== undefined) {
    throw new RedshiftError(`column "${missing}" named in key does not exist`, '42703');
  }
  return sortKey;
}
