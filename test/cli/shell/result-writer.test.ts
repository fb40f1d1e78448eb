import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FORMATS, type Rows, render } from '../../../cli/output';
import { checkWritable, formatOf, writtenWhole } from '../../../cli/shell/output-file';
import { writeResult } from '../../../cli/shell/result-writer';

const columns = ['a', 'a', 'b'].map((name) => ({ name, numeric: false }));

async function written(pages: readonly Rows[], format: (typeof FORMATS)[number]) {
  const texts: string[] = [];
  const source = (async function* () {
    yield* pages;
  })();
  const rows = await writeResult(source, format, { write: async (text) => void texts.push(text) });
  return { text: texts.join(''), rows, texts };
}

describe('a result that comes page by page', () => {
  it.each(FORMATS)('is written as %s as if it had come as a whole', async (format) => {
    const cell = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant({ x: [1] }), fc.boolean());
    const page = fc.array(fc.tuple(cell, cell, cell), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 4 }), async (pages) => {
        const { text, rows } = await written(
          pages.map((one) => ({ columns, rows: one })),
          format,
        );
        expect(text).toBe(`${render({ columns, rows: pages.flat() }, format)}\n`);
        expect(rows).toBe(pages.flat().length);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['json', 'csv'] as const)('is written as %s before the next page is asked for', async (format) => {
    const seen: number[] = [];
    const texts: string[] = [];
    const source = (async function* (): AsyncGenerator<Rows> {
      for (let page = 0; page < 3; page += 1) {
        seen.push(texts.length);
        yield { columns, rows: [[page, null, 'x']] };
      }
    })();
    await writeResult(source, format, { write: async (text) => void texts.push(text) });
    expect(seen).toEqual([0, 1, 2]);
  });
});

describe('a file to write to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-output-'));
  const file = join(folder, 'plays.csv');
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['a.json', 'json'],
    ['b/c.CSV', 'csv'],
    ['a.txt', 'table'],
  ])('%s is %s by its ending', (name, format) => expect(formatOf(name)).toBe(format));

  it('whose ending says nothing needs --format', () => expect(() => formatOf('plays.parquet')).toThrow(/--format/));

  it('is written whole', async () => {
    await writtenWhole(file, async (sink) => {
      await sink.write('a\n');
      await sink.write('1\n');
    });
    expect(readFileSync(file, 'utf8')).toBe('a\n1\n');
    expect(readdirSync(folder)).toEqual(['plays.csv']);
  });

  it('is what it was where the writing fails, and nothing is left beside it', async () => {
    writeFileSync(file, 'precious\n');
    await expect(
      writtenWhole(file, async (sink) => {
        await sink.write('half');
        throw new Error('the network is gone');
      }),
    ).rejects.toThrow('the network is gone');
    expect(readFileSync(file, 'utf8')).toBe('precious\n');
    expect(readdirSync(folder)).toEqual(['plays.csv']);
  });

  it('that is there is not written over unless somebody says so', () => {
    writeFileSync(file, 'precious\n');
    expect(() => checkWritable(file, false)).toThrow(/--force/);
    expect(() => checkWritable(file, true)).not.toThrow();
    expect(() => checkWritable(join(folder, 'no', 'x.csv'), true)).toThrow(/there is no folder/);
  });
});
