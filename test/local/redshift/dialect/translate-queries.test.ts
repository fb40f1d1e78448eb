import { Fixture } from './translate-fixture';

let warehouse: Fixture;
beforeAll(async () => {
  warehouse = await Fixture.open();
  await warehouse.table(
    'create table plays (id integer not null, usr integer, song varchar(30), secs numeric(8,3), ts bigint)',
  );
  await warehouse.table('create table songs (song_id varchar(10) not null, title varchar(40), secs numeric(8,3))');
  await warehouse.run(`insert into plays values (1, 10, 'Uprising ', 300.5, 1541121934796), (2, 10, 'Starlight', 240, 1541121935000),
    (3, 20, 'Uprising', 301, 1541121936000), (4, null, 'Nobody', null, 1541121937000)`);
  await warehouse.run(
    "insert into songs values ('S1', 'Uprising', 300), ('S2', 'Starlight  ', 240), ('S3', 'Unplayed', 1)",
  );
});
afterAll(() => warehouse.close());

const rows = async (sql: string) => (await warehouse.run(sql)).rows;
const failure = (sql: string) =>
  warehouse.run(sql).then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('names', () => {
  it('are found in FROM items, their aliases and the query around', async () => {
    expect(
      await rows('select p.id from public.plays p where exists (select 1 from songs where title = p.song) order by 1'),
    ).toEqual([['1'], ['2'], ['3']]);
  });

  it('may be aliases from further left in the same list, unless a column is called so', async () => {
    expect(
      await rows('select usr * 2 as twice, twice + 1 as more, id as usr, usr as x from plays where id = 1'),
    ).toEqual([['20', '21', '1', '10']]);
  });

  it('keep types, labels and origin through *', () => {
    const { columns, reads } = warehouse.translate('select * from songs');
    expect(columns).toEqual([
      {
        label: 'song_id',
        type: { name: 'varchar', length: 10 },
        nullable: 0,
        source: { schema: 'public', table: 'songs', column: 'song_id' },
      },
      {
        label: 'title',
        type: { name: 'varchar', length: 40 },
        nullable: 1,
        source: { schema: 'public', table: 'songs', column: 'title' },
      },
      {
        label: 'secs',
        type: { name: 'numeric', precision: 8, scale: 3 },
        nullable: 1,
        source: { schema: 'public', table: 'songs', column: 'secs' },
      },
    ]);
    expect(reads.map(({ schema, name }) => `${schema}.${name}`)).toEqual(['public.songs']);
  });

  it('of the far side of an outer join are nullable', () => {
    const { columns } = warehouse.translate('select s.song_id from plays p left join songs s on s.title = p.song');
    expect(columns?.[0]?.nullable).toBe(1);
  });

  it.each([
    ['select nope from plays', '42703', 'column "nope" does not exist'],
    ['select p.nope from plays p', '42703', 'column p.nope does not exist'],
    ['select plays.id from plays p', '42P01', 'relation "plays" does not exist'],
    ['select * from nowhere', '42P01', 'relation "nowhere" does not exist'],
    ['select * from etl.nowhere', '42P01', 'relation "etl.nowhere" does not exist'],
    ['select secs from plays, songs', '42702', 'column reference "secs" is ambiguous'],
    ['select 1 from plays, plays', '42712', 'table name "plays" specified more than once'],
    [
      'select song, count(*) from plays',
      '42803',
      'column "song" must appear in the GROUP BY clause or be used in an aggregate function',
    ],
    ['select 1 from plays where count(*) > 1', '42803', 'aggregates not allowed in WHERE clause'],
    ['select 1 from plays where song', '42804', 'argument of WHERE must be type boolean, not type character varying'],
    ['select (select id, usr from plays)', '42601', 'subquery must return only one column'],
    ['select (select id from plays)', '21000', 'more than one row returned by a subquery used as an expression'],
    ['select 1 union select 1, 2', '42601', 'each UNION query must have the same number of columns'],
    ['select row_number() from plays', '42P20', 'window function row_number requires an OVER clause'],
    [
      'select sum(id) over (order by id) from plays',
      '42601',
      'Aggregate window functions with an ORDER BY clause require a frame clause',
    ],
    [
      'select n from generate_series(1, 3) g(n), plays',
      '0A000',
      'Specified types or functions (one per INFO message) not supported on Redshift tables.',
    ],
  ])('%s is refused with %s: %s', async (sql, sqlState, message) => {
    expect(await failure(sql)).toMatchObject({ sqlState, message });
  });
});

describe('joins', () => {
  it('ignore trailing blanks', async () => {
    expect(await rows('select p.id, s.song_id from plays p join songs s on s.title = p.song order by 1')).toEqual([
      ['1', 'S1'],
      ['2', 'S2'],
      ['3', 'S1'],
    ]);
  });

  it('with USING show the shared column once and first', async () => {
    const { labels } = await warehouse.run(
      'select * from plays join (select usr, id as other from plays) q using (usr)',
    );
    expect(labels).toEqual(['usr', 'id', 'song', 'secs', 'ts', 'other']);
  });

  it('with FULL and USING take the value of either side', async () => {
    const sql = 'select k from (select 1 as k) a full join (select 2 as k) b using (k) order by k';
    expect(await rows(sql)).toEqual([['1'], ['2']]);
  });
});

