import { outColours as pc } from './colours';

export const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export type Cell = string | number | bigint | boolean | null | object;
export interface Rows {
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A value as its own text, nothing for a null. */
export function text(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** No line between rows: a result is read downwards. */
const COMPACT = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } as const;

/** @param widths of each column with the blank on either side; longer cells are shortened */
export function table({ columns, rows }: Rows, widths: readonly number[] = []): string {
  // Loaded with the first table: most commands parse their line, or write JSON, without one.
  const Table = require('cli-table3') as typeof import('cli-table3');
  const made = new Table({
    head: columns.map(({ name }) => name),
    chars: COMPACT,
    colWidths: [...widths],
    colAligns: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
    style: { head: pc.isColorSupported ? ['bold'] : [], border: pc.isColorSupported ? ['gray'] : [] },
  });
  for (const row of rows) made.push(row.map((cell) => (cell === null ? pc.dim('null') : text(cell))));
  return underlined(made.toString());
}

/** The line below the head, which the compact form lacks. */
function underlined(drawn: string): string {
  const [top = '', head = '', ...rest] = drawn.split('\n');
  return [top, head, top.replace('┌', '├').replaceAll('┬', '┼').replace('┐', '┤'), ...rest].join('\n');
}

/** Column names made different: a second `count` becomes `count_2`, for an object holds each key once. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

function json({ columns, rows }: Rows): string {
  const names = uniqueNames(columns.map(({ name }) => name));
  return JSON.stringify(
    rows.map((row) => jsonRow(names, row)),
    null,
    2,
  );
}

/** A row as an object, ready for JSON. @param names made different already */
export function jsonRow(names: readonly string[], row: readonly Cell[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name, index) => [name, jsonValue(row[index] ?? null)]));
}

/** Whole numbers beyond 2^53 keep all their digits, as text. */
function jsonValue(cell: Cell): unknown {
  return typeof cell === 'bigint' ? cell.toString() : cell;
}

function csv({ columns, rows }: Rows): string {
  return [columns.map(({ name }) => name), ...rows].map(csvLine).join('\n');
}

/** One record of RFC 4180. A null is nothing between the commas, an empty string is `""`. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map(csvField).join(',');
}

function csvField(cell: Cell): string {
  if (cell === null) return '';
  const value = text(cell);
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** A result as people or programs want it, without a last newline. */
export function render(rows: Rows, format: Format): string {
  if (format === 'table') return table(rows);
  return format === 'json' ? json(rows) : csv(rows);
}

/** `1,234,567`, whatever the machine's language. */
export function count(value: number | bigint): string {
  return value.toLocaleString('en-US');
}

/** `0.4 s`, `12.3 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `512 B`, `3.4 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${power === 0 ? value : (value / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** `1 file`, `30 files`. */
export function files(value: number): string {
  return `${count(value)} ${value === 1 ? 'file' : 'files'}`;
}

/** `1 row`, `3,000 rows`. */
export function rows(value: number): string {
  return `${count(value)} ${value === 1 ? 'row' : 'rows'}`;
}

/** `12 rows (0.3 s; 2 columns shortened …)`. */
export function footer(what: string, ...notes: readonly (string | undefined)[]): string {
  const said = notes.filter((note) => note !== undefined);
  return said.length === 0 ? what : `${what} (${said.join('; ')})`;
}
