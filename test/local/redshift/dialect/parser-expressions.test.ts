import { parseExpression, parseType } from '../../../../local/redshift/dialect/parser';
import { bare } from './parser-printer';

const read = (sql: string) => bare(parseExpression(sql));
const same = (left: string, right: string) => expect(read(left)).toEqual(read(right));

describe('names and literals', () => {
  it('folds names to lower case, in double quotes too', () => {
    expect(read('Songs."Song_ID"')).toEqual({ node: 'column', parts: ['songs', 'song_id'] });
  });

  it('cuts names after 127 bytes', () => {
    expect(read('é'.repeat(70))).toEqual({ node: 'column', parts: ['é'.repeat(63)] });
  });

  it.each([
    ["'it''s'", "it's"],
    [String.raw`'a\'b\\c\n\101\q'`, "a'b\\c\nAq"],
    ["'one'\n  'two'", 'onetwo'],
    ["$$it's $1$$", "it's $1"],
    ['$x$a $$ b$x$', 'a $$ b'],
  ])('decodes the string %s', (sql, value) => {
    expect(read(sql)).toEqual({ node: 'literal', literal: { kind: 'string', value } });
  });

  it('keeps the digits of numbers as written', () => {
    expect(read('1540919166796.0')).toEqual({ node: 'literal', literal: { kind: 'number', text: '1540919166796.0' } });
  });

  it.each([
    'time',
    'date',
    'level',
    'page',
    'year',
    'week',
    'weekday',
    'status',
    'method',
    'length',
    'location',
    'name',
  ])('takes %s as a name', (name) => {
    expect(read(`${name} + t.${name}`)).toMatchObject({ left: { parts: [name] }, right: { parts: ['t', name] } });
  });

  it.each(['order', 'full', 'timestamp', 'tag', 'table'])('takes %s as a name in double quotes only', (word) => {
    expect(read(`"${word}"`)).toEqual({ node: 'column', parts: [word] });
    expect(() => parseExpression(`${word} + 1`)).toThrow(`syntax error at or near "${word}"`);
  });

  it('reads typed literals and intervals', () => {
    expect(read("timestamp 'epoch'")).toEqual({
      node: 'literal',
      literal: { kind: 'typed', type: { name: 'timestamp' }, value: 'epoch' },
    });
    expect(read("interval '2' hours")).toEqual({ node: 'interval', value: '2', field: 'hour' });
    expect(read("interval '1-2' year to month")).toMatchObject({ field: 'year to month' });
  });

  it('gives the 1-based position of the token at fault', () => {
    expect(() => parseExpression('a +\n  )')).toThrow(
      expect.objectContaining({ sqlState: '42601', more: { position: 7 }, message: 'syntax error at or near ")"' }),
    );
    expect(() => parseExpression('a +')).toThrow(expect.objectContaining({ message: 'syntax error at end of input' }));
  });
});

describe('precedence', () => {
  it.each([
    ['a or b and not c = d + e * f ^ g', 'a or (b and (not (c = (d + (e * (f ^ g))))))'],
    ['a - b - c', '(a - b) - c'],
    ['- a ^ b', '(- a) ^ b'],
    ['-a::int', '-(a::int)'],
    ['a || b like c || d', '(a || b) like (c || d)'],
    ['a between b + 1 and c and d', '(a between (b + 1) and c) and d'],
    ['a = b is null', 'a = (b is null)'],
    ['a = b in (1)', 'a = (b in (1))'],
    ["a at time zone 'UTC' + b", "(a at time zone 'UTC') + b"],
    ['a < b = c', '(a < b) = c'],
    ['a != b', 'a <> b'],
    ['a isnull', 'a is null'],
    ['a notnull', 'a is not null'],
    ['cast(a as int)', 'a::int'],
    ['convert(varchar(3), a)', 'a::varchar(3)'],
    ['a = some (select 1)', 'a = any (select 1)'],
  ])('reads %s as %s', same);

  it.each(['a < b < c', 'a ~~ b', 'a is distinct from b', 'a[1:2]', 'array[1, 2]', 'a like any (b)'])(
    'refuses %s',
    (sql) => {
      expect(() => parseExpression(sql)).toThrow(/^syntax error at or near/);
    },
  );
});

