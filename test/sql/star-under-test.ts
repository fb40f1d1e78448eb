import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logJsonPaths, logLine } from '../../dataset/serialize';
import type { Mode } from '../../lambda/events';
import { type SourceFile, writeLoad } from '../../lambda/manifests';
import type { WorkFiles } from '../../lambda/work-files';
import { createCopyRunner } from '../../local/redshift/copy/create-copy-runner';
import { openWarehouse } from '../../local/redshift/open-warehouse';
import type { CellValue, Session, Warehouse } from '../../local/redshift/warehouse';
import { createObjectStore, type DiskObjectStore } from '../../local/s3/disk-object-store';
import { loadStatements } from '../../statements/load-plan';
import { renderSql } from '../../statements/render';
import { type RunFolder, readSqlTree } from '../../statements/tree';
import { viewStatements } from '../../statements/views';

type LogEvent = Parameters<typeof logLine>[0];

/** An event of the log; what is left out is as for a paying listener's song. */
export type EventSeed = Partial<LogEvent> & {
  readonly ts: number;
  readonly sessionId: number;
  readonly itemInSession: number;
};

export interface SongSeed {
  readonly song_id: string;
  readonly title: string | number;
  readonly artist_id: string;
  readonly artist_name: string | number;
  readonly artist_location?: string | number;
  readonly artist_latitude?: number | null;
  readonly artist_longitude?: number | null;
  readonly duration?: number;
  readonly year?: number;
}

/** The surrogate as text: BIGINT may come as a number or a bigint. */
const PLAYS = `
  select songplay_id::varchar, start_time, user_id, level, song_id, artist_id, session_id, item_in_session, location,
    user_agent
  from songplays
  order by 1`;
