import fc from 'fast-check';
import {
  parseExpression,
  parseProcedureBody,
  parseStatement,
  splitStatements,
  tokenize,
} from '../../../../local/redshift/dialect/parser';
import { RedshiftError } from '../../../../local/redshift/errors';
import { anyName, expression, query } from './parser-arbitraries';
import { bare, printExpression, printName, printQuery, printString } from './parser-printer';

const RUNS = { numRuns: 300 };

/** Runs a parser on anything: it may refuse only by a RedshiftError with a five-character SQLSTATE. */
function refusesPolitely(parse: (text: string) => unknown, text: string): void {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(RedshiftError);
    expect((error as RedshiftError).sqlState).toMatch(/^\w{5}$/);
    const { position } = (error as RedshiftError).more;
    if (position !== undefined) {
      expect(position).toBeGreaterThanOrEqual(1);
      expect(position).toBeLessThanOrEqual(text.length + 1);
    }
  }
}

const words = fc.constantFrom(
  ...`select from where group by order limit insert into values update set delete create table view procedure as on ( )
  , ; . * = < <> + - / || :: 'a' "b" $$ 1 2.5 case when then else end if loop for in not null is like between and or
  over partition copy json with begin declare exception others raise execute union join left t a :p $1 [ ] := .. << >>
  interval date extract cast varchar int distinct top all`.split(/\s+/),
);
const soup = fc.array(words, { maxLength: 40 }).map((list) => list.join(' '));

describe('the parser, whatever it is given', () => {
  it('reads back every expression that is printed', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        expect(bare(parseExpression(printExpression(tree)))).toEqual(bare(tree));
      }),
      RUNS,
    );
  });

  it('reads back every query that is printed', () => {
    fc.assert(
      fc.property(query, (tree) => {
        const statement = parseStatement(printQuery(tree));
        expect(bare(statement)).toEqual({ node: 'query statement', query: bare(tree) });
      }),
      RUNS,
    );
  });

  it('reads back every string and every quoted name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), anyName, (text, name) => {
        expect(tokenize(printString(text))[0]).toMatchObject({ kind: 'string', value: text });
        expect(tokenize(printName(name))[0]).toMatchObject({ kind: 'quoted', value: name });
      }),
    );
  });

  it('cuts a script into the statements it was joined from', () => {
    const statement = fc
      .array(
        fc.oneof(fc.string({ unit: 'binary' }).map(printString), fc.constantFrom('a', '/* ; */', '$$;$$', '(1)')),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((parts) => `x ${parts.join(' + ')} y`);
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(splitStatements(statements.join(' ;\n; -- ;\n'))).toEqual(statements);
      }),
    );
  });

  it('throws nothing but Redshift errors on arbitrary text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), soup), (text) => {
        refusesPolitely(parseStatement, text);
        refusesPolitely(parseStatement, `select ${text}`);
        refusesPolitely(parseProcedureBody, `begin ${text} end`);
        refusesPolitely(splitStatements, text);
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['parentheses', '('.repeat(50_000)],
    ['closed parentheses', `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['subqueries', 'select ('.repeat(20_000)],
    ['derived tables', 'select * from ('.repeat(20_000)],
    ['NOT', `select ${'not '.repeat(50_000)}true`],
    ['signs', `select ${'- '.repeat(50_000)}1`],
    ['CASE', `select ${'case when '.repeat(20_000)}`],
    ['EXPLAIN', 'explain '.repeat(50_000)],
    ['comparisons', `select ${'a = '.repeat(50_000)}a`],
  ])('refuses %s nested too deeply instead of running out of stack', (_, sql) => {
    expect(() => parseStatement(sql)).toThrow('stack depth limit exceeded');
  });

  it.each(['begin '.repeat(20_000), `begin ${'if a then '.repeat(20_000)}`, `begin ${'loop '.repeat(20_000)}`])(
    'refuses blocks nested too deeply (%#)',
    (body) => {
      expect(() => parseProcedureBody(body)).toThrow('stack depth limit exceeded');
    },
  );

  it.each([
    ['an IN list', `select a in (${Array.from({ length: 50_000 }, (_, i) => i).join(',')})`],
    ['rows of VALUES', `insert into t values ${Array.from({ length: 20_000 }, (_, i) => `(${i},'x')`).join(',')}`],
    [
      'joined tables',
      `select 1 from a.t0 ${Array.from({ length: 5_000 }, (_, i) => `join a.t${i} using (x)`).join(' ')}`,
    ],
    ['united queries', Array.from({ length: 5_000 }, () => '(select 1)').join(' union all ')],
    ['terms of a sum', `select ${Array.from({ length: 50_000 }, () => '1').join(' + ')}`],
    ['comment openings', `select 1 ${'/* '.repeat(50_000)}${'*/ '.repeat(50_000)}`],
  ])('reads tens of thousands of %s', (_, sql) => {
    expect(parseStatement(sql).node).toMatch(/^(query statement|insert)$/);
  });
});
