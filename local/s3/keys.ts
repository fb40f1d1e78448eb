import { AwsError } from '../aws/service';
import { UnstorableKeyError } from './errors';

/** Longest key in bytes of UTF-8 (S3 User Guide, "Naming Amazon S3 objects"). */
const MAX_KEY_BYTES = 1_024;
/** Longest file name that the usual file systems take. */
const MAX_NAME_BYTES = 255;

/** Order of S3 listings: bytes of UTF-8. JavaScript's own order differs beyond the basic plane. */
export function compareKeys(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  const ordered = left < right ? -1 : 1;
  return HIGH.test(left) && HIGH.test(right) ? Buffer.compare(Buffer.from(left), Buffer.from(right)) : ordered;
}

/** From the surrogates on UTF-16 order and UTF-8 order part. */
const HIGH = /[\ud800-\uffff]/;

/** Greater than every key that starts with `prefix`. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { Size: bytes, MaxSizeAllowed: MAX_KEY_BYTES });
  }
}

/**
 * The file name for one segment of a key. What a file system can't hold is percent-encoded: `.` and `..`, NUL, and
 * percent signs that would read as such an escape. The empty segment is `%`. A final `%` marks an object whose name
 * is a folder's too (see `besideFolder`).
 * @throws UnstorableKeyError when the name is too long for a file
 */
export function encodeSegment(segment: string, key = segment): string {
  const name = SPECIAL_SEGMENTS.get(segment) ?? segment.replace(/%(?=25|00|2E$|$)/g, '%25').replaceAll('\0', '%00');
  if (Buffer.byteLength(name) > MAX_NAME_BYTES - 1) {
    throw new UnstorableKeyError(key, `a part between slashes is longer than ${MAX_NAME_BYTES - 1} bytes`);
  }
  return name;
}

const SPECIAL_SEGMENTS: ReadonlyMap<string, string> = new Map([
  ['', '%'],
  ['.', '%2E'],
  ['..', '%2E%2E'],
]);
const SPECIAL_NAMES: ReadonlyMap<string, string> = new Map(
  [...SPECIAL_SEGMENTS].map(([segment, name]) => [name, segment]),
);

/** The name of an object's file where a folder has the plain name: `a` beside `a/b`. */
export function besideFolder(name: string): string {
  return `${name}%`;
}

/** The segment a file or folder name stands for; undefined for a name that `encodeSegment` would not give. */
export function decodeSegment(name: string): string | undefined {
  for (const base of name.endsWith('%') ? [name, name.slice(0, -1)] : [name]) {
    const segment = SPECIAL_NAMES.get(base) ?? base.replaceAll('%00', '\0').replaceAll('%25', '%');
    if (Buffer.byteLength(base) < MAX_NAME_BYTES && base !== '' && encodeSegment(segment) === base) {
      return segment;
    }
  }
  return undefined;
}

/** @throws AwsError InvalidBucketName (S3 User Guide, "Bucket naming rules") */
export function checkBucketName(bucket: string): void {
  const wellFormed =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) && !bucket.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(bucket);
  if (!wellFormed) {
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: bucket });
  }
}
