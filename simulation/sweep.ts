import fc from 'fast-check';
import { type Plan, planOf, plans } from './plan';
import { type Mutant, type Simulated, simulate } from './simulate';

export interface Found {
  readonly seed: number;
  readonly broken: readonly string[];
}

/**
 * Plays the schedules of consecutive seeds until one breaks an invariant.
 * @param progress called after each schedule
 */
export async function sweep(
  from: number,
  runs: number,
  mutant?: Mutant,
  progress: (done: number) => void = () => undefined,
): Promise<Found | undefined> {
  for (let seed = from; seed < from + runs; seed += 1) {
    const { broken } = await simulate(planOf(seed), mutant);
    if (broken.length > 0) return { seed, broken };
    progress(seed - from + 1);
  }
  return undefined;
}

export interface Smallest extends Simulated {
  readonly plan: Plan;
  /** How often a smaller schedule still failed. */
  readonly shrinks: number;
}

/** How long a failing schedule is shrunk, in milliseconds: a small one is worth a minute, not an hour. */
const SHRINK_LIMIT = 60_000;

/** The smallest schedule that still fails like that of the seed, with its trace; the seed's own where none fails. */
export async function shrink(seed: number, mutant?: Mutant): Promise<Smallest> {
  const property = fc.asyncProperty(plans, async (plan) => (await simulate(plan, mutant)).broken.length === 0);
  const { counterexample, numShrinks } = await fc.check(property, {
    seed,
    numRuns: 1,
    unbiased: true,
    interruptAfterTimeLimit: SHRINK_LIMIT,
  });
  const plan = counterexample?.[0] ?? planOf(seed);
  return { plan, shrinks: numShrinks, ...(await simulate(plan, mutant, true)) };
}
