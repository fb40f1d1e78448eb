import { Fixture } from './translate-fixture';

let warehouse: Fixture;
beforeEach(async () => {
  warehouse = await Fixture.open();
  await warehouse.table(`create table users (user_id integer not null, name varchar(8), sex char(1), level varchar(8) default 'free',
    seen timestamp default getdate(), score numeric(6,2))`);
  await warehouse.table('create temp table incoming (user_id integer, name varchar(20), level varchar(8))');
  await warehouse.table('create table plays (play_id bigint identity(0,1), user_id integer)');
  await warehouse.run("insert into users (user_id, name) values (1, 'Ann'), (2, 'Bob')");
});
afterEach(() => warehouse.close());

const users = async () => (await warehouse.run('select user_id, name, level from users order by 1, 2')).rows;

describe('INSERT', () => {
  it('fills columns left out with their defaults', async () => {
    expect(await warehouse.row('select level, seen, score from users where user_id = 1')).toEqual([
      'free',
      '2018-11-15 12:34:56',
      null,
    ]);
  });

  it('takes fewer values than the table has columns', async () => {
    await warehouse.run("insert into users values (3, 'Cid')");
    expect(await users()).toContainEqual(['3', 'Cid', 'free']);
  });

  it('takes DEFAULT for a value', async () => {
    await warehouse.run("insert into users (user_id, level) values (3, default), (4, 'paid')");
    expect((await users()).slice(2)).toEqual([
      ['3', null, 'free'],
      ['4', null, 'paid'],
    ]);
  });

  it('rounds decimals', async () => {
    await warehouse.run('insert into users (user_id, score) values (3, 1.005), (4, 2.344)');
    expect((await warehouse.run('select score from users where user_id > 2 order by 1')).rows).toEqual([
      ['1.01'],
      ['2.34'],
    ]);
  });

  it('counts the bytes of text and forgives blanks', async () => {
    await warehouse.run("insert into users (user_id, name) values (3, 'abcdefgh    ')");
    expect(await warehouse.row("select name from users where user_id = 3 and name = 'abcdefgh'")).toEqual(['abcdefgh']);
    await expect(warehouse.run("insert into users (user_id, name) values (3, 'ééééé')")).rejects.toMatchObject({
      sqlState: '22001',
      message: 'value too long for type character varying(8)',
    });
    await expect(warehouse.run("insert into users (user_id, sex) values (3, 'MF')")).rejects.toMatchObject({
      message: 'value too long for type character(1)',
    });
  });

  it('checks the length of selected values, and only where it can be exceeded', async () => {
    await warehouse.run("insert into incoming values (5, 'far too long a name', 'paid')");
    await expect(
      warehouse.run('insert into users (user_id, name) select user_id, name from incoming'),
    ).rejects.toMatchObject({
      sqlState: '22001',
    });
    const [sql] = warehouse.translate(
      'insert into users (user_id, level) select user_id, level from incoming',
    ).engineSql;
    expect(sql).not.toContain('rs.fit');
  });

  it('numbers IDENTITY columns and takes no values for them', async () => {
    await warehouse.run('insert into plays (user_id) select user_id from users');
    await warehouse.run('insert into plays values (default, 7)');
    expect(await warehouse.row('select count(distinct play_id), count(*) from plays')).toEqual(['3', '3']);
    await expect(warehouse.run('insert into plays values (1, 7)')).rejects.toThrow(
      'cannot set an identity column to a value',
    );
  });

  it.each([
    ["insert into users (name) values ('x')", '23502', 'Cannot insert a NULL value into column user_id'],
    ['insert into users (user_id, nope) values (1, 2)', '42703', 'column "nope" of relation "users" does not exist'],
    ['insert into users (user_id, name) values (1)', '42601', 'INSERT has more target columns than expressions'],
    ['insert into plays values (1, 2, 3)', '42601', 'INSERT has more expressions than target columns'],
    ['insert into nowhere values (1)', '42P01', 'relation "nowhere" does not exist'],
    [
      'insert into users (user_id) select generate_series(1, 2)',
      '0A000',
      'Specified types or functions (one per INFO message) not supported on Redshift tables.',
    ],
    [
      'insert into users (user_id) select current_date',
      '42804',
      'column "user_id" is of type integer but expression is of type date',
    ],
  ])('%s fails with %s: %s', async (sql, sqlState, message) => {
    await expect(warehouse.run(sql)).rejects.toMatchObject({ sqlState, message });
  });

  it('keeps WITH in front of its query', async () => {
    await warehouse.run("insert into users (user_id, name) with a as (select 8 as id) select id, 'Hal' from a");
    expect(await users()).toContainEqual(['8', 'Hal', 'free']);
  });

  it('names the tables it writes and reads', () => {
    const { writes, reads } = warehouse.translate('insert into users (user_id) select user_id from incoming');
    expect(writes).toEqual([{ schema: 'public', name: 'users' }]);
    expect(reads).toEqual([expect.objectContaining({ schema: 'pg_temp', name: 'incoming' })]);
  });
});

