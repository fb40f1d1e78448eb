import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { UsageError } from '../errors';
import type { Format } from '../output';
import type { Sink } from './result-writer';

const FORMAT_OF: Readonly<Record<string, Format>> = { '.json': 'json', '.csv': 'csv', '.txt': 'table' };

/** The format that a file's name asks for. @throws UsageError for an ending that says nothing */
export function formatOf(file: string): Format {
  const format = FORMAT_OF[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new UsageError(`${file}: its ending names no format (.json, .csv, .txt for a table); say it with --format.`);
}

/** Refuses what would be lost or cannot be written, before anything is asked. @throws UsageError */
export function checkWritable(file: string, force: boolean): void {
  if (!existsSync(dirname(file))) throw new UsageError(`${file}: there is no folder ${dirname(file)}.`);
  if (existsSync(file) && !force)
    throw new UsageError(`${file} is there already and was left as it is. --force writes over it.`);
}

/**
 * Writes a file that is there as a whole or not at all: under another name first, which it loses when all is written.
 * @throws what the writing throws; the file is then what it was
 */
export async function writtenWhole<T>(file: string, write: (sink: Sink) => Promise<T>): Promise<T> {
  const unfinished = `${file}.${process.pid}.unfinished`;
  const handle = await open(unfinished, 'w');
  try {
    const result = await write({ write: async (text) => void (await handle.write(text)) });
    await handle.sync();
    await handle.close();
    await rename(unfinished, file);
    return result;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
}
