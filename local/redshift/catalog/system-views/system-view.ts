import { quoteText } from '../../engine/engine-names';
import type { RedshiftType } from '../../types';
import type { CatalogState, GrantEntry, RelationEntry } from '../catalog-state';

/** What the system's views show: one session's view of the warehouse. */
export interface SystemViewContext {
  readonly catalog: CatalogState;
  readonly temporary: CatalogState;
  readonly searchPath: readonly string[];
  readonly database: string;
  readonly user: string;
  readonly userId: number;
  readonly superuser: boolean;
  /** Others see only their own rows of the logs. */
  readonly seesAllLogs: boolean;
  /** Others see only what they have access to in the views that say so. */
  readonly seesAllMetadata: boolean;
  maySee(relation: RelationEntry): boolean;
  mayUse(schema: string): boolean;
  /** A grant to the user or to something that it is a member of. */
  isOwnGrant(grant: GrantEntry): boolean;
  /** Of a group or a role, as grants name it: `role analyst`. */
  isMember(grantee: string): boolean;
  /** Called when a view over the engine's logs is asked for. */
  noteLogs(): void;
}

export interface SystemView {
  readonly schema: 'pg_catalog' | 'information_schema';
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: RedshiftType }[];
  readonly overLogs: boolean;
  /** Others need a grant on it. */
  readonly superusersOnly?: boolean;
  engineSql(context: SystemViewContext): string;
}

export const BIGINT: RedshiftType = { name: 'bigint' };
export const INTEGER: RedshiftType = { name: 'integer' };
export const BOOLEAN: RedshiftType = { name: 'boolean' };
export const TIMESTAMP: RedshiftType = { name: 'timestamp' };
export const varchar = (length: number): RedshiftType => ({ name: 'varchar', length });
export const char = (length: number): RedshiftType => ({ name: 'char', length });
export const numeric = (precision: number, scale: number): RedshiftType => ({ name: 'numeric', precision, scale });

export type Columns = Readonly<Record<string, RedshiftType>>;

export function columnList(columns: Columns): SystemView['columns'] {
  return Object.entries(columns).map(([name, type]) => ({ name, type }));
}

/** A value of a row written by `valuesSql`; `{ sql }` is the engine's SQL. */
export type Value = null | string | number | boolean | { readonly sql: string };

/** Rows known to the host, as a query of the engine with the columns' types. */
export function valuesSql(
  columns: Columns,
  engineType: (type: RedshiftType) => string,
  rows: readonly Readonly<Record<string, Value>>[],
): string {
  const names = Object.keys(columns);
  const select = (row: Readonly<Record<string, Value>>): string =>
    names
      .map((name) => `CAST(${literal(row[name] ?? null)} AS ${engineType(columns[name] ?? BIGINT)}) AS "${name}"`)
      .join(', ');
  if (rows.length === 0) {
    return `SELECT ${select({})} WHERE false`;
  }
  return rows.map((row) => `SELECT ${select(row)}`).join(' UNION ALL ');
}

function literal(value: Value): string {
  if (value === null) {
    return 'NULL';
  }
  if (typeof value === 'object') {
    return value.sql;
  }
  return typeof value === 'string' ? quoteText(value) : String(value);
}
