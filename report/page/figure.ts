import type { Chart, TableData } from '../charts/chart';
import type { Painter } from '../charts/paint';
import { count } from '../format';
import { Html, html } from '../html';

/** Drawn once for each width of a card, in CSS pixels; the style sheet shows the one that fits. */
const WIDTHS = { half: { small: 300, medium: 540 }, wide: { small: 300, medium: 600, large: 1120 } } as const;

/** A chart with its question, its answer, its legend and the table behind it. */
export function figure(chart: Chart, painter: Painter): Html {
  const widths = Object.entries(chart.wide === true ? WIDTHS.wide : WIDTHS.half);
  const drawings = widths.map(([size, width]) => {
    const svg = painter.svg(
      chart.draw,
      width,
      `${chart.id}-${size}`,
      chart.question,
      `${chart.description} ${chart.finding}`,
    );
    return html`<div class="at ${size}">${new Html(svg)}</div>`;
  });
  return html`<figure class="card${chart.wide === true ? ' wide' : ''}" id="${chart.id}" data-chart>
<figcaption><h3>${chart.question}</h3><p class="finding">${chart.finding}</p></figcaption>
${chart.legend ? legend(chart.legend) : ''}
<div class="chart${chart.wide === true ? ' three' : ''}">${drawings}</div>
${chart.note === undefined ? '' : html`<p class="note">${chart.note}</p>`}
${numbersBehind(chart.question, chart.table)}
</figure>`;
}

function legend(entries: NonNullable<Chart['legend']>): Html {
  return html`<ul class="legend">${entries.map(({ name, colour }) => html`<li><span class="swatch" style="background:${colour}"></span>${name}</li>`)}</ul>`;
}

/** The table behind a chart, folded. */
export function numbersBehind(of: string, data: TableData): Html {
  return html`<details class="behind"><summary>Numbers as a table<span class="visually-hidden">: ${of}</span></summary>${scrolling(of, table(data, of))}</details>`;
}

/** What may be wider than its card scrolls by itself, by keyboard too. */
export function scrolling(label: string, content: Html): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}

/** The same in its whole height: for diagrams. */
export function whole(label: string, content: Html): Html {
  return html`<div class="scroll whole" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}

export function table({ columns, rows }: TableData, caption: string): Html {
  const cell = (value: string | number, index: number): Html => {
    const numeric = columns[index]?.numeric === true;
    return html`<td${numeric ? new Html(' class="number"') : ''}>${typeof value === 'number' ? count(value) : value}</td>`;
  };
  const head = columns.map(
    ({ name, numeric }) => html`<th scope="col"${numeric === true ? new Html(' class="number"') : ''}>${name}</th>`,
  );
  const body = rows.map((row) => html`<tr>${row.map(cell)}</tr>`);
  const none = html`<tr><td colspan="${columns.length}">nothing yet</td></tr>`;
  return html`<table><caption class="visually-hidden">${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.length === 0 ? none : body}</tbody></table>`;
}
