import { join } from 'node:path';
import { appliedStatement } from '../../lambda/migrations';
import { stepsStatement } from '../../lambda/run-steps';
import { DATABASE } from '../../lib/warehouse/warehouse';
import type { RedshiftError } from '../../local/redshift/errors';
import type { Session } from '../../local/redshift/warehouse';
import { taggedFile } from '../../statements/render';
import { readSqlTree } from '../../statements/tree';
import { StarUnderTest, USERS } from './star-under-test';

const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));
const song = { song_id: 'SO1', title: 'Uprising', artist_id: 'AR1', artist_name: 'Muse' };
const play = { ts: Date.UTC(2018, 10, 5, 8), sessionId: 256, itemInSession: 0 };

let star: StarUnderTest;
beforeAll(async () => {
  star = await StarUnderTest.open();
});
afterAll(() => star.close());

type Statement = StarUnderTest['loaderDid'][number];

/** 42501, or passed over with a notice, as ANALYZE does. */
async function isRefused(session: Session, { sql, parameters }: Statement): Promise<boolean> {
  const temporary = /^create temp table (\w+)/m.exec(sql)?.[1];
  await session.execute('begin');
  try {
    if (temporary !== undefined) await session.execute(`drop table if exists ${temporary}`);
    const { rows, notices } = await session.execute(sql, new Map(Object.entries(parameters)));
    for await (const _chunk of rows);
    return notices.some((notice) => /^skipping/.test(notice));
  } catch (error) {
    return (error as RedshiftError).sqlState === '42501';
  } finally {
    await session.execute('rollback');
  }
}

/** Everything that a run may do as the loader, once. */
async function doEverything(): Promise<void> {
  star.maxRejects = 1;
  await star.load('refresh', [song], [play]);
  await star.load('incremental', [song], [play, { ...play, itemInSession: 1, page: 'Home' }]);
  star.rejectedValues = false;
  await star.load('refresh', [song], [play]);
  await star.runFolder('survey', {});
  const file = { url: 's3://source/new.json', etag: 'e', size_bytes: 1, source: 'events', wanted: true, undated: true };
  await star.work.put('listing/1.json', JSON.stringify(file));
  await star.runFolder('compare', { buckets: 'all', listing_url: 's3://source/listing/' });
  await star.runFolder('idle', {});
  await star.runFolder('steps', {});
  await star.rows(stepsStatement('operator-x', [{ step: 'load', startedAt: 0, milliseconds: 1 }]), {}, 'loader');
  await star.maintain();
  await star.runFile('failure/010_record.sql', {}, { error: 'none' });
  await star.runFile('failure/020_load_errors.sql', { query_id: '1' });
  await star.runFile('failure/030_rejected_values.sql', { query_id: '1' });
  // A dry run asks for the applied migrations.
  await star.rows(appliedStatement('operator-x'), {}, 'loader');
}

interface Grant {
  readonly privilege: string;
  readonly object: string;
  readonly name: string;
  readonly statement: (action: 'grant' | 'revoke') => string;
}

