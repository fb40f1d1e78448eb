import fc from 'fast-check';
import { bytes, duration, type Rows, render } from '../../cli/output';

const rows: Rows = {
  columns: [
    { name: 'level', numeric: false },
    { name: 'count', numeric: true },
    { name: 'count', numeric: true },
  ],
  rows: [
    ['free', 12, 9_007_199_254_740_993n],
    [null, 0, null],
  ],
};

describe('a result as json', () => {
  it('is an array of row objects with proper types', () => {
    expect(JSON.parse(render(rows, 'json'))).toEqual([
      { level: 'free', count: 12, count_2: '9007199254740993' },
      { level: null, count: 0, count_2: null },
    ]);
  });

  it('is an empty array where there are no rows', () => {
    expect(render({ columns: rows.columns, rows: [] }, 'json')).toBe('[]');
  });
});

describe('a result as csv', () => {
  it('tells null from an empty text', () => {
    expect(
      render(
        {
          columns: [
            { name: 'a', numeric: false },
            { name: 'b', numeric: false },
          ],
          rows: [[null, '']],
        },
        'csv',
      ),
    ).toBe('a,b\n,""');
  });

  it('keeps every text, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (texts) => {
        const columns = texts.map((_, index) => ({ name: `c${index}`, numeric: false }));
        const written = render({ columns, rows: [texts] }, 'csv');
        expect(fieldsOf(written.slice(written.indexOf('\n') + 1))).toEqual(texts);
      }),
    );
  });
});

/** A reader of one RFC 4180 record, written apart from the writer. */
function fieldsOf(record: string): string[] {
  const fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/gsy;
  for (;;) {
    const found = pattern.exec(record);
    if (found === null) return fields;
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') return fields;
  }
}

describe('a result as a table', () => {
  it('shows names, values and nulls', () => {
    const shown = render(rows, 'table');
    expect(shown).toContain('level');
    expect(shown).toMatch(/free\s.*12\s.*9007199254740993/);
    expect(shown).toMatch(/null/);
  });
});

describe('sizes and times', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [3_420_000, '3.4 MB'],
  ])('%d bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

  it.each([
    [400, '0.4 s'],
    [59_960, '60.0 s'],
    [185_000, '3 min 5 s'],
  ])('%d ms are %s', (value, text) => expect(duration(value)).toBe(text));
});
