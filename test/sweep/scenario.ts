import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { localAssembly, withLoadProperty, withoutLoad } from '../support/local-world/assembly';
import { LocalWorld, SOURCE_BUCKET } from '../support/local-world/local-world';
import type { Assembly } from '../support/local-world/stack';

/** A load that is to be disturbed: where it begins, what starts it, and how it must end. */
export interface Scenario {
  readonly name: string;
  /** The state of a local AWS just before the load; each round takes a copy. */
  readonly snapshot: string;
  readonly source: string;
  /** Starts the load and waits for its end. @returns how it ended, in a word */
  act(world: LocalWorld): Promise<string>;
  readonly goodEnd: string;
  /** Whether CloudFormation waits for the load. */
  readonly deploy: boolean;
}

const SIZE = { seed: 3, songs: 5, events: 60, users: 6, days: 2 };

/** The scenarios of a sweep, and the folder in which they live. */
export class Scenarios {
  readonly folder = mkdtempSync(join(tmpdir(), 'sparkify-sweep-'));
  readonly assembly: Assembly;

  /** @param functionSpeed see localAssembly */
  constructor(functionSpeed = 1) {
    this.assembly = localAssembly(SOURCE_BUCKET, functionSpeed);
  }

  /** A deploy that makes the load: migrations, then the star from nothing. CloudFormation sends Create. */
  async firstLoad(): Promise<Scenario> {
    const { template } = this.assembly;
    const made = await this.made('first', (world) => world.create(withoutLoad(template)));
    return { ...made, act: (world) => world.update(template), goodEnd: 'UPDATE_COMPLETE', deploy: true };
  }

  /** The schedule's load of a new song and a new day. */
  async nightly(): Promise<Scenario> {
    const made = await this.made('nightly', (world) => world.create(this.assembly.template));
    addFiles(made.source);
    const act = async (world: LocalWorld) => {
      const [fired] = await world.services.scheduler.tick();
      return (await world.ended(fired?.durableExecutionArn ?? '')).status;
    };
    return { ...made, act, goodEnd: 'SUCCEEDED', deploy: false };
  }

  /** A deploy after a source file was overwritten: the star is rebuilt. CloudFormation sends Update. */
  async refresh(): Promise<Scenario> {
    const { template } = this.assembly;
    const made = await this.made('refresh', (world) => world.create(template));
    overwriteFile(made.source);
    const changed = withLoadProperty(template, 'ChecksDigest', 'another');
    return { ...made, act: (world) => world.update(changed), goodEnd: 'UPDATE_COMPLETE', deploy: true };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async made(name: string, begin: (world: LocalWorld) => Promise<string>) {
    const source = join(this.folder, name, 'source');
    const snapshot = join(this.folder, name, 'snapshot');
    await generateBucket({ folder: source, ...SIZE });
    const world = await LocalWorld.open({ home: snapshot, source });
    try {
      await world.publish(this.assembly);
      const status = await begin(world);
      if (status !== 'CREATE_COMPLETE') throw new Error(`the sweep cannot begin: the stack is ${status}`);
      await world.quiet();
    } finally {
      await world.close();
    }
    return { name, source, snapshot };
  }
}

let copies = 0;

/** A home of its own for a round; `done` removes it. */
export function copyOf(scenario: Scenario): { readonly home: string; done(): void } {
  copies += 1;
  const home = join(scenario.snapshot, '..', `round-${copies}`);
  cpSync(scenario.snapshot, home, { recursive: true });
  return { home, done: () => rmSync(home, { recursive: true, force: true }) };
}

/** A day that was not there, with plays of sessions that were not there, and a song. */
function addFiles(source: string): void {
  const day = join(source, 'log_data', '2018', '11');
  const known = readFileSync(join(day, '2018-11-01-events.json'), 'utf8');
  writeFileSync(
    join(day, '2018-11-20-events.json'),
    known.replace(/"sessionId":(\d+)/g, '"sessionId":9$1').replace(/"ts":1541/g, '"ts":1542'),
  );
  const [song] = readdirSync(join(source, 'song_data'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  if (song === undefined) throw new Error('the generated bucket has no song');
  const text = readFileSync(join(song.parentPath, song.name), 'utf8');
  writeFileSync(
    join(song.parentPath, 'TRAZZZZ.json'),
    text.replace(/"song_id":\s*"[^"]*"/, '"song_id":"SOZZZZZZZZZZZZZZZZ"'),
  );
}

/** The second day loses its first play and gains a copy of it in a session of its own. */
function overwriteFile(source: string): void {
  const file = join(source, 'log_data', '2018', '11', '2018-11-02-events.json');
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, rest.join('\n'));
  appendFileSync(file, `\n${first.replace(/"sessionId":\d+/, '"sessionId":77777')}`);
}
