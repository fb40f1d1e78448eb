import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { ensureLocalAws, type LocalAwsHandle, runningLocalAws } from '../../local/client';
import { Checkout, type CommandEnd } from '../support/checkout';
import { referenceStar } from '../support/reference-star';

interface Summary {
  readonly report: string;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly note: string }[];
  readonly lastRun: { readonly run_id: string; readonly mode: string; readonly status: string; readonly files: number };
  readonly checks: readonly { readonly passed: boolean }[];
}

interface Run {
  readonly run_id: string;
  readonly trigger: string;
  readonly mode: string;
  readonly status: string;
  readonly files: number;
}

const SIZE = { seed: 5, songs: 150, events: 1200, users: 25, days: 4 };

/** One story in order: each test goes on from where the last one left the warehouse. */
describe('a warehouse on one machine', () => {
  const checkout = new Checkout();
  let first: CommandEnd;

  const summaryOf = (end: CommandEnd) => JSON.parse(end.stdout) as Summary;
  const start = (...more: readonly string[]) => checkout.sparkify('start', '--format', 'json', ...more);
  const runs = () =>
    checkout.rows<Run>('select run_id, trigger, mode, status, files from etl.runs order by finished_at');
  const tick = async () => {
    const end = await checkout.sparkify('tick', '--format', 'json');
    if (end.exitCode !== 0) throw new Error(end.stderr);
    return (JSON.parse(end.stdout) as Run[])[0] as Run;
  };

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, ...SIZE });
    first = await start('--source', checkout.bucket);
  });
  afterAll(() => checkout.remove());

  it('is deployed by the real CDK CLI and ends with exit code 0', () => {
    expect({ exitCode: first.exitCode, tail: first.exitCode === 0 ? '' : first.stderr.slice(-3000) }).toEqual({
      exitCode: 0,
      tail: '',
    });
    expect(first.stderr).toMatch(/CREATE_COMPLETE\s+\|\s+AWS::CloudFormation::Stack/);
  });

  it('holds the star that the files make, row by row', () => {
    const expected = referenceStar(checkout.bucket);
    const counts = Object.fromEntries(summaryOf(first).tables.map(({ table, rows }) => [table, rows]));
    expect(counts).toEqual({
      staging_events: SIZE.events,
      staging_songs: SIZE.songs,
      songplays: expected.songplays,
      users: expected.users,
      songs: expected.songs,
      artists: expected.artists,
      time: expected.time,
    });
    expect(summaryOf(first).tables.find(({ table }) => table === 'songplays')?.note).toBe(
      `${expected.known} know their song`,
    );
    expect(expected.known).toBeGreaterThan(0);
  });

  it('knows for each play the song, and for each user the level, that a reading row by row finds', async () => {
    const expected = referenceStar(checkout.bucket);
    const plays = await checkout.rows<{ session_id: number; item_in_session: number; song_id: string }>(
      'select session_id, item_in_session, song_id from songplays where song_id is not null',
    );
    expect(new Map(plays.map((p) => [`${p.session_id}/${p.item_in_session}`, p.song_id]))).toEqual(expected.songOfPlay);
    const users = await checkout.rows<{ user_id: number | string; level: string }>('select user_id, level from users');
    expect(new Map(users.map((u) => [String(u.user_id), u.level]))).toEqual(expected.levelOfUser);
  });

  it('has passed every check', () => {
    const { checks } = summaryOf(first);
    expect(checks.length).toBeGreaterThanOrEqual(10);
    expect(checks.every((check) => check.passed)).toBe(true);
  });

  const playsIn = (report: string) =>
    /<dt>Plays<\/dt><dd><span class="value">([\d,]+)</.exec(readFileSync(report, 'utf8'))?.[1]?.replaceAll(',', '');

  it('ends with a report of what it holds', () => {
    const { report } = summaryOf(first);
    expect(report).toBe(join(checkout.home, 'report.html'));
    expect(playsIn(report)).toBe(String(referenceStar(checkout.bucket).songplays));
  });

  it('answers queries after the local AWS has been stopped, as table, json and csv with proper types', async () => {
    const sql =
      'select level, count(*) as plays, 1.50::numeric(6,2) as price, true as yes, null::int as nothing from songplays group by level order by level';
    const json = await checkout.rows<Record<string, unknown>>(sql);
    expect(json[0]).toEqual({
      level: expect.any(String),
      plays: expect.any(Number),
      price: 1.5,
      yes: true,
      nothing: null,
    });
    const csv = await checkout.sparkify('query', sql, '--format', 'csv');
    expect(csv.stdout.split('\n')[0]).toBe('level,plays,price,yes,nothing');
    const table = await checkout.sparkify('query', sql);
    expect(table.stdout).toMatch(/level.*plays/);
  });

  it('is a CloudFormation no-op, and loads nothing, when it is started again with nothing changed', async () => {
    const before = await runs();
    const again = await start();
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain('(no changes)');
    expect(await runs()).toEqual(before);
  });

  /** As while somebody has `sparkify start --serve` in another terminal: the commands find it and leave it running. */
  describe('whose local AWS stays up', () => {
    let aws: LocalAwsHandle;
    beforeAll(async () => {
      aws = await ensureLocalAws({ home: checkout.home });
    });
    afterAll(() => aws.stop());

    it('refuses what Redshift refuses, with its words and a non-zero exit code', async () => {
      const end = await checkout.sparkify('query', 'select * from nowhere');
      expect(end.exitCode).toBe(1);
      expect(end.stderr).toContain('relation "nowhere" does not exist');
    });

    it('was loaded by a database user that is not the admin, in the end too', async () => {
      const loads = await checkout.rows(
        `select distinct usename from sys_query_history join pg_user on user_id = usesysid
         where query_text like '%file=load/%' or query_text like '%file=maintain/%' or query_text like '%file=run/compare/%'`,
      );
      expect(loads).toEqual([{ usename: 'loader' }]);
    });

    it('lets an analyst read the star, and neither write it nor read the load’s own tables', async () => {
      const as = (identity: string, sql: string) =>
        checkout.sparkify('query', sql, '--as', identity, '--format', 'json');
      expect(
        JSON.parse((await as('analyst', 'select current_user as me, count(*) > 0 as some from songplays')).stdout),
      ).toEqual([{ me: 'analyst', some: true }]);
      const deleting = await as('analyst', 'delete from songplays');
      expect([deleting.exitCode, deleting.stderr]).toEqual([
        1,
        expect.stringContaining('permission denied for relation songplays'),
      ]);
      const reading = await as('analyst', 'select * from etl.files');
      expect([reading.exitCode, reading.stderr]).toEqual([
        1,
        expect.stringContaining('permission denied for schema etl'),
      ]);
      expect((await as('operator', 'select count(*) as files from etl.files')).exitCode).toBe(0);
    });

    it('has used every permission of its roles, or says what would use it', async () => {
      const end = await checkout.sparkify('iam-report', '--check', '--format', 'json');
      expect({ exitCode: end.exitCode, stderr: end.stderr }).toEqual({ exitCode: 0, stderr: '' });
      const { roles } = JSON.parse(end.stdout) as {
        roles: { path: string; statements: { actions: { action: string; count: number; reason?: string }[] }[] }[];
      };
      const copy = roles.find(({ path }) => path === 'CopyRole/Role')?.statements.flatMap(({ actions }) => actions);
      // Both sources' files, their two manifests, the paths' file and the file list.
      expect(copy?.find(({ action }) => action === 's3:GetObject')?.count).toBeGreaterThanOrEqual(
        SIZE.songs + SIZE.days,
      );
      const [listing] = copy?.filter(({ count }) => count === 0) ?? [];
      expect(listing).toMatchObject({
        action: 's3:ListBucket',
        reason: expect.stringContaining('Redshift asks for LIST'),
      });
    });

    /** A log file of that day of November with one play of a session of its own. */
    const writeLog = (day: string) => {
      const template = readFileSync(join(checkout.bucket, 'log_data/2018/11/2018-11-01-events.json'), 'utf8');
      const line = template.split('\n').find((l) => l.includes('"NextSong"')) as string;
      const ts = Date.parse(`2018-11-${day}T00:00:00.796Z`);
      writeFileSync(
        join(checkout.bucket, `log_data/2018/11/2018-11-${day}-events.json`),
        line.replace(/"sessionId":\d+/, `"sessionId":9999${day}`).replace(/"ts":\d+/, `"ts":${ts}`),
      );
    };

    it('says in a dry run what would be loaded, and does none of it', async () => {
      writeLog('09');
      const before = await runs();
      const end = await checkout.sparkify('load', '--dry-run', '--format', 'json');
      expect(JSON.parse(end.stdout)).toMatchObject({
        mode: 'incremental',
        files: 1,
        firstFiles: [{ url: expect.stringMatching(/2018-11-09-events\.json$/) }],
        statements: expect.arrayContaining(['load/031_copy_events.sql']),
        migrations: [],
      });
      expect(await runs()).toEqual(before);
    });

    it('loads exactly the new file at the next tick, which a watched report shows, and nothing at the one after', async () => {
      const report = join(checkout.folder, 'watched.html');
      const watching = checkout.begin('report', '--watch', '--output', report);
      await watching.said(/watching/);
      expect(await tick()).toMatchObject({ trigger: 'schedule', mode: 'incremental', status: 'succeeded', files: 1 });
      await watching.said(/written again after run schedule-/);
      expect(await watching.interrupt()).toBe(0);
      expect(playsIn(report)).toBe(String(referenceStar(checkout.bucket).songplays));
      expect(await tick()).toMatchObject({ status: 'succeeded', files: 0 });
      const [counts] = await checkout.rows('select count(*) as plays from songplays');
      expect(counts).toEqual({ plays: referenceStar(checkout.bucket).songplays });
    });

    it('loads of a backlog the days that are asked for, and the rest when it is asked for that', async () => {
      for (const day of ['12', '13', '20']) writeLog(day);
      const load = async (...options: readonly string[]) => {
        const end = await checkout.sparkify('load', '--format', 'json', ...options);
        return end.exitCode === 0 ? (JSON.parse(end.stdout) as Run[])[0]?.files : end.stderr;
      };
      expect(await load('--from', '2018-11-10', '--to', '2018-11-13', '--name', 'slice')).toBe(2);
      expect(await load('--full-refresh', '--name', 'slice')).toBe(
        'A run named slice was already started with other options: the same name is the same run. Give another --name.\n',
      );
      expect(await load('--from', '2018-02-30')).toMatch(/day of the calendar is needed/);
      expect(await load('--name', 'rest')).toBe(1);
    });

    const FAVOURITES =
      '-- Songs that somebody marked.\n-- Grain: one row a song. Key: song_id.\ncreate table public.favourites (\n    song_id varchar(32) not null,\n    primary key (song_id)\n)\n';
    const FAVOURITES_PLAYED =
      '-- Grain: one row in all. Key: none.\ncreate view analytics.favourites_played as\nselect count(*) as plays\nfrom public.songplays\ninner join public.favourites on songplays.song_id = favourites.song_id\nwith no schema binding\n';
    const migrations = () => join(checkout.folder, 'sql/migrations');

    it('is rebuilt from all files, and gets a new table and a new view, when these and a load statement are deployed', async () => {
      const file = join(checkout.folder, 'sql/load/060_time.sql');
      writeFileSync(file, `${readFileSync(file, 'utf8')}\n-- a change\n`);
      const next = String(readdirSync(migrations()).length + 1).padStart(4, '0');
      writeFileSync(join(migrations(), `${next}_favourites.sql`), FAVOURITES);
      writeFileSync(join(checkout.folder, 'sql/analytics/favourites_played.sql'), FAVOURITES_PLAYED);
      const update = await start();
      expect(update.exitCode).toBe(0);
      expect(update.stderr).toMatch(/UPDATE_COMPLETE\s+\|\s+Custom::WarehouseLoad/);
      expect(summaryOf(update).lastRun).toMatchObject({ mode: 'refresh', status: 'succeeded' });
      const expected = referenceStar(checkout.bucket);
      expect(summaryOf(update).tables.find(({ table }) => table === 'songplays')?.rows).toBe(expected.songplays);
      expect(await checkout.rows('select count(*) as songs from favourites')).toEqual([{ songs: 0 }]);
      expect(await checkout.rows('select plays from analytics.favourites_played')).toEqual([{ plays: 0 }]);
    });

    it('refuses a migration whose number leaves a gap', async () => {
      writeFileSync(
        join(migrations(), '9000_more_favourites.sql'),
        FAVOURITES.replace('favourites', 'more_favourites'),
      );
      const update = await start();
      expect(update.exitCode).toBe(1);
      expect(update.stderr).toMatch(/number \d{4} is missing/);
    });

    it('tells its story: runs, files, counts', async () => {
      const end = await checkout.sparkify('status', '--format', 'json');
      const state = JSON.parse(end.stdout) as {
        runs: Run[];
        files: { source: string; files: number }[];
        lastError: unknown;
      };
      expect(state.files).toEqual([
        expect.objectContaining({ source: 'events', files: 8 }),
        expect.objectContaining({ source: 'songs', files: 150 }),
      ]);
      expect(state.runs.map((run) => run.trigger)).toEqual(expect.arrayContaining(['deploy', 'schedule']));
    });

    it('keeps what a file brought that is gone, and shows which one that is', async () => {
      rmSync(join(checkout.bucket, 'log_data/2018/11/2018-11-20-events.json'));
      const end = await checkout.sparkify('status', '--files', '--format', 'json');
      const { sources } = JSON.parse(end.stdout) as { sources: { files: number; vanished: string[] } };
      expect(sources).toMatchObject({ files: 0, vanished: [expect.stringMatching(/2018-11-20-events\.json$/)] });
      expect((await checkout.sparkify('status', '--files')).stdout).toMatch(/1 files were loaded and are gone/);
    });

    it('goes with cdk destroy, and says so when it is asked afterwards', async () => {
      const end = await checkout.sparkify('destroy');
      expect(end.exitCode).toBe(0);
      const after = await checkout.sparkify('query', 'select 1');
      expect(after.exitCode).toBe(3);
      expect(after.stderr).toContain('There is no stack Sparkify-local');
    });

    it('is still up after all of that', async () => {
      expect(runningLocalAws(checkout.home)?.url).toBe(aws.url);
    });
  });
});
