import { engineType } from '../../dialect/engine-types';
import { engineRelation } from '../../engine/engine-names';
import type { RelationEntry } from '../catalog-state';
import type { ColumnDefinition, DistStyle, SortKey, TableDefinition } from '../relation';
import { formatType } from '../type-names';
import {
  BIGINT,
  BOOLEAN,
  type Columns,
  columnList,
  INTEGER,
  numeric,
  type SystemView,
  type SystemViewContext,
  TIMESTAMP,
  type Value,
  valuesSql,
  varchar,
} from './system-view';

type Row = Readonly<Record<string, Value>>;

function hostView(
  schema: SystemView['schema'],
  name: string,
  columns: Columns,
  rows: (context: SystemViewContext) => readonly Row[],
): SystemView {
  return {
    schema,
    name,
    columns: columnList(columns),
    overLogs: false,
    engineSql: (context) => valuesSql(columns, engineType, rows(context)),
  };
}

function allRelations(context: SystemViewContext): readonly RelationEntry[] {
  return [...context.catalog.relations(), ...context.temporary.relations()];
}

/** Those that the user has access to: all for superusers. */
function visibleRelations(context: SystemViewContext): readonly RelationEntry[] {
  const all = allRelations(context);
  return context.seesAllMetadata ? all : all.filter((entry) => context.maySee(entry));
}

function tables(context: SystemViewContext): readonly { entry: RelationEntry; table: TableDefinition }[] {
  return allRelations(context).flatMap((entry) =>
    entry.definition.kind === 'table' ? [{ entry, table: entry.definition }] : [],
  );
}

function distText(dist: DistStyle): string {
  switch (dist.style) {
    case 'key':
      return `KEY(${dist.column})`;
    case 'auto':
      return 'AUTO(ALL)';
    default:
      return dist.style.toUpperCase();
  }
}

function sortColumns(sort: SortKey): readonly string[] {
  return 'columns' in sort ? sort.columns : [];
}

/** Position in the sort key as PG_TABLE_DEF has it: negative and alternating for interleaved keys. */
function sortPosition(sort: SortKey, column: string): number {
  const index = sortColumns(sort).indexOf(column) + 1;
  return sort.kind === 'interleaved' && index % 2 === 0 ? -index : index;
}

function maxVarchar(table: TableDefinition): number {
  return Math.max(0, ...table.columns.map(({ type }) => (type.name === 'varchar' ? type.length : 0)));
}

const TABLE_INFO: Columns = {
  database: varchar(128),
  schema: varchar(128),
  table_id: INTEGER,
  table: varchar(128),
  encoded: varchar(20),
  diststyle: varchar(256),
  sortkey1: varchar(128),
  max_varchar: INTEGER,
  sortkey1_enc: varchar(32),
  sortkey_num: INTEGER,
  size: BIGINT,
  pct_used: numeric(10, 4),
  empty: BIGINT,
  unsorted: numeric(5, 2),
  stats_off: numeric(5, 2),
  tbl_rows: numeric(38, 0),
  skew_sortkey1: numeric(19, 2),
  skew_rows: numeric(19, 2),
  estimated_visible_rows: numeric(38, 0),
  risk_event: varchar(1024),
  vacuum_sort_benefit: numeric(12, 2),
  create_time: TIMESTAMP,
};

function tableInfoRow(context: SystemViewContext, entry: RelationEntry, table: TableDefinition): Row {
  const keys = sortColumns(table.sortKey);
  const first = table.columns.find(({ name }) => name === keys[0]);
  const rows = { sql: `(SELECT count(*) FROM ${engineRelation(table)})` };
  return {
    database: context.database,
    schema: table.schema,
    table_id: table.oid,
    table: table.name,
    encoded: table.columns.every(({ encoding }) => encoding === 'auto') ? 'Y, AUTO(ENCODE)' : 'Y',
    diststyle: distText(table.distStyle),
    sortkey1: table.sortKey.kind === 'auto' ? 'AUTO(SORTKEY)' : (first?.name ?? null),
    max_varchar: maxVarchar(table),
    sortkey1_enc: first?.encoding ?? null,
    sortkey_num: keys.length,
    size: Math.max(1, table.columns.length),
    empty: 0,
    unsorted: keys.length > 0 ? 0 : null,
    stats_off: 0,
    tbl_rows: rows,
    estimated_visible_rows: rows,
    create_time: { sql: `make_timestamp(${Math.trunc(entry.createdAt)}::BIGINT * 1000)` },
  };
}