/** The database users of the environment, as the function is told them. */
export const USERS = { loader_user: 'loader', analyst_user: 'analyst', operator_user: 'operator' };
const ADMIN = 'sparkify_admin';
/** What of a run is the admin's. */
const ADMINS: readonly RunFolder[] = ['prepare', 'migrate', 'access'];
const ROLE = 'arn:aws:iam::000000000000:role/copy';
const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));
const clock = {
  now: () => Date.now(),
  after: (milliseconds: number, callback: () => void) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

export function event(seed: EventSeed): LogEvent {
  return {
    artist: 'Muse',
    auth: 'Logged In',
    firstName: 'Lily',
    gender: 'F',
    lastName: 'Koch',
    length: 200,
    level: 'paid',
    location: 'Chicago-Naperville-Elgin, IL-IN-WI',
    method: 'PUT',
    page: 'NextSong',
    registration: 1540919166796,
    song: 'Uprising',
    status: 200,
    userAgent: 'Mozilla/5.0 (X11)',
    userId: '15',
    ...seed,
  } as LogEvent;
}

/**
 * A warehouse of the local engine with all migrations, loaded with the SQL files that the ETL function uses, by the
 * database user that it uses: no load of any test needs more than the loader may.
 */
export class StarUnderTest {
  private runs = 0;
  private constructor(
    private readonly folder: string,
    private readonly objects: DiskObjectStore,
    private readonly warehouse: Warehouse,
    /** Whether rejects are read with their values, as a cluster in one zone has them. */
    public rejectedValues: boolean,
  ) {}

  /**
   * @param version of the last migration, for a warehouse of an earlier time: nobody has a role in it yet
   * @param clusterViews whether it has the views that serverless and Multi-AZ clusters lack
   */
  static async open(version?: number, { clusterViews = true } = {}): Promise<StarUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'star-under-test-'));
    const objects = createObjectStore({ folder: join(folder, 's3'), clock, ids: { uuid: randomUUID } });
    objects.createBucket('source', 'us-west-2');
    await objects.put('source', 'log_json_path.json', Buffer.from(logJsonPaths()));
    const warehouse = await openWarehouse({
      file: ':memory:',
      database: 'sparkify',
      masterUser: ADMIN,
      clock,
      clusterViews,
      copy: createCopyRunner({ objects, attachedRoles: () => [ROLE] }),
    });
    const star = new StarUnderTest(folder, objects, warehouse, clusterViews);
    await star.runFolder('prepare', {});
    await star.transaction(tree.migrations.slice(0, version).map(({ sql }) => sql.text));
    if (version === undefined) await star.runFolder('access', {});
    else star.loader = ADMIN;
    if (version === undefined) await star.makeViews();
    return star;
  }

  async close(): Promise<void> {
    await this.warehouse.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Loads these songs (a file each) and events (one file of that name) as one run. */
  async load(
    mode: Mode,
    songs: readonly SongSeed[],
    events: readonly EventSeed[],
    logName = String(this.runs + 1),
  ): Promise<void> {
    this.runs += 1;
    const runId = `operator-run-${this.runs}`;
    const files: SourceFile[] = [];
    const put = async (key: string, body: string, source: SourceFile['source']): Promise<void> => {
      const { etag, size } = await this.objects.put('source', key, Buffer.from(body));
      files.push({ url: `s3://source/${key}`, etag, sizeBytes: size, source });
    };
    for (const [index, song] of songs.entries())
      await put(`song_data/${this.runs}/${index}.json`, JSON.stringify(sourceSong(song)), 'songs');
    if (events.length > 0)
      await put(`log_data/${logName}.json`, events.map((each) => logLine(event(each))).join('\n'), 'events');
    this.loaded = files;
    const load = await writeLoad(this.work, runId, tree.sources, files);
    const url = (key: string | undefined): string | undefined => (key === undefined ? undefined : `s3://source/${key}`);
    const sources = new Set(Object.keys(load.manifests));
    const rejecting = new Set(this.maxRejects > 0 ? sources : []);
    const values = {
      ...this.values(runId, mode, files.length),
      songs_manifest_url: url(load.manifests.songs),
      events_manifest_url: url(load.manifests.events),
      files_url: url(load.ledgerPrefix),
    };
    await this.transaction(
      loadStatements(tree, { mode, runId, sources, rejecting, rejectedValues: this.rejectedValues, values }),
      this.loader,
    );
  }

  private values(runId: string, mode: Mode, files: number): Record<string, string | number> {
    return {
      ...USERS,
      run_id: runId,
      trigger: 'operator',
      mode,
      started_at: '2018-12-01 02:00:00.000',
      files,
      bytes: 0,
      vanished_files: 0,
      generation: this.generation ?? this.runs - 1,
      table_counts: tree.tableCounts,
      load_digest: tree.loadDigest,
      source_digest: 'b'.repeat(64),
      lock_wait_ms: this.lockWait,
      songs_max_errors: this.maxRejects + 1,
      events_max_errors: this.maxRejects + 1,
      copy_role_arn: ROLE,
      source_region: 'us-west-2',
      events_jsonpaths_url: 's3://source/log_json_path.json',
    };
  }

  /** Called after each statement of a load, before it commits. */
  meanwhile: (() => Promise<void>) | undefined;

  /** Whom loads run as. */
  loader = 'loader';

  /** Applies what a warehouse of an earlier time lacks. */
  async upgrade(version: number): Promise<void> {
    await this.transaction(tree.migrations.slice(version).map(({ sql }) => sql.text));
    await this.runFolder('access', {});
    this.loader = 'loader';
  }

  /** How many rows of each source a load may leave out. */
  maxRejects = 0;

  /** How long a load waits for the lock, in milliseconds. */
  lockWait = 60_000;

  /** What the next load believes the lock's generation to be; by itself what it is. */
  generation: number | undefined;

  /** Runs a folder of `sql/run` as one batch. @returns the rows of each statement */
  async runFolder(
    folder: RunFolder,
    more: Readonly<Record<string, string | number>>,
  ): Promise<readonly (readonly (readonly CellValue[])[])[]> {
    const values = { ...this.values('operator-x', 'incremental', 0), ...more };
    const files = tree.run[folder].filter(({ when }) => when !== 'listed files' || 'listing_url' in more);
    const statements = files.map((file) => renderSql(file, 'operator-x', values));
    return this.transaction(statements, ADMINS.includes(folder) ? ADMIN : 'loader');
  }

  /** Runs one file of `sql/run` by itself. @param parameters of the Data API */
  async runFile(
    file: string,
    more: Readonly<Record<string, string | number>>,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<readonly (readonly CellValue[])[]> {
    const sql = Object.values(tree.run)
      .flat()
      .find((each) => each.file === `run/${file}`);
    if (sql === undefined) throw new Error(`sql/run/${file} is not there`);
    const values = { ...this.values('operator-x', 'incremental', 0), ...more };
    return this.rows(renderSql(sql, 'operator-x', values), parameters, 'loader');
  }

  /** Puts the views in place, as a deploy does. */
  async makeViews(): Promise<void> {
    await this.transaction(viewStatements(tree, 'operator-views', this.values('operator-views', 'incremental', 0)));
  }

  /** Runs the maintenance, each statement by itself. */
  async maintain(): Promise<void> {
    for (const file of tree.maintain) await this.rows(renderSql(file, 'operator-x', {}), {}, 'loader');
  }

  /** Where a run keeps its own files: here beside the sources. */
  readonly work: WorkFiles = {
    put: async (key, body) => void (await this.objects.put('source', key, Buffer.from(body))),
    get: async (key) => String(await this.objects.read('source', key)),
    assemble: async (key, pieces) => {
      const held: string[] = [];
      for await (const piece of pieces) held.push(piece);
      await this.objects.put('source', key, Buffer.from(held.join('')));
    },
  };

  /** What the last load has listed. */
  loaded: readonly SourceFile[] = [];

  /** Every statement that was run as the loader. */
  readonly loaderDid: { readonly sql: string; readonly parameters: Readonly<Record<string, string>> }[] = [];

  /** Runs statements as one batch of the Data API: one session, one transaction. @returns the rows of each */
  async transaction(
    statements: readonly string[],
    user = ADMIN,
  ): Promise<readonly (readonly (readonly CellValue[])[])[]> {
    const session = await this.session(user);
    const results: (readonly (readonly CellValue[])[])[] = [];
    try {
      await run(session, 'begin');
      for (const sql of statements) {
        if (user === 'loader') this.loaderDid.push({ sql, parameters: {} });
        results.push(await run(session, sql));
        if (user === 'loader') await this.meanwhile?.();
      }
      await run(session, 'commit');
      return results;
    } finally {
      await session.close();
    }
  }

  async rows(
    sql: string,
    parameters: Readonly<Record<string, string>> = {},
    user = ADMIN,
  ): Promise<readonly (readonly CellValue[])[]> {
    if (user === 'loader') this.loaderDid.push({ sql, parameters });
    const session = await this.session(user);
    try {
      return await run(session, sql, parameters);
    } finally {
      await session.close();
    }
  }

  /** All five tables, each in the order of its key. */
  async tables(): Promise<Readonly<Record<string, readonly (readonly CellValue[])[]>>> {
    return {
      songplays: await this.rows(PLAYS),
      users: await this.rows('select * from users order by user_id'),
      songs: await this.rows('select * from songs order by song_id'),
      artists: await this.rows('select * from artists order by artist_id'),
      time: await this.rows('select * from public.time order by start_time'),
    };
  }

  /** A connection of one's own, to be closed. */
  session(user = ADMIN): Promise<Session> {
    return this.warehouse.connect({ database: 'sparkify', user });
  }
}

function sourceSong(song: SongSeed): Record<string, unknown> {
  return {
    num_songs: 1,
    artist_latitude: null,
    artist_longitude: null,
    artist_location: '',
    duration: 200,
    year: 0,
    ...song,
  };
}

async function run(
  session: Session,
  sql: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<readonly (readonly CellValue[])[]> {
  const rows: (readonly CellValue[])[] = [];
  try {
    for await (const chunk of (await session.execute(sql, new Map(Object.entries(parameters)))).rows)
      rows.push(...chunk);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${sql.slice(0, 300)}`, { cause: error });
  }
  return rows;
}
