import type { ObjectStore } from '../../s3/object-store';
import type { Copy } from '../dialect/ast';
import { accessDenied, badManifest, missingPrefix, notAFullPath, s3Error } from './copy-errors';
import type { CopyContext } from './copy-runner';
import { parseS3Url, type S3Location, s3Url } from './s3-url';

/** One object to load, as a file of this machine. */
export interface SourceFile {
  /** `s3://bucket/key`, as the load views name it. */
  readonly url: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** S3 as the role that COPY names may see it. */
export interface RoleReader {
  readonly objects: ObjectStore;
  /** Why the role may not, in S3's words; undefined where it may. */
  refusesList(bucket: string, prefix: string): string | undefined;
  refusesRead(bucket: string, key: string): string | undefined;
}

type Where = Pick<CopyContext, 'queryId' | 'pid'>;

/**
 * The objects that FROM names: all keys that start with the prefix, or the manifest's entries in their order.
 * Source: Developer Guide, "COPY from Amazon S3" and "Using a manifest to specify data files".
 * @throws RedshiftError when there are none, S3 refuses, or the manifest is none
 */
export function findSources(copy: Copy, reader: RoleReader, where: Where): Promise<readonly SourceFile[]> {
  const location = parseS3Url(copy.from);
  if (location === undefined) {
    throw notAFullPath(copy.from, where);
  }
  return copy.manifest ? manifestSources(location, reader, where) : prefixSources(location, reader, where);
}

/** @throws RedshiftError with S3's refusal, if there is one */
function checkAllowed(refusal: string | undefined, where: Where, problemPrefix = ''): void {
  if (refusal !== undefined) throw accessDenied(refusal, where, problemPrefix);
}

async function prefixSources(location: S3Location, reader: RoleReader, where: Where): Promise<readonly SourceFile[]> {
  const { bucket, key: prefix } = location;
  if (!reader.objects.bucketExists(bucket)) {
    throw s3Error('NoSuchBucket', where);
  }
  checkAllowed(reader.refusesList(bucket, prefix), where);
  const files: SourceFile[] = [];
  for await (const { key, size } of reader.objects.list(bucket, prefix)) {
    // Keys that end in a slash are folder markers of the console: empty, and nothing to load.
    if (key.endsWith('/') && size === 0) {
      continue;
    }
    checkAllowed(reader.refusesRead(bucket, key), where);
    files.push({ url: s3Url(bucket, key), path: reader.objects.localPath(bucket, key), size });
  }
  if (files.length === 0) {
    throw missingPrefix(prefix, where);
  }
  return files;
}

/** Reads one whole object as the role. @throws RedshiftError */
export async function readObject(
  location: S3Location,
  reader: RoleReader,
  where: Where,
  problemPrefix = '',
): Promise<Buffer> {
  if (!reader.objects.bucketExists(location.bucket)) {
    throw s3Error('NoSuchBucket', where, problemPrefix);
  }
  checkAllowed(reader.refusesRead(location.bucket, location.key), where, problemPrefix);
  if ((await reader.objects.head(location.bucket, location.key)) === undefined) {
    throw s3Error('NoSuchKey', where, problemPrefix);
  }
  return reader.objects.read(location.bucket, location.key);
}

async function manifestSources(location: S3Location, reader: RoleReader, where: Where): Promise<readonly SourceFile[]> {
  const body = await readObject(location, reader, where, 'Problem reading manifest file - ');
  const files: SourceFile[] = [];
  for (const entry of manifestEntries(body.toString('utf8'), where)) {
    const file = await manifestSource(entry, reader, where);
    if (file !== undefined) {
      files.push(file);
    }
  }
  return files;
}

interface ManifestEntry {
  readonly url: string;
  readonly mandatory: boolean;
}

async function manifestSource(entry: ManifestEntry, reader: RoleReader, where: Where): Promise<SourceFile | undefined> {
  const target = parseS3Url(entry.url);
  if (target === undefined || target.key === '') {
    throw notAFullPath(entry.url, where);
  }
  const { objects } = reader;
  const found = objects.bucketExists(target.bucket) ? await objects.head(target.bucket, target.key) : undefined;
  if (found === undefined) {
    if (entry.mandatory) {
      throw s3Error('NoSuchKey', where);
    }
    return undefined;
  }
  checkAllowed(reader.refusesRead(target.bucket, target.key), where);
  return { url: entry.url, path: objects.localPath(target.bucket, target.key), size: found.size };
}

function manifestEntries(text: string, where: Where): readonly ManifestEntry[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw badManifest(`it is not valid JSON: ${(cause as Error).message}`, where);
  }
  const entries = (manifest as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries)) {
    throw badManifest('it has no list "entries"', where);
  }
  return entries.map((entry: { url?: unknown; mandatory?: unknown } | null, index) => {
    if (typeof entry?.url !== 'string') {
      throw badManifest(`entry ${index + 1} has no "url"`, where);
    }
    return { url: entry.url, mandatory: entry.mandatory === true };
  });
}
