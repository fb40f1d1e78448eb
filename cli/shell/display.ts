import stringWidth from 'string-width';
import { outColours as pc } from '../colours';
import { type Cell, type Rows, table, text } from '../output';

/** A result made ready for a terminal. */
export interface Shown {
  /** Its lines, without a last newline. */
  readonly text: string;
  /** How many columns had to be shortened. */
  readonly shortened: number;
  readonly form: 'table' | 'expanded';
}

/** Columns of a terminal below which a column of a table says nothing any more. */
const NARROWEST = 8;
/** A blank on either side of each cell. */
const PADDING = 2;

/**
 * A result as a table that is no wider than the terminal: long cells are shortened, and where even that does not do,
 * each row becomes a block with a line for each column.
 * @param width columns of the terminal; undefined where there is none, then nothing is shortened
 */
export function show(rows: Rows, width: number | undefined, wanted: 'table' | 'expanded' = 'table'): Shown {
  const safe = visible(rows);
  if (wanted === 'expanded') return { text: expanded(safe, width), shortened: 0, form: 'expanded' };
  if (width === undefined || rows.columns.length === 0) return { text: table(safe), shortened: 0, form: 'table' };
  const natural = naturalWidths(safe);
  const room = width - (natural.length + 1) - PADDING * natural.length;
  const widths = fitted(natural, room);
  if (widths === undefined) return { text: expanded(safe, width), shortened: 0, form: 'expanded' };
  return {
    text: table(
      safe,
      widths.map((one) => one + PADDING),
    ),
    shortened: natural.filter((one, index) => one > (widths[index] ?? one)).length,
    form: 'table',
  };
}

/** Widths that fit into `room` together: the widest give way first. Undefined where they would become too narrow. */
export function fitted(natural: readonly number[], room: number): readonly number[] | undefined {
  const narrowed = (cap: number) => natural.map((one) => Math.min(one, cap));
  const sum = (widths: readonly number[]) => widths.reduce((total, one) => total + one, 0);
  if (sum(natural) <= room) return natural;
  let cap = Math.max(...natural);
  while (cap >= NARROWEST && sum(narrowed(cap)) > room) cap -= 1;
  return cap < NARROWEST ? undefined : narrowed(cap);
}

function naturalWidths({ columns, rows }: Rows): readonly number[] {
  const widths = columns.map(({ name }) => widthOf(name));
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell === null ? 'null'.length : widthOf(text(cell)));
    });
  }
  return widths;
}

/** Nearly all texts are plain ones, whose length is known at once. */
function widthOf(value: string): number {
  return /^[ -~]*$/.test(value) ? value.length : stringWidth(value);
}

/** Control characters as they are written in a program: a value must neither break a line nor steer the terminal. */
function visible({ columns, rows }: Rows): Rows {
  const shown = (cell: Cell): Cell => (cell === null || typeof cell === 'number' ? cell : escaped(text(cell)));
  return {
    columns: columns.map((column) => ({ ...column, name: escaped(column.name) })),
    rows: rows.map((row) => row.map(shown)),
  };
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(value: string): string {
  return value.replace(/\p{Cc}/gu, (sign) => NAMED[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** A block for each row, a line for each column; long values go on below themselves. */
function expanded({ columns, rows }: Rows, width = Number.POSITIVE_INFINITY): string {
  const longest = Math.max(0, ...columns.map(({ name }) => widthOf(name)));
  const labels = Math.min(longest, Math.max(NARROWEST, Math.floor(width / 2) - 3));
  const room = Math.max(1, width - labels - 3);
  const heads = columns.map(({ name }) => {
    const label = chunks(name, labels)[0] ?? '';
    return pc.bold(label + ' '.repeat(Math.max(0, labels - widthOf(label))));
  });
  const line = Number.isFinite(width) ? width : 40;
  return rows
    .flatMap((row, number) => {
      const title = `─[ row ${number + 1} ]`;
      return [
        pc.gray(title + '─'.repeat(Math.max(0, line - title.length))),
        ...row.flatMap((cell, index) => {
          const values = cell === null ? [pc.dim('null')] : chunks(text(cell), room);
          return values.map((value, at) => `${at === 0 ? heads[index] : ' '.repeat(labels)} ${pc.gray('│')} ${value}`);
        }),
      ];
    })
    .join('\n');
}

/** A text in pieces of at most `room` columns, at least one; no character is torn apart. */
function chunks(value: string, room: number): readonly string[] {
  if (widthOf(value) <= room) return [value];
  const made: string[] = [];
  let current = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(value)) {
    const width = widthOf(segment);
    if (current !== '' && used + width > room) {
      made.push(current);
      current = '';
      used = 0;
    }
    current += segment;
    used += width;
  }
  return [...made, current];
}
