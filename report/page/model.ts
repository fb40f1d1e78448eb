import { column } from '../charts/chart';
import { drawLineage, type LineageModel } from '../diagrams/draw-lineage';
import { drawStar } from '../diagrams/draw-star';
import type { StarModel } from '../diagrams/star';
import { plural } from '../format';
import { type Html, html } from '../html';
import { numbersBehind, whole } from './figure';

export function starFigure(model: StarModel): Html {
  const rows = model.entities.flatMap(({ name, columns }) =>
    columns.map((each) => [name, each.name, each.type, each.isKey ? 'primary' : '', each.pointsTo ?? '']),
  );
  const data = {
    columns: [column('table'), column('column'), column('type'), column('key'), column('points to')],
    rows,
  };
  return html`<figure class="card wide" id="star" data-chart><figcaption><h3>How is the star built?</h3><p class="finding">${plural(model.entities.length, 'table')}, ${plural(model.references.length, 'declared foreign key')}; drawn from the warehouse's catalogue.</p></figcaption>${whole('Entity-relationship diagram', drawStar(model))}${numbersBehind('How is the star built?', data)}</figure>`;
}

export function lineageFigure(model: LineageModel): Html {
  const name = (id: string): string => model.nodes.find((node) => node.id === id)?.name ?? id;
  const data = {
    columns: [column('from'), column('to')],
    rows: model.edges.map(({ from, to }) => [from.startsWith('s3:') ? name(from) : from, to]),
  };
  const views = model.nodes.filter(({ kind }) => kind === 'view').length;
  return html`<figure class="card wide" id="lineage" data-chart><figcaption><h3>Where does a number come from?</h3><p class="finding">From source file to ${plural(views, 'view')}; read out of the load's SQL and the definitions of the views. The load's own tables in between are left out.</p></figcaption>${whole('Lineage diagram', drawLineage(model))}${numbersBehind('Where does a number come from?', data)}</figure>`;
}
