import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Clock, Ids } from '../clock';
import { LOCAL_ACCOUNT } from '../home';
import { type BucketEncryption, type BucketRecord, BucketRegistry, PUBLIC_DATA_ACCOUNT } from './bucket-registry';
import {
  BucketAlreadyExistsError,
  BucketAlreadyOwnedByYouError,
  BucketNotEmptyError,
  MountFolderError,
  NoSuchKeyError,
  ReadOnlyBucketError,
} from './errors';
import { findMountedFile, findObjectFile, type ObjectFile, prepareObjectFile, removeEmptyFolders } from './file-layout';
import { checkBucketName, checkKey, decodeSegment } from './keys';
import { type ObjectAttributes, ObjectIndex } from './object-index';
import type { ObjectStore, ObjectSummary } from './object-store';
import { walk } from './walk';

/** An object's listing entry with what its writer said about it. */
export interface ObjectDescription extends ObjectSummary {
  readonly attributes: ObjectAttributes;
}

/** What the S3 service needs besides what other services need. */
export interface DiskObjectStore extends ObjectStore {
  buckets(): readonly BucketRecord[];
  /** @throws NoSuchBucketError */
  bucket(name: string): BucketRecord;
  /** The account that a bucket belongs to. @throws NoSuchBucketError */
  ownerOf(bucket: string): string;
  /** Sets the bucket's key, or takes it away. Nothing is encrypted here, but whoever reads or writes must be let use it. */
  setEncryption(bucket: string, encryption: BucketEncryption | undefined): void;
  describe(bucket: string, key: string): Promise<ObjectDescription | undefined>;
  /** An open file of the object as it is now; later puts don't touch it. The caller closes it. @throws NoSuchKeyError */
  open(bucket: string, key: string): Promise<{ readonly object: ObjectDescription; readonly handle: FileHandle }>;
  putWith(bucket: string, key: string, body: Buffer, attributes: ObjectAttributes): Promise<ObjectSummary>;
  /** Takes over a finished file (see `temporaryFile`) as the object. */
  putFile(bucket: string, key: string, file: string, etag: string, attributes: ObjectAttributes): ObjectSummary;
  /** A path on the same file system for an object in the making. */
  temporaryFile(): string;
  close(): void;
}

/** Files up to this size are hashed at once, larger ones as a stream. */
const HASHED_AT_ONCE_BYTES = 256 * 1024;

/**
 * S3 on disk: `folder/<bucket>/<key>` are plain files that people may look at and drop in. What is not an object
 * (bucket list, ETag journals, unfinished uploads) lies in `folder/.local`, a name no bucket can have.
 */
export function createObjectStore(options: {
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
}): DiskObjectStore {
  const own = join(options.folder, '.local');
  const temporary = join(own, 'tmp');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  return new FileObjectStore(options.folder, own, temporary, options.clock, options.ids);
}

class FileObjectStore implements DiskObjectStore {
  readonly #registry: BucketRegistry;
  readonly #indexes = new Map<string, ObjectIndex>();

  constructor(
    private readonly folder: string,
    private readonly own: string,
    private readonly temporary: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.#registry = new BucketRegistry(own);
  }

  buckets(): readonly BucketRecord[] {
    return this.#registry.list();
  }

  bucket(name: string): BucketRecord {
    return this.#registry.require(name);
  }

  bucketExists(bucket: string): boolean {
    return this.#registry.find(bucket) !== undefined;
  }

  ownerOf(bucket: string): string {
    const { owner, mounted } = this.bucket(bucket);
    return owner ?? (mounted === undefined ? LOCAL_ACCOUNT : PUBLIC_DATA_ACCOUNT);
  }

  setEncryption(bucket: string, encryption: BucketEncryption | undefined): void {
    const { encryption: _before, ...record } = this.bucket(bucket);
    this.#registry.put({ ...record, ...(encryption && { encryption }) });
  }

