import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Page, pageFiles, parsePage, ROOT, readPage } from '../support/docs/pages';

/** Links of a page that lead nowhere. Those out into the web are not followed. */
function broken(page: Page): readonly string[] {
  return page.links.flatMap(({ text, line }) => {
    if (/^[a-z]+:/.test(text)) return [];
    const [path = '', anchor] = text.split('#');
    const target = path === '' ? page.file : normalize(join(dirname(page.file), decodeURI(path)));
    if (!existsSync(join(ROOT, target))) return [`${page.file}:${line}: ${text}: there is no ${target}`];
    if (anchor === undefined || !target.endsWith('.md')) return [];
    const { anchors } = path === '' ? page : readPage(target);
    return anchors.has(anchor) ? [] : [`${page.file}:${line}: ${text}: ${target} has no heading of that name`];
  });
}

describe('the links between the pages', () => {
  it.each(pageFiles())('%s: each leads to a file, and to a heading where it names one', (file) => {
    expect(broken(readPage(file))).toEqual([]);
  });

  it('lead from the README, or from the index of the docs, to every page', () => {
    const reached = ['README.md', 'docs/README.md'].flatMap((file) =>
      readPage(file).links.map(({ text }) => normalize(join(dirname(file), text.split('#')[0] ?? ''))),
    );
    const pages = pageFiles().filter((file) => file.startsWith('docs/') && file !== 'docs/README.md');
    expect(pages.filter((file) => !reached.includes(file))).toEqual([]);
  });

  it('are seen to be broken', () => {
    const page = parsePage(
      'docs/cost.md',
      '# A heading\n\n[a](nowhere.md) [b](#a-heading) [c](#another) ![d](../x.png)\n',
    );
    expect(broken(page)).toEqual([
      'docs/cost.md:3: nowhere.md: there is no docs/nowhere.md',
      'docs/cost.md:3: #another: docs/cost.md has no heading of that name',
      'docs/cost.md:3: ../x.png: there is no x.png',
    ]);
  });
});
