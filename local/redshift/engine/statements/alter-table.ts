import { type RelationEntry, relationKey } from '../../catalog/catalog-state';
import { constraintName } from '../../catalog/constraint-names';
import type { CatalogView, ColumnDefinition, RelationName, TableDefinition } from '../../catalog/relation';
import type { AlterTable } from '../../dialect/ast';
import { engineType } from '../../dialect/engine-types';
import { notImplementedLocally, notSupported, RedshiftError } from '../../errors';
import type { RedshiftType } from '../../types';
import { tableObject } from '../access-control';
import { engineRelation, quoteName, quoteText } from '../engine-names';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { lockKey } from '../transaction';
import { alreadyThere, defaultEngineSql, engineTableSql } from './create-table';
import { dependentsOf } from './dependents';
import { moveGrants } from './grants';
import {
  existingColumn,
  existingSchema,
  existingTable,
  isTemporary,
  missingRelation,
  relationEntry,
  splitName,
} from './names';
import { checkedDistStyle, checkedSortKey, defineColumn, defineConstraint } from './table-definition';

type Action = AlterTable['action'];
type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/** Source: Developer Guide, ALTER TABLE. */
export async function alterTable(statement: AlterTable, execution: Execution): Promise<Outcome> {
  refuseInBlock(statement.action, execution);
  const entry = await execution.settle((catalog) => {
    const found = catalog.relation(splitName(statement.name, execution));
    const present = found === undefined ? undefined : relationEntry(found, execution);
    if (present === undefined) {
      throw missingRelation(statement.name);
    }
    const { definition } = present;
    execution.access.own(present, 'alter');
    checkAction(statement.action, present, catalog, execution);
    return { content: present, locks: isTemporary(definition) ? [] : [lockKey(definition)] };
  });
  if (entry.definition.kind === 'table') {
    execution.noteWrite(entry.definition);
  }
  await act(statement.action, entry, execution);
  return done('ALTER TABLE');
}

/** What an action needs besides: ownership for a new owner, a place in another schema, rows of another table. */
function checkAction(action: Action, entry: RelationEntry, catalog: CatalogView, execution: Execution): void {
  const { access } = execution;
  switch (action.kind) {
    case 'owner':
      access.own(entry);
      if (execution.transaction.catalog.principal('user', action.owner) === undefined) {
        throw new RedshiftError(`user "${action.owner}" does not exist`, '42704');
      }
      return;
    case 'set schema':
      access.createIn(existingSchema(action.schema, execution), 'create table');
      return;
    case 'append': {
      const source = relationEntry(existingTable(catalog, action.from, execution), execution);
      if (source !== undefined) access.own(source);
      return;
    }
    case 'add constraint': {
      if (action.constraint.kind !== 'foreign key') return;
      access.relation(existingTable(catalog, action.constraint.references.table, execution), 'references');
      return;
    }
    default:
  }
}

function refuseInBlock(action: Action, execution: Execution): void {
  if (execution.control.block !== 'open' && execution.callDepth === 0) {
    return;
  }
  if (action.kind === 'alter type') {
    throw new RedshiftError('ALTER TABLE ALTER COLUMN cannot run inside a multiple commands statement', '25001');
  }
  if (action.kind === 'append') {
    throw new RedshiftError('ALTER TABLE APPEND cannot run inside a transaction block', '25001');
  }
}

async function act(action: Action, entry: RelationEntry, execution: Execution): Promise<void> {
  const { definition } = entry;
  if (action.kind === 'owner') {
    execution.change(relationKey(definition), { ...entry, owner: action.owner });
    return;
  }
  if (action.kind === 'rename table') {
    await renameTable(action, entry, execution);
    return;
  }
  if (definition.kind !== 'table') {
    throw new RedshiftError(`"${definition.name}" is not a table`, '42809');
  }
  if (action.kind === 'set schema') {
    await setSchema(action, { ...entry, definition }, execution);
    return;
  }
  const changed = await changeTable(action, definition, execution);
  execution.change(relationKey(changed), { ...entry, definition: changed });
}

