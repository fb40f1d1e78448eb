import type { RelationEntry } from '../../catalog/catalog-state';
import type { CatalogView, RelationName, TableDefinition } from '../../catalog/relation';
import type { QualifiedName } from '../../dialect/ast';
import { notSupported, RedshiftError } from '../../errors';
import { TEMP_SCHEMA } from '../engine-names';
import type { Execution } from '../execution';

/** Schema (where written) and name. @throws RedshiftError 0A000 for another database */
export function splitName(name: QualifiedName, execution: Execution): { schema?: string; name: string } {
  const [last = '', schema, database] = [...name.parts].reverse();
  if (database !== undefined && database !== execution.session.database) {
    throw notSupported(`cross-database reference to "${name.parts.join('.')}" is not supported`);
  }
  return schema === undefined ? { name: last } : { schema, name: last };
}

/**
 * Where a new relation goes: temporary ones (TEMP or `#name`) to the session's own schema, others to the schema
 * written or the first of the search path that exists.
 * @throws RedshiftError 3F000 when there is no such schema
 */
export function newRelationName(name: QualifiedName, temporary: boolean, execution: Execution): RelationName {
  const { schema, name: relation } = splitName(name, execution);
  if (temporary || relation.startsWith('#') || schema === TEMP_SCHEMA) {
    return { schema: TEMP_SCHEMA, name: relation };
  }
  return {
    schema: schema === undefined ? currentSchema(execution) : existingSchema(schema, execution),
    name: relation,
  };
}

export function isTemporary(name: RelationName): boolean {
  return name.schema === TEMP_SCHEMA;
}

function currentSchema(execution: Execution): string {
  const path = execution.control.settings.searchPath(execution.user);
  const found = path.find(
    (schema) => execution.transaction.catalog.schema(schema) !== undefined && execution.access.mayUseSchema(schema),
  );
  if (found === undefined) {
    throw new RedshiftError('no schema has been selected to create in', '3F000');
  }
  return found;
}

/** @throws RedshiftError 3F000, or 42501 for the system's own schemas */
export function existingSchema(schema: string, execution: Execution): string {
  if (schema === 'pg_catalog' || schema === 'information_schema' || schema === 'rs') {
    throw new RedshiftError(`permission denied for schema ${schema}`, '42501');
  }
  if (execution.transaction.catalog.schema(schema) === undefined) {
    throw new RedshiftError(`schema "${schema}" does not exist`, '3F000');
  }
  return schema;
}

/** The catalogue's entry of a relation that is there. */
export function relationEntry(name: RelationName, execution: Execution): RelationEntry | undefined {
  const { transaction } = execution;
  return (isTemporary(name) ? transaction.temporaryCatalog : transaction.catalog).relation(name);
}

/** @throws RedshiftError 42P01 when there is none, 42809 when it is not a table */
export function existingTable(catalog: CatalogView, name: QualifiedName, execution: Execution): TableDefinition {
  const found = catalog.relation(splitName(name, execution));
  if (found === undefined) {
    throw missingRelation(name);
  }
  if (found.kind !== 'table') {
    throw new RedshiftError(`"${found.name}" is not a table`, '42809');
  }
  return found;
}

export function missingRelation(name: QualifiedName): RedshiftError {
  return new RedshiftError(`relation "${name.parts.join('.')}" does not exist`, '42P01');
}

/** @throws RedshiftError 42703 */
export function existingColumn(table: TableDefinition, column: string) {
  const found = table.columns.find(({ name }) => name === column);
  if (found === undefined) {
    throw new RedshiftError(`column "${column}" of relation "${table.name}" does not exist`, '42703');
  }
  return found;
}
