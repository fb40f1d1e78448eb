import { Fixture } from './translate-fixture';

let warehouse: Fixture;
beforeAll(async () => {
  warehouse = await Fixture.open();
  await warehouse.table(`create table t (id integer not null, s varchar(20), c char(5), n numeric(10,2), d date,
    ts timestamp, f double precision, b bigint, ok boolean, si smallint, r real, j super)`);
  await warehouse.run(`insert into t values (1, 'one  ', 'ab', 1.25, '2018-01-31', '2018-01-31 10:20:30.5', 1.5,
    10000000000, true, 3, 0.5, json_parse('{"a":[1,2],"b":"q"}'))`);
});
afterAll(() => warehouse.close());

/** expression | its Redshift type | its value as text */
const GOLDEN: readonly (readonly [string, string, string | null])[] = [
  // Integers: division truncates, the result is the wider input.
  ['5 / 2', 'integer', '2'],
  ['-5 / 2', 'integer', '-2'],
  ['7 % 3', 'integer', '1'],
  ['si + si', 'smallint', '6'],
  ['si * 2', 'integer', '6'],
  ['id + b', 'bigint', '10000000001'],
  ['3000000000', 'bigint', '3000000000'],
  // Decimals: precision and scale as documented.
  ['1.5 + 2.25', 'numeric(4,2)', '3.75'],
  ['2.5 * 1.25', 'numeric(6,3)', '3.125'],
  ['n + 1', 'numeric(13,2)', '2.25'],
  ['1.0 / 4', 'numeric(13,12)', '0.250000000000'],
  ['n / n', 'numeric(21,11)', '1.00000000000'],
  ['n * f', 'double precision', '1.875'],
  ['r * 2', 'double precision', '1'],
  // Casts.
  ["cast('12' as integer)", 'integer', '12'],
  ['n::int', 'integer', '1'],
  ['2.5::int', 'integer', '3'],
  ['1.005::numeric(10,2)', 'numeric(10,2)', '1.01'],
  ["cast('héé' as varchar(4))", 'varchar(4)', 'hé'],
  ["'abc'::char(2)", 'char(2)', 'ab'],
  ["'t'::boolean", 'boolean', 'true'],
  ['f::varchar', 'varchar(256)', '1.5'],
  ['100::float::varchar', 'varchar(256)', '100'],
  ["try_cast('x' as integer)", 'integer', null],
  ["'2018-11-02'::date", 'date', '2018-11-02'],
  // Text: trailing blanks do not count, NULL in || gives NULL.
  ["'a ' = 'a'", 'boolean', 'true'],
  ["s = 'one'", 'boolean', 'true'],
  ["s in ('two', 'one')", 'boolean', 'true'],
  ["'a' || null", 'varchar(2)', null],
  ["'n' || 1", 'varchar(12)', 'n1'],
  ["len('a  ')", 'integer', '3'],
  ['len(c)', 'integer', '2'],
  ["octet_length('é')", 'integer', '2'],
  ["substring('abcdef', 2, 3)", 'varchar(6)', 'bcd'],
  ["substring('abc', 0, 2)", 'varchar(3)', 'a'],
  ["left('abc', 2)", 'varchar(3)', 'ab'],
  ["trim(trailing '0' from '1200')", 'varchar(4)', '12'],
  ["charindex('b', 'abc')", 'integer', '2'],
  ["strpos('abc', 'c')", 'integer', '3'],
  ["split_part('a-b-c', '-', 2)", 'varchar(5)', 'b'],
  ["initcap('hello wORLD')", 'varchar(11)', 'Hello World'],
  ["concat('a', 'b')", 'varchar(2)', 'ab'],
  ["'a_b' like 'a\\\\_b'", 'boolean', 'true'],
  ["'axb' like 'a\\\\_b'", 'boolean', 'false'],
  ["'one' similar to '(one|two)%'", 'boolean', 'true'],
  ["'ABC' ~* 'b'", 'boolean', 'true'],
  ["regexp_replace('a1b2', '[0-9]', '#')", 'varchar(65535)', 'a#b#'],
  ["regexp_substr('abc123', '[0-9]+')", 'varchar(6)', '123'],
  ["md5('a')", 'varchar(32)', '0cc175b9c0f1b6a831c399e269772661'],
  ["quote_literal('o''x')", 'varchar(65535)', "'o''x'"],
  // Conditions.
  ['nvl(null, 5)', 'integer', '5'],
  ["nvl2(null, 'a', 'b')", 'varchar(1)', 'b'],
  ["decode(2, 1, 'a', 2, 'bb', 'c')", 'varchar(2)', 'bb'],
  ["decode(null, null, 'none')", 'varchar(4)', 'none'],
  ['nullif(id, 1)', 'integer', null],
  ['coalesce(n, 0)', 'numeric(12,2)', '1.25'],
  ['greatest(1, 3, 2)', 'integer', '3'],
  ['case when id = 2 then 1.5 else 2 end', 'numeric(11,1)', '2.0'],
  ['id between 1 and 2', 'boolean', 'true'],
  ['null is null', 'boolean', 'true'],
  // Numbers.
  ['round(2.567, 1)', 'numeric(4,3)', '2.600'],
  ['trunc(-2.7)', 'numeric(2,1)', '-2.0'],
  ['ceil(1.5::float)', 'double precision', '2'],
  ['mod(7, 3)', 'integer', '1'],
  ['power(2, 3)', 'double precision', '8'],
  ['log(100)', 'double precision', '2'],
  // Dates.
  ['d + 1', 'date', '2018-02-01'],
  ["d - '2018-01-01'::date", 'integer', '30'],
  ["ts + interval '1 day'", 'timestamp', '2018-02-01 10:20:30.5'],
  ["d + interval '2 hours 3 minutes'", 'timestamp', '2018-01-31 02:03:00'],
  ["timestamp 'epoch' + 1541121934 * interval '1 second'", 'timestamp', '2018-11-02 01:25:34'],
  ["timestamp 'epoch' + 1541121934796::bigint / 1000 * interval '1 second'", 'timestamp', '2018-11-02 01:25:34'],
  ["timestamp 'epoch' + 1541121934796::bigint * interval '0.001 second'", 'timestamp', '2018-11-02 01:25:34.796'],
  ["timestamp 'epoch' + 1541121934796 / 1000.0 * interval '1 second'", 'timestamp', '2018-11-02 01:25:34.796'],
  ["dateadd(month, 1, '2018-01-31'::date)", 'timestamp', '2018-02-28 00:00:00'],
  ["dateadd('day', -1, ts)", 'timestamp', '2018-01-30 10:20:30.5'],
  ["datediff(year, '2017-12-31', '2018-01-01')", 'bigint', '1'],
  ["datediff(hour, '2018-01-01 00:59:59', '2018-01-01 01:00:00')", 'bigint', '1'],
  ["datediff(qtr, '2018-03-31', '2018-04-01')", 'bigint', '1'],
  ['extract(hour from ts)', 'integer', '10'],
  ['extract(dayofweek from d)', 'integer', '3'],
  ['extract(weekday from d)', 'integer', '3'],
  ["extract(week from date '2018-01-01')", 'integer', '1'],
  ['extract(epoch from ts)', 'integer', '1517394030'],
  ['date_part(dow, d)', 'double precision', '3'],
  ["date_trunc('month', d)", 'timestamp', '2018-01-01 00:00:00'],
  ['trunc(ts)', 'date', '2018-01-31'],
  ['getdate()', 'timestamp', '2018-11-15 12:34:56'],
  ['sysdate', 'timestamp', '2018-11-15 12:34:56.789'],
  ['current_date', 'date', '2018-11-15'],
  ["last_day('2018-02-03'::date)", 'date', '2018-02-28'],
  ["add_months('2018-02-28'::date, 1)", 'timestamp', '2018-03-31 00:00:00'],
  ["next_day('2018-11-15'::date, 'Monday')", 'date', '2018-11-19'],
  ["to_char(ts, 'YYYY-MM-DD HH24:MI:SS')", 'varchar(256)', '2018-01-31 10:20:30'],
  ["to_char(ts, 'FMMonth DD, HH12 AM')", 'varchar(256)', 'January 31, 10 AM'],
  ["to_char(1234.5, 'FM9,999.00')", 'varchar(64)', '1,234.50'],
  ["to_date('2018/11/02', 'YYYY/MM/DD')", 'date', '2018-11-02'],
  ["convert_timezone('America/New_York', '2018-11-15 12:00:00')", 'timestamp', '2018-11-15 07:00:00'],
  // JSON and SUPER.
  ["json_extract_path_text('{\"a\":{\"b\":1}}', 'a', 'b')", 'varchar(65535)', '1'],
  ['j.a[1]::int', 'integer', '2'],
  ['j.b::varchar(5)', 'varchar(5)', 'q'],
  ["j.b = 'q'", 'boolean', 'true'],
  // The session.
  ['current_user', 'varchar(128)', 'sparkify_admin'],
  ['current_database()', 'varchar(128)', 'sparkify'],
];

