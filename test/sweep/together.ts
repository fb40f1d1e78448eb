import { withLoadProperty } from '../support/local-world/assembly';
import { LocalWorld } from '../support/local-world/local-world';
import { type StarDump, starDump } from '../support/local-world/star-dump';
import { copyOf, type Scenario, type Scenarios } from './scenario';

export interface ThreeRuns {
  readonly star: StarDump;
  /** How the deploy ended, what CloudFormation was told, and what the two others said. */
  readonly deploy: string;
  readonly said: readonly string[];
  /** What each of the three has loaded, by its row in etl.runs. */
  readonly loaded: readonly { readonly trigger: string; readonly status: string; readonly files: number }[];
}

/**
 * A deploy (CloudFormation's Update), the schedule's run and an operator's run over the same new files.
 * @param together all three compare the sources with the ledger before the first of them may load
 */
export async function threeRuns(scenario: Scenario, { assembly }: Scenarios, together: boolean): Promise<ThreeRuns> {
  const { home, done } = copyOf(scenario);
  const world = await LocalWorld.open({ home, source: scenario.source });
  try {
    const known = await runRows(world);
    const changed = withLoadProperty(assembly.template, 'ChecksDigest', 'another');
    const begin = [
      async () => world.update(changed),
      async () => {
        const [fired] = await world.services.scheduler.tick();
        return JSON.stringify(await world.ended(fired?.durableExecutionArn ?? ''));
      },
      async () => JSON.stringify(await world.ended(await world.invoke({ trigger: 'operator', run: 'together' }))),
    ];
    const ends: string[] = [];
    if (together) {
      meetBeforeLoading(world, begin.length);
      ends.push(...(await Promise.all(begin.map((act) => act()))));
    } else for (const act of begin) ends.push(await act());
    await world.quiet();
    const [deploy = '', ...results] = ends;
    return {
      star: await starDump(world),
      deploy,
      said: [...world.answers.map(({ body }) => body), ...results],
      loaded: (await runRows(world)).slice(known.length),
    };
  } finally {
    await world.close();
    done();
  }
}

/** Holds each run at its first load until so many have come to theirs. */
function meetBeforeLoading(world: LocalWorld, runs: number): void {
  const arrived = new Set<string>();
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  world.proxy.watch = async ({ what, body }, when) => {
    const run = /sparkify run=(\S+) file=run\/finish/.exec(body)?.[1];
    if (when !== 'before' || what !== 'BatchExecuteStatement' || run === undefined) return false;
    arrived.add(run);
    if (arrived.size === runs) open();
    await all;
    return false;
  };
}

async function runRows(world: LocalWorld): Promise<ThreeRuns['loaded']> {
  const rows = await world.rows('select trigger, status, files from etl.runs order by finished_at, run_id');
  return rows.map(([trigger, status, files]) => ({
    trigger: String(trigger),
    status: String(status),
    files: Number(files),
  }));
}
