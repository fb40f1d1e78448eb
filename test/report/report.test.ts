import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Browser, type Page } from '../support/browser/browser';

const ROOT = resolve(__dirname, '..', '..');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 1024, 1600] as const;
const CHARTS = [
  ...['plays-by-day', 'plays-by-week', 'plays-by-weekday', 'plays-by-hour', 'session-lengths', 'heat-map'],
  ...['top-songs', 'top-artists', 'catalogue-coverage', 'top-users', 'top-locations', 'retention', 'browsers'],
  ...['devices', 'levels-by-week', 'level-changes', 'load-steps', 'star', 'lineage'],
];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describe('the report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-report-'));
  let browser: Browser;
  let page: Page;
  const address = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    const made = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'render.ts'), folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(made.stderr);
    browser = await Browser.start();
    page = await browser.page();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const overflowing = (): Promise<readonly string[]> =>
    page.evaluate(`(() => {
      const width = document.documentElement.clientWidth;
      const scrolls = (element) => element.closest('.scroll, .sections, .visually-hidden, .skip') !== null;
      const wide = [...document.querySelectorAll('body *')].filter((each) => !scrolls(each) && each.getBoundingClientRect().right > width + 0.5);
      const page = document.documentElement.scrollWidth > width ? ['the page: ' + document.documentElement.scrollWidth] : [];
      return [...page, ...wide.map((each) => each.tagName + ' ' + each.getAttribute('class') + ' ' + each.textContent.slice(0, 40))];
    })()`);

  it.each(['sample', 'empty', 'nasty'])('has every chart and a table behind each: %s', async (name) => {
    await page.open(address(name));
    await page.look(1600);
    const found = await page.evaluate<readonly { id: string; images: number; tables: number }[]>(
      `[...document.querySelectorAll('[data-chart]')].map((each) => ({
        id: each.id,
        images: [...each.querySelectorAll('svg[role=img]')].filter((svg) => svg.checkVisibility() && svg.getBoundingClientRect().height > 0).length,
        tables: each.querySelectorAll('details table tbody tr').length,
      }))`,
    );
    expect(found.map(({ id }) => id).sort()).toEqual([...CHARTS].sort());
    for (const { id, images, tables } of found)
      expect({ id, images, rows: tables > 0 }).toEqual({ id, images: 1, rows: true });
  });

  it.each(['sample', 'empty', 'nasty'])('complains of nothing and asks the network for nothing: %s', async (name) => {
    const fresh = await browser.page();
    await fresh.open(address(name));
    for (const width of WIDTHS) await fresh.look(width, 'dark');
    expect(fresh.complaints).toEqual([]);
    expect(fresh.requests).toEqual([address(name)]);
  });

  describe.each(['sample', 'empty', 'nasty'])('of %s facts', (name) => {
    it.each(WIDTHS)('overflows nowhere at %i px', async (width) => {
      await page.look(width);
      await page.open(address(name));
      expect(await overflowing()).toEqual([]);
    });
  });

  // Colours do not change with the width: dark is looked at once.
  it.each([...WIDTHS.map((width) => [width, 'light'] as const), [1024, 'dark'] as const])(
    'passes axe-core at %i px in %s colours, with all tables unfolded',
    async (width, scheme) => {
      await page.look(width, scheme);
      await page.open(address('sample'));
      await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })");
      await page.evaluate(`(() => { ${AXE} })()`);
      const { violations, passes } = await page.evaluate<{
        violations: readonly Violation[];
        passes: readonly { id: string }[];
      }>('axe.run(document, { resultTypes: ["violations", "passes"] })');
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)).toEqual([]);
      expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(['color-contrast', 'svg-img-alt']));
    },
  );

  const overlapping = (): Promise<readonly string[]> =>
    page.evaluate(`[...document.querySelectorAll('.chart svg, svg.diagram')].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
      const texts = [...svg.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
      const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
      return texts.flatMap((a, index) => texts.slice(index + 1).filter((b) => over(a.box, b.box)).map((b) => svg.querySelector('title').textContent + ' ' + a.text + ' | ' + b.text));
    })`);

  it.each(['sample', 'nasty'].flatMap((name) => [360, 600, 1024, 1600].map((width) => [name, width] as const)))(
    'lets no text of a chart lie over another: %s facts at %i px',
    async (name, width) => {
      await page.look(width);
      await page.open(address(name));
      expect(await overlapping()).toEqual([]);
    },
  );

  /** What axe-core does not look at: text in pictures. */
  it.each(['light', 'dark'] as const)(
    'has text in its charts that stands out from the card, in %s colours',
    async (scheme) => {
      await page.look(1600, scheme);
      await page.open(address('sample'));
      const weakest = await page.evaluate<number>(`(() => {
      const parse = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
      const light = (colour) => parse(colour).map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
      const card = light(getComputedStyle(document.querySelector('.card')).backgroundColor);
      const contrasts = [...document.querySelectorAll('.chart text')].map((text) => light(getComputedStyle(text).fill))
        .map((text) => (Math.max(text, card) + 0.05) / (Math.min(text, card) + 0.05));
      return Math.min(...contrasts);
    })()`);
      expect(weakest).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('shows what a source file says as text, never as markup', async () => {
    await page.open(address('nasty'));
    expect(await page.evaluate("document.querySelectorAll('script').length")).toBe(0);
    expect(await page.evaluate("document.querySelector('#top-songs tbody').textContent")).toContain('<script>');
  });

  it('prints on white, without what only a screen needs', async () => {
    await page.look(794, 'dark', 'print');
    await page.open(address('sample'));
    expect(await page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await page.evaluate("getComputedStyle(document.querySelector('nav')).display")).toBe('none');
    await page.look(794);
  });

  it('loads itself again only where somebody watches', () => {
    const text = (name: string): string => readFileSync(join(folder, `${name}.html`), 'utf8');
    expect(text('sample')).not.toContain('location.reload');
    expect(text('watched')).toContain('location.reload');
  });

  it('tells the story of the load: files, rows, rejects, checks, how long it took, how fresh it is', async () => {
    await page.open(address('sample'));
    const story = await page.evaluate<string>("document.querySelector('#load').textContent");
    for (const part of [
      '14,926 (7.5 MB)',
      '8,056 events, 14,896 songs',
      '1 of 2',
      '4.4 s',
      '30 Nov 2018',
      'line 3: not a number',
    ])
      expect(story).toContain(part);
  });
});
