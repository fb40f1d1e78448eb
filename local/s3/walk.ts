import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareKeys } from './keys';

/** A file found under a bucket's folder. */
export interface FoundFile {
  readonly key: string;
  readonly path: string;
  readonly stats: Stats;
}

interface Child {
  /** The key so far; of a folder with a slash at its end. */
  readonly key: string;
  readonly path: string;
  readonly folder: boolean;
}

/** Gives up the event loop after this many files, so that a long listing does not hold up other requests. */
const FILES_A_TURN = 250;

/**
 * Walks a folder as S3 lists a bucket: keys in byte order, one folder in memory for each level, nothing read that
 * `prefix` and `startAfter` rule out. `decode` gives a file name's key segment, or undefined to leave it out.
 * Links are followed, except to a folder that holds them. Files that vanish meanwhile are left out.
 */
export async function* walk(
  root: string,
  options: {
    readonly prefix: string;
    readonly startAfter: string;
    readonly decode: (name: string) => string | undefined;
  },
): AsyncGenerator<FoundFile> {
  const stack: Child[][] = [children({ key: '', path: root, folder: true }, options)];
  let files = 0;
  while (stack.length > 0) {
    const child = stack.at(-1)!.pop();
    if (!child) {
      stack.pop();
    } else if (child.folder) {
      stack.push(children(child, options));
    } else {
      const stats = statOrNothing(child.path);
      if (stats?.isFile()) {
        yield { key: child.key, path: child.path, stats };
      }
      files += 1;
      if (files % FILES_A_TURN === 0) {
        await new Promise(setImmediate);
      }
    }
  }
}

/** The wanted children in reverse order, so that the next one is popped off the end. */
function children(
  parent: Child,
  options: { prefix: string; startAfter: string; decode: (name: string) => string | undefined },
): Child[] {
  const found: Child[] = [];
  for (const entry of readFolder(parent.path)) {
    const segment = options.decode(entry.name);
    if (segment === undefined) {
      continue;
    }
    const path = join(parent.path, entry.name);
    const folder = isFolder(entry, path);
    const key = `${parent.key}${segment}${folder ? '/' : ''}`;
    if (folder ? mayHold(key, options) : key.startsWith(options.prefix) && compareKeys(key, options.startAfter) > 0) {
      found.push({ key, path, folder });
    }
  }
  return found.sort((left, right) => compareKeys(right.key, left.key));
}

function mayHold(folderKey: string, options: { prefix: string; startAfter: string }): boolean {
  const { prefix, startAfter } = options;
  const inPrefix = folderKey.length < prefix.length ? prefix.startsWith(folderKey) : folderKey.startsWith(prefix);
  return inPrefix && (startAfter.startsWith(folderKey) || compareKeys(folderKey, startAfter) > 0);
}

function readFolder(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

function isFolder(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) {
    return entry.isDirectory();
  }
  return statOrNothing(path)?.isDirectory() === true && !`${path}/`.startsWith(`${realpathSync(path)}/`);
}

function statOrNothing(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
