import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedshiftError } from '../../../../local/redshift/errors';
import type { Session, Warehouse } from '../../../../local/redshift/warehouse';
import { connect, failure, open, rows } from './support';

let warehouse: Warehouse;
let admin: Session;
let ann: Session;

/** Two schemas, and somebody who was granted nothing. */
async function begin(): Promise<void> {
  warehouse = await open();
  admin = await connect(warehouse);
  await rows(
    admin,
    'create user ann password disable',
    'create schema etl',
    'create table etl.t (a int, b int)',
    'insert into etl.t values (1, 2)',
    'create table etl.u (a int)',
    'create table etl.keyed (k int not null, primary key (k))',
    'create table public.open (a int)',
    'create view etl.v as select a from etl.t',
    'create view etl.late as select a from etl.t with no schema binding',
    'create procedure etl.p() as $$ begin insert into etl.t values (3, 4); end; $$ language plpgsql',
    'create procedure etl.d() as $$ begin insert into etl.t values (5, 6); end; $$ language plpgsql security definer',
    'create role reader',
    'create role outer_reader',
    'create group g',
  );
  ann = await connect(warehouse, 'ann');
}

const USAGE = 'grant usage on schema etl to ann';
const SELECT = 'grant select on etl.t to ann';

describe('what somebody who was granted nothing may not do', () => {
  beforeAll(begin);
  afterAll(() => warehouse.close());

  it.each([
    ['select * from etl.t', 'permission denied for schema etl'],
    ['select * from public.open', 'permission denied for relation open'],
    ['insert into public.open values (1)', 'permission denied for relation open'],
    ['update public.open set a = 1', 'permission denied for relation open'],
    ['delete from public.open', 'permission denied for relation open'],
    ['explain select * from public.open', 'permission denied for relation open'],
    ['create table mine as select * from public.open', 'permission denied for relation open'],
    ['select * into mine from public.open', 'permission denied for relation open'],
    ['create view mine as select * from public.open', 'permission denied for relation open'],
    ['create table mine (like public.open)', 'permission denied for relation open'],
    [
      "copy public.open from 's3://b/k' iam_role 'arn:aws:iam::000000000000:role/r' json 'auto'",
      'permission denied for relation open',
    ],
    ['lock public.open', 'permission denied for relation open'],
    ['truncate public.open', 'must be owner of relation open'],
    ['drop table public.open', 'must be owner of relation open'],
    ['alter table public.open add column c int', 'must be owner of relation open'],
    ['alter table public.open owner to ann', 'must be owner of relation open'],
    ["comment on table public.open is 'x'", 'must be owner of relation open'],
    ['drop view etl.v', 'permission denied for schema etl'],
    ['create table etl.mine (a int)', 'permission denied for schema etl'],
    ['create schema mine', 'permission denied for database sparkify'],
    ['create schema if not exists etl', 'permission denied for database sparkify'],
    ['drop schema etl cascade', 'must be owner of schema etl'],
    ['call etl.p()', 'permission denied for schema etl'],
    ['grant select on public.open to ann', 'permission denied for relation open'],
    ['grant usage on schema etl to ann', 'permission denied for schema etl'],
    ['grant role reader to ann', 'must be owner of role reader'],
    ['grant analyze to role reader', 'must be superuser to grant or revoke system privileges'],
    ['create user bob password disable', 'must be superuser to create users'],
    ['alter user ann createuser', 'must be superuser to alter users'],
    ['drop user sparkify_admin', 'must be superuser to drop users'],
    ['create group h', 'must be superuser to create groups'],
    ['create role r', 'permission denied to create role'],
    ['drop role reader', 'must be owner of role reader'],
    ['select * from svv_table_info', 'permission denied for relation svv_table_info'],
    ['insert into pg_user values (1)', '"pg_user" is a system view, it cannot be written to'],
  ])('%s', async (sql, message) => {
    const error = await failure(ann, sql);
    expect(error.message).toBe(message);
  });

  it('ends the transaction', async () => {
    await rows(ann, 'begin', 'create temp table mine (a int)');
    expect(await failure(ann, 'delete from public.open')).toMatchObject({ sqlState: '42501' });
    expect(await failure(ann, 'select 1')).toMatchObject({ sqlState: '25P02' });
    await rows(ann, 'rollback');
  });

  it('does not find a bare name in a schema that it may not use', async () => {
    await rows(ann, 'set search_path to etl, public');
    expect(await failure(ann, 'select * from t')).toMatchObject({ message: 'relation "t" does not exist' });
    await rows(ann, 'reset search_path');
  });
});

