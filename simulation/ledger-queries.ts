import { createHash } from 'node:crypto';
import type { Held, Row } from './star-model';

/** Every file of the model has this size. */
const SIZE = 100;

/** What sql/run/survey asks: count and digest of the ledger by bucket. */
export function surveyOf(ledger: readonly Held[]): readonly Row[] {
  const buckets = new Map<string, { files: number; sum: bigint }>();
  for (const { url, etag } of ledger) {
    const bucket = buckets.get(bucketOf(url)) ?? { files: 0, sum: 0n };
    bucket.files += 1;
    bucket.sum += BigInt(`0x${md5(`${url}|${etag}|${SIZE}`).slice(0, 15)}`);
    buckets.set(bucketOf(url), bucket);
  }
  return [...buckets].map(([bucket, { files, sum }]) => ({ bucket, files, digest: String(sum) }));
}

/** What sql/run/compare asks: the listing against the ledger, in the buckets that were named. */
export function compareFiles(
  listing: readonly Row[],
  ledger: readonly Held[],
  buckets: string,
): { readonly fresh: readonly Row[]; readonly changed: number; readonly vanished: readonly string[] } {
  const known = new Map(ledger.map((held) => [held.url, held]));
  const listed = new Set(listing.map(({ url }) => String(url)));
  return {
    fresh: listing.filter(({ url }) => !known.has(String(url))),
    changed: listing.filter(({ url, etag }) => (known.get(String(url))?.etag ?? etag) !== etag).length,
    vanished: ledger
      .map(({ url }) => url)
      .filter((url) => !listed.has(url) && (buckets === 'all' || buckets.includes(bucketOf(url)))),
  };
}

function bucketOf(url: string): string {
  return md5(url).slice(0, 3);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
