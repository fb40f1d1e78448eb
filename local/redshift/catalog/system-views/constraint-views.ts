import { engineType } from '../../dialect/engine-types';
import { constraintName } from '../constraint-names';
import type { RelationName, TableConstraint, TableDefinition } from '../relation';
import {
  type Columns,
  columnList,
  INTEGER,
  type SystemView,
  type SystemViewContext,
  type Value,
  valuesSql,
  varchar,
} from './system-view';

interface UsedColumn {
  readonly table: RelationName;
  readonly column: string;
}

const COLUMNS: Columns = {
  constraint_schema: varchar(128),
  constraint_name: varchar(128),
  table_schema: varchar(128),
  table_name: varchar(128),
  column_name: varchar(128),
};

function tables({ catalog, temporary }: SystemViewContext): readonly TableDefinition[] {
  return [...catalog.relations(), ...temporary.relations()].flatMap(({ definition }) =>
    definition.kind === 'table' ? [definition] : [],
  );
}

function columnUsage(
  name: string,
  more: Columns,
  used: (constraint: TableConstraint, table: TableDefinition) => readonly UsedColumn[],
): SystemView {
  const columns = { ...COLUMNS, ...more };
  const rowsOf = (table: TableDefinition, constraint: TableConstraint): readonly Readonly<Record<string, Value>>[] =>
    used(constraint, table).map((each, index) => ({
      constraint_schema: table.schema,
      constraint_name: constraintName(table, constraint),
      table_schema: each.table.schema,
      table_name: each.table.name,
      column_name: each.column,
      ordinal_position: index + 1,
    }));
  return {
    schema: 'information_schema',
    name,
    columns: columnList(columns),
    overLogs: false,
    engineSql: (context) => {
      const rows = tables(context).flatMap((table) => table.constraints.flatMap((each) => rowsOf(table, each)));
      return valuesSql(columns, engineType, rows);
    },
  };
}

/**
 * Which columns keys are made of, and which columns they mean: of a foreign key the columns of the other table.
 * Source: PostgreSQL 8.0, "The Information Schema", which Redshift kept.
 */
export const CONSTRAINT_VIEWS: readonly SystemView[] = [
  columnUsage('key_column_usage', { ordinal_position: INTEGER }, ({ columns }, table) =>
    columns.map((column) => ({ table, column })),
  ),
  columnUsage('constraint_column_usage', {}, (constraint, table) =>
    constraint.kind === 'foreign key'
      ? constraint.references.columns.map((column) => ({ table: constraint.references.table, column }))
      : constraint.columns.map((column) => ({ table, column })),
  ),
];
