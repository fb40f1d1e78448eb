import { csvLine, type Format, jsonRow, type Rows, table, uniqueNames } from '../output';
import { wholeResult } from './statement-session';

/** Takes text piece by piece; resolves when it may be given more. */
export interface Sink {
  write(text: string): Promise<void>;
}

/**
 * Writes a result as its pages come: of JSON and CSV no more than one page is held. A table is measured as a whole, so
 * all of it is held. The text is the one that `render` makes, with a last newline.
 * @returns how many rows it were
 */
export async function writeResult(pages: AsyncIterable<Rows>, format: Format, sink: Sink): Promise<number> {
  if (format === 'json') return writeJson(pages, sink);
  if (format === 'csv') return writeCsv(pages, sink);
  const rows = await wholeResult(pages);
  await sink.write(`${table(rows)}\n`);
  return rows.rows.length;
}

async function writeJson(pages: AsyncIterable<Rows>, sink: Sink): Promise<number> {
  let written = 0;
  for await (const { columns, rows } of pages) {
    const names = uniqueNames(columns.map(({ name }) => name));
    const objects = rows.map((row) => JSON.stringify(jsonRow(names, row), null, 2).replaceAll('\n', '\n  '));
    if (objects.length > 0) await sink.write(`${written === 0 ? '[' : ','}\n  ${objects.join(',\n  ')}`);
    written += rows.length;
  }
  await sink.write(written === 0 ? '[]\n' : '\n]\n');
  return written;
}

async function writeCsv(pages: AsyncIterable<Rows>, sink: Sink): Promise<number> {
  let written = 0;
  let begun = false;
  for await (const { columns, rows } of pages) {
    const head = begun ? [] : [columns.map(({ name }) => name)];
    begun = true;
    const lines = [...head, ...rows].map((cells) => `${csvLine(cells)}\n`);
    if (lines.length > 0) await sink.write(lines.join(''));
    written += rows.length;
  }
  return written;
}

/** A stream as a sink that minds its pace. */
export function streamSink(stream: NodeJS.WritableStream): Sink {
  return {
    write: (text) =>
      new Promise((done, fail) => {
        stream.write(text, (error) => {
          // Whoever reads through `head` has seen enough.
          if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') fail(error);
          else done();
        });
      }),
  };
}
