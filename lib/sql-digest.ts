import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

/**
 * SHA-256 of the names and texts of all files below a folder, in hex: equal trees give equal digests wherever they
 * stand. A folder that is not there is an empty one.
 */
export function folderDigest(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(folder)) {
    const name = relative(folder, file).split(sep).join('/');
    hash.update(`${name}\0${readFileSync(file, 'utf8')}\0`);
  }
  return hash.digest('hex');
}
