import type { WarehouseClient } from '../warehouse';
import { RESERVED } from './words';

export interface ColumnEntry {
  readonly name: string;
  /** As a CREATE TABLE has it: `character varying(256)`. */
  readonly type: string;
}

/** A table or view that the identity may see. */
export interface RelationEntry {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly ColumnEntry[];
}

export interface Catalogue {
  readonly schemas: readonly string[];
  readonly relations: readonly RelationEntry[];
}

export const EMPTY_CATALOGUE: Catalogue = { schemas: [], relations: [] };

/** The schema whose relations need no schema before their name. */
export const DEFAULT_SCHEMA = 'public';

/** The schemas of the system itself: they are not what somebody looks for. */
const SYSTEM = "('pg_catalog', 'information_schema', 'pg_internal', 'pg_auto_copy', 'pg_automv', 'pg_toast')";

const SCHEMAS = `select schema_name from svv_all_schemas
where database_name = current_database() and schema_name not in ${SYSTEM} order by 1`;

const COLUMNS = `select c.table_schema, c.table_name, t.table_type, c.column_name, c.data_type,
    c.character_maximum_length, c.numeric_precision, c.numeric_scale
from svv_columns c join svv_tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
where c.table_catalog = current_database() and t.table_catalog = current_database() and c.table_schema not in ${SYSTEM}
order by c.table_schema, c.table_name, c.ordinal_position`;

/** One line of what is asked, as the warehouse answers it. */
export interface ColumnLine {
  readonly schema: string;
  readonly relation: string;
  readonly relationType: string;
  readonly column: string;
  readonly dataType: string;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
}

/** Reads what an identity may see: schemas, tables, views, columns. @throws QueryError */
export async function readCatalogue(warehouse: Pick<WarehouseClient, 'queryAll'>): Promise<Catalogue> {
  const [schemas, columns] = await warehouse.queryAll([SCHEMAS, COLUMNS]);
  const lines = (columns?.rows ?? []).map(
    ([schema, relation, relationType, column, dataType, length, precision, scale]) =>
      ({ schema, relation, relationType, column, dataType, length, precision, scale }) as ColumnLine,
  );
  return { schemas: (schemas?.rows ?? []).map(([name]) => String(name)), relations: relationsOf(lines) };
}

/** The relations of lines that stand relation by relation. */
export function relationsOf(lines: readonly ColumnLine[]): readonly RelationEntry[] {
  const found: { schema: string; name: string; kind: 'table' | 'view'; columns: ColumnEntry[] }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    const column = { name: line.column, type: typeText(line) };
    if (last?.schema === line.schema && last.name === line.relation) last.columns.push(column);
    else {
      const kind = /view/i.test(line.relationType) ? 'view' : 'table';
      found.push({ schema: line.schema, name: line.relation, kind, columns: [column] });
    }
  }
  return found;
}

function typeText({ dataType, length, precision, scale }: ColumnLine): string {
  if (length !== null) return `${dataType}(${length})`;
  return dataType === 'numeric' && precision !== null ? `numeric(${precision},${scale ?? 0})` : dataType;
}

/** A relation as a statement names it: the schema only where it is needed. */
export function relationName({ schema, name }: Pick<RelationEntry, 'schema' | 'name'>): string {
  return schema === DEFAULT_SCHEMA ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** A name in double quotes where it cannot stand without them. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The name that a word or a quoted name of a statement stands for: Redshift folds both. */
export function unquoted(text: string): string {
  const bare = text.startsWith('"') ? text.replace(/^"|"$/g, '').replaceAll('""', '"') : text;
  return bare.toLowerCase();
}

/** The relations that a name can mean, with its schema or without. */
export function relationsNamed(catalogue: Catalogue, name: string, schema?: string): readonly RelationEntry[] {
  const named = catalogue.relations.filter(
    (one) => one.name === name && (schema === undefined || one.schema === schema),
  );
  const default_ = named.filter((one) => one.schema === DEFAULT_SCHEMA);
  return schema === undefined && default_.length > 0 ? default_ : named;
}
