import { LocalWorld } from '../support/local-world/local-world';
import { differences, type StarDump, starDump } from '../support/local-world/star-dump';
import { copyOf, type Scenario } from './scenario';

/** Where the function dies: at its how-manieth request, before the server applied it or after. */
export interface KillPoint {
  readonly request: number;
  readonly when: 'before' | 'after';
}

export interface RoundResult {
  readonly point: KillPoint | undefined;
  /** The request at which it died; undefined when the run made fewer. */
  readonly killedAt: string | undefined;
  readonly requests: readonly string[];
  readonly star: StarDump;
  /** What was not as it must be. */
  readonly problems: readonly string[];
}

/** Does the scenario's load once, with the function killed by SIGKILL at one point, or never. */
export async function round(scenario: Scenario, point?: KillPoint, clean?: StarDump): Promise<RoundResult> {
  const { home, done } = copyOf(scenario);
  const world = await LocalWorld.open({ home, source: scenario.source });
  let killedAt: string | undefined;
  world.proxy.watch = async (passing, when) => {
    if (killedAt !== undefined || passing.number !== point?.request || when !== point.when) return false;
    killedAt = passing.what;
    await world.services.lambda.crash();
    return true;
  };
  try {
    const end = await scenario.act(world);
    await world.quiet();
    const star = await starDump(world);
    const problems = [
      ...(end === scenario.goodEnd ? [] : [`it ended as ${end}`]),
      ...(clean === undefined ? [] : differences(clean, star)),
      ...(await unfinished(world)),
      ...(scenario.deploy ? unanswered(world) : []),
    ];
    return { point, killedAt, requests: world.proxy.seen.map(({ what }) => what), star, problems };
  } finally {
    await world.close();
    done();
  }
}

/** One run is one success in etl.runs; a crash is no failure of the run. */
async function unfinished(world: LocalWorld): Promise<readonly string[]> {
  const rows = await world.rows('select run_id, status, count(*) from etl.runs group by run_id, status');
  return rows.filter(([, status, times]) => status !== 'succeeded' || Number(times) !== 1).map((row) => `run ${row}`);
}

/**
 * CloudFormation was answered, and never in two ways. A function that dies between its answer and the note of it
 * answers again; CloudFormation takes the first.
 */
function unanswered(world: LocalWorld): readonly string[] {
  const bodies = new Set(world.answers.map(({ body }) => body));
  if (bodies.size === 1) return [];
  return [`CloudFormation got ${bodies.size} different answers: ${[...bodies].join(' ')}`];
}

/** Every point of a run that makes so many requests. */
export function allPoints(requests: number): readonly KillPoint[] {
  return Array.from({ length: requests }, (_, index) => index + 1).flatMap((request) => [
    { request, when: 'before' as const },
    { request, when: 'after' as const },
  ]);
}
