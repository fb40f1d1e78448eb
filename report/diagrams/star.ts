import type { Facts } from '../facts/facts';

export interface EntityColumn {
  readonly name: string;
  readonly type: string;
  readonly isKey: boolean;
  /** `artists.artist_id` where the column is declared to point there. */
  readonly pointsTo?: string;
}

export interface Entity {
  readonly name: string;
  readonly columns: readonly EntityColumn[];
  readonly rows: number;
}

/** A declared foreign key. */
export interface Reference {
  readonly from: string;
  readonly column: string;
  readonly to: string;
}

export interface StarModel {
  readonly entities: readonly Entity[];
  readonly references: readonly Reference[];
}

/** The tables that keys are declared on, as the warehouse's catalogue tells them. */
export function starModel({ columns, keys, rowCounts: [counts] }: Facts): StarModel {
  const names = [...new Set(keys.map(({ table_name }) => table_name))];
  const isKey = (table: string, name: string): boolean =>
    keys.some((key) => key.constraint_type === 'PRIMARY KEY' && key.table_name === table && key.column_name === name);
  const pointing = (table: string, name: string) =>
    keys.find((key) => key.constraint_type === 'FOREIGN KEY' && key.table_name === table && key.column_name === name);
  const entities = names.map((name) => ({
    name,
    rows: counts?.[name] ?? 0,
    columns: columns
      .filter(({ table_name }) => table_name === name)
      .map(({ column_name, data_type }) => {
        const target = pointing(name, column_name);
        return {
          name: column_name,
          type: shortType(data_type),
          isKey: isKey(name, column_name),
          ...(target !== undefined && { pointsTo: `${target.target_table}.${target.target_column}` }),
        };
      }),
  }));
  const references = keys.flatMap(({ constraint_type, table_name, column_name, target_table }) =>
    constraint_type === 'FOREIGN KEY' && target_table !== null
      ? [{ from: table_name, column: column_name, to: target_table }]
      : [],
  );
  return { entities, references };
}

const SHORT: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  'timestamp without time zone': 'timestamp',
  'double precision': 'double',
};

function shortType(type: string): string {
  return SHORT[type] ?? type;
}