describe('UPDATE and DELETE', () => {
  beforeEach(() => warehouse.run("insert into incoming values (1, 'Anna', 'paid'), (9, 'Zed', 'paid')"));

  it('update from another table', async () => {
    await warehouse.run(
      'update users set name = i.name, level = i.level from incoming i where i.user_id = users.user_id',
    );
    expect(await users()).toEqual([
      ['1', 'Anna', 'paid'],
      ['2', 'Bob', 'free'],
    ]);
  });

  it('set a column to its default', async () => {
    await warehouse.run("update users set level = 'paid'");
    await warehouse.run('update users set level = default where user_id = 2');
    expect((await users()).map((row) => row[2])).toEqual(['paid', 'free']);
  });

  it('delete by another table', async () => {
    await warehouse.run('delete from users using incoming i where i.user_id = users.user_id');
    expect(await users()).toEqual([['2', 'Bob', 'free']]);
  });

  it('check what is assigned', async () => {
    await expect(warehouse.run('update users set user_id = null')).rejects.toMatchObject({ sqlState: '23502' });
    await expect(warehouse.run("update users set name = repeat('x', 9)")).rejects.toMatchObject({ sqlState: '22001' });
    await expect(warehouse.run('update users set score = 1e9')).rejects.toMatchObject({
      message: 'Numeric data overflow (result precision)',
    });
  });
});

describe('MERGE', () => {
  const merge = `merge into users using incoming on users.user_id = incoming.user_id
    when matched then update set name = incoming.name
    when not matched then insert (user_id, name) values (incoming.user_id, incoming.name)`;

  it('updates what matches and inserts the rest, duplicates among the unmatched too', async () => {
    await warehouse.run("insert into incoming values (1, 'Anna', 'paid'), (9, 'Zed', 'paid'), (9, 'Zoe', 'paid')");
    await warehouse.run(merge);
    expect(await users()).toEqual([
      ['1', 'Anna', 'free'],
      ['2', 'Bob', 'free'],
      ['9', 'Zed', 'free'],
      ['9', 'Zoe', 'free'],
    ]);
  });

  it('refuses two source rows for one target row', async () => {
    await warehouse.run("insert into incoming values (1, 'Anna', 'paid'), (1, 'Anne', 'paid')");
    await expect(warehouse.run(merge)).rejects.toThrow('Found multiple matches to update the same tuple.');
    await expect(
      warehouse.run(merge.replace('on users.user_id = incoming.user_id', 'on users.user_id + incoming.user_id = 2')),
    ).rejects.toThrow('Found multiple matches to update the same tuple.');
  });

  it('deletes what matches', async () => {
    await warehouse.run("insert into incoming values (1, 'Anna', 'paid')");
    await warehouse.run(`merge into users using incoming on users.user_id = incoming.user_id
      when matched then delete when not matched then insert values (incoming.user_id)`);
    expect(await users()).toEqual([['2', 'Bob', 'free']]);
  });
});