  createBucket(bucket: string, region: string, owner = LOCAL_ACCOUNT): void {
    checkBucketName(bucket);
    if (this.bucketExists(bucket)) {
      throw this.ownerOf(bucket) === owner
        ? new BucketAlreadyOwnedByYouError(bucket)
        : new BucketAlreadyExistsError(bucket);
    }
    mkdirSync(this.#root({ name: bucket }), { recursive: true });
    this.#registry.put({ name: bucket, region, owner, created: this.clock.now() });
  }

  deleteBucket(bucket: string): void {
    const record = this.bucket(bucket);
    if (record.mounted === undefined) {
      const root = this.#root(record);
      if (holdsFile(root)) {
        throw new BucketNotEmptyError(bucket);
      }
      rmSync(root, { recursive: true, force: true });
    }
    this.#forgetIndex(bucket);
    this.#registry.remove(bucket);
  }

  mount(bucket: string, folder: string, region: string): void {
    checkBucketName(bucket);
    if (!isAbsolute(folder) || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new MountFolderError(
        bucket,
        folder,
        isAbsolute(folder) ? 'it is not a folder' : 'its path is not absolute',
      );
    }
    const record = this.#registry.find(bucket);
    if (record && record.mounted === undefined) {
      throw new BucketAlreadyOwnedByYouError(bucket);
    }
    if (record?.mounted !== folder) {
      this.#forgetIndex(bucket);
      this.#registry.put({ name: bucket, region, created: this.clock.now(), mounted: folder });
    }
  }

  async *list(bucket: string, prefix: string, startAfter = ''): AsyncGenerator<ObjectSummary> {
    const record = this.bucket(bucket);
    const root = this.#root(record);
    if (record.mounted !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
      throw new MountFolderError(bucket, root, 'the folder is gone');
    }
    const decode = record.mounted === undefined ? decodeSegment : (name: string) => name;
    const index = this.#index(bucket);
    try {
      for await (const { key, path, stats } of walk(root, { prefix, startAfter, decode })) {
        const summary = await this.#summary(index, key, { path, stats });
        if (summary) {
          yield summary;
        }
      }
    } finally {
      index.flush();
    }
  }

  async head(bucket: string, key: string): Promise<ObjectSummary | undefined> {
    return this.describe(bucket, key);
  }

  async describe(bucket: string, key: string): Promise<ObjectDescription | undefined> {
    const file = this.#find(bucket, key);
    return file && this.#summary(this.#index(bucket), key, file);
  }

  async open(bucket: string, key: string): Promise<{ object: ObjectDescription; handle: FileHandle }> {
    // The object may be replaced between a look and the opening; then look again.
    for (;;) {
      const object = await this.describe(bucket, key);
      const handle = object && (await openOrNothing(this.localPath(bucket, key)));
      if (!handle) {
        throw new NoSuchKeyError(bucket, key);
      }
      const stats = await handle.stat();
      if (stats.size === object.size && Math.trunc(stats.mtimeMs) === object.lastModified.getTime()) {
        return { object, handle };
      }
      await handle.close();
    }
  }

  localPath(bucket: string, key: string): string {
    const file = this.#find(bucket, key);
    if (!file) {
      throw new NoSuchKeyError(bucket, key);
    }
    return file.path;
  }

  read(bucket: string, key: string): Promise<Buffer> {
    return readFile(this.localPath(bucket, key));
  }

  put(bucket: string, key: string, body: Buffer): Promise<ObjectSummary> {
    return this.putWith(bucket, key, body, {});
  }

  async putWith(bucket: string, key: string, body: Buffer, attributes: ObjectAttributes): Promise<ObjectSummary> {
    this.#writable(bucket);
    const file = this.temporaryFile();
    try {
      await writeFile(file, body);
      const etag = createHash('md5').update(body).digest('hex');
      return this.putFile(bucket, key, file, etag, attributes);
    } finally {
      rmSync(file, { force: true });
    }
  }

  putFile(bucket: string, key: string, file: string, etag: string, attributes: ObjectAttributes): ObjectSummary {
    const record = this.#writable(bucket);
    checkKey(key);
    const path = prepareObjectFile(this.#root(record), key);
    renameSync(file, path);
    const stats = statSync(path);
    const index = this.#index(bucket);
    index.set(path, stats, etag, attributes);
    index.flush();
    return { key, size: stats.size, etag, lastModified: new Date(Math.trunc(stats.mtimeMs)) };
  }

  async delete(bucket: string, key: string): Promise<void> {
    const record = this.#writable(bucket);
    const root = this.#root(record);
    const file = findObjectFile(root, key);
    if (file) {
      rmSync(file.path, { force: true });
      removeEmptyFolders(root, file.path);
      this.#index(bucket).delete(file.path);
      this.#index(bucket).flush();
    }
  }

  temporaryFile(): string {
    return join(this.temporary, this.ids.uuid());
  }

  close(): void {
    for (const index of this.#indexes.values()) {
      index.close();
    }
    this.#indexes.clear();
  }

  #root(record: Pick<BucketRecord, 'name' | 'mounted'>): string {
    return record.mounted ?? join(this.folder, record.name);
  }

  /** @throws NoSuchBucketError, ReadOnlyBucketError */
  #writable(bucket: string): BucketRecord {
    const record = this.bucket(bucket);
    if (record.mounted !== undefined) {
      throw new ReadOnlyBucketError(bucket, record.mounted);
    }
    return record;
  }

  #find(bucket: string, key: string): ObjectFile | undefined {
    const record = this.bucket(bucket);
    const root = this.#root(record);
    return record.mounted === undefined ? findObjectFile(root, key) : findMountedFile(root, key);
  }

  #index(bucket: string): ObjectIndex {
    const existing = this.#indexes.get(bucket);
    if (existing) {
      return existing;
    }
    const made = new ObjectIndex(this.#indexFile(bucket));
    this.#indexes.set(bucket, made);
    return made;
  }

  #indexFile(bucket: string): string {
    return join(this.own, 'index', `${bucket}.jsonl`);
  }

  #forgetIndex(bucket: string): void {
    this.#indexes.get(bucket)?.close();
    this.#indexes.delete(bucket);
    rmSync(this.#indexFile(bucket), { force: true });
  }

  async #summary(index: ObjectIndex, key: string, file: ObjectFile): Promise<ObjectDescription | undefined> {
    const known = index.get(file.path, file.stats);
    const etag = known?.etag ?? (await md5OfFile(file));
    if (etag === undefined) {
      return undefined;
    }
    if (!known) {
      index.remember(file.path, file.stats, etag);
    }
    const lastModified = new Date(Math.trunc(file.stats.mtimeMs));
    return { key, size: file.stats.size, etag, lastModified, attributes: known?.attributes ?? {} };
  }
}

/** Hex MD5 of a file; undefined when it has vanished. */
async function md5OfFile(file: { readonly path: string; readonly stats: Stats }): Promise<string | undefined> {
  const hash = createHash('md5');
  try {
    if (file.stats.size <= HASHED_AT_ONCE_BYTES) {
      return hash.update(readFileSync(file.path)).digest('hex');
    }
    for await (const chunk of createReadStream(file.path, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
    }
    return hash.digest('hex');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function holdsFile(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some(
    (entry) => !entry.isDirectory() || holdsFile(join(folder, entry.name)),
  );
}

async function openOrNothing(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