async function changeTable(
  action: Exclude<Action, Of<'owner' | 'rename table' | 'set schema'>>,
  table: TableDefinition,
  execution: Execution,
): Promise<TableDefinition> {
  switch (action.kind) {
    case 'add column':
      return addColumn(action, table, execution);
    case 'drop column':
      return dropColumn(action, table, execution);
    case 'rename column':
      return renameColumn(action, table, execution);
    case 'alter type':
      return alterType(action, table, execution);
    case 'alter encode':
      return alterEncode(action, table);
    case 'attributes':
      return alterAttributes(action, table);
    case 'add constraint':
      return addConstraint(action, table, execution);
    case 'drop constraint':
      return dropConstraint(action, table);
    case 'append':
      return append(action, table, execution);
  }
}

async function addColumn(action: Of<'add column'>, table: TableDefinition, execution: Execution) {
  const { column: spec } = action;
  if (table.columns.some(({ name }) => name === spec.name)) {
    throw new RedshiftError(`column "${spec.name}" of relation "${table.name}" already exists`, '42701');
  }
  if (spec.identity !== undefined) {
    throw notSupported('ALTER TABLE ADD COLUMN does not support identity columns');
  }
  if (spec.primaryKey || spec.unique || spec.references !== undefined || spec.distKey || spec.sortKey) {
    throw notSupported('ALTER TABLE ADD COLUMN does not support keys; add them in a statement of their own');
  }
  if (spec.notNull && spec.defaultSql === undefined) {
    throw new RedshiftError(
      'ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression',
      '0A000',
    );
  }
  const column = defineColumn(spec);
  const relation = engineRelation(table);
  const name = quoteName(column.name);
  const value = defaultEngineSql(column, execution, execution.catalog());
  const changed = { ...table, columns: [...table.columns, column] };
  if (column.notNull) {
    await rebuild(table, changed, ['*', value ?? 'NULL'], execution);
    return changed;
  }
  const fill = value === undefined ? '' : `DEFAULT ${await constantSql(value, column, execution)}`;
  await execution.run(`ALTER TABLE ${relation} ADD COLUMN ${name} ${engineType(column.type)} ${fill}`);
  if (value !== undefined) {
    await execution.run(`ALTER TABLE ${relation} ALTER COLUMN ${name} DROP DEFAULT`);
  }
  return changed;
}

/** Moves a table's rows to a new one: the engine cannot add a NOT NULL column to rows that are there. */
async function rebuild(
  from: TableDefinition,
  to: TableDefinition,
  select: readonly string[],
  execution: Execution,
): Promise<void> {
  const made = { ...to, name: `rs_rebuilt_${to.oid}` };
  await execution.run(engineTableSql(made));
  await execution.run(`INSERT INTO ${engineRelation(made)} SELECT ${select.join(', ')} FROM ${engineRelation(from)}`);
  await execution.run(`DROP TABLE ${engineRelation(from)}`);
  await execution.run(`ALTER TABLE ${engineRelation(made)} RENAME TO ${quoteName(to.name)}`);
}

/** The value of an expression as a literal of the engine. */
async function constantSql(sql: string, column: ColumnDefinition, execution: Execution): Promise<string> {
  const [[text = null] = []] = await execution.query(`SELECT CAST(${sql} AS VARCHAR)`);
  return text === null ? 'NULL' : `CAST(${quoteText(String(text))} AS ${engineType(column.type)})`;
}

async function dropColumn(action: Of<'drop column'>, table: TableDefinition, execution: Execution) {
  const column = existingColumn(table, action.column);
  const { distStyle, sortKey } = table;
  if (distStyle.style === 'key' && distStyle.column === column.name) {
    throw new RedshiftError(`cannot drop distkey column "${column.name}"`, '0A000');
  }
  if ('columns' in sortKey && sortKey.columns.includes(column.name)) {
    throw new RedshiftError(`cannot drop sortkey column "${column.name}"`, '0A000');
  }
  const keyed = table.constraints.some(({ columns }) => columns.includes(column.name));
  const views = dependentsOf(tableEntry(table, execution), execution).views;
  if (!action.cascade && (keyed || views.length > 0)) {
    throw new RedshiftError(
      `cannot drop table ${table.name} column ${column.name} because other objects depend on it`,
      '2BP01',
      { hint: 'Use DROP ... CASCADE to drop the dependent objects too.' },
    );
  }
  if (views.length > 0) {
    throw notImplementedLocally('DROP COLUMN ... CASCADE on a table with views');
  }
  await execution.run(`ALTER TABLE ${engineRelation(table)} DROP COLUMN ${quoteName(column.name)}`);
  return {
    ...table,
    columns: table.columns.filter(({ name }) => name !== column.name),
    constraints: table.constraints.filter(({ columns }) => !columns.includes(column.name)),
  };
}