describe('what everybody may do', () => {
  beforeEach(begin);
  afterEach(() => warehouse.close());

  it('makes temporary tables and own tables in public, until that is revoked', async () => {
    await rows(ann, 'create temp table mine (a int)', 'insert into mine values (1)', 'drop table mine');
    await rows(ann, 'create table own (a int)', 'insert into own values (1)', 'drop table own');
    await rows(admin, 'revoke create on schema public from public', 'revoke temp on database sparkify from public');
    expect((await failure(ann, 'create table own (a int)')).message).toBe('permission denied for schema public');
    expect((await failure(ann, 'create temp table mine (a int)')).message).toBe(
      'permission denied to create temporary tables in database "sparkify"',
    );
    await rows(admin, 'revoke usage on language plpgsql from public', 'grant create on schema public to ann');
    expect((await failure(ann, 'create procedure own() as $$ begin end; $$ language plpgsql')).message).toBe(
      'permission denied for language plpgsql',
    );
    await rows(ann, 'create table own (a int)');
  });
});

describe('a grant', () => {
  beforeAll(async () => {
    await begin();
    // As the definer's procedure runs with its owner's rights, one transaction can grant, try, and be rolled back.
    await rows(
      ann,
      'create procedure public.as_ann(sql varchar(4000)) as $$ begin execute sql; end; $$ language plpgsql security definer',
    );
  });
  afterAll(() => warehouse.close());

  async function asAnn(grants: readonly string[], sql: string): Promise<string> {
    await rows(admin, 'begin', ...grants);
    try {
      await rows(admin, `call public.as_ann('${sql.replaceAll("'", "''")}')`);
      return 'done';
    } catch (error) {
      return (error as RedshiftError).sqlState;
    } finally {
      await rows(admin, 'rollback');
    }
  }

  it.each<[string, readonly string[], string]>([
    ['select', [USAGE, SELECT], 'select * from etl.t'],
    ['insert', [USAGE, 'grant insert on etl.t to ann'], 'insert into etl.t values (7, 8)'],
    ['update with where', [USAGE, 'grant select, update on etl.t to ann'], 'update etl.t set a = 1 where b = 2'],
    ['update of all rows', [USAGE, 'grant update on etl.t to ann'], 'update etl.t set a = 1'],
    ['delete with where', [USAGE, 'grant select, delete on etl.t to ann'], 'delete from etl.t where a = 1'],
    ['delete of all rows', [USAGE, 'grant delete on etl.t to ann'], 'delete from etl.t'],
    ['all', [USAGE, 'grant all on etl.t to ann'], 'update etl.t set a = 1 where b = 2'],
    ['alter', [USAGE, 'grant alter on etl.t to ann'], 'alter table etl.t add column c int'],
    ['drop', [USAGE, 'grant drop on etl.t to ann'], 'drop table etl.t cascade'],
    [
      'to a group',
      ['alter group g add user ann', 'grant usage on schema etl to group g', 'grant select on etl.t to group g'],
      'select * from etl.t',
    ],
    [
      'to a role',
      ['grant role reader to ann', 'grant usage on schema etl to role reader', 'grant select on etl.t to role reader'],
      'select * from etl.t',
    ],
    [
      'to a role of a role',
      [
        'grant role reader to role outer_reader',
        'grant role outer_reader to ann',
        'grant usage on schema etl to role reader',
        'grant select on etl.t to role reader',
      ],
      'select * from etl.t',
    ],
    ['to PUBLIC', ['grant usage on schema etl to public', 'grant select on etl.t to public'], 'select * from etl.t'],
    ['on all tables of a schema', [USAGE, 'grant select on all tables in schema etl to ann'], 'select * from etl.t'],
    ['on a view, whose owner reads', [USAGE, 'grant select on etl.v to ann'], 'select * from etl.v'],
    ['on a late-binding view', [USAGE, 'grant select on etl.late to ann'], 'select * from etl.late'],
    ['of execute: definer', [USAGE, 'grant execute on procedure etl.d() to ann'], 'call etl.d()'],
    [
      'of execute: invoker',
      [USAGE, 'grant insert on etl.t to ann', 'grant execute on procedure etl.p() to ann'],
      'call etl.p()',
    ],
    ['of create on a schema', ['grant usage, create on schema etl to ann'], 'create table etl.mine (a int)'],
    ['of create on the database', ['grant create on database sparkify to ann'], 'create schema mine'],
    [
      'of references',
      [USAGE, 'grant references on etl.keyed to ann'],
      'create table mine (k int references etl.keyed (k))',
    ],
    [
      'of a system privilege',
      ['grant create table to role reader', 'grant role reader to ann', USAGE],
      'create table etl.mine (a int)',
    ],
    ['of a role of the system', ['grant role sys:monitor to ann'], 'select * from svv_table_info'],
    ['of createuser', ['alter user ann createuser'], 'delete from etl.t'],
    ['of ownership', [USAGE, 'alter table etl.u owner to ann'], 'alter table etl.u add column c int'],
    ['on a view of the system', ['grant select on svv_table_info to ann'], 'select * from svv_table_info'],
  ])('%s is enough, and each part of it is needed', async (_what, grants, sql) => {
    expect(await asAnn(grants, sql)).toBe('done');
    for (const left of grants)
      expect(
        await asAnn(
          grants.filter((grant) => grant !== left),
          sql,
        ),
      ).toBe('42501');
  });
});

