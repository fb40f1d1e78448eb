import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogChanges, CatalogEntry } from './catalog-state';
import { CatalogState } from './catalog-state';

/**
 * The catalogue's home inside the engine's own file (schema `rs`, hidden from users), so that DDL and data are
 * committed and rolled back together.
 */
export const CATALOG_TABLE = 'rs.catalog';

export const CATALOG_DDL: readonly string[] = [
  'CREATE SCHEMA IF NOT EXISTS rs',
  // No primary key: DuckDB would refuse an update as delete and insert of one key in one transaction.
  `CREATE TABLE IF NOT EXISTS ${CATALOG_TABLE} (position BIGINT, key VARCHAR, entry JSON)`,
];

/** Reads the whole catalogue, in the order of making. */
export async function loadCatalog(connection: DuckDBConnection): Promise<CatalogState> {
  const reader = await connection.runAndReadAll(`SELECT key, entry FROM ${CATALOG_TABLE} ORDER BY position`);
  const entries = new Map<string, CatalogEntry>();
  for (const [key, entry] of reader.getRows()) {
    entries.set(String(key), JSON.parse(String(entry)) as CatalogEntry);
  }
  return new CatalogState(entries);
}

/** The highest position given so far, 0 for an empty catalogue. */
export async function lastPosition(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT coalesce(max(position), 0) FROM ${CATALOG_TABLE}`);
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

/** So many entries go into one statement: each statement costs about a millisecond, whatever it writes. */
const CHUNK = 200;

/** Writes what changed, inside the open transaction. `nextPosition` orders the entries. */
export async function storeChanges(
  connection: DuckDBConnection,
  changes: CatalogChanges,
  nextPosition: () => number,
): Promise<void> {
  const all = [...changes];
  for (let from = 0; from < all.length; from += CHUNK) {
    const chunk = all.slice(from, from + CHUNK);
    const keys = chunk.map(([key]) => key);
    await connection.run(`DELETE FROM ${CATALOG_TABLE} WHERE key IN (${places(keys.length, 1)})`, keys);
    const rows = chunk.flatMap(([key, entry]) =>
      entry === undefined ? [] : [[BigInt(nextPosition()), key, JSON.stringify(entry)]],
    );
    if (rows.length === 0) continue;
    const values = rows.map((_, row) => `(${places(3, 3 * row + 1)})`).join(', ');
    await connection.run(`INSERT INTO ${CATALOG_TABLE} VALUES ${values}`, rows.flat());
  }
}

/** `$4, $5, $6` */
function places(count: number, first: number): string {
  return Array.from({ length: count }, (_, index) => `$${first + index}`).join(', ');
}
