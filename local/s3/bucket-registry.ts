import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from '../json-file';
import { NoSuchBucketError } from './errors';

/** The customer managed key that a bucket encrypts its objects with by default. */
export interface BucketEncryption {
  readonly keyArn: string;
  /** Whether S3 works with a key of the bucket's own, made of that one. */
  readonly bucketKey: boolean;
}

/** A bucket, its own or a folder of the machine mounted read-only. */
export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  /** The account that owns it; absent in homes of earlier versions, when there was the home's own account only. */
  readonly owner?: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Absolute; present for a mounted folder. */
  readonly mounted?: string;
  /** Absent: encrypted with a key of S3's own, which asks nobody. */
  readonly encryption?: BucketEncryption;
}

/** Who owns mounted folders: somebody else, who lets the whole world read them, as the public Sparkify bucket's owner does. */
export const PUBLIC_DATA_ACCOUNT = '999999999999';

/** The list of buckets, kept in one JSON file. */
export class BucketRegistry {
  readonly #file: string;
  readonly #buckets: Map<string, BucketRecord>;

  constructor(folder: string) {
    this.#file = join(folder, 'buckets.json');
    this.#buckets = new Map(readJsonFile<BucketRecord[]>(this.#file)?.map((bucket) => [bucket.name, bucket]));
  }

  /** @throws NoSuchBucketError */
  require(name: string): BucketRecord {
    const bucket = this.#buckets.get(name);
    if (!bucket) {
      throw new NoSuchBucketError(name);
    }
    return bucket;
  }

  find(name: string): BucketRecord | undefined {
    return this.#buckets.get(name);
  }

  put(bucket: BucketRecord): void {
    this.#buckets.set(bucket.name, bucket);
    this.#save();
  }

  remove(name: string): void {
    this.#buckets.delete(name);
    this.#save();
  }

  /** In the order of the names. */
  list(): readonly BucketRecord[] {
    return [...this.#buckets.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  #save(): void {
    writeJsonFile(this.#file, this.list());
  }
}
