import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { SourceFile } from './sources';

const SAMPLES = 5;
const SAMPLE_BYTES = 64 * 1024;

/**
 * Whether the first line of a few of the files is a whole object, so that reading line by line is worth a try.
 * Objects that spread over several lines would make the engine give up and the transaction with it.
 */
export async function beginsWithWholeLines(files: readonly SourceFile[], gzip: boolean): Promise<boolean> {
  const step = Math.max(1, Math.floor(files.length / SAMPLES));
  for (let i = 0; i < files.length; i += step) {
    const head = gzip ? await unzippedHead(files[i]!.path) : await plainHead(files[i]!.path);
    if (head === undefined || !isWholeLine(head)) {
      return false;
    }
  }
  return true;
}

function isWholeLine(head: string): boolean {
  const start = head.trimStart();
  const newline = start.indexOf('\n');
  if (newline === -1 && Buffer.byteLength(head) >= SAMPLE_BYTES - 4) {
    return start.startsWith('{');
  }
  const line = (newline === -1 ? start : start.slice(0, newline)).trimEnd();
  return line === '' || (line.startsWith('{') && line.endsWith('}'));
}

async function plainHead(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.alloc(SAMPLE_BYTES);
      const { bytesRead } = await file.read(buffer, 0, SAMPLE_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    // The load itself meets the same trouble and says what it is.
    return undefined;
  }
}

async function unzippedHead(path: string): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  const file = createReadStream(path);
  const unzipped = createGunzip();
  file.on('error', (error) => unzipped.destroy(error));
  try {
    for await (const chunk of file.pipe(unzipped)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= SAMPLE_BYTES) {
        break;
      }
    }
    return Buffer.concat(chunks).toString('utf8', 0, SAMPLE_BYTES);
  } catch {
    return undefined;
  } finally {
    file.destroy();
  }
}
