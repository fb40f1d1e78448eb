import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handle } from '../../lambda/handler';
import { migrationStatements, nextAlone, standsAlone } from '../../lambda/migrations';
import { taggedFile } from '../../statements/render';
import { parseSqlFile } from '../../statements/sql-file';
import { type Migration, readSqlTree } from '../../statements/tree';
import { FakeWorld } from './fake-world';
import { ENVIRONMENT } from './loaded-world';

const SQL = join(__dirname, '..', '..', 'sql');

describe('a statement that Redshift refuses in a transaction block', () => {
  it.each([
    'vacuum',
    'VACUUM FULL public.songplays TO 99 PERCENT',
    '-- Grows the column.\n/* and\nmore */\nalter table public.users\nalter column first_name type varchar(512)',
    'alter table public.users alter column level encode az64',
    "alter table spectrum.sales add if not exists partition (day = '2018-11-01') location 's3://b/x/'",
    "alter table spectrum.sales set location 's3://b/y/'",
    'alter table public.songplays append from public.old_songplays',
    'alter table public.songplays append from old ignoreextra',
    'create database archive',
    'drop database archive',
    'alter database archive isolation level serializable',
    "create external table spectrum.sales (id int) stored as parquet location 's3://b/x/'",
    "copy t from 's3://b/x' iam_role 'r' job create nightly auto on",
    'copy job drop nightly',
    "create library f language plpythonu from 's3://b/f.zip'",
    'truncate public.staging_events',
  ])('is recognised: %s', (sql) => expect(standsAlone(sql)).toBe(true));

  it.each([
    'create table etl.vacuum_log (id int)',
    '-- vacuum\ncreate table t (id int)',
    '/* alter table t append from s */ insert into t values (1)',
    'alter table etl.runs\nadd column type varchar(8)',
    'alter table t rename column alter_type to type',
    'alter table t alter sortkey (a)',
    'alter table t add column set_location varchar(8)',
    "copy t from 's3://b/job create' iam_role 'r'",
    'create external schema s from data catalog database d',
  ])('is not taken for one: %s', (sql) => expect(standsAlone(sql)).toBe(false));

  it('is none of the migrations so far', () => {
    expect(readSqlTree(SQL).migrations.filter(({ sql }) => standsAlone(sql.text))).toEqual([]);
  });
});

describe('pending migrations', () => {
  const migration = (version: number, text: string): Migration => {
    const name = `m${version}`;
    const sql = parseSqlFile(`migrations/${String(version).padStart(4, '0')}_${name}.sql`, text);
    return { version, name, checksum: 'c', sql };
  };
  const pending = [
    migration(1, 'select 1'),
    migration(2, 'select 2'),
    migration(3, 'vacuum'),
    migration(4, 'select 4'),
  ];

  it('share a transaction up to the one that stands alone', () => {
    expect(nextAlone(pending)).toBeUndefined();
    expect(migrationStatements(pending, 'deploy-x').map(taggedFile)).toEqual([
      'migrations/0001_m1.sql',
      'migrations/0002_m2.sql',
      'migrations',
    ]);
    expect(nextAlone(pending.slice(2))?.version).toBe(3);
  });

  it('leave room for the lock and its fence in the 40 statements of a batch', () => {
    const many = Array.from({ length: 60 }, (_, index) => migration(index + 1, 'select 1'));
    const around = readSqlTree(SQL).run.migrate.length;
    expect(migrationStatements(many, 'deploy-x').length + around).toBeLessThanOrEqual(40);
  });
});

