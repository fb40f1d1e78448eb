import { count, type Format, type Rows } from '../output';
import { show } from './display';
import { isLonger, type Screen } from './pager';
import { writeResult } from './result-writer';

/** How results are shown. */
export interface View {
  readonly format: Format;
  /** A line for each column instead of a table. */
  readonly expanded: boolean;
}

/** A terminal to show results on. */
export interface Terminal {
  readonly size: () => Screen;
  /** Text without a last newline. */
  readonly write: (text: string) => void;
  /** Shows a text that is longer than the screen. @returns false where there is no pager */
  readonly page?: (text: string) => Promise<boolean>;
}

/** A result that was shown. */
export interface Seen {
  readonly rows: number;
  /** What the reader must know of it: what was shortened or left out, in a few words each. */
  readonly notes: readonly string[];
}

/** Rows beyond which nobody reads on; they are held in memory to be measured. */
export const MOST_SHOWN = 50_000;

/** Shows a result on a terminal, through the pager where it is longer than the screen. */
export async function showResult(pages: AsyncIterable<Rows>, view: View, terminal: Terminal): Promise<Seen> {
  const { shown, more } = await firstRows(pages, MOST_SHOWN);
  const notes = more ? [`only the first ${count(MOST_SHOWN)} rows are shown; a file takes them all`] : [];
  const { text, note } = await textOf(shown, view, terminal.size().columns);
  const paged = terminal.page !== undefined && isLonger(text, terminal.size()) && (await terminal.page(text));
  if (!paged && text !== '') terminal.write(text);
  return { rows: shown.rows.length, notes: note === undefined ? notes : [...notes, note] };
}

async function firstRows(pages: AsyncIterable<Rows>, most: number): Promise<{ shown: Rows; more: boolean }> {
  let columns: Rows['columns'] = [];
  const rows: Rows['rows'][number][] = [];
  for await (const page of pages) {
    columns = page.columns;
    for (const row of page.rows) rows.push(row);
    if (rows.length > most) return { shown: { columns, rows: rows.slice(0, most) }, more: true };
  }
  return { shown: { columns, rows }, more: false };
}

async function textOf(rows: Rows, { format, expanded }: View, width: number | undefined) {
  if (format === 'table') {
    const { text, shortened, form } = show(rows, width, expanded ? 'expanded' : 'table');
    return { text, note: noteOf(shortened, form === 'expanded' && !expanded) };
  }
  const parts: string[] = [];
  const whole = (async function* () {
    yield rows;
  })();
  await writeResult(whole, format, { write: async (text) => void parts.push(text) });
  return { text: parts.join('').replace(/\n$/, '') };
}

function noteOf(shortened: number, turned: boolean): string | undefined {
  if (turned) return 'too many columns for a table of this width';
  if (shortened === 0) return undefined;
  return `${shortened} ${shortened === 1 ? 'column' : 'columns'} shortened; --expanded or \\x shows them whole`;
}
