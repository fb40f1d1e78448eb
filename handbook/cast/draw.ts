import { html } from '../../report/html';
import { MONO } from '../palette';
import type { Film, Run, Shown } from './screen';
import { LONGEST_WAIT } from './tidy';

const LETTER = 7.8;
const LINE = 18;
const PADDING = 16;
const BAR = 34;
const PAPER = '#16151c';
/** The terminal's colours: eight, and eight bright ones. */
const COLOURS = [
  ...['#5a5769', '#ff7d94', '#5fd39b', '#f0a04b', '#82aaff', '#c9a6ff', '#6fd3e3', '#d7d5e0'],
  ...['#86839a', '#ff9fb1', '#86e3b4', '#f7bd7d', '#a8c3ff', '#dcc4ff', '#9be3ee', '#ffffff'],
];

/** What the picture tells those who do not see it. */
export interface Words {
  readonly title: string;
  readonly description: string;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/**
 * A film as an SVG that plays once and stays at its end. Who wants no motion, and what does not play SVG, sees the end.
 */
export function drawFilm(film: Film, { title, description }: Words): string {
  const width = Math.ceil(film.columns * LETTER + 2 * PADDING);
  const screen = film.rows * LINE;
  const height = screen + BAR + PADDING;
  const lines = [...film.shown].sort((a, b) => a.line - b.line).map(drawLine);
  const dots = ['#ff7d94', '#f0a04b', '#5fd39b'].map(
    (fill, index) => `<circle cx="${20 + index * 18}" cy="18" r="5.5" fill="${fill}"/>`,
  );
  const said = html`<title id="title">${title}</title><desc id="description">${description} Waits longer than ${LONGEST_WAIT} seconds are shortened.</desc>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    said.text,
    `<style>${style(film)}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${PAPER}"/>${dots.join('')}`,
    `<clipPath id="window"><rect y="${BAR}" width="${width}" height="${screen}"/></clipPath>`,
    `<g clip-path="url(#window)"><g transform="translate(${PADDING},${BAR})"><g class="screen">`,
    ...lines,
    '</g></g></g></svg>\n',
  ].join('\n');
}

function style({ scrolls, length }: Film): string {
  const total = round(length + 0.01);
  const end = -(scrolls.at(-1)?.line ?? 0) * LINE;
  const steps = scrolls.map(({ at, line }) => `${round((at / total) * 100)}%{transform:translateY(${-line * LINE}px)}`);
  return `text{font:13px ${MONO};fill:#f0eff5;white-space:pre}
${COLOURS.map((colour, index) => `.c${index}{fill:${colour}}`).join('')}.b{font-weight:700}.d{opacity:.62}
.screen{transform:translateY(${end}px);animation:scroll ${total}s step-end}
@keyframes scroll{0%{transform:translateY(0)}${steps.join('')}}
.v{animation:wait var(--d) step-end}.g{visibility:hidden;animation:show var(--d) step-end var(--s)}
@keyframes wait{from{visibility:hidden}}@keyframes show{from{visibility:visible}}
@media (prefers-reduced-motion:reduce){.screen,.v,.g{animation:none}}`;
}

function drawLine({ line, runs, from, until }: Shown): string {
  const y = line * LINE + 13;
  const time =
    until === undefined
      ? `class="v" style="--d:${round(from)}s"`
      : `class="g" style="--s:${round(from)}s;--d:${round(until - from)}s"`;
  return `<g ${time}>${runs.map((run) => drawRun(run, y)).join('')}</g>`;
}

/** Each run begins where its column is, and is as wide as its columns, whatever the reader's font. */
function drawRun({ column, text, colour, isBold, isDim }: Run, y: number): string {
  const looks = [colour === undefined ? '' : `c${colour}`, isBold ? 'b' : '', isDim ? 'd' : ''].filter(
    (look) => look !== '',
  );
  const look = looks.length === 0 ? '' : html` class="${looks.join(' ')}"`;
  const wide = round(columnsOf(text) * LETTER);
  return html`<text x="${round(column * LETTER)}" y="${y}" textLength="${wide}"${look}>${text}</text>`.text;
}

/** Of a text in a terminal: pictures take two columns. */
function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/\p{Emoji_Presentation}/u.test(letter) ? 2 : 1), 0);
}
