import Table from 'cli-table3';
import { outColours as pc } from './colours';

export const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export type Cell = string | number | bigint | boolean | null | object;
export interface Rows {
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

function text(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** No line between rows: a result is read downwards. */
const COMPACT = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } as const;

function table({ columns, rows }: Rows): string {
  const made = new Table({
    head: columns.map(({ name }) => name),
    chars: COMPACT,
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
function uniqueNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

function json({ columns, rows }: Rows): string {
  const names = uniqueNames(columns.map(({ name }) => name));
  const objects = rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, jsonValue(row[index] ?? null)])),
  );
  return JSON.stringify(objects, null, 2);
}

/** Whole numbers beyond 2^53 keep all their digits, as text. */
function jsonValue(cell: Cell): unknown {
  return typeof cell === 'bigint' ? cell.toString() : cell;
}

/** RFC 4180. A null is nothing between the commas, an empty string is `""`. */
function csv({ columns, rows }: Rows): string {
  const field = (cell: Cell) => {
    if (cell === null) return '';
    const value = text(cell);
    return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  return [columns.map(({ name }) => field(name)), ...rows.map((row) => row.map(field))]
    .map((fields) => fields.join(','))
    .join('\n');
}

/** A result as people or programs want it, without a last newline. */
export function render(rows: Rows, format: Format): string {
  return { table, json, csv }[format](rows);
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
