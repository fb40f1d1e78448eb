import { type Layout, type Placed, type Point, smooth, topDown } from '../../report/diagrams/layout';
import { type Html, html } from '../../report/html';
import { COLOURS, SANS } from '../palette';
import type { Box, Flow, Line, Picture } from './model';

const NARROWEST = 104;
const HEIGHT = 50;
/** Of a letter of a box's title, and of a note or a line's words. */
const LETTER = { title: 8.9, note: 6.6 } as const;
/** Room above the boxes of a frame for its name, and around them. */
const HEAD = 38;
const AROUND = 10;
/** A line of a frame's notes. */
const NOTE = 15;
const MARGIN = 14;
const LEGEND = 44;

const STYLE = `${COLOURS}
text{font-family:${SANS};font-size:14px;fill:var(--ink)}
.paper{fill:var(--paper);stroke:var(--rule)}
.frame{fill:var(--frame);stroke:var(--rule)}
.frame-name{font-size:11px;font-weight:650;letter-spacing:.06em;fill:var(--soft)}
.halo{paint-order:stroke;stroke:var(--frame);stroke-width:5px;stroke-linejoin:round}
.box rect{fill:var(--card);stroke:var(--axis)}
.box .title{font-weight:650}
.note{font-size:12px;fill:var(--soft)}
.main rect{fill:var(--fact);stroke:var(--main);stroke-width:1.5}
.given rect{stroke-dasharray:4 3}
.line{fill:none;stroke-width:1.6}
.data{stroke:var(--main)}.call{stroke:var(--second)}.told{stroke:var(--axis);stroke-dasharray:3 4}
.arrow-data{fill:var(--main)}.arrow-call{fill:var(--second)}.arrow-told{fill:var(--axis)}
.words{font-size:12px;fill:var(--soft);text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}
.key{fill:none;stroke:var(--soft);stroke-width:1.3}`;

/** The picture of an environment as an SVG that stands alone. */
export function drawArchitecture(picture: Picture): string {
  const { boxes, lines } = picture;
  const placed = topDown(
    boxes.map((box) => ({ id: box.id, group: box.group, width: widthOf(box), height: HEIGHT })),
    lines.map(({ from, to, words }) => ({
      from,
      to,
      ...(words.length > 0 && { label: { width: words.join(', ').length * LETTER.note, height: 14 } }),
    })),
    { between: 12, ranks: 28 },
  );
  const at = new Map(placed.boxes.map((box) => [box.id, box]));
  const width = Math.ceil(placed.width + 2 * MARGIN + AROUND);
  const frames = placed.frames.map(({ id }) =>
    frameOf(
      id,
      placed.boxes.filter(({ group }) => group === id),
      picture.notes[id] ?? [],
    ),
  );
  const lowest = Math.max(...frames.map(({ y, height: high }) => y + high));
  const height = Math.ceil(MARGIN + HEAD + lowest + LEGEND);
  const drawn = withPorts(placed).map(({ from, to, points, label }) => {
    const line = lines.find((each) => each.from === from && each.to === to) as Line;
    return drawLine(line, points, label);
  });
  const body = html`<rect class="paper" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10"/><g transform="translate(${MARGIN},${MARGIN + HEAD})">${frames.map(drawFrame)}${drawn.map(([path]) => path)}${frames.map(nameFrame)}${boxes.map((box) => drawBox(box, at.get(box.id) as Placed))}${drawn.map(([, words]) => words)}</g>${drawLegend(height - 18)}<text class="note" text-anchor="end" x="${width - 16}" y="${height - 18}">${picture.stack}: ${picture.resources} resources</text>`;
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title id="title">What a deploy of ${picture.stack} makes</title><desc id="description">${description(picture)}</desc><style>STYLE</style><defs>${(['data', 'call', 'told'] as const).map(arrow)}</defs>${body}</svg>`;
  return `${svg.text.replace('STYLE', STYLE)}\n`;
}

function arrow(flow: Flow): Html {
  return html`<marker id="${flow}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="arrow-${flow}" d="M0,0L8,4L0,8Z"/></marker>`;
}

interface Frame {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What stands at its foot, line by line. */
  readonly lines: readonly string[];
}

/** Around the boxes of a group, with its name above and its notes below them. */
function frameOf(name: string, boxes: readonly Placed[], notes: readonly string[]): Frame {
  const [left, right] = [Math.min(...boxes.map(({ x }) => x)), Math.max(...boxes.map(({ x, width }) => x + width))];
  const [top, foot] = [Math.min(...boxes.map(({ y }) => y)), Math.max(...boxes.map(({ y, height }) => y + height))];
  const lines = notes.length > 0 && notes.join(' · ').length * LETTER.note > right - left ? notes : [notes.join(' · ')];
  const said = lines.filter((line) => line !== '');
  const wide = Math.max(right - left, ...said.map((line) => line.length * LETTER.note));
  return {
    name,
    x: Math.round((left + right - wide) / 2) - AROUND,
    y: Math.round(top) - HEAD,
    width: Math.round(wide) + 2 * AROUND,
    height: Math.round(foot - top) + HEAD + AROUND + said.length * NOTE,
    lines: said,
  };
}

