import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { SourceError } from './errors';

/** Where an entry goes; refuses names that lead out of the folder. */
function target(folder: string, name: string, archive: string): string {
  const path = normalize(join(folder, name));
  if (path !== folder && !path.startsWith(folder + sep)) {
    throw new SourceError(
      `${archive}: the entry "${name}" leads out of the folder it is unpacked to. Use another archive.`,
    );
  }
  return path;
}

/**
 * Unpacks the files of a .tar.gz into a folder; links and devices are passed over.
 * @param onRead is told how many bytes of the archive are read
 * @returns the number of files written
 * @throws SourceError when the archive is damaged or has an entry that leads out of the folder
 */
export async function unpack(
  archive: string,
  folder: string,
  onRead: (bytes: number) => void = () => undefined,
): Promise<number> {
  const unpacked = extract();
  const packed: ReadStream = createReadStream(archive);
  let files = 0;
  const reading = pipeline(packed, createGunzip(), unpacked);
  // Without a reader of its own the rejection would be an unhandled one while the entries are still being written.
  reading.catch(() => undefined);
  try {
    for await (const entry of unpacked) {
      if (entry.header.type !== 'file') {
        entry.resume();
        continue;
      }
      const path = target(folder, entry.header.name, archive);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry, createWriteStream(path));
      files += 1;
      onRead(packed.bytesRead);
    }
    await reading;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SourceError(`${archive} cannot be unpacked: ${why}. It has to be a tar file packed with gzip.`, {
      cause: error,
    });
  }
  return files;
}
