import { parseStatement, splitStatements } from '../../../../local/redshift/dialect/parser';
import { bare } from './parser-printer';

const body = (sql: string) => bare((parseStatement(sql) as unknown as { query: { body: unknown } }).query.body);
const refused = (sql: string) => {
  try {
    parseStatement(sql);
  } catch (error) {
    return error;
  }
  throw new Error(`accepted: ${sql}`);
};

describe('queries', () => {
  it('reads MINUS as EXCEPT and binds INTERSECT tighter', () => {
    expect(body('select 1 minus select 2 intersect select 3')).toMatchObject({
      operator: 'except',
      left: { node: 'select' },
      right: { operator: 'intersect' },
    });
  });

  it('reads TOP before and after DISTINCT', () => {
    expect(body('select top 3 distinct a from t')).toEqual(body('select distinct top 3 a from t'));
  });

  it('reads aliases with and without AS', () => {
    expect(body('select a b, c as order from t u')).toMatchObject({
      items: [{ alias: 'b' }, { alias: 'order' }],
      from: [{ alias: 'u' }],
    });
  });

  it('reads SELECT INTO', () => {
    expect(body('select a into temp table #x from t')).toMatchObject({
      into: { name: { parts: ['#x'] }, temporary: true },
    });
  });

  it('reads stars with exclusions', () => {
    expect(body('select s.t.*, * exclude (a, b) from s.t')).toMatchObject({
      items: [{ expression: { qualifier: ['s', 't'] } }, { expression: { exclude: ['a', 'b'] } }],
    });
  });

  it('nests joins to the left, or as their conditions say', () => {
    expect(body('select 1 from a join b on x left outer join c using (y)')).toMatchObject({
      from: [{ kind: 'left', using: ['y'], left: { kind: 'inner' } }],
    });
    expect(body('select 1 from a join b join c on x on y')).toMatchObject({
      from: [{ left: { name: { parts: ['a'] } }, right: { node: 'join' } }],
    });
    expect(body('select 1 from (a join b on x) cross join c natural join d')).toMatchObject({
      from: [{ natural: true, left: { kind: 'cross', left: { kind: 'inner' } } }],
    });
  });

  it('takes a path that begins with a name of FROM for an unnesting, and any other for a table', () => {
    expect(body('select 1 from s.t as t, t.items as i at n, s.u')).toMatchObject({
      from: [
        { node: 'table' },
        { node: 'unnest', path: { parts: ['t', 'items'] }, alias: 'i', indexAlias: 'n' },
        { node: 'table', name: { parts: ['s', 'u'] } },
      ],
    });
  });

  it('reads grouping sets, HAVING, QUALIFY and limits', () => {
    const sql = `select a from t u group by rollup (a, (b, c)), grouping sets ((a), ()) having a qualify b
      order by a nulls first offset 2 limit all`;
    expect(bare(parseStatement(sql))).toMatchObject({
      query: {
        body: { groupBy: [{ kind: 'rollup', sets: [{}, [{}, {}]] }, { sets: [[{}], []] }], having: {}, qualify: {} },
        orderBy: [{ direction: 'asc', nulls: 'first' }],
        limit: 'all',
        offset: {},
      },
    });
  });

  it('reads a table function and a recursive common table', () => {
    expect(body('select n from generate_series(1, 3) as g(n)')).toMatchObject({
      from: [{ node: 'table function', call: { name: 'generate_series' }, alias: 'g', columnAliases: ['n'] }],
    });
    expect(
      parseStatement('with recursive d(n) as (select 1 union all select n + 1 from d) select n from d'),
    ).toMatchObject({ query: { recursive: true, with: [{ name: 'd', columns: ['n'] }] } });
  });
});

describe('what Redshift refuses in queries', () => {
  it('DISTINCT ON', () => {
    expect(refused('select distinct on (a) a from t')).toMatchObject({
      message: 'SELECT DISTINCT ON is not supported',
      sqlState: '0A000',
    });
  });

  it('a subquery without an alias', () => {
    expect(refused('select 1 from (select 1)')).toMatchObject({ message: 'subquery in FROM must have an alias' });
  });

  it.each([
    ['values (1)', 'values'],
    ['select * from (values (1)) v', 'values'],
    ['select * from t, lateral (select 1) x', 'lateral'],
    ['select * from t for update', 'for'],
    ['select 1 union distinct select 2', 'distinct'],
    ['select a from t qualify row_number() over (order by a) = 1', 'row_number'],
  ])('%s', (sql, near) => {
    expect(refused(sql)).toMatchObject({ message: `syntax error at or near "${near}"`, sqlState: '42601' });
  });

  it('more than one statement, or none', () => {
    expect(refused('select 1; select 2')).toMatchObject({
      message: 'cannot insert multiple commands into a prepared statement',
      sqlState: '42601',
    });
    expect(refused(' -- nothing\n')).toMatchObject({ message: 'syntax error at end of input' });
    expect(parseStatement('select 1;')).toMatchObject({ node: 'query statement' });
  });
});

describe('scripts', () => {
  it('are cut at semicolons outside strings, bodies and comments', () => {
    const script = "/* a; /* b; */ */ select ';' ; create procedure p() as $$ begin; end $$ -- x;\n language plpgsql;;";
    expect(splitStatements(script)).toEqual([
      "select ';'",
      'create procedure p() as $$ begin; end $$ -- x;\n language plpgsql',
    ]);
  });

  it.each([
    ["select 'abc", 'unterminated quoted string at or near "\'abc"'],
    ['select /* x', 'unterminated /* comment at or near "/* x"'],
    ['select $$x', 'unterminated dollar-quoted string at or near "$$x"'],
    ['select "x', 'unterminated quoted identifier at or near ""x"'],
  ])('end with an error in %s', (sql, message) => {
    expect(() => splitStatements(sql)).toThrow(expect.objectContaining({ message, more: { position: 8 } }));
  });
});