/** Has no row for an empty table. */
const svvTableInfo: SystemView = {
  schema: 'pg_catalog',
  name: 'svv_table_info',
  columns: columnList(TABLE_INFO),
  overLogs: false,
  superusersOnly: true,
  engineSql: (context) => {
    const rows = tables(context).map(({ entry, table }) => tableInfoRow(context, entry, table));
    return `SELECT * FROM (${valuesSql(TABLE_INFO, engineType, rows)}) WHERE tbl_rows > 0`;
  },
};

const pgTableDef = hostView(
  'pg_catalog',
  'pg_table_def',
  {
    schemaname: { name: 'name' },
    tablename: { name: 'name' },
    column: { name: 'name' },
    type: varchar(256),
    encoding: varchar(32),
    distkey: BOOLEAN,
    sortkey: INTEGER,
    notnull: BOOLEAN,
  },
  (context) =>
    tables(context)
      .filter(({ table }) => table.temporary || context.searchPath.includes(table.schema))
      .flatMap(({ table }) => table.columns.map((column) => tableDefRow(table, column))),
);

function tableDefRow(table: TableDefinition, column: ColumnDefinition): Row {
  return {
    schemaname: table.schema,
    tablename: table.name,
    column: column.name,
    type: formatType(column.type),
    encoding: column.encoding === 'auto' || column.encoding === 'raw' ? 'none' : column.encoding,
    distkey: table.distStyle.style === 'key' && table.distStyle.column === column.name,
    sortkey: sortPosition(table.sortKey, column.name),
    notnull: column.notNull,
  };
}

const relationType = (entry: RelationEntry): string => {
  if (entry.definition.kind === 'view' || entry.materialized !== undefined) {
    return 'VIEW';
  }
  return entry.definition.temporary ? 'LOCAL TEMPORARY' : 'BASE TABLE';
};

function tablesView(schema: SystemView['schema'], name: string, extra: Columns): SystemView {
  return hostView(
    schema,
    name,
    {
      table_catalog: varchar(128),
      table_schema: varchar(128),
      table_name: varchar(128),
      table_type: varchar(128),
      ...extra,
    },
    (context) =>
      visibleRelations(context).map((entry) => ({
        table_catalog: context.database,
        table_schema: entry.definition.schema,
        table_name: entry.definition.name,
        table_type: relationType(entry),
        remarks: null,
      })),
  );
}

function columnRows(context: SystemViewContext): readonly Row[] {
  return visibleRelations(context).flatMap(({ definition }) =>
    definition.columns.map((column, index) => ({
      table_catalog: context.database,
      table_schema: definition.schema,
      table_name: definition.name,
      column_name: column.name,
      ordinal_position: index + 1,
      column_default: ('defaultSql' in column ? column.defaultSql : undefined) ?? null,
      is_nullable: 'notNull' in column && column.notNull ? 'NO' : 'YES',
      data_type: formatType(column.type).replace(/\(.*?\)/, ''),
      character_maximum_length: 'length' in column.type ? column.type.length : null,
      numeric_precision: precision(column),
      numeric_scale: column.type.name === 'numeric' ? column.type.scale : null,
      remarks: null,
    })),
  );
}

function precision({ type }: Pick<ColumnDefinition, 'type'>): number | null {
  switch (type.name) {
    case 'numeric':
      return type.precision;
    case 'smallint':
      return 16;
    case 'integer':
      return 32;
    case 'bigint':
      return 64;
    default:
      return null;
  }
}

const COLUMNS: Columns = {
  table_catalog: varchar(128),
  table_schema: varchar(128),
  table_name: varchar(128),
  column_name: varchar(128),
  ordinal_position: INTEGER,
  column_default: varchar(4000),
  is_nullable: varchar(3),
  data_type: varchar(128),
  character_maximum_length: INTEGER,
  numeric_precision: INTEGER,
  numeric_scale: INTEGER,
};

/** Views over tables and columns. Sources: Developer Guide, SVV_TABLE_INFO, PG_TABLE_DEF, SVV_TABLES, SVV_COLUMNS. */
export const RELATION_VIEWS: readonly SystemView[] = [
  svvTableInfo,
  pgTableDef,
  tablesView('pg_catalog', 'svv_tables', { remarks: varchar(256) }),
  tablesView('information_schema', 'tables', {}),
  hostView('pg_catalog', 'svv_columns', { ...COLUMNS, remarks: varchar(256) }, columnRows),
  hostView('information_schema', 'columns', COLUMNS, columnRows),
];
