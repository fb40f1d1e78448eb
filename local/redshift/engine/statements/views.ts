import { relationKey } from '../../catalog/catalog-state';
import type { ViewDefinition } from '../../catalog/relation';
import type { SessionCatalog } from '../../catalog/session-catalog';
import { formatType } from '../../catalog/type-names';
import type { CreateMaterializedView, CreateView, Query, RefreshMaterializedView } from '../../dialect/ast';
import { parseStatement } from '../../dialect/parser';
import { notSupported, RedshiftError } from '../../errors';
import type { ResultColumn } from '../../warehouse';
import { engineRelation } from '../engine-names';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { lockKey } from '../transaction';
import { bindNames } from './bind-names';
import { createTableAs, translateQuery } from './create-table';
import { checked, runAllButLast } from './data';
import { grantDefaults } from './grants';
import { isTemporary, newRelationName, relationEntry, splitName } from './names';

export async function createView(statement: CreateView, execution: Execution): Promise<Outcome> {
  const oid = await execution.engine.counter.next();
  const { view, dependsOn, owner, isNew } = await execution.settle((catalog) => {
    const name = newRelationName(statement.name, false, execution);
    const present = relationEntry(name, execution);
    const before = present?.definition;
    execution.access.createIn(name.schema, 'create or replace view');
    if (before !== undefined && !(statement.orReplace && before.kind === 'view')) {
      throw new RedshiftError(
        before.kind === 'view' ? `Relation "${name.name}" already exists` : `"${name.name}" is not a view`,
        before.kind === 'view' ? '42P07' : '42809',
      );
    }
    const definition = defineView(statement, { ...name, oid: before?.oid ?? oid }, execution, catalog);
    if (present !== undefined && before?.kind === 'view') {
      execution.access.own(present);
      checkSameColumns(before, definition);
    }
    const used = statement.lateBinding ? [] : permanentKeys(catalog);
    const owner = present?.owner ?? execution.user;
    return {
      content: { view: definition, dependsOn: used, owner, isNew: present === undefined },
      locks: [lockKey(name)],
    };
  });
  execution.change(relationKey(view), {
    entry: 'relation',
    definition: view,
    owner,
    createdAt: execution.engine.clock.now(),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
  });
  if (isNew) {
    grantDefaults(view, execution);
  }
  return done('CREATE VIEW');
}

function defineView(
  statement: CreateView,
  name: Pick<ViewDefinition, 'schema' | 'name' | 'oid'>,
  execution: Execution,
  catalog: SessionCatalog,
): ViewDefinition {
  const querySql = statement.lateBinding
    ? statement.querySql
    : bindNames(statement.query, statement.querySql, execution, catalog);
  const columns = statement.lateBinding
    ? columnsKnownNow(statement, execution, catalog)
    : (checked(translateQuery(statement.query, execution, catalog, new Map()), execution).columns ?? []);
  if (statement.columnNames.length > columns.length) {
    throw new RedshiftError('CREATE VIEW specifies more column names than columns', '42601');
  }
  return {
    ...name,
    kind: 'view',
    columns: columns.map(({ label, type }, index) => ({ name: statement.columnNames[index] ?? label, type })),
    querySql,
    lateBinding: statement.lateBinding,
  };
}

/**
 * A late-binding view is checked at each use only: what it reads need not exist yet, and then its columns are unknown.
 * Source: Developer Guide, CREATE VIEW, WITH NO SCHEMA BINDING.
 */
function columnsKnownNow(
  statement: CreateView,
  execution: Execution,
  catalog: SessionCatalog,
): readonly ResultColumn[] {
  try {
    return translateQuery(statement.query, execution, catalog, new Map()).columns ?? [];
  } catch (error) {
    const later = error instanceof RedshiftError && NOT_THERE_YET.has(error.sqlState);
    if (later && statement.columnNames.length === 0) {
      return [];
    }
    throw error;
  }
}

/** No such schema, relation, column. */
const NOT_THERE_YET: ReadonlySet<string> = new Set(['3F000', '42P01', '42703']);

/** @throws RedshiftError 0A000 for a view over a temporary table */
function permanentKeys(catalog: SessionCatalog): readonly string[] {
  const keys = [...catalog.usedRelations];
  const temporary = keys.find((key) => key.startsWith('relation pg_temp.'));
  if (temporary !== undefined) {
    throw notSupported('views on temporary tables are not supported; create the table without TEMP');
  }
  return keys.filter((key) => !/^relation (pg_catalog|information_schema)\./.test(key));
}

/** Source: Developer Guide, CREATE VIEW, OR REPLACE: the same columns, more may follow. */
function checkSameColumns(before: ViewDefinition, after: ViewDefinition): void {
  if (after.columns.length < before.columns.length) {
    throw new RedshiftError('cannot drop columns from view', '42P16');
  }
  before.columns.forEach((column, index) => {
    const other = after.columns[index];
    if (other?.name !== column.name) {
      throw new RedshiftError(`cannot change name of view column "${column.name}"`, '42P16');
    }
    if (formatType(other.type) !== formatType(column.type)) {
      throw new RedshiftError(`cannot change data type of view column "${column.name}"`, '42P16');
    }
  });
}

/** Kept as a table that REFRESH fills anew, always whole. */
export async function createMaterializedView(
  statement: CreateMaterializedView,
  execution: Execution,
): Promise<Outcome> {
  const bound = bindNames(statement.query, statement.querySql, execution, execution.catalog());
  const { table } = await createTableAs({ ...statement, temporary: false, columnNames: [] }, execution, new Map());
  const catalog = execution.catalog();
  translateQuery(statement.query, execution, catalog, new Map());
  execution.change(relationKey(table), {
    entry: 'relation',
    definition: table,
    owner: execution.user,
    createdAt: execution.engine.clock.now(),
    materialized: { querySql: bound, autoRefresh: statement.autoRefresh },
    dependsOn: permanentKeys(catalog),
  });
  return done('CREATE MATERIALIZED VIEW');
}

export async function refreshMaterializedView(
  statement: RefreshMaterializedView,
  execution: Execution,
): Promise<Outcome> {
  const { table, translation } = await execution.settle((catalog) => {
    const found = catalog.relation(splitName(statement.name, execution));
    const entry = found === undefined || isTemporary(found) ? undefined : relationEntry(found, execution);
    if (entry?.materialized === undefined || entry.definition.kind !== 'table') {
      throw new RedshiftError(`"${statement.name.parts.join('.')}" is not a materialized view`, '42809');
    }
    execution.access.own(entry);
    const query = parseQuery(entry.materialized.querySql);
    const translated = translateQuery(query, execution, catalog, new Map());
    return { content: { table: entry.definition, translation: translated }, locks: [lockKey(entry.definition)] };
  });
  execution.noteWrite(table);
  await execution.run(`DELETE FROM ${engineRelation(table)}`);
  const last = await runAllButLast(translation, execution);
  await execution.run(`INSERT INTO ${engineRelation(table)} ${last}`);
  execution.notices.push(`Materialized view ${table.name} was recomputed successfully.`);
  return done('REFRESH');
}

export function parseQuery(sql: string): Query {
  const statement = parseStatement(sql);
  if (statement.node !== 'query statement') {
    throw new RedshiftError('a view is defined by a query', '42601');
  }
  return statement.query;
}