describe('aggregates and windows', () => {
  it('have the types and values Redshift gives them', async () => {
    const outcome = await warehouse.run(
      'select count(*), sum(usr), avg(usr), sum(secs), min(song), avg(usr::float), count(distinct song), avg(id) from plays',
    );
    expect(outcome.types).toEqual([
      'bigint',
      'bigint',
      'bigint',
      'numeric(38,3)',
      'varchar(30)',
      'double precision',
      'bigint',
      'bigint',
    ]);
    expect(outcome.rows[0]?.slice(0, 4)).toEqual(['4', '40', '13', '841.500']);
    // 'Uprising' and 'Uprising ' are one; the average of 1, 2, 3, 4 loses its half.
    expect(outcome.rows[0]?.slice(6)).toEqual(['3', '2']);
  });

  it('rank, look around and share', async () => {
    expect(
      await rows(`select id, row_number() over (partition by usr order by id desc) as rn, lag(id, 1, 0) over (order by id),
        sum(id) over (order by id rows unbounded preceding) from plays where usr = 10 order by id`),
    ).toEqual([
      ['1', '2', '0', '1'],
      ['2', '1', '1', '3'],
    ]);
  });

  it('are filtered by QUALIFY', async () => {
    const sql =
      'select id from plays p where usr is not null qualify row_number() over (partition by usr order by id desc) = 1 order by 1';
    expect(await rows(sql)).toEqual([['2'], ['3']]);
  });

  it('make lists in order, without NULLs', async () => {
    expect(await rows("select listagg(usr::varchar, ',') within group (order by id desc) from plays")).toEqual([
      ['20,10,10'],
    ]);
  });

  it('group by position, alias, ROLLUP', async () => {
    expect(await rows('select usr / 10 as u, count(*) from plays where usr > 0 group by 1 order by 1')).toEqual(
      await rows('select usr / 10 as u, count(*) from plays where usr > 0 group by u order by u'),
    );
    expect(await rows('select usr, count(*) from plays where usr > 0 group by rollup(usr) order by 1')).toEqual([
      ['10', '2'],
      ['20', '1'],
      [null, '3'],
    ]);
  });
});

describe('queries', () => {
  it('sort NULLs last going up and first going down', async () => {
    expect(await rows('select usr from plays order by usr')).toEqual([['10'], ['10'], ['20'], [null]]);
    expect(await rows('select usr from plays order by usr desc')).toEqual([[null], ['20'], ['10'], ['10']]);
  });

  it('build on common tables, also recursive ones', async () => {
    expect(
      await rows(`with recursive days(n) as (select 1 union all select n + 1 from days where n < 3)
        select dateadd(day, n, '2018-01-01')::date from days order by 1`),
    ).toEqual([['2018-01-02'], ['2018-01-03'], ['2018-01-04']]);
    expect(
      await rows('with a as (select id from plays), b(x) as (select id + 3 from a) select x from b where x = 4'),
    ).toEqual([['4']]);
  });

  it('unite rows of different types in the common one', async () => {
    const outcome = await warehouse.run(
      "select 1 as a, 'x' as b union all select 2.5, null union all select null, 'yyy' order by 1",
    );
    expect(outcome.types).toEqual(['numeric(11,1)', 'varchar(3)']);
    expect(outcome.rows).toEqual([
      ['1.0', 'x'],
      ['2.5', null],
      [null, 'yyy'],
    ]);
  });

  it('subtract with EXCEPT and MINUS', async () => {
    expect(await rows('select id from plays minus select 1 order by id desc limit 1 offset 1')).toEqual([['3']]);
  });

  it("see views as their queries, with the view's names", async () => {
    warehouse.define({
      kind: 'view',
      schema: 'public',
      name: 'heard',
      oid: 900,
      lateBinding: false,
      columns: [
        { name: 'who', type: { name: 'integer' } },
        { name: 'times', type: { name: 'bigint' } },
      ],
      querySql: 'select usr, count(*) from plays group by usr',
    });
    expect(await rows('select h.times from heard h where who = 10')).toEqual([['2']]);
  });

  it('read system views from the engine', async () => {
    warehouse.define({
      kind: 'system view',
      schema: 'pg_catalog',
      name: 'sys_numbers',
      oid: 901,
      columns: [{ name: 'table', type: { name: 'integer' } }],
      engineSql: 'select 7 as "table"',
    });
    expect(await rows('select "table" from pg_catalog.sys_numbers')).toEqual([['7']]);
  });

  it('generate series on the leader node alone', async () => {
    expect(await rows('select * from generate_series(1, 2) g(n)')).toEqual([['1'], ['2']]);
  });

  it('refuse correlation across two levels', async () => {
    const sql =
      'select (select max(id) from plays b where exists (select 1 from songs where songs.song_id::varchar = a.song)) from plays a';
    expect(await failure(sql)).toMatchObject({ sqlState: '0A000' });
  });
});
