import type { Facts, Value } from './facts';
import { COUNTED_TABLES, QUERIES, rowCounts } from './queries';

/** Runs statements as one transaction and gives the rows of each, as objects. */
export type AskAll = (
  statements: readonly string[],
) => Promise<readonly (readonly Readonly<Record<string, Value>>[])[]>;

/** Asks everything that the report shows; which tables there are to be counted first. @throws what `ask` throws */
export async function readFacts(ask: AskAll): Promise<Facts> {
  const [tables = []] = await ask([COUNTED_TABLES]);
  const names = tables.map(({ table_name }) => String(table_name));
  const queries: Readonly<Record<string, string>> = {
    ...QUERIES,
    ...(names.length > 0 && { rowCounts: rowCounts(names) }),
  };
  const answers = await ask(Object.values(queries));
  const facts = Object.fromEntries(Object.keys(queries).map((name, index) => [name, answers[index] ?? []]));
  return { rowCounts: [], ...facts } as unknown as Facts;
}
