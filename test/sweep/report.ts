import type { LocalWorld } from '../support/local-world/local-world';
import { differences, type StarDump, starDump } from '../support/local-world/star-dump';

/** What a load has left in the warehouse. */
export interface LoadReport {
  readonly star: StarDump;
  /** Each run's name and how it ended. */
  readonly runs: readonly string[];
}

/** Reads it, by statements of its own. */
export async function reportOf(world: LocalWorld): Promise<LoadReport> {
  const runs = (await world.rows('select run_id, status from etl.runs order by run_id')).map(String);
  return { star: await starDump(world), runs };
}

/** Where a load that was disturbed has left something else than one that was not; empty when it has not. */
export function deviations(clean: LoadReport, found: LoadReport): readonly string[] {
  const runs = found.runs.join(' ') === clean.runs.join(' ') ? [] : [`runs: ${found.runs.join(' ')}`];
  return [...differences(clean.star, found.star), ...runs];
}
