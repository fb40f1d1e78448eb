import { createHash } from 'node:crypto';
import { type Code, sourceDigestOf, sqlOf } from './code';
import type { Held, Row, StarModel } from './star-model';
import type { Switches } from './switches';

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
function compareFiles(
  listing: readonly Row[],
  ledger: readonly Held[],
  buckets: string,
): { readonly fresh: readonly Row[]; readonly changed: number; readonly vanished: readonly string[] } {
  const known = new Map(ledger.map((held) => [held.url, held]));
  const listed = new Set(listing.map(({ url }) => String(url)));
  return {
    fresh: listing
      .filter(({ url }) => !known.has(String(url)))
      .sort((one, other) => (String(one.url) < String(other.url) ? -1 : 1)),
    changed: listing.filter(({ url, etag }) => (known.get(String(url))?.etag ?? etag) !== etag).length,
    vanished: ledger
      .map(({ url }) => url)
      .filter((url) => !listed.has(url) && (buckets === 'all' || buckets.includes(bucketOf(url)))),
  };
}

/** What sql/run/compare asks of the files. */
export function answerCompare(
  file: string,
  sql: string,
  listing: readonly Row[],
  ledger: readonly Held[],
  switches: Switches,
): readonly Row[] {
  const comparison = compareFiles(listing, ledger, /'([^']*)' = 'all'/.exec(sql)?.[1] ?? 'all');
  const fresh = comparison.fresh.filter(({ wanted }) => wanted === true || switches.ignoreDays === true);
  const others = comparison.fresh.filter((each) => !fresh.includes(each));
  if (/new_files\.sql$/.test(file)) return fresh;
  if (/vanished_files\.sql$/.test(file)) return comparison.vanished.map((url) => ({ url }));
  if (/new_by_source\.sql$/.test(file)) return bySource(fresh);
  if (!/totals\.sql$/.test(file)) return [];
  return [
    {
      new_files: fresh.length,
      new_bytes: fresh.length,
      new_files_outside: others.filter(({ undated }) => undated !== true).length,
      new_files_undated: others.filter(({ undated }) => undated === true).length,
      changed_files: switches.ignoreChangedFiles === true ? 0 : comparison.changed,
      vanished_files: comparison.vanished.length,
    },
  ];
}

function bySource(files: readonly Row[]): readonly Row[] {
  const names = [...new Set(files.map(({ source }) => String(source)))];
  return names.map((source) => ({ source, files: files.filter((each) => each.source === source).length }));
}

/** What sql/run/compare asks of the last run that has loaded. */
export function lastRunOf(
  star: StarModel,
  code: Code,
  sql: string,
  listing: readonly Row[],
  switches: Switches,
): readonly Row[] {
  const last = star.lastRun(switches.countIdleRuns !== true);
  const someDays = listing.some(({ wanted }) => wanted === false);
  if (last === undefined || (switches.rebuildOfDays === true && someDays)) return [];
  const [runId, run] = last;
  const begunAt = Date.parse(`${/'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})'/.exec(sql)?.[1]}Z`);
  return [
    {
      run_id: runId,
      trigger: run.trigger,
      load_digest: switches.ignoreLoadDigest === true ? sqlOf(code).loadDigest : run.loadDigest,
      source_digest: switches.ignoreSourceDigest === true ? sourceDigestOf(code) : run.sourceDigest,
      since_begin: switches.ignoreNewerVersions !== true && run.finishedAt > begunAt,
    },
  ];
}

function bucketOf(url: string): string {
  return md5(url).slice(0, 3);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
