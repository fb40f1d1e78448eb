import type { Copy } from './copies';
import type { SqlFile } from './sql-file';
import { loaderGrants, tablesOf } from './tables';

/**
 * What a run counts at its end, as the first items of a select list: the rows of the star's tables and of what each
 * COPY fills. A table that is added is counted without being named anywhere else, once the loader may read it.
 */
export function tableCounts(migrations: readonly SqlFile[], copies: Readonly<Record<string, Copy>>): string {
  const staged = new Set(Object.values(copies).map(({ table }) => table));
  const grants = loaderGrants(migrations);
  return tablesOf(migrations)
    .filter((table) => grants === undefined || grants.get(table)?.has('select') === true)
    .filter((table) => table.startsWith('public.') || staged.has(table))
    .map((table) => `(select count(*) from ${table}) as "${table.replace(/^\w+\./, '')}"`)
    .join(',\n    ');
}
