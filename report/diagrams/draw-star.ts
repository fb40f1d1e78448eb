import { count } from '../format';
import { type Html, html } from '../html';
import { curve, leftToRight } from './layout';
import type { Entity, StarModel } from './star';

const WIDTH = 210;
const HEAD = 34;
const LINE = 22;

const heightOf = ({ columns }: Entity): number => HEAD + LINE * columns.length + 8;

/** Where the row of a column stands below its table's upper edge. */
function rowOf(entity: Entity, column: string): number {
  const index = entity.columns.findIndex(({ name }) => name === column);
  return HEAD + LINE * index + LINE / 2 + 4;
}

/** The entity-relationship diagram: each line goes from a column to the key it is declared to point to. */
export function drawStar({ entities, references }: StarModel): Html {
  const boxes = entities.map((entity) => ({ id: entity.name, width: WIDTH, height: heightOf(entity) }));
  const { width, height, boxes: placed } = leftToRight(boxes, references, { between: 26, ranks: 96 });
  const at = (name: string) => placed.find(({ id }) => id === name);
  const tables = new Map(entities.map((entity) => [entity.name, entity]));
  const lines = references.flatMap(({ from, column, to }) => {
    const [start, end, source, target] = [at(from), at(to), tables.get(from), tables.get(to)];
    if (!(start && end && source && target)) return [];
    const key = target.columns.find(({ isKey }) => isKey)?.name ?? '';
    const begin = { x: start.x + WIDTH, y: start.y + rowOf(source, column) };
    const stop = { x: end.x, y: end.y + rowOf(target, key) };
    return [
      html`<path class="line" d="${curve([begin, stop])}"/><path class="many" d="M${begin.x},${begin.y - 5}L${begin.x + 9},${begin.y}L${begin.x},${begin.y + 5}"/><path class="one" d="M${stop.x - 7},${stop.y - 5}V${stop.y + 5}"/>`,
    ];
  });
  const names = references.map(({ from, column, to }) => `${from}.${column} points to ${to}`).join('; ');
  return html`<svg class="diagram" role="img" aria-labelledby="star-title star-description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title id="star-title">Entity-relationship diagram of the star schema</title><desc id="star-description">${names}.</desc>${lines}${placed.map((box) => drawTable(box.x, box.y, tables.get(box.id) as Entity))}</svg>`;
}

function drawTable(x: number, y: number, entity: Entity): Html {
  const isFact = entity.columns.filter(({ pointsTo }) => pointsTo !== undefined).length > 1;
  const rows = entity.columns.map(
    (column, index) =>
      html`<text x="12" y="${HEAD + LINE * index + 19}" class="${column.isKey ? 'key' : ''}">${column.name}${column.isKey ? html`<tspan class="mark" dx="6">PK</tspan>` : ''}${column.pointsTo !== undefined ? html`<tspan class="mark" dx="6">FK</tspan>` : ''}</text><text x="${WIDTH - 12}" y="${HEAD + LINE * index + 19}" class="type">${column.type}</text>`,
  );
  return html`<g transform="translate(${x},${y})" class="table${isFact ? ' fact' : ''}"><rect class="box" width="${WIDTH}" height="${heightOf(entity)}" rx="8"/><path class="head" d="M0,${HEAD}V8a8,8 0 0 1 8,-8H${WIDTH - 8}a8,8 0 0 1 8,8V${HEAD}Z"/><text x="12" y="22" class="name">${entity.name}</text><text x="${WIDTH - 12}" y="22" class="rows">${count(entity.rows)} rows</text>${rows}</g>`;
}
