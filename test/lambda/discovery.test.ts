import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { BucketSurvey, bucketOf, inBuckets } from '../../lambda/buckets';
import { Discovery } from '../../lambda/discovery';
import type { SourceFile } from '../../lambda/manifests';
import { listSource, scanSource } from '../../lambda/sources';
import { newRun, type RunState } from '../../lambda/state';
import type { Row } from '../../lambda/warehouse';
import type { WorkFiles } from '../../lambda/work-files';
import { FakeSource, type Folders } from './fake-source';
import { SOURCES } from './loaded-world';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const file = (key: string, etag = 'e'): SourceFile => ({
  url: `s3://source/${key}`,
  etag,
  sizeBytes: 300,
  source: key.startsWith('song_data/') ? 'songs' : 'events',
});

/** So many songs in 26 folders, made when they are listed: the bucket itself takes no memory. */
function manySongs(count: number): Folders {
  const each = Math.ceil(count / LETTERS.length);
  const inFolder = (prefix: string) => {
    const letter = /^song_data\/([A-Z])\/$/.exec(prefix)?.[1];
    if (letter === undefined) return { length: 0, at: () => undefined };
    const length = Math.max(0, Math.min(each, count - LETTERS.indexOf(letter) * each));
    return { length, at: (index: number) => file(`${prefix}${String(index).padStart(7, '0')}.json`) };
  };
  return {
    folders: (prefix) => (prefix === 'song_data/' ? [...LETTERS].map((letter) => `song_data/${letter}/`) : []),
    files: (prefix) => {
      if (prefix !== 'song_data/') return inFolder(prefix);
      return {
        length: count,
        at: (index) => inFolder(`song_data/${LETTERS[Math.floor(index / each)]}/`).at(index % each),
      };
    },
  };
}

/** A work bucket that keeps nothing but how large its objects were. */
class MeasuredWork implements WorkFiles {
  readonly sizes = new Map<string, number>();

  async put(key: string, body: string): Promise<void> {
    this.sizes.set(key, body.length);
  }

  async get(): Promise<string> {
    return `${JSON.stringify({ url: 's3://source/song_data/A/1.json', size_bytes: 300 })}\n`;
  }

  async assemble(key: string, pieces: AsyncIterable<string>): Promise<void> {
    let largest = 0;
    for await (const piece of pieces) largest = Math.max(largest, piece.length);
    this.sizes.set(key, largest);
  }
}

function discovery(source: FakeSource, work: WorkFiles, ledger: readonly Row[]): Discovery {
  return new Discovery({
    sources: SOURCES,
    sourceS3: source.client,
    work,
    warehouse: { allRows: async () => ledger, rows: async function* () {} },
  });
}

const begun: RunState = { ...newRun({ runId: 'r', trigger: 'schedule', mode: 'incremental' }, 0, 1), survey: 's' };

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** What the warehouse says of a ledger with these files. */
function digestsOf(files: readonly SourceFile[]): readonly Row[] {
  const rows = new Map<string, { files: number; digest: bigint }>();
  for (const { url, etag, sizeBytes } of files) {
    const bucket = md5(url).slice(0, 3);
    const known = rows.get(bucket) ?? { files: 0, digest: 0n };
    const digest = known.digest + BigInt(`0x${md5(`${url}|${etag}|${sizeBytes}`).slice(0, 15)}`);
    rows.set(bucket, { files: known.files + 1, digest });
  }
  return [...rows].map(([bucket, { files: count, digest }]) => ({ bucket, files: count, digest: String(digest) }));
}

describe('the buckets', () => {
  it('that differ are exactly those of new, changed and vanished files', () => {
    const key = fc.stringMatching(/^[a-z0-9/é]{1,12}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 40 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        (keys, fates) => {
          const survey = new BucketSurvey();
          const ledger: SourceFile[] = [];
          const expected = new Set<string>();
          for (const each of keys) {
            const fate = fates.next().value;
            if (fate < 9) survey.add(file(each, fate === 7 ? 'other' : 'e'));
            if (fate !== 8) ledger.push(file(each));
            if (fate >= 7) expected.add(bucketOf(file(each).url));
          }
          const list = survey.differing(
            digestsOf(ledger).map((row) => ({
              bucket: String(row.bucket),
              files: Number(row.files),
              digest: String(row.digest),
            })),
          );
          expect(list).toBe(expected.size === 0 ? 'none' : [...expected].sort().join(','));
          for (const each of keys) expect(inBuckets(list)(file(each))).toBe(expected.has(bucketOf(file(each).url)));
        },
      ),
    );
  });
});

describe('a listing side by side', () => {
  it('finds the same files as one page after the other, each once', async () => {
    const source = new FakeSource(manySongs(30_000));
    const scanned: string[] = [];
    await scanSource(source.client, 's3://source/song_data/', 'songs', async (files) => {
      scanned.push(...files.map(({ url }) => url));
    });
    const listed: string[] = [];
    for await (const { url } of listSource(new FakeSource(manySongs(30_000)).client, 's3://source/song_data/', 'songs'))
      listed.push(url);
    expect(scanned).toHaveLength(30_000);
    expect(scanned.sort()).toEqual(listed);
    expect(source.mostAtOnce).toBe(8);
  });

  it('ends with the error of a folder that cannot be listed', async () => {
    const source = new FakeSource(manySongs(30_000));
    const visit = async (): Promise<void> => Promise.reject(new Error('no room'));
    await expect(scanSource(source.client, 's3://source/song_data/', 'songs', visit)).rejects.toThrow('no room');
  });
});

describe('a source of 120,000 files', () => {
  const COUNT = 120_000;

  it('is compared by digests: one new file makes one small listing', async () => {
    const known: SourceFile[] = [];
    for (const letter of LETTERS) {
      const { files } = manySongs(COUNT);
      const folder = files(`song_data/${letter}/`);
      for (let index = 0; index < folder.length; index += 1) known.push(folder.at(index) as SourceFile);
    }
    const late = known.pop();
    const work = new MeasuredWork();
    const source = new FakeSource(manySongs(COUNT));
    const listing = await discovery(source, work, digestsOf(known)).list(begun);
    expect(listing.buckets).toBe(bucketOf(late?.url ?? ''));
    expect(listing.total).toEqual({ files: COUNT, bytes: COUNT * 300, bySource: { songs: COUNT } });
    expect(listing.files).toBeLessThan(120);
    expect([...work.sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(20_000);
    // Two passes of 5 pages a folder, and what it takes to find the folders.
    expect(source.calls).toBeLessThanOrEqual(2 * (26 * 5 + 2));
  });

  it('is loaded the first time in pieces: nothing that is held or sent is larger than a part', async () => {
    const work = new MeasuredWork();
    const source = new FakeSource(manySongs(COUNT));
    const discover = discovery(source, work, []);
    const listing = await discover.list(begun);
    expect(listing).toMatchObject({ files: COUNT, buckets: 'all' });
    const collected = await discover.collect({ ...begun, mode: 'refresh', listing });
    expect(collected.files).toBe(COUNT);
    expect(Math.max(...work.sizes.values())).toBeLessThan(50_000 * 200);
    expect([...work.sizes.keys()].filter((key) => key.includes('/listing/'))).toHaveLength(3);
  });
});
