import fc from 'fast-check';
import { type Catalogue, quoted, relationsOf, unquoted } from '../../../cli/shell/catalogue';
import { complete } from '../../../cli/shell/completion';

const line = (schema: string, relation: string, column: string, relationType = 'BASE TABLE') => ({
  schema,
  relation,
  relationType,
  column,
  dataType: 'character varying',
  length: 256,
  precision: null,
  scale: null,
});
const CATALOGUE: Catalogue = {
  schemas: ['public', 'analytics', 'etl'],
  relations: relationsOf([
    ...['songplay_id', 'start_time', 'user_id', 'level', 'song_id'].map((name) => line('public', 'songplays', name)),
    ...['song_id', 'title', 'year'].map((name) => line('public', 'songs', name)),
    ...['user_id', 'level', 'order'].map((name) => line('public', 'users', name)),
    ...['song', 'plays'].map((name) => line('analytics', 'top_songs', name, 'VIEW')),
  ]),
};

/** Completes at the bar. */
const at = (text: string) => {
  const [before = '', after = ''] = text.split('|');
  return complete(CATALOGUE, before, after);
};
const candidates = (text: string) => at(text).candidates;

describe('completion', () => {
  it.each([
    ['select * from song|', ['songplays', 'songs']],
    ['select * from songplays sp join us|', ['users']],
    ['select * from songs, us|', ['users']],
    ['update so|', ['songplays', 'songs']],
    ['select * from analytics.|', ['top_songs']],
    ['select * from ana|', ['analytics.']],
    ['select * from svv_tab|', ['svv_table_info', 'svv_tables']],
    ['grant usage on schema e|', ['etl']],
    ['with loud as (select 1) select * from lo|', ['loud']],
  ])('%s: relations where a relation is wanted', (text, expected) => expect(candidates(text)).toEqual(expected));

  it.each([
    ['select sp.| from songplays sp', ['songplay_id', 'start_time', 'user_id', 'level', 'song_id']],
    ['select sp.s| from songplays as sp', ['songplay_id', 'start_time', 'song_id']],
    ['select songs.t| from songs', ['title']],
    ['select s.p| from analytics.top_songs s', ['plays']],
    ['select analytics.top_songs.s|', ['song']],
    ['select * from songplays sp join songs s on sp.song_id = s.s|', ['song_id']],
    ['select u.o| from users u', ['"order"']],
  ])('%s: the columns behind an alias, a table, a schema', (text, expected) =>
    expect(candidates(text)).toEqual(expected),
  );

  it('has the columns of the tables that the statement names first, also of those behind the cursor', () => {
    expect(candidates('select le| from users').slice(0, 1)).toEqual(['level']);
    expect(candidates('select le| from users')).toEqual(expect.arrayContaining(['left', 'len(', 'least(']));
    expect(candidates('select ti| from songplays')).not.toContain('title');
    expect(candidates('select | from songs')).toEqual(['song_id', 'title', 'year']);
  });

  it('has the columns of both sides of a join once', () => {
    const found = candidates('select song_i| from songplays join songs using (song_id)');
    expect(found).toEqual(['song_id']);
  });

  it('goes on in the capitals that somebody began in', () => {
    expect(candidates('SEL|')).toEqual(['SELECT']);
    expect(candidates('sel|')).toEqual(['select']);
    expect(at('SEL|').replaces).toBe('SEL');
  });

  it.each(["select 'so|", 'select 1 -- so|', 'select /* so|', 'select $$ so|', 'select 12|'])(
    '%s: nothing inside of texts, comments and numbers',
    (text) => expect(candidates(text)).toEqual([]),
  );

  it('offers only what goes on with what was typed, whatever was typed', () => {
    const word = fc.constantFrom(
      'select',
      'from',
      'songs',
      's',
      'so',
      '.',
      ',',
      '(',
      "'",
      '"',
      'LE',
      'join',
      '--',
      '\n',
      'as',
      ';',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.array(word, { maxLength: 3 }), (before, after) => {
        const text = before.join(' ');
        const { candidates: found, replaces } = complete(CATALOGUE, text, after.join(' '));
        expect(text.endsWith(replaces)).toBe(true);
        for (const name of found) expect(unquoted(name).startsWith(unquoted(replaces))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a name', () => {
  it.each([
    ['songs', 'songs'],
    ['order', '"order"'],
    ['a b', '"a b"'],
    ['1a', '"1a"'],
    ['a"b', '"a""b"'],
  ])('%s is written %s', (name, written) => expect(quoted(name)).toBe(written));
});

describe('the catalogue', () => {
  it('knows types as a CREATE TABLE has them', () => {
    const [relation] = relationsOf([
      line('public', 't', 'a'),
      { ...line('public', 't', 'b'), dataType: 'numeric', length: null, precision: 18, scale: 2 },
      { ...line('public', 't', 'c'), dataType: 'bigint', length: null, precision: 64, scale: null },
    ]);
    expect(relation?.columns.map(({ type }) => type)).toEqual(['character varying(256)', 'numeric(18,2)', 'bigint']);
  });
});
