import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RedshiftError } from '../errors';
import type { RedshiftType } from '../types';
import type { CellValue, StatementResult } from '../warehouse';
import { type ColumnMetadata, columnMetadata } from './column-metadata';

/** Largest result and largest row. Source: Management Guide, "Considerations when calling the Data API". */
const LARGEST_RESULT = 500 * 1024 * 1024;
const LARGEST_ROW = 64 * 1024;
const PAGE_ROWS = 1_000;
const PAGE_BYTES = 1024 * 1024;

interface Page {
  /** Bytes from the file's start, and of the page. */
  readonly offset: number;
  readonly length: number;
}

/** What stands beside the rows, in `<file>.index`. */
export interface ResultIndex {
  readonly columns: readonly ColumnMetadata[];
  readonly totalRows: number;
  /** Bytes of all values. */
  readonly size: number;
  readonly pages: readonly Page[];
}

/**
 * Writes a result's rows to disk as they come, cut into pages: JSON rows as the Data API's Field lists, or CSV.
 * @throws RedshiftError when a row or the whole is too large, or the rows themselves fail
 */
export async function writeResult(file: string, result: StatementResult, format: 'JSON' | 'CSV'): Promise<ResultIndex> {
  const writer = new PageWriter(
    format,
    (result.columns ?? []).map(({ type }) => isFloat(type)),
  );
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'w');
  try {
    for await (const chunk of result.rows) {
      for (const row of chunk) {
        writer.add(row);
      }
      for (const text of writer.takeFull()) {
        await handle.write(text);
      }
    }
    await handle.write(writer.takeLast());
  } finally {
    await handle.close();
  }
  const index = writer.index(result);
  await writeFile(`${file}.index`, JSON.stringify(index));
  return index;
}

/** Removes what a failed writing left. */
export async function removeResult(file: string): Promise<void> {
  await rm(file, { force: true });
}

export function readIndex(file: string): ResultIndex | undefined {
  return existsSync(`${file}.index`) ? (JSON.parse(readFileSync(`${file}.index`, 'utf8')) as ResultIndex) : undefined;
}

/** The text of one page: JSON rows parted by commas, or CSV lines. */
export async function readPage(file: string, page: Page): Promise<string> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(page.length);
    await handle.read(buffer, 0, page.length, page.offset);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

class PageWriter {
  private readonly pages: Page[] = [];
  private full: string[] = [];
  private rows: string[] = [];
  private bytes = 0;
  private offset = 0;
  private totalRows = 0;
  private size = 0;

  constructor(
    private readonly format: 'JSON' | 'CSV',
    /** By column: REAL and DOUBLE PRECISION. */
    private readonly floats: readonly boolean[],
  ) {}

  add(row: readonly CellValue[]): void {
    let size = 0;
    for (const value of row) {
      size += value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : String(value).length;
    }
    if (size > LARGEST_ROW) {
      throw new RedshiftError(`packet for query is too large (${size} > ${LARGEST_ROW} bytes in one row)`, 'XX000');
    }
    this.size += size;
    if (this.size > LARGEST_RESULT) {
      throw new RedshiftError(`Query result exceeds the limit of ${LARGEST_RESULT} bytes`, 'XX000', {
        hint: 'Select fewer rows or columns, or UNLOAD the result.',
      });
    }
    const text = this.format === 'JSON' ? jsonRow(row, this.floats) : csvRow(row);
    this.rows.push(text);
    this.bytes += text.length;
    this.totalRows += 1;
    if (this.rows.length >= PAGE_ROWS || this.bytes >= PAGE_BYTES) {
      this.endPage();
    }
  }

  takeFull(): readonly string[] {
    const { full } = this;
    this.full = [];
    return full;
  }

  takeLast(): string {
    this.endPage();
    return this.takeFull().join('');
  }

  index(result: StatementResult): ResultIndex {
    const columns = (result.columns ?? []).map((column) => columnMetadata(column));
    return { columns, totalRows: this.totalRows, size: this.size, pages: this.pages };
  }

  private endPage(): void {
    if (this.rows.length === 0) {
      return;
    }
    const text = this.rows.join(this.format === 'JSON' ? ',' : '');
    const length = Buffer.byteLength(text);
    this.pages.push({ offset: this.offset, length });
    this.full.push(text);
    this.offset += length;
    this.rows = [];
    this.bytes = 0;
  }
}

function isFloat(type: RedshiftType): boolean {
  return type.name === 'real' || type.name === 'double precision';
}

function jsonRow(row: readonly CellValue[], floats: readonly boolean[]): string {
  return `[${row.map((value, i) => jsonField(value, floats[i] ?? false)).join(',')}]`;
}

/** Written by hand: a BIGINT must keep all its digits. */
function jsonField(value: CellValue, float: boolean): string {
  switch (typeof value) {
    case 'boolean':
      return `{"booleanValue":${value}}`;
    case 'bigint':
      return `{"longValue":${value}}`;
    case 'string':
      return `{"stringValue":${JSON.stringify(value)}}`;
    case 'number':
      return `{"${float ? 'doubleValue' : 'longValue'}":${jsonNumber(value)}}`;
    default:
      return '{"isNull":true}';
  }
}

/** AWS JSON writes what JSON has no number for as text. */
function jsonNumber(value: number): string {
  if (Number.isFinite(value)) {
    return Object.is(value, -0) ? '-0.0' : String(value);
  }
  return Number.isNaN(value) ? '"NaN"' : value > 0 ? '"Infinity"' : '"-Infinity"';
}

/** RFC 4180 lines, NULL as nothing between the commas. */
function csvRow(row: readonly CellValue[]): string {
  return `${row.map(csvField).join(',')}\r\n`;
}

function csvField(value: CellValue): string {
  if (value === null) {
    return '';
  }
  const text = String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
