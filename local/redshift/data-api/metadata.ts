import { parseType } from '../dialect/parser';
import type { Session, StatementResult } from '../warehouse';
import { type ColumnMetadata, columnMetadata } from './column-metadata';

type Row = readonly (string | null)[];

async function rowsOf(result: StatementResult): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const chunk of result.rows) {
    rows.push(...chunk.map((row) => row.map((value) => (value === null ? null : String(value)))));
  }
  return rows;
}

function select(
  session: Session,
  sql: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<readonly Row[]> {
  return session.execute(sql, new Map(Object.entries(parameters))).then(rowsOf);
}

/** Names of the schemas that match a LIKE pattern, in order. */
export async function listSchemas(session: Session, pattern: string): Promise<readonly string[]> {
  const rows = await select(
    session,
    'select schema_name from svv_all_schemas where schema_name like :pattern order by schema_name',
    { pattern },
  );
  return rows.map(([name]) => name!);
}

/** A table as ListTables has it. */
export interface ListedTable {
  readonly name: string;
  readonly schema: string;
  readonly type: string;
}

/** Tables and views whose schema and name match the LIKE patterns, in order. */
export async function listTables(session: Session, schema: string, table: string): Promise<readonly ListedTable[]> {
  const rows = await select(
    session,
    'select table_name, table_schema, table_type from svv_tables ' +
      'where table_schema like :schema and table_name like :table order by table_schema, table_name',
    { schema, table },
  );
  return rows.map(([name, inSchema, type]) => ({ name: name!, schema: inSchema!, type: shownType(type, inSchema!) }));
}

function shownType(type: string | null | undefined, schema: string): string {
  const base = type === 'VIEW' ? 'VIEW' : 'TABLE';
  return schema.startsWith('pg_') || schema === 'information_schema' ? `SYSTEM ${base}` : base;
}

/** The columns of one table in order; none when there is no such table. */
export async function describeTable(
  session: Session,
  schema: string,
  table: string,
): Promise<readonly ColumnMetadata[]> {
  const rows = await select(
    session,
    'select column_name, data_type, is_nullable, column_default, character_maximum_length, numeric_precision, numeric_scale ' +
      'from svv_columns where table_schema = :schema and table_name = :table order by ordinal_position',
    { schema, table },
  );
  return rows.map(([name, dataType, nullable, defaultSql, length, precision, scale]) =>
    columnMetadata(
      {
        label: name!,
        type: parseType(typeText(dataType!, length, precision, scale)),
        nullable: nullable === 'NO' ? 0 : 1,
        source: { schema, table, column: name! },
      },
      defaultSql ?? undefined,
    ),
  );
}

function typeText(
  name: string,
  length: string | null | undefined,
  precision: string | null | undefined,
  scale: string | null | undefined,
): string {
  if (/^(character|char|varbyte|binary)/.test(name) && length) {
    return `${name}(${length})`;
  }
  return name === 'numeric' && precision ? `numeric(${precision},${scale ?? 0})` : name;
}
