import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TYPED } from '../../handbook/cast/cast';
import { Browser, type Page } from '../support/browser/browser';
import { ROOT } from '../support/docs/pages';

const file = (name: string) => join(ROOT, 'docs', name);

/** Texts of a picture that stick out of their box, and boxes that lie on each other. */
const MISPLACED = `(() => {
  const boxes = [...document.querySelectorAll('.box')].filter((box) => box.querySelector('.title'));
  const at = (box) => box.querySelector('rect').getBoundingClientRect();
  const out = boxes.flatMap((box) => [...box.querySelectorAll('text')]
    .filter((text) => text.getBoundingClientRect().right > at(box).right - 4)
    .map((text) => text.textContent));
  const on = boxes.flatMap((one, index) => boxes.slice(index + 1)
    .filter((other) => !(at(one).right <= at(other).left || at(other).right <= at(one).left
      || at(one).bottom <= at(other).top || at(other).bottom <= at(one).top))
    .map((other) => one.textContent + ' / ' + other.textContent));
  return { boxes: boxes.length, out, on };
})()`;

/** Of each kind of text the contrast with what it stands on, by WCAG. */
const CONTRASTS = `(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/\\d+/g).map((part) => Number(part) / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const fill = (element) => getComputedStyle(element).fill;
  const contrast = (text, ground) => {
    const [low, high] = [light(fill(text)), light(fill(ground))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const onBoxes = [...document.querySelectorAll('.box text')].map((text) => contrast(text, text.closest('.box').querySelector('rect')));
  const onFrames = [...document.querySelectorAll('.halo')].map((text) => contrast(text, document.querySelector('.frame')));
  const onPaper = [...document.querySelectorAll('.words')].map((text) => contrast(text, document.querySelector('.paper')));
  return Math.min(...onBoxes, ...onFrames, ...onPaper);
})()`;

/** What a reader sees of the terminal: lines that are not hidden, inside of its window. */
const SEEN = `(() => {
  const window = document.querySelector('#window rect').getBoundingClientRect();
  return [...document.querySelectorAll('.screen > g')]
    .filter((line) => getComputedStyle(line).visibility === 'visible')
    .filter((line) => line.getBoundingClientRect().top >= 30)
    .map((line) => [...line.querySelectorAll('text')].map((text) => text.textContent).join(' '));
})()`;

describe('the pictures of the docs, in a browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await Browser.start();
    page = await browser.page();
  });
  afterAll(() => browser.close());

  it.each(['light', 'dark'] as const)('docs/architecture.svg is legible, %s', async (scheme) => {
    await page.look(1000, scheme);
    await page.open(pathToFileURL(file('architecture.svg')).href);
    const { boxes, out, on } = await page.evaluate<{ boxes: number; out: string[]; on: string[] }>(MISPLACED);
    expect(boxes).toBeGreaterThan(10);
    expect({ out, on }).toEqual({ out: [], on: [] });
    expect(await page.evaluate<number>(CONTRASTS)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['start.svg', 'start-still.svg'])(
    'docs/%s ends with the query and its rows where nothing moves',
    async (name) => {
      await page.look(1000);
      await page.open(pathToFileURL(file(name)).href);
      const lines = await page.evaluate<readonly string[]>(SEEN);
      const asked = lines.findIndex((line) => line.endsWith(TYPED[1]));
      expect(asked).toBeGreaterThan(0);
      expect(lines.slice(asked).join('\n')).toMatch(/free[\s\S]*2 rows/);
      expect(page.complaints).toEqual([]);
      expect(readFileSync(file(name), 'utf8')).not.toMatch(/https?:\/\/(?!www\.w3\.org)[^\s<"]*\.(css|js|woff)/);
    },
  );
});