describe('privileges', () => {
  beforeEach(begin);
  afterEach(() => warehouse.close());

  it('of truncate are a grant of their own', async () => {
    await rows(admin, USAGE, 'grant delete on etl.t to ann');
    expect(await failure(ann, 'truncate etl.t')).toMatchObject({ message: 'must be owner of relation t' });
    await rows(admin, 'grant truncate on etl.t to ann');
    await rows(ann, 'truncate etl.t');
  });

  it('of an update that reads needs select too', async () => {
    await rows(admin, USAGE, 'grant update on etl.t to ann');
    expect(await failure(ann, 'update etl.t set a = b')).toMatchObject({ message: 'permission denied for relation t' });
    expect(await failure(ann, 'update etl.t set a = 1 where b = 2')).toMatchObject({ sqlState: '42501' });
  });

  it('on a view gives nothing of the table, and its owner’s loss is everybody’s', async () => {
    await rows(admin, USAGE, 'grant select on etl.v to ann', 'create user owner password disable');
    expect(await failure(ann, 'select * from etl.t')).toMatchObject({ message: 'permission denied for relation t' });
    await rows(admin, 'alter table etl.v owner to owner');
    expect(await failure(ann, 'select * from etl.v')).toMatchObject({ message: 'permission denied for relation t' });
  });

  it('of execute on an invoker’s procedure gives nothing of its tables', async () => {
    await rows(admin, USAGE, 'grant execute on procedure etl.p() to ann');
    expect(await failure(ann, 'call etl.p()')).toMatchObject({ message: 'permission denied for relation t' });
  });

  it('that is revoked is gone', async () => {
    await rows(admin, USAGE, SELECT, 'grant role reader to ann', 'grant select on etl.v to role reader');
    await rows(ann, 'select * from etl.t', 'select * from etl.v');
    await rows(admin, 'revoke all on etl.t from ann', 'revoke role reader from ann');
    expect(await failure(ann, 'select * from etl.t')).toMatchObject({ sqlState: '42501' });
    expect(await failure(ann, 'select * from etl.v')).toMatchObject({ sqlState: '42501' });
  });

  it('goes with its object and follows its name', async () => {
    await rows(admin, 'grant select on public.open to ann', 'alter table public.open rename to wide');
    await rows(ann, 'select * from public.wide');
    await rows(admin, 'drop table public.wide', 'create table public.wide (a int)');
    expect(await failure(ann, 'select * from public.wide')).toMatchObject({ sqlState: '42501' });
  });

  it('with grant option can be handed on, that option alone be revoked', async () => {
    await rows(admin, 'create user bob password disable', 'grant select on public.open to ann with grant option');
    await rows(ann, 'grant select on public.open to bob');
    expect(await failure(ann, 'grant insert on public.open to bob')).toMatchObject({ sqlState: '42501' });
    await rows(await connect(warehouse, 'bob'), 'select * from public.open');
    await rows(admin, 'revoke grant option for select on public.open from ann');
    expect(await failure(ann, 'grant select on public.open to bob')).toMatchObject({ sqlState: '42501' });
    await rows(ann, 'select * from public.open');
  });

  it('is there after a restart, and so is what was revoked from everybody', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'privileges-'));
    const file = join(folder, 'warehouse.duckdb');
    const before = await open({ file });
    await rows(
      await connect(before),
      'create user bob password disable',
      'create table kept (a int)',
      'grant select on kept to bob with grant option',
      'revoke create on schema public from public',
    );
    await before.close();
    const after = await open({ file });
    const bob = await connect(after, 'bob');
    await rows(bob, 'select * from kept');
    expect(await failure(bob, 'delete from kept')).toMatchObject({ sqlState: '42501' });
    expect(await failure(bob, 'create table own (a int)')).toMatchObject({
      message: 'permission denied for schema public',
    });
    await after.close();
    rmSync(folder, { recursive: true });
  });

  it('in a transaction that is rolled back was never given', async () => {
    await rows(admin, 'begin', 'grant select on public.open to ann', 'rollback');
    expect(await failure(ann, 'select * from public.open')).toMatchObject({ sqlState: '42501' });
  });

  it('by default privileges comes with each new table of the maker', async () => {
    await rows(admin, USAGE, 'alter default privileges in schema etl grant select on tables to ann');
    await rows(admin, 'create table etl.later (a int)', 'create table public.later (a int)');
    await rows(ann, 'select * from etl.later');
    expect(await failure(ann, 'select * from public.later')).toMatchObject({ sqlState: '42501' });
  });

  it.each([
    ['grant usage on etl.t to ann', 'invalid privilege type USAGE for table'],
    ['grant select on schema etl to ann', 'invalid privilege type SELECT for schema'],
    ['grant select on etl.nothing to ann', 'relation "etl.nothing" does not exist'],
    ['grant select on etl.t to nobody', 'user "nobody" does not exist'],
    ['grant role nothing to ann', 'role "nothing" does not exist'],
    ['grant usage on schema nothing to ann', 'schema "nothing" does not exist'],
  ])('%s: %s', async (sql, message) => {
    expect((await failure(admin, sql)).message).toBe(message);
  });
});

