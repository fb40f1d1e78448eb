import { makePainter } from './charts/paint';
import { lineageModel } from './diagrams/draw-lineage';
import type { Statement } from './diagrams/lineage';
import { starModel } from './diagrams/star';
import type { Facts } from './facts/facts';
import { type AskAll, readFacts } from './facts/read-facts';
import { page } from './page/page';

export type { AskAll };

export interface ReportOptions {
  /** Which warehouse this is, for the reader. */
  readonly warehouse: string;
  readonly now: Date;
  /** The statements that load the star: the texts of `sql/load`. */
  readonly load: readonly Statement[];
  /** Seconds after which the page loads itself again; undefined for never. */
  readonly reloadAfter?: number;
}

/** Reads a warehouse and gives the report, one HTML file that asks no network for anything. @throws what `ask` throws */
export async function makeReport(ask: AskAll, options: ReportOptions): Promise<string> {
  const [facts, painter] = await Promise.all([readFacts(ask), makePainter()]);
  return page(pageInput(facts, options), painter);
}

/** The same from what was read before. */
export async function renderReport(facts: Facts, options: ReportOptions): Promise<string> {
  return page(pageInput(facts, options), await makePainter());
}

function pageInput(facts: Facts, { warehouse, now, load, reloadAfter }: ReportOptions): Parameters<typeof page>[0] {
  return {
    facts,
    star: starModel(facts),
    lineage: lineageModel(facts, load),
    about: { warehouse, madeAt: now.toISOString() },
    ...(reloadAfter !== undefined && { reloadAfter }),
  };
}