/** What the migrations grant to a role, one privilege on one object each. */
function grantsOf(role: string): readonly Grant[] {
  return tree.migrations.flatMap(({ sql }) => {
    const text = sql.text
      .replace(/^--.*$/gm, '')
      .replace(/\s+/g, ' ')
      .trim();
    const [, privileges = '', kind = '', names = ''] =
      new RegExp(`^grant (.+?)(?: on (table|schema|database|procedure) (.+))? to role ${role}$`).exec(text) ?? [];
    return privileges
      .split(', ')
      .filter((each) => each !== '')
      .flatMap((privilege) =>
        names.split(/, (?=\w+\.)/).map((name): Grant => {
          const object = kind === '' ? '' : ` on ${kind} ${name}`;
          return {
            privilege,
            object,
            name: kind === 'table' || kind === 'procedure' ? name.replace(/^\w+\.|\(.*$/g, '') : '',
            statement: (action) => `${action} ${privilege}${object} ${action === 'grant' ? 'to' : 'from'} role ${role}`,
          };
        }),
      );
  });
}

describe('the loader', () => {
  beforeAll(doEverything);

  it('may do every statement of a run but those that make tables, users and grants', () => {
    // Rejects are kept by one file for all sources: the source stands behind its name.
    const files = new Set(star.loaderDid.map(({ sql }) => taggedFile(sql)?.replace(/\+[a-z]\w*$/, '')));
    const { prepare, migrate, access, ...run } = tree.run;
    const own = [...tree.load, ...tree.maintain, ...Object.values(run).flat()].map(({ file }) => file);
    expect(own.filter((file) => !files.has(file))).toEqual([]);
    const texts = star.loaderDid.map(({ sql }) => sql).join('\n');
    expect(tree.checks.filter(({ file }) => !texts.includes(`'${file.slice(7, -4)}'`))).toEqual([]);
    expect([...prepare, ...migrate, ...access].filter(({ file }) => files.has(file))).toEqual([]);
  });

  it('needs each of its grants: without any one of them some statement is refused', async () => {
    const session = await star.session('loader');
    // The last of each: a load of another run, or the rows of one that is done, would be refused for other reasons.
    const statements = [...new Map(star.loaderDid.map((each) => [taggedFile(each.sql), each])).values()];
    for (const { sql } of statements.filter((each) => /^create temp table/m.test(each.sql))) await session.execute(sql);
    for (const each of statements) expect([taggedFile(each.sql), await isRefused(session, each)]).toContain(false);
    const grants = grantsOf('sparkify_loader');
    expect(grants.length).toBeGreaterThan(50);
    const useless: string[] = [];
    for (const grant of grants) {
      await star.rows(grant.statement('revoke'));
      let needed = false;
      for (const each of statements.filter(({ sql }) => sql.includes(grant.name)))
        if (!needed) needed = await isRefused(session, each);
      if (!needed) useless.push(grant.statement('grant'));
      await star.rows(grant.statement('grant'));
    }
    expect(useless).toEqual([]);
    await session.close();
  });

  it.each([
    ['make a table', 'create table public.mine (a int)', /permission denied for schema public/],
    ['change one', 'alter table public.users add column a int', /must be owner/],
    ['empty the history of rejects', 'delete from etl.rejects', /permission denied for relation rejects/],
    ['rewrite a migration', "update etl.migrations set checksum = 'x'", /permission denied for relation migrations/],
    ['make a user', 'create user eve password disable', /must be superuser/],
    ['give itself a role', 'grant role sparkify_operator to loader', /must be owner of role/],
    ['admit anybody', "call etl.admit('eve', 'sparkify_loader')", /permission denied for procedure admit/],
  ])('may not %s', async (_what, sql, refusal) => {
    await expect(star.rows(sql, {}, 'loader')).rejects.toThrow(refusal);
  });
});

describe.each(['analyst', 'operator'])('an %s', (user) => {
  it('reads the star, tables that come later, and views', async () => {
    await star.transaction([
      'create table public.later (a int)',
      'create view analytics.plays as select count(*) as plays from public.songplays with no schema binding',
    ]);
    for (const table of ['songplays', 'users', 'songs', 'artists', 'time', 'later'])
      await star.rows(`select * from public.${table}`, {}, user);
    await star.rows('select plays from analytics.plays', {}, user);
    await star.transaction(['drop view analytics.plays', 'drop table public.later']);
  });

  it.each([
    ['insert into public.users (user_id) values (1)', /permission denied for relation users/],
    ['update public.songs set year = 1', /permission denied for relation songs/],
    ['delete from public.songplays', /permission denied for relation songplays/],
    ['truncate public.songplays', /must be owner of relation songplays/],
    ['drop table public.songplays', /must be owner of relation songplays/],
    ['create table public.mine (a int)', /permission denied for schema public/],
    ['create temp table mine (a int)', /permission denied to create temporary tables/],
    ['create table analytics.mine (a int)', /permission denied for schema analytics/],
    ['lock public.songplays', /permission denied for relation songplays/],
    ["call etl.admit('eve', 'sparkify_loader')", /permission denied/],
  ])('may not: %s', async (sql, refusal) => {
    await expect(star.rows(sql, {}, user)).rejects.toThrow(refusal);
  });
});

describe('the difference between them', () => {
  it.each([
    'select * from public.staging_events',
    'select * from public.staging_songs',
    'select * from etl.runs',
    'select * from etl.files',
    'select * from svv_table_info',
  ])('only an operator may: %s', async (sql) => {
    await star.rows(sql, {}, 'operator');
    await expect(star.rows(sql, {}, 'analyst')).rejects.toThrow(/permission denied/);
  });

  it('is that an operator sees what others have run, and later tables of the load', async () => {
    await star.transaction(['create table etl.later (a int)']);
    await star.rows('select * from etl.later', {}, 'operator');
    await expect(star.rows('select * from etl.later', {}, 'analyst')).rejects.toThrow(/permission denied/);
    await star.transaction(['drop table etl.later']);
    const others = "select count(*)::int from sys_query_history where query_text like '%analyze public.songplays%'";
    const seen = async (user: string) => Number((await star.rows(others, {}, user))[0]?.[0]);
    expect([await seen('analyst'), (await seen('operator')) > 0]).toEqual([0, true]);
  });
});

describe('a warehouse that a version without roles has loaded', () => {
  it('gets them by its next deploy, and is loaded on by the loader', async () => {
    const before = 22;
    expect(tree.migrations[before]?.sql.text).toMatch(/^create role sparkify_loader$/m);
    const old = await StarUnderTest.open(before);
    // The load of that time emptied each table by itself; what today's calls for it goes again with the old version.
    const clear = tree.migrations.find(({ name }) => name === 'clear');
    await old.transaction([String(clear?.sql.text)]);
    await old.load('refresh', [song], [play]);
    await old.transaction(['drop procedure etl.clear(varchar)']);
    expect(old.loaderDid).toEqual([]);
    await old.upgrade(before);
    await old.load('incremental', [song], [{ ...play, itemInSession: 1 }]);
    expect(old.loaderDid.length).toBeGreaterThan(20);
    expect((await old.tables()).songplays).toHaveLength(2);
    await old.close();
  });
});

describe('the database users', () => {
  it('are made once, without a password, and hold one role each', async () => {
    const members = () =>
      star.rows('select user_name, role_name, admin_option from svv_user_grants order by user_name');
    const before = await members();
    expect(before).toEqual([
      ['analyst', 'sparkify_analyst', false],
      ['loader', 'sparkify_loader', false],
      ['operator', 'sparkify_operator', false],
    ]);
    await star.runFolder('access', {});
    expect(await members()).toEqual(before);
    const [admitted] = (await star.runFolder('prepare', {})).at(-1) ?? [];
    expect(Number(admitted?.[0])).toBe(tree.run.access.length);
    expect(tree.migrations.map(({ sql }) => sql.text).join('\n')).not.toMatch(/password (?!disable|lets)/);
  });

  it('may be those that Redshift makes of IAM roles, known or not', async () => {
    const roles = { ...USERS, loader_user: 'IAMR:Sparkify-dev-EtlRole-1A', analyst_user: 'IAMR:Analyst+x@y' };
    const admitted = async () => Number((await star.runFolder('prepare', roles)).at(-1)?.[0]?.[0]);
    expect(await admitted()).toBe(1);
    // One that has signed in before anybody gave it a role.
    await (await star.session('IAMR:Analyst+x@y')).close();
    await star.runFolder('access', roles);
    expect(await admitted()).toBe(3);
    await star.rows('select count(*) from etl.runs', {}, 'IAMR:Sparkify-dev-EtlRole-1A');
    await star.rows('select count(*) from public.songplays', {}, 'IAMR:Analyst+x@y');
  });

  it('are granted temporary tables in the database that the stack makes', () => {
    expect(grantsOf('sparkify_loader').filter(({ object }) => object.includes('database'))).toEqual([
      expect.objectContaining({ privilege: 'temporary', object: ` on database ${DATABASE}` }),
    ]);
  });
});