describe('users, groups and roles', () => {
  beforeEach(begin);
  afterEach(() => warehouse.close());

  it('keep the case of a quoted name: that of an IAM role', async () => {
    await rows(admin, 'create user "IAMR:EtlRole" password disable', 'grant select on public.open to "IAMR:EtlRole"');
    const session = await connect(warehouse, 'IAMR:EtlRole');
    expect(await rows(session, 'select * from public.open', 'select current_user, session_user')).toEqual([
      ['IAMR:EtlRole', 'IAMR:EtlRole'],
    ]);
  });

  it('are made when an IAM identity signs in first, and only then', async () => {
    const session = await connect(warehouse, 'IAMR:Somebody');
    expect(await failure(session, 'select * from public.open')).toMatchObject({ sqlState: '42501' });
    await connect(warehouse, 'IAMR:Somebody');
    await expect(connect(warehouse, 'stranger')).rejects.toMatchObject({
      message: 'password authentication failed for user "IAM:stranger"',
      sqlState: '28P01',
    });
  });

  it('cannot be dropped while something hangs on them', async () => {
    await rows(admin, 'grant select on public.open to ann', 'grant select on public.open to role reader');
    expect((await failure(admin, 'drop user ann')).message).toBe(
      'user "ann" cannot be dropped because the user has a privilege on some object',
    );
    expect((await failure(admin, 'drop role reader')).sqlState).toBe('2BP01');
    await rows(admin, 'drop role reader force', 'revoke select on public.open from ann');
    await rows(ann, 'create table own (a int)');
    expect((await failure(admin, 'drop user ann')).message).toBe(
      'user "ann" cannot be dropped because some objects depend on it',
    );
    await rows(admin, 'drop table own', 'drop user ann');
  });

  it('run a definer’s procedure as its owner, and stay who they are', async () => {
    await rows(admin, USAGE, 'grant execute on procedure etl.d() to ann');
    await rows(
      admin,
      `create procedure etl.who(out c varchar(64), out s varchar(64)) as $$
       begin c := current_user; s := session_user; end; $$ language plpgsql security definer`,
      'grant execute on procedure etl.who(varchar, varchar) to ann',
    );
    expect(await rows(ann, 'call etl.who()')).toEqual([['sparkify_admin', 'ann']]);
    expect(await rows(ann, 'select current_user')).toEqual([['ann']]);
  });

  it('analyze what is theirs, and pass over what is not', async () => {
    const notices = async (sql: string) => (await ann.execute(sql)).notices;
    const skipped = 'skipping "open" --- only table or database owner can analyze it';
    expect(await notices('analyze public.open')).toEqual([skipped]);
    expect(await notices('vacuum public.open')).toEqual([skipped.replace('analyze', 'vacuum')]);
    await rows(admin, 'grant analyze, vacuum to role reader', 'grant role reader to ann');
    expect(await notices('analyze public.open')).toEqual([]);
    expect(await notices('vacuum public.open')).toEqual([]);
  });
});

