import type * as Plot from '@observablehq/plot';

/** The charting library, loaded when a report is made and not before. */
export type PlotLibrary = typeof Plot;

/** A chart at a width, in CSS pixels. */
export type Draw = (plot: PlotLibrary, width: number) => Plot.PlotOptions;

/** Turns charts into SVG without a browser. */
export interface Painter {
  /** @param title what it shows, @param description what one sees: both for those who do not */
  svg(draw: Draw, width: number, id: string, title: string, description: string): string;
}

/** As much of an SVG element as is used here: there is no browser whose types could be had. */
interface Node {
  readonly outerHTML: string;
  readonly firstChild: Node | null;
  textContent: string | null;
  querySelectorAll(selector: string): Iterable<Node>;
  remove(): void;
  removeAttribute(name: string): void;
  setAttribute(name: string, value: string): void;
  insertBefore(node: Node, before: Node | null): void;
}

/** What Plot adds for its own interaction, and for assistive technology inside what is one image here. */
const NOISE = ['aria-label', 'aria-description', 'aria-hidden'];

/** Loads the charting library and a document for it to draw into. */
export async function makePainter(): Promise<Painter> {
  const [plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html></html>');
  return {
    svg: (draw, width, id, title, description) => {
      const options = draw(plot, width);
      const drawn = plot.plot({
        ...options,
        width,
        document: document as never,
        className: 'plot',
        style: { background: 'none', fontSize: '12px', fontFamily: 'inherit', overflow: 'visible' },
      });
      const svg = drawn as unknown as Node;
      for (const style of [...svg.querySelectorAll('style')]) style.remove();
      for (const name of NOISE) for (const each of [...svg.querySelectorAll(`[${name}]`)]) each.removeAttribute(name);
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-labelledby', `${id}-title ${id}-description`);
      for (const [tag, text] of [
        ['desc', description],
        ['title', title],
      ] as const) {
        const element = document.createElementNS('http://www.w3.org/2000/svg', tag) as unknown as Node;
        element.setAttribute('id', `${id}-${tag === 'desc' ? 'description' : 'title'}`);
        element.textContent = text;
        svg.insertBefore(element, svg.firstChild);
      }
      return compact(svg.outerHTML);
    },
  };
}

/** A coordinate's millionths are nobody's business. */
function compact(svg: string): string {
  return svg.replace(/(-?\d+\.\d{2})\d+/g, '$1');
}
