import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Random } from '../../dataset/random';
import { localAssembly } from '../support/local-world/assembly';
import { LocalWorld, SOURCE_BUCKET } from '../support/local-world/local-world';
import { differences, type StarDump, starDump } from '../support/local-world/star-dump';

export interface NightsOptions {
  /** The folder of a whole source bucket. */
  readonly bucket: string;
  /** Where the nights take place; must not exist. */
  readonly folder: string;
  readonly nights: number;
  readonly seed: number;
  readonly onNight?: (night: number, delivered: number) => void;
}

export interface NightsResult {
  /** The star after the last night. */
  readonly star: StarDump;
  readonly plays: { readonly all: number; readonly known: number };
  /** How a full refresh over the same files changed it: not at all, when all is well. */
  readonly changedByRefresh: readonly string[];
  /** What was not as it must be on the way. */
  readonly problems: readonly string[];
}

/**
 * A deploy over the first files of a bucket, then the nightly schedule while the others arrive: each file at a random
 * night, and once more, the same bytes, at another. Every event of the schedule is delivered twice at the same moment.
 */
export async function randomNights(options: NightsOptions): Promise<NightsResult> {
  const source = join(options.folder, 'source');
  const arrivals = arrivalsOf(options);
  const deliver = (night: number): number => {
    const files = arrivals[night] ?? [];
    for (const file of files) copy(options.bucket, source, file);
    return files.length;
  };
  copy(options.bucket, source, 'log_json_path.json');
  deliver(0);
  const world = await LocalWorld.open({ home: join(options.folder, 'home'), source });
  try {
    const problems: string[] = [];
    const assembly = localAssembly(SOURCE_BUCKET);
    await world.publish(assembly);
    const deployed = await world.create(assembly.template);
    if (deployed !== 'CREATE_COMPLETE') throw new Error(`the stack is ${deployed}`);
    for (let night = 1; night <= options.nights; night += 1) {
      const delivered = deliver(night);
      problems.push(...(await doubleTick(world)).map((problem) => `night ${night}: ${problem}`));
      options.onNight?.(night, delivered);
    }
    return { ...(await comparedWithRefresh(world)), problems: [...problems, ...(await loadedTwice(world))] };
  } finally {
    await world.close();
  }
}

/** Which files come at which night; 0 is the deploy. */
function arrivalsOf({ bucket, nights, seed }: NightsOptions): readonly (readonly string[])[] {
  const random = new Random(seed);
  const arrivals: string[][] = Array.from({ length: nights + 1 }, () => []);
  for (const file of filesOf(bucket)) {
    arrivals[random.integer(0, nights)]?.push(file);
    arrivals[random.integer(0, nights)]?.push(file);
  }
  return arrivals;
}

function filesOf(bucket: string): readonly string[] {
  return ['song_data', 'log_data'].flatMap((part) =>
    readdirSync(join(bucket, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .map((entry) => relative(bucket, join(entry.parentPath, entry.name)))
      .sort(),
  );
}

function copy(from: string, to: string, file: string): void {
  mkdirSync(dirname(join(to, file)), { recursive: true });
  copyFileSync(join(from, file), join(to, file));
}

/** Fires the schedule, and delivers the same event once more while the first is being dealt with. */
async function doubleTick(world: LocalWorld): Promise<readonly string[]> {
  const [fired] = await world.services.scheduler.tick();
  if (fired?.durableExecutionArn === undefined) return [`the schedule did not fire: ${fired?.error}`];
  const again = await world.invoke({
    trigger: 'schedule',
    scheduledTime: fired.scheduledTime.toISOString().replace(/\.\d+/, ''),
  });
  const ends = [await world.ended(fired.durableExecutionArn), await world.ended(again)];
  return ends.filter(({ status }) => status !== 'SUCCEEDED').map(({ status, result }) => `${status}: ${result}`);
}

/** One success a run, so that of two deliveries of one event one has done the work. */
async function loadedTwice(world: LocalWorld): Promise<readonly string[]> {
  const rows = await world.rows('select run_id, count(*) from etl.runs group by run_id having count(*) <> 1');
  return rows.map(([run, times]) => `run ${run} stands ${times} times in etl.runs`);
}

async function comparedWithRefresh(world: LocalWorld) {
  const star = await starDump(world);
  const [counts = []] = await world.rows('select count(*), count(song_id) from songplays');
  const refreshed = await world.ended(await world.invoke({ trigger: 'operator', run: 'all', mode: 'refresh' }));
  if (refreshed.status !== 'SUCCEEDED') throw new Error(`the refresh ${refreshed.status}: ${refreshed.result}`);
  const changedByRefresh = differences(star, await starDump(world));
  return { star, plays: { all: Number(counts[0]), known: Number(counts[1]) }, changedByRefresh };
}
