import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { AwsError } from '../aws/service';

export interface CodePackage {
  readonly codeSha256: string;
  readonly codeSize: number;
  readonly codeFolder: string;
}

/** Lambda's limit for unzipped code, bytes. */
const UNZIPPED_LIMIT = 250 * 1024 * 1024;

/**
 * Unzips a deployment package into `<root>/<sha256>`, once: the same bytes share a folder, so that a published
 * version keeps its code whatever `$LATEST` becomes.
 * @throws AwsError InvalidParameterValueException when it is no zip file, too large, or names a path outside itself
 */
export function unpackCode(root: string, zip: Buffer): CodePackage {
  const digest = createHash('sha256').update(zip).digest();
  const codeFolder = join(root, digest.toString('hex'));
  if (!existsSync(codeFolder)) unzipInto(codeFolder, zip);
  return { codeSha256: digest.toString('base64'), codeSize: zip.length, codeFolder };
}

function unzipInto(folder: string, zip: Buffer): void {
  const entries = readZip(zip);
  const total = Object.values(entries).reduce((sum, bytes) => sum + bytes.length, 0);
  if (total > UNZIPPED_LIMIT) {
    throw invalidZip(`Unzipped size must be smaller than ${UNZIPPED_LIMIT} bytes (it is ${total})`);
  }
  const unfinished = `${folder}.${randomUUID()}`;
  try {
    for (const [name, bytes] of Object.entries(entries)) writeEntry(unfinished, name, bytes);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function writeEntry(folder: string, name: string, bytes: Uint8Array): void {
  const path = resolve(folder, name);
  if (!path.startsWith(resolve(folder) + sep)) throw invalidZip(`The entry "${name}" leads out of the package`);
  if (name.endsWith('/')) {
    mkdirSync(path, { recursive: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function readZip(zip: Buffer): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (error) {
    throw invalidZip(`Could not unzip uploaded file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function invalidZip(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
