import { relationKey } from '../../catalog/catalog-state';
import type { ColumnDefinition, RelationName, TableDefinition } from '../../catalog/relation';
import type { SessionCatalog } from '../../catalog/session-catalog';
import { castableType } from '../../catalog/type-names';
import type { CreateTable, CreateTableAs, CreateTableLike, Query } from '../../dialect/ast';
import type { Translation } from '../../dialect/contract';
import { engineType } from '../../dialect/engine-types';
import { parseStatement } from '../../dialect/parser';
import { RedshiftError } from '../../errors';
import type { RedshiftType } from '../../types';
import type { ResultColumn } from '../../warehouse';
import { engineRelation, identitySequence, quoteName } from '../engine-names';
import type { Execution, Parameters } from '../execution';
import { done, type Outcome } from '../outcome';
import { lockKey } from '../transaction';
import { checked, runAllButLast } from './data';
import { grantDefaults } from './grants';
import { existingTable, isTemporary, newRelationName, relationEntry } from './names';
import { checkedDistStyle, checkedSortKey, defineTable } from './table-definition';

export async function createTable(statement: CreateTable, execution: Execution): Promise<Outcome> {
  const oid = await execution.engine.counter.next();
  const definition = await execution.settle((catalog) => {
    const name = newRelationName(statement.name, statement.temporary, execution);
    if (alreadyThere(name, statement.ifNotExists, execution)) {
      return { content: undefined, locks: [] };
    }
    execution.access.createIn(name.schema, 'create table');
    const table = defineTable(statement, name, oid, catalog, execution);
    checkReferences(table, execution);
    checkDefaults(table.columns, execution, catalog);
    return { content: table, locks: creationLocks(name) };
  });
  if (definition !== undefined) {
    await makeTable(definition, execution);
  }
  return done('CREATE TABLE');
}

export async function createTableLike(statement: CreateTableLike, execution: Execution): Promise<Outcome> {
  const oid = await execution.engine.counter.next();
  const definition = await execution.settle((catalog) => {
    const name = newRelationName(statement.name, statement.temporary, execution);
    if (alreadyThere(name, statement.ifNotExists, execution)) {
      return { content: undefined, locks: [] };
    }
    execution.access.createIn(name.schema, 'create table');
    const model = existingTable(catalog, statement.like, execution);
    execution.access.check([{ ...model, privileges: ['select'] }]);
    return { content: tableLike(model, name, oid, statement.includingDefaults), locks: creationLocks(name) };
  });
  if (definition !== undefined) {
    await makeTable(definition, execution);
  }
  return done('CREATE TABLE');
}

/** Source: Developer Guide, CREATE TABLE, LIKE: keys are not taken over, defaults only when asked for. */
function tableLike(model: TableDefinition, name: RelationName, oid: number, defaults: boolean): TableDefinition {
  const column = ({ identity, defaultSql, ...rest }: ColumnDefinition): ColumnDefinition =>
    defaults && defaultSql !== undefined && identity === undefined ? { ...rest, defaultSql } : rest;
  return { ...model, ...name, oid, temporary: isTemporary(name), columns: model.columns.map(column), constraints: [] };
}

/** CREATE TABLE AS, SELECT INTO, and the rows of a materialized view. */
export async function createTableAs(
  statement: Pick<CreateTableAs, 'name' | 'temporary' | 'columnNames' | 'attributes' | 'query'>,
  execution: Execution,
  parameters: Parameters,
): Promise<{ readonly outcome: Outcome; readonly table: TableDefinition }> {
  const oid = await execution.engine.counter.next();
  const { table, translation } = await execution.settle((catalog) => {
    const name = newRelationName(statement.name, statement.temporary, execution);
    alreadyThere(name, false, execution);
    execution.access.createIn(name.schema, 'create table');
    const translated = checked(translateQuery(statement.query, execution, catalog, parameters), execution);
    const columns = resultColumns(translated.columns ?? [], statement.columnNames);
    const names = columns.map((column) => column.name);
    const definition: TableDefinition = {
      ...name,
      kind: 'table',
      oid,
      temporary: isTemporary(name),
      columns,
      distStyle: checkedDistStyle(statement.attributes, names),
      sortKey: checkedSortKey(statement.attributes, names),
      constraints: [],
    };
    return { content: { table: definition, translation: translated }, locks: creationLocks(name) };
  });
  await makeTable(table, execution);
  const last = await runAllButLast(translation, execution);
  const rows = await execution.run(`INSERT INTO ${engineRelation(table)} ${last}`);
  return { outcome: done('SELECT', rows), table };
}