function tableEntry(table: TableDefinition, execution: Execution): RelationEntry {
  const entry = relationEntry(table, execution);
  if (entry === undefined) {
    throw new RedshiftError(`relation "${table.name}" does not exist`, '42P01');
  }
  return entry;
}

async function renameColumn(action: Of<'rename column'>, table: TableDefinition, execution: Execution) {
  existingColumn(table, action.from);
  if (table.columns.some(({ name }) => name === action.to)) {
    throw new RedshiftError(`column "${action.to}" of relation "${table.name}" already exists`, '42701');
  }
  const [from, to] = [quoteName(action.from), quoteName(action.to)];
  await execution.run(`ALTER TABLE ${engineRelation(table)} RENAME COLUMN ${from} TO ${to}`);
  const renamed = (name: string): string => (name === action.from ? action.to : name);
  const { distStyle, sortKey } = table;
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, name: renamed(column.name) })),
    distStyle: distStyle.style === 'key' ? { ...distStyle, column: renamed(distStyle.column) } : distStyle,
    sortKey: 'columns' in sortKey ? { ...sortKey, columns: sortKey.columns.map(renamed) } : sortKey,
    constraints: table.constraints.map((constraint) => ({ ...constraint, columns: constraint.columns.map(renamed) })),
  };
}

const LOCKED_ENCODINGS = ['bytedict', 'runlength', 'text255', 'text32k'];

async function alterType(action: Of<'alter type'>, table: TableDefinition, execution: Execution) {
  const column = existingColumn(table, action.column);
  checkTypeChange(column, action.type, table);
  const { type } = action;
  if (type.name === 'varchar') {
    const [[longest] = []] = await execution.query(
      `SELECT coalesce(max(strlen(${quoteName(column.name)})), 0) FROM ${engineRelation(table)}`,
    );
    if (Number(longest) > type.length) {
      throw new RedshiftError(
        `target data size (${type.length}) is smaller than the longest value stored (${longest}) in column "${column.name}"`,
        '22001',
      );
    }
  }
  return {
    ...table,
    columns: table.columns.map((other) => (other.name === column.name ? { ...other, type } : other)),
  };
}

/** Source: Developer Guide, ALTER TABLE, ALTER COLUMN ... TYPE: VARCHAR sizes only, with these limits. */
function checkTypeChange(column: ColumnDefinition, type: RedshiftType, table: TableDefinition): void {
  if (column.type.name !== 'varchar' || type.name !== 'varchar') {
    throw notSupported(
      `cannot alter type of column "${column.name}": only the size of a VARCHAR column can be changed`,
    );
  }
  if (column.defaultSql !== undefined) {
    throw notSupported(`cannot alter type of column "${column.name}" that has a DEFAULT`);
  }
  if (table.constraints.some(({ columns }) => columns.includes(column.name))) {
    throw notSupported(`cannot alter type of column "${column.name}" that is part of a key`);
  }
  if (LOCKED_ENCODINGS.includes(column.encoding)) {
    throw notSupported(`cannot alter type of column "${column.name}" with encoding ${column.encoding}`);
  }
}

function alterEncode(action: Of<'alter encode'>, table: TableDefinition): TableDefinition {
  const encodings = new Map(
    action.encodings.map(({ column, encoding }) => [existingColumn(table, column).name, encoding]),
  );
  const columns = table.columns.map((column) => ({
    ...column,
    encoding: encodings.get(column.name) ?? column.encoding,
  }));
  return { ...table, columns };
}

function alterAttributes({ attributes }: Of<'attributes'>, table: TableDefinition): TableDefinition {
  const names = table.columns.map(({ name }) => name);
  const columns = attributes.encodeAuto
    ? table.columns.map((column) => ({ ...column, encoding: 'auto' }))
    : table.columns;
  return {
    ...table,
    columns,
    distStyle: attributes.distStyle === undefined ? table.distStyle : checkedDistStyle(attributes, names),
    sortKey: attributes.sortKey === undefined ? table.sortKey : checkedSortKey(attributes, names),
  };
}

