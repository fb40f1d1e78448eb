import fc from 'fast-check';
import stringWidth from 'string-width';
import type { Rows } from '../../../cli/output';
import { fitted, show } from '../../../cli/shell/display';

const result = (names: readonly string[], ...rows: Rows['rows']): Rows => ({
  columns: names.map((name) => ({ name, numeric: false })),
  rows,
});
const widest = (text: string) => Math.max(...text.split('\n').map((line) => stringWidth(line)));

describe('a result on a terminal', () => {
  it('is a table as it stands where there is room', () => {
    const { text, shortened, form } = show(result(['song', 'plays'], ['Undo', 5]), 80);
    expect([shortened, form]).toEqual([0, 'table']);
    expect(text).toMatch(/│ song │ plays │/);
  });

  it('has its long cells shortened, the short ones whole', () => {
    const { text, shortened } = show(result(['artist', 'id'], ['a'.repeat(100), 'AR123']), 40);
    expect(shortened).toBe(1);
    expect(widest(text)).toBe(40);
    expect(text).toMatch(/a…\s*│ AR123/);
  });

  it('shows a row as a block where columns would become too narrow', () => {
    const names = Array.from({ length: 12 }, (_, index) => `a_rather_long_name_${index}`);
    const { text, form } = show(
      result(
        names,
        names.map(() => 'value'),
      ),
      60,
    );
    expect(form).toBe('expanded');
    expect(text).toContain('─[ row 1 ]─');
    expect(text).toMatch(/a_rather_long_name_11 │ value/);
  });

  it('keeps a long value whole in a block, below itself', () => {
    const { text } = show(result(['location'], ['San Francisco-Oakland-Hayward, CA']), 30, 'expanded');
    expect(text.split('\n').slice(1)).toEqual(['location │ San Francisco-Oakla', '         │ nd-Hayward, CA']);
  });

  it('lets no value break a line or steer the terminal', () => {
    const { text } = show(result(['a\nb'], ['x\ny\t\u001b[31mred\u0007']), 80);
    expect(text).toContain('a\\nb');
    expect(text).toContain('x\\ny\\t\\x1b[31mred\\x07');
  });

  it('is never wider than the terminal, whatever its values', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('歌', 'é', '😀', 'a', '\u001b', '\n'), maxLength: 60 }),
      fc.integer(),
      fc.constant(null),
    );
    const results = fc.integer({ min: 1, max: 8 }).chain((columns) =>
      fc.record({
        names: fc.array(fc.string({ maxLength: 30 }), { minLength: columns, maxLength: columns }),
        rows: fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(
        results,
        fc.integer({ min: 24, max: 200 }),
        fc.constantFrom('table' as const, 'expanded' as const),
        (of, width, form) => {
          expect(widest(show(result(of.names, ...of.rows), width, form).text)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('the widths of columns', () => {
  it('fill the room, and only the widest give way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 8, max: 300 }),
        (natural, room) => {
          const widths = fitted(natural, room);
          if (widths === undefined) return;
          const sum = widths.reduce((total, one) => total + one, 0);
          expect(sum).toBeLessThanOrEqual(room);
          const cap = Math.max(...widths);
          expect(widths).toEqual(natural.map((one) => Math.min(one, cap)));
        },
      ),
    );
  });
});
