import fc from 'fast-check';
import { opening, split, statements, transactionStep } from '../../../cli/shell/statements';
import { tokenize } from '../../../local/redshift/dialect/lexer';

const sqls = (text: string) => statements(text).map(({ sql }) => sql);

describe('a text of several statements', () => {
  it.each([
    ['select 1; select 2', ['select 1', 'select 2']],
    ["select ';'; select 2;", ["select ';'", 'select 2']],
    ["select 'it''s;'; select 2", ["select 'it''s;'", 'select 2']],
    ["select '\\';'; select 2", ["select '\\';'", 'select 2']],
    ['select ";" from t; select 2', ['select ";" from t', 'select 2']],
    ['select 1 -- one; two\n; select 2', ['select 1', 'select 2']],
    ['select 1 /* ; /* ; */ ; */; select 2', ['select 1', 'select 2']],
    [
      'create procedure p() as $$ begin; end; $$ language plpgsql; call p()',
      ['create procedure p() as $$ begin; end; $$ language plpgsql', 'call p()'],
    ],
    ['select $a$ ; $$ ; $a$; select 2', ['select $a$ ; $$ ; $a$', 'select 2']],
    ['select a$b$c; select 2', ['select a$b$c', 'select 2']],
    [';;  ; -- nothing\n', []],
    ['', []],
    ['-- head\nselect 1', ['select 1']],
    ['select /* inside */ 1', ['select /* inside */ 1']],
  ])('%j is cut where a statement ends', (text, expected) => expect(sqls(text)).toEqual(expected));

  it('knows the line on which each begins', () => {
    expect(statements('-- head\n\nselect 1\n  ;\nselect\n2').map(({ line }) => line)).toEqual([3, 5]);
  });

  it.each([
    ["select 'a", 'string'],
    ['select "a', 'name'],
    ['select $$ a', 'string'],
    ['select 1 /* a', 'comment'],
    ['select (1', 'parenthesis'],
    ["select 'a\\'", 'string'],
    ['select (1)', undefined],
    ['select 1;', undefined],
  ])('%j leaves a %s open', (text, open) => expect(split(text).open).toBe(open));
});

/** Pieces that are whole by themselves, as the engine's own lexer reads them. */
const part = fc.oneof(
  fc.constantFrom(
    'select',
    'a',
    '1',
    '1.5',
    ',',
    '(',
    ')',
    '.',
    '=',
    '::',
    '||',
    '"q"";"',
    '-- c;\n',
    '/* ; */',
    '\n',
    '#t',
  ),
  fc.constantFrom("'a;b'", "''", "'''x'''", "'\\\\'", "'\\';'", '$$;$$', '$x$ $$;$$ $x$', "E'a\\n;'"),
);
const statementText = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(' '));

describe('the cuts', () => {
  it('are those of the lexer of Redshift SQL, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(statementText, { maxLength: 6 }), (texts) => {
        const text = texts.join(' ;');
        const starts: number[] = [];
        let begun = false;
        for (const { kind, value, start } of tokenize(text)) {
          if (kind === 'operator' && value === ';') begun = false;
          else if (kind !== 'end' && !begun) {
            starts.push(start);
            begun = true;
          }
        }
        expect(statements(text).map(({ start }) => start)).toEqual(starts);
      }),
      { numRuns: 500 },
    );
  });

  it('lose nothing: what is cut out stands in the text where it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`a1 ;'"$-/*\\\n()é😀`) }), (text) => {
        let at = 0;
        for (const { sql, start } of statements(text)) {
          expect(text.slice(start, start + sql.length)).toBe(sql);
          expect(start).toBeGreaterThanOrEqual(at);
          at = start + sql.length;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of what was cut once cut it no further', () => {
    fc.assert(
      fc.property(fc.array(statementText, { maxLength: 4 }), (texts) => {
        for (const sql of sqls(texts.join(';'))) expect(sqls(sql)).toEqual([sql]);
      }),
    );
  });
});

describe('a statement', () => {
  it('is known by its first words', () => expect(opening('/* x */ CREATE\n temp table t')).toBe('create temp'));

  it.each([
    ['BEGIN', 'begins'],
    ['start transaction', 'begins'],
    ['commit work', 'commits'],
    ['end', 'commits'],
    ['abort', 'rolls back'],
    ['select 1', undefined],
    ['endless', undefined],
  ])('%s: %s', (sql, step) => expect(transactionStep(sql)).toBe(step));
});