function addConstraint(action: Of<'add constraint'>, table: TableDefinition, execution: Execution): TableDefinition {
  const constraint = defineConstraint(action.constraint, table, execution.catalog(), execution);
  if (constraint.kind === 'primary key') {
    if (table.constraints.some(({ kind }) => kind === 'primary key')) {
      throw new RedshiftError(`multiple primary keys for table "${table.name}" are not allowed`, '42P16');
    }
    const nullable = table.columns.find(({ name, notNull }) => constraint.columns.includes(name) && !notNull);
    if (nullable !== undefined) {
      throw notSupported(`column "${nullable.name}" is not declared NOT NULL and cannot be part of a primary key`);
    }
  }
  return { ...table, constraints: [...table.constraints, constraint] };
}

function dropConstraint(action: Of<'drop constraint'>, table: TableDefinition): TableDefinition {
  const constraints = table.constraints.filter((constraint) => constraintName(table, constraint) !== action.name);
  if (constraints.length === table.constraints.length) {
    throw new RedshiftError(`constraint "${action.name}" does not exist`, '42704');
  }
  return { ...table, constraints };
}

async function renameTable(action: Of<'rename table'>, entry: RelationEntry, execution: Execution): Promise<void> {
  const { definition } = entry;
  const name: RelationName = { schema: definition.schema, name: action.to };
  if (!isTemporary(name)) {
    await execution.lock([lockKey(name)]);
  }
  alreadyThere(name, false, execution);
  if (dependentsOf(entry, execution).views.length > 0) {
    throw notImplementedLocally(`renaming "${definition.name}", on which views depend,`);
  }
  if (definition.kind === 'table') {
    await execution.run(`ALTER TABLE ${engineRelation(definition)} RENAME TO ${quoteName(action.to)}`);
  }
  moveEntry(entry, name, execution);
}

async function setSchema(
  action: Of<'set schema'>,
  entry: RelationEntry & { readonly definition: TableDefinition },
  execution: Execution,
): Promise<void> {
  const { definition } = entry;
  const name: RelationName = { schema: existingSchema(action.schema, execution), name: definition.name };
  await execution.lock([lockKey(name)]);
  alreadyThere(name, false, execution);
  if (dependentsOf(entry, execution).views.length > 0) {
    throw notImplementedLocally('SET SCHEMA of a table with views');
  }
  await rebuild(definition, { ...definition, ...name }, ['*'], execution);
  moveEntry(entry, name, execution);
}

/** The entry under its new name; foreign keys that point at it follow. */
function moveEntry(entry: RelationEntry, name: RelationName, execution: Execution): void {
  const before = relationKey(entry.definition);
  const { referencing } = dependentsOf(entry, execution);
  execution.change(before, undefined);
  moveGrants(tableObject(entry.definition), tableObject(name), execution);
  execution.change(relationKey(name), { ...entry, definition: { ...entry.definition, ...name } });
  for (const other of referencing) {
    if (other.definition.kind === 'table') {
      const constraints = other.definition.constraints.map((constraint) =>
        constraint.kind === 'foreign key' && relationKey(constraint.references.table) === before
          ? { ...constraint, references: { ...constraint.references, table: name } }
          : constraint,
      );
      execution.change(relationKey(other.definition), { ...other, definition: { ...other.definition, constraints } });
    }
  }
}

/** Moves all rows of another table to this one. */
async function append(action: Of<'append'>, table: TableDefinition, execution: Execution): Promise<TableDefinition> {
  const source = existingTable(execution.catalog(), action.from, execution);
  await execution.lock([lockKey(source)]);
  execution.noteWrite(source);
  const columns = table.columns.map(({ name }) => quoteName(name)).join(', ');
  const missing = table.columns.find(({ name }) => !source.columns.some((column) => column.name === name));
  if (missing !== undefined || source.columns.length !== table.columns.length) {
    throw notSupported(`ALTER TABLE APPEND needs the same columns in "${source.name}" and "${table.name}"`);
  }
  await execution.run(
    `INSERT INTO ${engineRelation(table)} (${columns}) SELECT ${columns} FROM ${engineRelation(source)}`,
  );
  await execution.run(`DELETE FROM ${engineRelation(source)}`);
  return table;
}