describe('a run with a migration that stands alone', () => {
  let sqlRoot: string;
  let files: readonly Migration[];
  beforeAll(() => {
    sqlRoot = mkdtempSync(join(tmpdir(), 'sql-'));
    cpSync(SQL, sqlRoot, { recursive: true });
    const next = readSqlTree(SQL).migrations.length + 1;
    const write = (version: number, name: string, sql: string): void =>
      writeFileSync(join(sqlRoot, 'migrations', `${String(version).padStart(4, '0')}_${name}.sql`), `${sql}\n`);
    write(next, 'longer_names', 'alter table public.users alter column first_name type varchar(512)');
    write(next + 1, 'after', 'create table etl.after (id integer)');
    files = readSqlTree(sqlRoot).migrations;
  });
  afterAll(() => rmSync(sqlRoot, { recursive: true }));

  /** A warehouse whose etl.migrations holds what the statements have put there. */
  function migratingWorld(): FakeWorld {
    const fake = new FakeWorld();
    const recorded = () =>
      files.filter(
        ({ version, checksum }) =>
          version <= files.length - 2 ||
          fake.statements.some(({ sqls }) =>
            sqls.some((sql) => taggedFile(sql) === 'migrations' && sql.includes(`'${checksum}'`)),
          ),
      );
    for (const file of ['run/prepare/030_applied.sql', 'applied'])
      Object.defineProperty(fake.results, file, {
        get: () => recorded().map(({ version, name, checksum }) => ({ version, name, checksum })),
      });
    fake.results['run/compare/070_new_files.sql'] = [];
    return fake;
  }

  const run = (fake: FakeWorld, name = 'x') =>
    handle({ trigger: 'operator', run: name }, fake.context(), { ...fake.world(ENVIRONMENT), sqlRoot });
  const migrations = (fake: FakeWorld): readonly (readonly (string | undefined)[])[] =>
    fake.statements
      .filter(({ name }) => name.endsWith('-migrate'))
      .map(({ sqls }) => sqls.map(taggedFile).filter((file) => !file?.startsWith('run/')));

  it('runs it by itself, then writes its row, then goes on with the next', async () => {
    const fake = migratingWorld();
    expect((await run(fake)).outcome).toBe('succeeded');
    const [alone, after] = files.slice(-2).map(({ sql }) => sql.file);
    expect(migrations(fake)).toEqual([[alone], ['migrations'], [after, 'migrations']]);
  });

  it('runs it again when a run has died between the statement and its row', async () => {
    const fake = migratingWorld();
    const deaths = [Object.assign(new Error('no'), { name: 'AccessDeniedException' })];
    const push = fake.statements.push.bind(fake.statements);
    fake.statements.push = (...added) => {
      if (added.some(({ sqls }) => /alter column first_name/.test(sqls.join()) && sqls.length === 1))
        fake.trouble.set('BatchExecuteStatement', deaths.splice(0));
      return push(...added);
    };
    await expect(run(fake)).rejects.toThrow(/AccessDenied/);
    expect((await run(fake, 'again')).outcome).toBe('succeeded');
    const [alone, after] = files.slice(-2).map(({ sql }) => sql.file);
    expect(migrations(fake)).toEqual([[alone], [alone], ['migrations'], [after, 'migrations']]);
  });

  it('names its file when it fails, and does not write its row', async () => {
    const fake = migratingWorld();
    const alone = files.at(-2)?.sql.file;
    fake.fails = { file: alone ?? '', error: 'column "first_name" does not exist' };
    await expect(run(fake)).rejects.toThrow(`sql/${alone} failed: column "first_name" does not exist`);
    expect(migrations(fake)).toEqual([[alone]]);
  });

  it('reads what is applied again when another run has migrated meanwhile', async () => {
    const fake = migratingWorld();
    fake.fails = { file: 'run/migrate/020_fence.sql', error: 'Divide by zero' };
    const push = fake.statements.push.bind(fake.statements);
    fake.statements.push = (...added) => {
      if (added.some(({ sqls }) => sqls.map(taggedFile).includes('run/migrate/020_fence.sql'))) {
        if (fake.statements.filter(({ name }) => name.endsWith('-migrate')).length > 1) fake.fails = undefined;
      }
      return push(...added);
    };
    expect((await run(fake)).outcome).toBe('succeeded');
  });
});
