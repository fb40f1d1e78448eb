import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type Format, type Rows, render } from './output';

/** The text of pages of rows, as one CSV file or one JSON array. @param pages rows of the same columns */
export async function* rowText(
  pages: AsyncIterable<Rows>,
  format: Exclude<Format, 'table'>,
  columns: Rows['columns'],
): AsyncGenerator<string> {
  const head = format === 'csv' ? `${render({ columns, rows: [] }, 'csv')}\n` : '[';
  let first = true;
  yield head;
  for await (const page of pages) {
    if (format === 'csv') yield page.rows.map((row) => `${line(page, row)}\n`).join('');
    else {
      const inside = render(page, 'json').slice(1, -2);
      yield `${first ? '' : ','}${inside}`;
    }
    first = false;
  }
  if (format === 'json') yield first ? ']\n' : '\n]\n';
}

function line({ columns }: Rows, row: Rows['rows'][number]): string {
  const [, ...rest] = render({ columns, rows: [row] }, 'csv').split('\n');
  return rest.join('\n');
}

/** Writes texts one after another, and no faster than somebody reads them. */
export async function written(texts: AsyncIterable<string>, stream: Writable): Promise<void> {
  for await (const text of texts) if (!stream.write(text)) await once(stream, 'drain');
}
