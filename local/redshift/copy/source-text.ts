import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';

const CHUNK_BYTES = 4 * 1024 * 1024;
const NEWLINE = 10;

/** A piece of a file, cut behind a newline except for the last. */
export interface TextPiece {
  readonly text: string;
  readonly last: boolean;
}

/** What stands for a byte that is no UTF-8. */
export type Replacement = (byte: number) => string;

/** No JSON text can hold this character, so that a row with it fails. */
const MARK = String.fromCharCode(0);
const MARKED = new RegExp(`${MARK}([0-9a-f]{2})`, 'g');

/** Without ACCEPTINVCHARS: a mark in the byte's place that keeps the byte for the error's text. */
export const markBadByte: Replacement = (byte) => `${MARK}${byte.toString(16).padStart(2, '0')}`;

/** The first bad byte of a marked text, in hex. */
export function firstBadByte(text: string): string | undefined {
  return [...text.matchAll(MARKED)][0]?.[1];
}

/** A marked text for people to read. */
export function withoutMarks(text: string): string {
  return text.replace(MARKED, '?');
}

/**
 * The text of a file in pieces of about 4 MB.
 * @throws Error of the file system or of gzip
 */
export async function* readPieces(path: string, gzip: boolean, replacement: Replacement): AsyncGenerator<TextPiece> {
  let kept: Buffer[] = [];
  for await (const bytes of openStream(path, gzip)) {
    const cut = bytes.lastIndexOf(NEWLINE) + 1;
    if (cut === 0) {
      kept.push(bytes);
      continue;
    }
    yield { text: decode(Buffer.concat([...kept, bytes.subarray(0, cut)]), replacement), last: false };
    kept = [bytes.subarray(cut)];
  }
  yield { text: decode(Buffer.concat(kept), replacement), last: true };
}

/** Small files are read at once: a stream and its buffer for each of thousands would cost far more than they hold. */
async function* openStream(path: string, gzip: boolean): AsyncGenerator<Buffer> {
  const { size } = await stat(path);
  if (size > CHUNK_BYTES) {
    yield* bigStream(path, gzip);
  } else {
    const bytes = await readFile(path);
    yield gzip ? await unzip(bytes) : bytes;
  }
}

const unzip = promisify(gunzip);

function bigStream(path: string, gzip: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!gzip) {
    return file;
  }
  const unzipped = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => unzipped.destroy(error));
  return file.pipe(unzipped);
}

function decode(bytes: Buffer, replacement: Replacement): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeBroken(bytes, replacement);
}

/** Length of the character that begins at `i` if it is whole and valid, else 0. */
function characterLength(bytes: Buffer, i: number): number {
  const first = bytes[i]!;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  return length > 0 && i + length <= bytes.length && isUtf8(bytes.subarray(i, i + length)) ? length : 0;
}

function decodeBroken(bytes: Buffer, replacement: Replacement): string {
  const parts: string[] = [];
  let start = 0;
  let i = 0;
  while (i < bytes.length) {
    const length = bytes[i]! < 0x80 ? 1 : characterLength(bytes, i);
    if (length > 0) {
      i += length;
      continue;
    }
    parts.push(bytes.toString('utf8', start, i), replacement(bytes[i]!));
    i += 1;
    start = i;
  }
  parts.push(bytes.toString('utf8', start));
  return parts.join('');
}
