import { createHash } from 'node:crypto';
import type { SourceFile } from './manifests';

/** What one bucket of files holds: the digest is a sum, so that the order of the files does not matter. */
export interface BucketDigest {
  readonly bucket: string;
  readonly files: number;
  /** A whole number, in decimal. */
  readonly digest: string;
}

/** How many buckets: the first three hexadecimal digits of a url's MD5. */
export const BUCKETS = 4096;
const NAMES = Array.from({ length: BUCKETS }, (_, index) => index.toString(16).padStart(3, '0'));
/** Where more buckets differ than these, all files are compared: the run's state must stay small. */
const MOST_NAMED = 1024;

/** Which buckets are compared file by file: `all`, `none`, or their names with commas between them. */
export type BucketList = string;

/** The bucket of a file. The warehouse says the same of its ledger: sql/run/survey/010_ledger.sql. */
export function bucketOf(url: string): string {
  return md5(url).slice(0, 3);
}

/**
 * Counts and digests of all files by bucket, in memory that does not grow with their number. MD5 here tells files
 * apart, it protects nothing: both Redshift and Node have it.
 */
export class BucketSurvey {
  private readonly files = new Uint32Array(BUCKETS);
  private readonly sums = new Array<bigint>(BUCKETS).fill(0n);

  add(file: SourceFile): void {
    const bucket = Number.parseInt(bucketOf(file.url), 16);
    this.files[bucket] = (this.files[bucket] ?? 0) + 1;
    this.sums[bucket] = (this.sums[bucket] ?? 0n) + fileDigest(file);
  }

  /** The buckets in which the ledger holds other files than were added here. */
  differing(ledger: readonly BucketDigest[]): BucketList {
    const known = new Map(ledger.map((each) => [each.bucket, each]));
    const names = NAMES.filter((name, index) => {
      const held = known.get(name);
      if (held === undefined) return this.files[index] !== 0;
      return held.files !== this.files[index] || BigInt(held.digest) !== this.sums[index];
    });
    if (names.length === 0) return 'none';
    return names.length > MOST_NAMED ? 'all' : names.join(',');
  }
}

/** Says of a file whether its bucket is in the list. */
export function inBuckets(list: BucketList): (file: SourceFile) => boolean {
  if (list === 'all') return () => true;
  const names = new Set(list.split(','));
  return (file) => names.has(bucketOf(file.url));
}

/** The first 60 bits of the file's MD5: STRTOL of 15 digits is the longest that a BIGINT takes. */
function fileDigest({ url, etag, sizeBytes }: SourceFile): bigint {
  return BigInt(`0x${md5(`${url}|${etag}|${sizeBytes}`).slice(0, 15)}`);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
