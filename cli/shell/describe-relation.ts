import { type Cell, type Rows, rows as rowsText } from '../output';
import { literal } from '../run-history';
import type { WarehouseClient } from '../warehouse';
import { type Catalogue, quoted, type RelationEntry, relationName, relationsNamed, unquoted } from './catalogue';

const textColumn = (name: string) => ({ name, numeric: false });

/** The relations of a catalogue as a result. @param kind of one kind only */
export function relationList(catalogue: Catalogue, kind?: RelationEntry['kind'], schema?: string): Rows {
  return {
    columns: [...['schema', 'name', 'kind'].map(textColumn), { name: 'columns', numeric: true }],
    rows: catalogue.relations
      .filter((one) => (kind === undefined || one.kind === kind) && (schema === undefined || one.schema === schema))
      .map(({ schema: of, name, kind: is, columns }) => [of, name, is, columns.length]),
  };
}

/** The relations that somebody means by `songs`, `analytics.top_songs` or `"Songs"`. */
export function relationsMeant(catalogue: Catalogue, text: string): readonly RelationEntry[] {
  const [, schema, name = ''] = /^(?:("[^"]*"|[^".]+)\.)?("[^"]*"|[^"]+)$/.exec(text.trim()) ?? [];
  return relationsNamed(catalogue, unquoted(name), schema === undefined ? undefined : unquoted(schema));
}

/** Columns with keys, and of a table its rows. */
export interface Described {
  readonly title: string;
  readonly columns: Rows;
  readonly footnotes: readonly string[];
}

/** Asks what the catalogue does not hold: keys, encodings, the number of rows. @throws QueryError */
export async function describeRelation(
  warehouse: Pick<WarehouseClient, 'batch'>,
  relation: RelationEntry,
): Promise<Described> {
  const title = `${relation.kind} ${relationName(relation)}`;
  if (relation.kind === 'view') {
    const rows = relation.columns.map(({ name, type }) => [name, type]);
    return { title, columns: { columns: ['column', 'type'].map(textColumn), rows }, footnotes: [] };
  }
  // PG_TABLE_DEF shows the schemas of the search path only.
  const [, keys, rows] = await warehouse.batch([
    `set search_path to ${quoted(relation.schema)}`,
    `select "column", encoding, distkey, sortkey, "notnull" from pg_table_def
     where schemaname = ${literal(relation.schema)} and tablename = ${literal(relation.name)}`,
    `select count(*) from ${quoted(relation.schema)}.${quoted(relation.name)}`,
  ]);
  return {
    title,
    columns: withKeys(relation, keys?.rows ?? []),
    footnotes: [rowsText(Number(rows?.rows[0]?.[0] ?? 0)), ...keyNotes(keys?.rows ?? [])],
  };
}

type KeyRow = readonly Cell[];

function withKeys(relation: RelationEntry, keys: readonly KeyRow[]): Rows {
  const byColumn = new Map(keys.map((row) => [row[0], row]));
  return {
    columns: ['column', 'type', 'null', 'encoding', 'key'].map(textColumn),
    rows: relation.columns.map(({ name, type }) => {
      const [, encoding = '', distkey, sortkey = 0, notNull] = byColumn.get(name) ?? [];
      const key = [...(distkey === true ? ['distkey'] : []), ...(sortkey === 0 ? [] : [`sortkey ${sortkey}`])];
      return [name, type, notNull === true ? 'not null' : '', encoding, key.join(', ')];
    }),
  };
}

function keyNotes(keys: readonly KeyRow[]): readonly string[] {
  const dist = keys.find(([, , distkey]) => distkey === true)?.[0];
  const sort = keys
    .filter(([, , , sortkey]) => Number(sortkey) !== 0)
    .sort((a, b) => Math.abs(Number(a[3])) - Math.abs(Number(b[3])))
    .map(([column]) => column);
  return [
    ...(dist === undefined ? [] : [`distributed by ${String(dist)}`]),
    ...(sort.length === 0 ? [] : [`sorted by ${sort.join(', ')}`]),
  ];
}
