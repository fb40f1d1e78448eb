import type { TableConstraint, TableDefinition } from './relation';

const SUFFIX = { 'primary key': 'pkey', unique: 'key', 'foreign key': 'fkey' } as const;

/** A constraint's name; unnamed ones have those that PostgreSQL gives: `t_pkey`, `t_a_key`, `t_a_fkey`. */
export function constraintName(table: TableDefinition, { name, kind, columns }: TableConstraint): string {
  return name ?? [table.name, ...(kind === 'primary key' ? [] : columns), SUFFIX[kind]].join('_');
}