export function translateQuery(
  query: Query,
  execution: Execution,
  catalog: SessionCatalog,
  parameters: Parameters,
): Translation {
  return execution.engine.dialect.translateQuery(query, execution.translation(catalog, parameters));
}

/** Source: Developer Guide, GRANT, REFERENCES. */
function checkReferences({ constraints }: TableDefinition, { access }: Execution): void {
  for (const constraint of constraints) {
    if (constraint.kind !== 'foreign key') continue;
    access.useSchema(constraint.references.table.schema);
    access.relation(constraint.references.table, 'references');
  }
}

function resultColumns(columns: readonly ResultColumn[], names: readonly string[]): readonly ColumnDefinition[] {
  if (names.length > columns.length) {
    throw new RedshiftError('CREATE TABLE AS specifies too many column names', '42601');
  }
  const result = columns.map(({ label, type }, index) => ({
    name: names[index] ?? label,
    type: storable(type),
    notNull: false,
    encoding: 'auto',
  }));
  const duplicate = result.find(({ name }, index) => result.findIndex((other) => other.name === name) !== index);
  if (duplicate !== undefined) {
    throw new RedshiftError(`column "${duplicate.name}" duplicated`, '42701');
  }
  return result;
}

function storable(type: RedshiftType): RedshiftType {
  switch (type.name) {
    case 'unknown':
    case 'text':
      return { name: 'varchar', length: type.name === 'text' ? 65535 : 256 };
    case 'name':
      return { name: 'varchar', length: 128 };
    default:
      return type;
  }
}

function creationLocks(name: RelationName): readonly string[] {
  return isTemporary(name) ? [] : [lockKey(name)];
}

/** @throws RedshiftError 42P07; with IF NOT EXISTS a notice instead, and true */
export function alreadyThere(name: RelationName, ifNotExists: boolean, execution: Execution): boolean {
  if (relationEntry(name, execution) === undefined) {
    return false;
  }
  if (!ifNotExists) {
    throw new RedshiftError(`Relation "${name.name}" already exists`, '42P07');
  }
  execution.notices.push(`Relation "${name.name}" already exists and will be skipped`);
  return true;
}

/** Makes the engine's table and the catalogue's entry. */
export async function makeTable(table: TableDefinition, execution: Execution): Promise<void> {
  const identity = table.columns.find((column) => column.identity !== undefined)?.identity;
  if (identity !== undefined) {
    const { seed, step } = identity;
    const bounds =
      step < 0 ? `MINVALUE -9223372036854775808 MAXVALUE ${Math.max(seed, 1)}` : `MINVALUE ${Math.min(seed, 0)}`;
    const kind = table.temporary ? 'TEMPORARY SEQUENCE' : 'SEQUENCE';
    await execution.run(`CREATE ${kind} ${identitySequence(table)} INCREMENT BY ${step} ${bounds} START ${seed}`);
  }
  await execution.run(engineTableSql(table));
  const { clock } = execution.engine;
  execution.change(relationKey(table), {
    entry: 'relation',
    definition: table,
    owner: execution.user,
    createdAt: clock.now(),
  });
  grantDefaults(table, execution);
  execution.noteWrite(table);
}

/** The engine's CREATE TABLE for a table whose IDENTITY sequence is there already. */
export function engineTableSql(table: TableDefinition): string {
  const columns = table.columns.map((column) => engineColumn(column, table)).join(', ');
  const kind = table.temporary ? 'TEMPORARY TABLE' : 'TABLE';
  return `CREATE ${kind} ${engineRelation(table)} (${columns})`;
}

function engineColumn(column: ColumnDefinition, table: TableDefinition): string {
  const sequence = `nextval('${identitySequence(table)}')`;
  return [
    quoteName(column.name),
    engineType(column.type),
    column.identity === undefined ? '' : `DEFAULT ${sequence}`,
    column.notNull ? 'NOT NULL' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function checkDefaults(columns: readonly ColumnDefinition[], execution: Execution, catalog: SessionCatalog): void {
  for (const column of columns) {
    defaultEngineSql(column, execution, catalog);
  }
}

/**
 * A column's DEFAULT as the engine's SQL for this statement, of the column's type; undefined without one.
 * @throws RedshiftError when the expression is none that can stand alone
 */
export function defaultEngineSql(
  column: ColumnDefinition,
  execution: Execution,
  catalog: SessionCatalog,
): string | undefined {
  if (column.defaultSql === undefined) {
    return undefined;
  }
  const statement = parseStatement(`select cast((${column.defaultSql}) as ${castableType(column.type)})`);
  if (statement.node !== 'query statement') {
    return undefined;
  }
  const { engineSql } = translateQuery(statement.query, execution, catalog, new Map());
  return `(${engineSql.at(-1)})`;
}
