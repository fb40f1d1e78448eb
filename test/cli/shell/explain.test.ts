import { type Catalogue, relationsOf } from '../../../cli/shell/catalogue';
import { explain, type Place } from '../../../cli/shell/explain';
import { StatementFailedError } from '../../../cli/shell/statement-session';

const line = (schema: string, relation: string, column: string) => ({
  schema,
  relation,
  relationType: 'BASE TABLE',
  column,
  dataType: 'integer',
  length: null,
  precision: 32,
  scale: null,
});
const CATALOGUE: Catalogue = {
  schemas: ['public', 'analytics'],
  relations: relationsOf([
    line('public', 'songplays', 'level'),
    line('public', 'songplays', 'location'),
    line('public', 'songs', 'title'),
    line('analytics', 'top_songs', 'plays'),
  ]),
};
const explained = (reason: string, sql: string, position?: number, place?: Place) =>
  explain(new StatementFailedError(reason, position), sql, place, CATALOGUE);

describe('an error of a statement', () => {
  it('shows the line and the sign where it stands', () => {
    expect(explained('ERROR: column "lvel" does not exist', 'select 1,\n  lvel\nfrom songplays', 13)).toBe(
      ['ERROR: column "lvel" does not exist', 'line 2:   lvel', '          ^', 'Did you mean level?'].join('\n'),
    );
  });

  it('counts lines as the file does', () => {
    const text = explained('ERROR: syntax error at or near "fro"', 'select 1\nfro songs', 10, {
      file: 'daily.sql',
      line: 7,
    });
    expect(text.split('\n').slice(1)).toEqual(['daily.sql:8: fro songs', '             ^', 'Did you mean from?']);
  });

  it('finds the place by the name where the warehouse tells no position', () => {
    expect(explained('ERROR: column sp.titel does not exist', 'select sp.titel from songs sp')).toContain(
      'line 1: select sp.titel from songs sp\n                  ^\nDid you mean title?',
    );
  });

  it('shows a long line around the place only', () => {
    const sql = `select ${'a, '.repeat(100)}lvel from songplays`;
    const [, shown = '', caret = ''] = explained('ERROR: column "lvel" does not exist', sql, 308).split('\n');
    expect(shown.length).toBeLessThan(140);
    expect(shown.slice(caret.indexOf('^'))).toMatch(/^lvel/);
  });

  it.each([
    ['relation "songplay" does not exist', 'Did you mean songplays?'],
    ['relation "analytics.top_song" does not exist', 'Did you mean analytics.top_songs?'],
    ['relation "top_songs" does not exist', 'Did you mean analytics.top_songs?'],
    ['schema "analytcs" does not exist', 'Did you mean analytics?'],
    ['function lenth("unknown") does not exist', 'Did you mean length?'],
    ['relation "zzzzzz" does not exist', '\\d in the shell'],
    ['current transaction is aborted, commands ignored until end of transaction block', 'Send `rollback`'],
    ['permission denied for relation songplays', 'docs/access.md'],
    ['Query result exceeds the limit of 524288000 bytes', 'at most 500 MB'],
    ['packet for query is too large (70000 > 65536 bytes in one row)', '64 KB a row'],
  ])('%s: says what to do', (reason, text) => expect(explained(`ERROR: ${reason}`, 'select 1')).toContain(text));

  it('suggests nothing that is not close', () => {
    expect(explained('ERROR: column "xyzzy" does not exist', 'select xyzzy from songplays', 8)).not.toContain(
      'Did you',
    );
  });
});
