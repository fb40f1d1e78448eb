import type { Html } from '../html';
import type { Draw } from './paint';

export type Cell = string | number;

/** The numbers behind a chart, as a table. */
export interface TableData {
  readonly columns: readonly { readonly name: string; readonly numeric?: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** One question: what was asked, what one sees, the picture, the numbers behind it. */
export interface Chart {
  /** Unique in the page. */
  readonly id: string;
  readonly question: string;
  /** The answer in a sentence. */
  readonly finding: string;
  /** What the picture shows, for those who do not see it. */
  readonly description: string;
  readonly draw: Draw;
  readonly table: TableData;
  /** Over the whole width of the page. */
  readonly wide?: boolean;
  readonly legend?: readonly { readonly name: string; readonly colour: string }[];
  /** What should be known when reading it. */
  readonly note?: string | Html;
}

export const column = (name: string, numeric = false): TableData['columns'][number] => ({ name, numeric });

/** The colours; page/style.ts says what they are in light, in dark and on paper. */
export const COLOURS = {
  main: 'var(--main)',
  second: 'var(--second)',
  ink: 'var(--ink)',
  soft: 'var(--ink-soft)',
  bad: 'var(--bad)',
} as const;

export const LEVELS = [
  { name: 'paid', colour: COLOURS.main },
  { name: 'free', colour: COLOURS.second },
] as const;
