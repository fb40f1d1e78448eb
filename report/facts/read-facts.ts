import type { Facts, Value } from './facts';
import { QUERIES } from './queries';

/** Runs statements as one transaction and gives the rows of each, as objects. */
export type AskAll = (
  statements: readonly string[],
) => Promise<readonly (readonly Readonly<Record<string, Value>>[])[]>;

/** Asks everything that the report shows. @throws what `ask` throws */
export async function readFacts(ask: AskAll): Promise<Facts> {
  const names = Object.keys(QUERIES);
  const answers = await ask(Object.values(QUERIES));
  return Object.fromEntries(names.map((name, index) => [name, answers[index] ?? []])) as unknown as Facts;
}