describe('what somebody sees', () => {
  beforeEach(begin);
  afterEach(() => warehouse.close());

  it('of the logs is what is theirs, of tables what they have access to', async () => {
    await rows(admin, 'grant select on public.open to ann', "set query_group to 'of the admin'", 'select 1');
    await failure(ann, 'select * from etl.t');
    expect(await rows(ann, "select count(*) from sys_query_history where query_label = 'of the admin'")).toEqual([
      [0n],
    ]);
    expect(
      await rows(ann, "select distinct table_name from svv_tables where table_schema in ('etl', 'public')"),
    ).toEqual([['open']]);
    await rows(admin, 'alter user ann syslog access unrestricted');
    const [[count] = []] = await rows(ann, "select count(*) from sys_query_history where query_label = 'of the admin'");
    expect(Number(count)).toBeGreaterThan(0);
  });

  it('of roles and grants is what they hold; the admin sees all', async () => {
    await rows(
      admin,
      'grant role reader to ann',
      'grant analyze to role reader',
      'grant select on etl.t to role outer_reader',
    );
    expect(await rows(ann, 'select role_name from svv_roles')).toEqual([['reader']]);
    expect(await rows(ann, 'select user_name, role_name, admin_option from svv_user_grants')).toEqual([
      ['ann', 'reader', false],
    ]);
    expect(await rows(ann, 'select system_privilege, identity_name from svv_system_privileges')).toEqual([
      ['ANALYZE', 'reader'],
    ]);
    expect(await rows(ann, 'select * from svv_relation_privileges')).toEqual([]);
    expect(await rows(admin, 'select relation_name, identity_name from svv_relation_privileges')).toEqual([
      ['t', 'outer_reader'],
    ]);
  });

  it('is told by has_table_privilege and its kin', async () => {
    await rows(admin, USAGE, SELECT);
    expect(
      await rows(
        ann,
        `select has_table_privilege('etl.t', 'select'), has_table_privilege('etl.t', 'insert'),
           has_table_privilege('sparkify_admin', 'etl.t', 'insert'), has_table_privilege(current_user, 'etl.t', 'select'),
           has_schema_privilege('etl', 'usage'), has_schema_privilege('etl', 'create'),
           has_database_privilege('sparkify', 'temp')`,
      ),
    ).toEqual([[true, false, true, true, true, false, true]]);
    expect(await failure(ann, "select has_table_privilege('nobody', 'etl.t', 'select')")).toMatchObject({
      message: 'user "nobody" does not exist',
    });
  });
});

describe('a warehouse without the views of a single cluster', () => {
  beforeAll(async () => {
    warehouse = await open({ clusterViews: false });
    admin = await connect(warehouse);
  });
  afterAll(() => warehouse.close());

  it.each(['stl_load_errors', 'pg_catalog.stl_query', 'stl_load_errors e join sys_load_error_detail d on true'])(
    'shows nobody %s, not even the admin',
    async (from) => {
      expect(await failure(admin, `select 1 from ${from}`)).toMatchObject({
        sqlState: '42501',
        message: expect.stringMatching(/^permission denied for relation stl_/),
      });
    },
  );

  it('shows the SYS views, and a table that is called like one of them', async () => {
    await rows(admin, 'create table stl_of_mine (a int)');
    expect(await rows(admin, 'select count(*) from stl_of_mine, sys_load_error_detail')).toEqual([[0n]]);
  });
});
