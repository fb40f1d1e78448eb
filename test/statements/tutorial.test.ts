import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSqlTree } from '../../statements/tree';
import { firstMissing, stepsOf } from '../support/docs/tutorial';

const ROOT = join(__dirname, '..', '..');
const PAGE = 'docs/extending.md';

/** The whole tutorial is run by test/acceptance/extending.test.ts; this is what can be seen at once. */
describe('the files of the tutorial', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-tutorial-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('make a tree that can be deployed, with the source that it adds', () => {
    cpSync(join(ROOT, 'sql'), join(folder, 'sql'), { recursive: true });
    for (const step of stepsOf(PAGE, readFileSync(join(ROOT, PAGE), 'utf8'))) {
      if (step.do !== 'write') continue;
      mkdirSync(dirname(join(folder, step.file)), { recursive: true });
      (step.append ? appendFileSync : writeFileSync)(join(folder, step.file), step.text);
    }
    const tree = readSqlTree(join(folder, 'sql'));
    expect(tree.sources.map(({ name }) => name)).toEqual(['songs', 'events', 'plans']);
    expect(tree.tableCounts).toMatch(/"locations".*"staging_plans".*"plans"/s);
  });
});

describe('what a page shows of an output', () => {
  it('has to come in its order, with any lines where it says so', () => {
    expect(firstMissing('a\n…\nc  d', '\u001b[1ma\u001b[0m\nb\nc d e')).toBeUndefined();
    expect(firstMissing('c\na', 'a\nb\nc')).toBe('a');
    expect(firstMissing('s3://…/x line 1', 'at s3://bucket/k/x line 1')).toBeUndefined();
    expect(firstMissing('1 row', '11 rows\n2')).toBeUndefined();
    expect(firstMissing('(1)', '1')).toBe('(1)');
  });
});
