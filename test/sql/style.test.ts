import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', 'sql');
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql'))
  .sort();

/** The statement without comments and string literals. */
function code(text: string): string {
  return text
    .replace(/^--.*$/gm, '')
    .replace(/\$\$[\s\S]*\$\$/g, '$$$$')
    .replace(/'[^']*'/g, "''");
}

describe.each(files)('sql/%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');

  it('says its grain and its key in its header', () => {
    const header = /^(--.*\n)+/.exec(text)?.[0] ?? '';
    expect(header).toMatch(/Grain: \S/);
    expect(header).toMatch(/Key[ :]/);
  });

  it('is one statement in lower case, with four spaces, lines of 120 and a new line at its end', () => {
    expect(code(text)).not.toMatch(/;/);
    expect(code(text).replace(/\{\{\w+\}\}/g, '')).not.toMatch(/[A-Z]/);
    expect(text).not.toMatch(/\t| $/m);
    expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
    expect(text.split('\n').every((line) => (/^ */.exec(line)?.[0].length ?? 0) % 4 === 0)).toBe(true);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it('uses nothing that Redshift does not have or that would commit in the middle', () => {
    expect(code(text)).not.toMatch(/\b(on conflict|returning|truncate|lateral|distinct on|serial|vacuum)\b/);
  });
});