describe('calls', () => {
  it.each([
    ['dateadd(day, 1, d)', "dateadd('day', 1, d)"],
    ['DATEDIFF(Hours, a, b)', "datediff('hours', a, b)"],
    ['date_part(dow, d)', "date_part('dow', d)"],
    ["trim(both 'x' from s)", "btrim(s, 'x')"],
    ['trim(leading from s)', 'ltrim(s)'],
    ['substring(s from 2 for 3)', 'substring(s, 2, 3)'],
    ["position('a' in s)", "position('a', s)"],
    ['lag(a, 1 ignore nulls) over (order by b)', 'lag(a, 1) ignore nulls over (order by b)'],
  ])('reads %s as %s', (left, right) => {
    if (left.startsWith('position')) expect(read(left)).toMatchObject({ name: 'position', arguments: [{}, {}] });
    else same(left, right);
  });

  it('leaves a column alone that is called like a date part', () => {
    expect(read('date_trunc(day + 1, d)')).toMatchObject({ arguments: [{ node: 'binary' }, {}] });
    expect(read('nvl(day, 1)')).toMatchObject({ arguments: [{ node: 'column', parts: ['day'] }, {}] });
  });

  it('reads functions without parentheses as calls', () => {
    for (const name of ['sysdate', 'current_date', 'current_user', 'user']) {
      expect(read(name)).toMatchObject({ node: 'call', name, arguments: [] });
    }
  });

  it('reads the suffixes of aggregates and window functions', () => {
    expect(read("listagg(distinct a, ',') within group (order by b desc) over (partition by c)")).toMatchObject({
      distinct: true,
      withinGroup: [{ direction: 'desc' }],
      over: { partitionBy: [{ parts: ['c'] }], orderBy: [] },
    });
    expect(read('approximate count(distinct a)')).toMatchObject({ name: 'count', approximate: true, distinct: true });
    expect(read('sum(a) over (order by b rows unbounded preceding)')).toMatchObject({
      over: { frame: { unit: 'rows', start: { bound: 'unbounded preceding' }, end: { bound: 'current row' } } },
    });
    expect(() => parseExpression('count(*) filter (where a)')).toThrow(/^syntax error/);
  });

  it('walks into SUPER values', () => {
    expect(read('t.items[0].name')).toEqual({
      node: 'navigate',
      operand: { node: 'column', parts: ['t', 'items'] },
      steps: [{ index: { node: 'literal', literal: { kind: 'number', text: '0' } } }, { key: 'name' }],
    });
  });

  it('tells a subquery from an expression that begins with one', () => {
    expect(read('((select 1) + 1)')).toMatchObject({ node: 'binary', left: { node: 'subquery' } });
    expect(read('((select 1) union (select 2))')).toMatchObject({ node: 'subquery' });
    expect(read('a in ((select 1), 2)')).toMatchObject({ node: 'in list' });
    expect(read('(a, b) in (select 1, 2)')).toMatchObject({ node: 'in query', operand: { node: 'row' } });
  });
});

describe('types', () => {
  it.each([
    ['varchar', { name: 'varchar', length: 256 }],
    ['VARCHAR(MAX)', { name: 'varchar', length: 65_535 }],
    ['character varying(7)', { name: 'varchar', length: 7 }],
    ['text', { name: 'varchar', length: 256 }],
    ['char', { name: 'char', length: 1 }],
    ['bpchar', { name: 'char', length: 256 }],
    ['nvarchar(5)', { name: 'varchar', length: 5 }],
    ['numeric', { name: 'numeric', precision: 18, scale: 0 }],
    ['decimal(10)', { name: 'numeric', precision: 10, scale: 0 }],
    ['float', { name: 'double precision' }],
    ['float(10)', { name: 'real' }],
    ['float4', { name: 'real' }],
    ['int8', { name: 'bigint' }],
    ['bool', { name: 'boolean' }],
    ['timestamp without time zone', { name: 'timestamp' }],
    ['timestamp with time zone', { name: 'timestamptz' }],
    ['time with time zone', { name: 'timetz' }],
  ])('%s', (sql, type) => {
    expect(parseType(sql)).toEqual(type);
  });

  it.each(['varchar(0)', 'varchar(65536)', 'char(4097)', 'numeric(39)', 'numeric(5,6)'])('refuses %s', (sql) => {
    expect(() => parseType(sql)).toThrow(expect.objectContaining({ sqlState: '22023' }));
  });

  it.each(['serial', 'json', 'uuid', 'bytea', 'int[]'])('has no %s', (sql) => {
    expect(() => parseType(sql)).toThrow(/^syntax error at or near/);
  });
});
