import type { RelationName, TableDefinition } from '../catalog/relation';

/** The schema of the session's own tables, as the catalogue calls it. */
export const TEMP_SCHEMA = 'pg_temp';

/** An identifier in the engine's double quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal of the engine. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The engine's name of a table: temporary ones live in `temp.main`. */
export function engineRelation(name: RelationName): string {
  return name.schema === TEMP_SCHEMA
    ? `temp.main.${quoteName(name.name)}`
    : `${quoteName(name.schema)}.${quoteName(name.name)}`;
}

/** The sequence behind the IDENTITY column of a table. */
export function identitySequence(table: Pick<TableDefinition, 'oid' | 'temporary'>): string {
  return table.temporary ? `temp.main.rs_identity_${table.oid}` : `rs.rs_identity_${table.oid}`;
}
