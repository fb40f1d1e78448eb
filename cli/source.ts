import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type BucketSummary, DEFAULT_BUCKET, generateBucket } from '../dataset/generate';
import { unpack } from './archive';
import { SourceError } from './errors';
import { count } from './output';
import type { Update } from './progress';

/** What stands behind the source bucket. */
export type SourceChoice =
  | { readonly kind: 'generated'; readonly seed: number; readonly songs: number; readonly events: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'archive'; readonly path: string };

/** A source that is ready to be served as a bucket. */
export interface Source {
  readonly bucket: string;
  readonly folder: string;
  readonly description: string;
  /** What a generated bucket holds. */
  readonly summary?: BucketSummary;
}

export const GENERATED: SourceChoice = {
  kind: 'generated',
  seed: DEFAULT_BUCKET.seed,
  songs: DEFAULT_BUCKET.songs,
  events: DEFAULT_BUCKET.events,
};

/** What `--source` names. @throws SourceError when it is neither a folder nor a .tar.gz */
export function sourceNamed(path: string): SourceChoice {
  const absolute = resolve(path);
  if (!existsSync(absolute)) {
    throw new SourceError(`--source ${path}: there is no such file or folder (looked for ${absolute}).`);
  }
  if (statSync(absolute).isDirectory()) return { kind: 'folder', path: absolute };
  if (/\.(tar\.gz|tgz)$/.test(absolute)) return { kind: 'archive', path: absolute };
  throw new SourceError(`--source ${path}: neither a folder nor a .tar.gz file.`);
}

/** Other options give another bucket, so that a deploy sees that the source is another one. */
function generatedName(choice: SourceChoice): string {
  const options = JSON.stringify(choice);
  if (options === JSON.stringify(GENERATED)) return 'sparkify-generated';
  return `sparkify-generated-${createHash('sha256').update(options).digest('hex').slice(0, 6)}`;
}

/** A bucket name made of a file's name; different paths of one name get different buckets. */
function bucketName(path: string): string {
  const slug = basename(path)
    .toLowerCase()
    .replace(/\.(tar\.gz|tgz)$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const tail = createHash('sha256').update(path).digest('hex').slice(0, 6);
  return `sparkify-${slug || 'source'}-${tail}`;
}

const PARTS = ['song_data', 'log_data', 'log_json_path.json'];

/** The folder that holds the three parts of a bucket: the one given, or a single folder inside it. */
function bucketRoot(folder: string, named: string): string {
  const holds = (path: string) => PARTS.every((part) => existsSync(join(path, part)));
  if (holds(folder)) return folder;
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = inner.map((entry) => join(folder, entry.name)).find(holds);
  if (found !== undefined) return found;
  const missing = PARTS.filter((part) => !existsSync(join(folder, part)));
  throw new SourceError(
    `${named} is not a Sparkify bucket: it lacks ${missing.join(', ')}. Expected there: ${PARTS.join(', ')}.`,
  );
}

function marker<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** Fills `folder` in one step: whoever interrupts it leaves nothing half-made behind. */
async function filled(folder: string, fill: (into: string) => Promise<void>): Promise<void> {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await fill(partial);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
}

async function generated(
  choice: Extract<SourceChoice, { kind: 'generated' }>,
  folder: string,
  update: Update,
): Promise<Source> {
  const made = `${folder}.json`;
  const options = { ...DEFAULT_BUCKET, ...choice };
  const known = marker<{ options: unknown; summary: BucketSummary }>(made);
  let summary = known?.summary;
  if (summary === undefined || JSON.stringify(known?.options) !== JSON.stringify(options) || !existsSync(folder)) {
    await filled(folder, async (into) => {
      const onProgress = ({ songs, events }: { songs: number; events: number }) =>
        update(
          events === 0
            ? { what: 'songs', done: songs, total: choice.songs }
            : { what: 'events', done: events, total: choice.events },
        );
      summary = await generateBucket({ ...options, folder: into, onProgress });
    });
    await writeFile(made, JSON.stringify({ options, summary }));
  }
  const held = summary as BucketSummary;
  return {
    bucket: generatedName(choice),
    folder,
    description: `generated: ${count(held.songs)} songs, ${count(held.events)} events (seed ${choice.seed})`,
    summary: held,
  };
}

async function unpacked(path: string, folder: string, update: Update): Promise<Source> {
  const { size, mtimeMs } = statSync(path);
  const made = `${folder}.json`;
  const known = marker<{ size: number; mtimeMs: number }>(made);
  if (known?.size !== size || known.mtimeMs !== mtimeMs || !existsSync(folder)) {
    await filled(folder, async (into) => {
      await unpack(path, into, (done) => update({ done, total: size }));
    });
    await writeFile(made, JSON.stringify({ size, mtimeMs }));
  }
  return { bucket: bucketName(path), folder: bucketRoot(folder, path), description: `unpacked from ${path}` };
}

/**
 * Makes a source ready: generates it, unpacks it, or looks at it. What was made before is not made again.
 * @param sources the folder for generated and unpacked buckets
 * @throws SourceError when it does not look like a Sparkify bucket
 */
export async function prepareSource(choice: SourceChoice, sources: string, update: Update): Promise<Source> {
  await mkdir(sources, { recursive: true });
  switch (choice.kind) {
    case 'generated':
      return generated(choice, join(sources, generatedName(choice)), update);
    case 'archive':
      return unpacked(choice.path, join(sources, bucketName(choice.path)), update);
    case 'folder':
      return {
        bucket: bucketName(choice.path),
        folder: bucketRoot(choice.path, choice.path),
        description: `the folder ${choice.path}`,
      };
  }
}
