import type { CellValue, ResultColumn } from '../warehouse';

export type Rows = AsyncIterable<readonly (readonly CellValue[])[]>;

/** What a statement came to, before its transaction ends. */
export interface Outcome {
  /** The command's tag. */
  readonly command: string;
  readonly affectedRows: number;
  readonly columns?: readonly ResultColumn[];
  /** Present with `columns`; read inside the transaction. */
  readonly rows?: Rows;
}

export function done(command: string, affectedRows = 0): Outcome {
  return { command, affectedRows };
}

/** Rows that are already here. */
export async function* rowsOf(rows: readonly (readonly CellValue[])[]): Rows {
  if (rows.length > 0) {
    yield rows;
  }
}

/** Reads everything; for results known to be small. */
export async function collect(rows: Rows): Promise<readonly (readonly CellValue[])[]> {
  const all: (readonly CellValue[])[] = [];
  for await (const chunk of rows) {
    all.push(...chunk);
  }
  return all;
}
