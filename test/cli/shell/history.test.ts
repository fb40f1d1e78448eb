import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  historyFile,
  historyText,
  loadHistory,
  MOST_ENTRIES,
  parsedHistory,
  remembered,
  saveHistory,
} from '../../../cli/shell/history';

describe('the history', () => {
  it('has the newest first, and none twice in a row', () => {
    const typed = ['select 1;', 'select 2;', 'select 2;', ' ', 'select 1;'];
    expect(typed.reduce(remembered, [] as readonly string[])).toEqual(['select 1;', 'select 2;', 'select 1;']);
  });

  it('keeps a bounded number of statements and characters', () => {
    const many = Array.from({ length: MOST_ENTRIES + 50 }, (_, index) => `select ${index};`);
    const kept = many.reduce(remembered, [] as readonly string[]);
    expect(kept).toHaveLength(MOST_ENTRIES);
    expect(kept[0]).toBe(many.at(-1));
    const long = [`select '${'x'.repeat(200_000)}';`, `select '${'y'.repeat(200_000)}';`];
    expect(long.reduce(remembered, [] as readonly string[])).toEqual([long[1]]);
  });

  it.each([
    "create user ann password 'Secret1';",
    "copy t from 's3://b' credentials 'aws_access_key_id=A;aws_secret_access_key=B';",
    "copy t from 's3://b' access_key_id 'A' secret_access_key 'B';",
  ])('does not write down %s', (statement) => expect(remembered([], statement)).toEqual([]));

  it('is read as it was written, whatever was typed', () => {
    const entries = fc.array(
      fc
        .string({ unit: fc.constantFrom(...'a \\\n;é😀n') })
        .map((text) => text.trim())
        .filter((text) => text !== ''),
    );
    fc.assert(fc.property(entries, (history) => expect(parsedHistory(historyText(history))).toEqual(history)));
  });

  it('is a file for its owner only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sparkify-history-'));
    try {
      const file = historyFile(join(folder, 'home'));
      expect(loadHistory(file)).toEqual([]);
      await saveHistory(file, ['select\n1;', '\\d songs']);
      expect(loadHistory(file)).toEqual(['select\n1;', '\\d songs']);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
