import { LocalWorld } from '../support/local-world/local-world';
import { differences, type StarDump, starDump } from '../support/local-world/star-dump';
import { Course } from './course';
import { copyOf, type Scenario } from './scenario';

/** Where the function dies: around the n-th request of a kind, before the server applied it or after. */
export interface KillPoint {
  readonly kind: string;
  /** 1 for the first of its kind. */
  readonly nth: number;
  readonly when: 'before' | 'after';
}

export interface RoundResult {
  readonly point: KillPoint | undefined;
  /** Whether it came to the point: what it asks while it waits is not asked equally often in each round. */
  readonly killed: boolean;
  /** Every point at which it could be killed, but for those that are the same state as the next one. */
  readonly points: readonly KillPoint[];
  /** How many requests it made. */
  readonly requests: number;
  readonly star: StarDump;
  /** What was not as it must be. */
  readonly problems: readonly string[];
}

/** Does the scenario's load once, with the function killed by SIGKILL at one point, or never. */
export async function round(scenario: Scenario, point?: KillPoint, clean?: StarDump): Promise<RoundResult> {
  const { home, done } = copyOf(scenario);
  const world = await LocalWorld.open({ home, source: scenario.source });
  const course = new Course(home);
  let killed = false;
  world.proxy.watch = async ({ what, number }, when) => {
    const here = course.pass(what, number, when);
    if (killed || here.kind !== point?.kind || here.nth !== point.nth || when !== point.when) return false;
    killed = true;
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
    return { point, killed, points: course.points(), requests: world.proxy.seen.length, star, problems };
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