describe('an expression', () => {
  it.each(GOLDEN)('%s is %s with the value %s', async (expression, type, value) => {
    const { types, rows } = await warehouse.run(`select ${expression} from t`);
    expect({ type: types[0], value: rows[0]?.[0] }).toEqual({ type, value });
  });

  /** expression | SQLSTATE | message */
  const REFUSED: readonly (readonly [string, string, string])[] = [
    ['1 / 0', '22012', 'Divide by zero'],
    ['1.5 / (n - n)', '22012', 'Divide by zero'],
    ['f / 0', '22012', 'Divide by zero'],
    ['10 % 0', '22012', 'Divide by zero'],
    ['2147483647 + 1', '22003', 'integer out of range'],
    ['300000::smallint', '22003', 'Value out of range for 2 bytes.'],
    ['12345.678::numeric(5,2)', '22003', 'Numeric data overflow (result precision)'],
    ["'abc'::int", 'XX000', "Invalid digit, Value 'a', Pos 0, Type: Integer"],
    ["'1.5'::int", 'XX000', "Invalid digit, Value '.', Pos 1, Type: Integer"],
    ["'rubbish'::date", '22007', 'invalid input syntax for type date: "rubbish"'],
    ['true::varchar', '42846', 'cannot cast type boolean to character varying'],
    ['id = d', '42883', 'operator does not exist: integer = date'],
    ['nope(1, s)', '42883', 'function nope(integer, character varying) does not exist'],
    ['list_value(1)', '42883', 'function list_value(integer) does not exist'],
    ['case when ok then s else id end', '42804', 'CASE types character varying and integer cannot be matched'],
    ["date_trunc('fortnight', ts)", '22023', 'timestamp units "fortnight" not recognized'],
  ];
  it.each(REFUSED)('%s fails with %s: %s', async (expression, sqlState, message) => {
    await expect(warehouse.run(`select ${expression} from t`)).rejects.toMatchObject({ sqlState, message });
  });

  it('takes parameters by name, as literals of no type', async () => {
    warehouse.parameters = new Map([['day', { text: '2018-01-31', type: { name: 'unknown' } }]]);
    const outcome = await warehouse.run('select d = :day, :day as day from t');
    expect(outcome).toMatchObject({ types: ['boolean', 'varchar(10)'], rows: [['true', '2018-01-31']] });
    await expect(warehouse.run('select :night')).rejects.toMatchObject({ sqlState: '42601' });
  });

  it('is labelled as Redshift labels it', async () => {
    const { labels } = await warehouse.run(
      "select id, count(*), 1 + 1, upper(s), cast(id as bigint), 'x'::varchar, coalesce(s, ''), case when ok then 1 end from t group by id, s, ok",
    );
    expect(labels).toEqual(['id', 'count', '?column?', 'upper', 'id', 'varchar', 'coalesce', 'case']);
  });
});
