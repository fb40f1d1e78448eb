import type { PlotOptions } from '@observablehq/plot';
import { count } from '../format';
import { COLOURS } from './chart';
import type { Draw, PlotLibrary } from './paint';

/** A window narrower than this gets fewer labels. */
export const isNarrow = (width: number): boolean => width < 400;

/** Whole numbers on an axis: `1,200`. */
export const wholeTicks = (value: number): string => (Number.isInteger(value) ? count(value) : '');

interface Ranked {
  readonly label: string;
  readonly value: number;
  /** What stands at the right, where it is not the value itself. */
  readonly shown?: string;
  readonly colour?: string;
}

/** A ranking: each name above its bar, its number at the right, so that long names do not squeeze the bars. */
export function ranking(rows: readonly Ranked[], most = 42): Draw {
  return (plot, width) => {
    const places = rows.map((row, index) => ({ ...row, index }));
    const letters = isNarrow(width) ? Math.min(most, 32) : most;
    const largest = Math.max(1, ...rows.map(({ value }) => value));
    const text = { y: 'index', lineAnchor: 'top', dy: -16, fontSize: 13 } as const;
    return {
      height: 37 * Math.max(1, rows.length) + 4,
      margin: 0,
      marginTop: 2,
      marginBottom: 2,
      x: { axis: null, domain: [0, largest] },
      y: { axis: null, type: 'band', padding: 0 },
      marks: [
        plot.barX(places, { x: largest, y: 'index', insetTop: 21, insetBottom: 8, fill: 'var(--track)', rx: 4 }),
        plot.barX(places, {
          x: 'value',
          y: 'index',
          insetTop: 21,
          insetBottom: 8,
          fill: (row: Ranked) => row.colour ?? COLOURS.main,
          rx: 4,
        }),
        plot.text(places, {
          ...text,
          x: 0,
          text: (row: Ranked) => cut(row.label, letters),
          textAnchor: 'start',
          fill: COLOURS.ink,
        }),
        plot.text(places, {
          ...text,
          x: largest,
          text: (row: Ranked) => row.shown ?? count(row.value),
          textAnchor: 'end',
          fill: COLOURS.ink,
          fontWeight: 600,
          fontVariant: 'tabular-nums',
        }),
      ],
      color: { type: 'identity' },
    } satisfies PlotOptions;
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

/** A line along the bottom of a chart. */
export const baseline = (plot: PlotLibrary) => plot.ruleY([0], { stroke: 'var(--axis)' });

/** Grid lines that stay behind what they help to read. */
export const grid = (plot: PlotLibrary, ticks = 4) => plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks });

/** The numbers at the left, without ticks. */
export const numbersLeft = (plot: PlotLibrary, ticks = 4) =>
  plot.axisY({ ticks, tickSize: 0, tickFormat: wholeTicks, label: null, fill: COLOURS.soft, fontSize: 12 });