function drawFrame({ x, y, width, height }: Frame): Html {
  return html`<rect class="frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`;
}

/** Above the lines, which may pass through a frame. */
function nameFrame({ name, x, y, height, lines }: Frame): Html {
  const foot = y + height - 8 - (lines.length - 1) * NOTE;
  const notes = lines.map(
    (line, index) => html`<text class="note halo" x="${x + 12}" y="${foot + index * NOTE}">${line}</text>`,
  );
  return html`<text class="frame-name halo" x="${x + 12}" y="${y + 17}">${name.toUpperCase()}</text>${notes}`;
}

/** As wide as its longer line. */
function widthOf({ title, note, isEncrypted }: Box): number {
  const text = Math.max(title.length * LETTER.title + (isEncrypted ? 22 : 0), note.length * LETTER.note);
  return Math.max(NARROWEST, Math.ceil(text) + 22);
}

function drawBox(box: Box, { x, y, width }: Placed): Html {
  const isMain = /function|cluster|workgroup/i.test(box.title);
  const look = `box${isMain ? ' main' : ''}${box.isGiven ? ' given' : ''}`;
  const key = box.isEncrypted ? drawKey(width - 20, 11) : '';
  return html`<g class="${look}" transform="translate(${Math.round(x)},${Math.round(y)})"><rect width="${width}" height="${HEIGHT}" rx="8"/><text class="title" x="11" y="21">${box.title}</text><text class="note" x="11" y="38">${box.note}</text>${key}</g>`;
}

/** The mark of what is encrypted with the stack's key. */
function drawKey(x: number, y: number): Html {
  return html`<path class="key" transform="translate(${x},${y})" d="M6,5.5a3,3 0 1 1 -1.2,-2.4M5.2,5.8L11,5.8M9,5.8V8M11,5.8V8.4"/>`;
}

/** The lines, each with a place of its own at the lower edge of where it begins and the upper edge of where it ends. */
function withPorts({ boxes, edges }: Layout): Layout['edges'] {
  const port = (id: string, ends: readonly string[], other: string, y: number): Point => {
    const box = boxes.find((each) => each.id === id) as Placed;
    const share = (ends.indexOf(other) + 1) / (ends.length + 1);
    return { x: box.x + box.width * (0.15 + 0.7 * share), y: box.y + y * box.height };
  };
  const sorted = (all: Layout['edges'], side: 'from' | 'to') =>
    [...all].sort((a, b) => nearest(a, side) - nearest(b, side)).map((edge) => (side === 'from' ? edge.to : edge.from));
  return edges.map((edge) => {
    const leaving = sorted(
      edges.filter(({ from }) => from === edge.from),
      'from',
    );
    const arriving = sorted(
      edges.filter(({ to }) => to === edge.to),
      'to',
    );
    const begin = port(edge.from, leaving, edge.to, 1);
    const end = port(edge.to, arriving, edge.from, 0);
    return {
      ...edge,
      points: [begin, { x: begin.x, y: begin.y + 12 }, ...edge.points.slice(1, -1), { x: end.x, y: end.y - 16 }, end],
    };
  });
}

/** Where a line is, from left to right, one bend away from one of its ends. */
function nearest({ points }: Layout['edges'][number], side: 'from' | 'to'): number {
  return points.at(side === 'from' ? 1 : -2)?.x ?? 0;
}

function drawLine(
  { flow, words }: Line,
  points: readonly Point[],
  label: Point | undefined,
): readonly [Html, Html | string] {
  const path = html`<path class="line ${flow}" marker-end="url(#${flow})" d="${smooth(points)}"/>`;
  if (label === undefined || words.length === 0) return [path, ''];
  return [
    path,
    html`<text class="words" x="${Math.round(label.x)}" y="${Math.round(label.y + 4)}">${words.join(', ')}</text>`,
  ];
}

function drawLegend(y: number): Html {
  const entry = (x: number, flow: Flow, words: string) =>
    html`<path class="line ${flow}" marker-end="url(#${flow})" d="M${x},${y - 4}h28"/><text class="note" x="${x + 35}" y="${y}">${words}</text>`;
  return html`${entry(16, 'data', 'data')}${entry(92, 'call', 'starts, asks')}${entry(216, 'told', 'logs, metrics, what failed')}<g transform="translate(422,${y - 11})">${drawKey(0, 0)}<text class="note" x="17" y="11">encrypted with the KMS key</text></g><g class="box given" transform="translate(622,${y - 12})"><rect width="28" height="14" rx="4"/><text class="note" x="36" y="12">not made by the stack</text></g>`;
}

/** All of it in words, for those who do not see it. */
function description({ boxes, lines, resources }: Picture): string {
  const name = (id: string) => boxes.find((box) => box.id === id)?.title ?? id;
  const said = lines.map(({ from, to, words, flow }) => `${name(from)} to ${name(to)} (${words.join(', ') || flow})`);
  return `${resources} resources. ${said.join('; ')}.`;
}
