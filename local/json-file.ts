import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sync as writeFileAtomicSync } from 'write-file-atomic';

/** A state file of the local AWS exists but can't be read as what it should hold. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
  constructor(
    readonly file: string,
    cause: Error,
  ) {
    super(
      `The state file ${file} can't be read: ${cause.message}. Mend it, or begin anew without the state (npm start -- --fresh).`,
      { cause },
    );
  }
}

/** The file's JSON; undefined when there is no such file. @throws StateFileError */
export function readJsonFile<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw new StateFileError(file, error as Error);
  }
}

/**
 * Replaces the file in one step, making its folder where needed.
 * @param mode for files that hold keys
 * @param fsync false where a power cut may take the last moment: forcing a file to the platter holds everything else up
 */
export function writeJsonFile(file: string, value: unknown, mode = 0o644, fsync = true): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomicSync(file, `${JSON.stringify(value, null, 1)}\n`, { mode, fsync });
}
