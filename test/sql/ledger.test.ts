import { join } from 'node:path';
import fc from 'fast-check';
import { batchFor } from '../../lambda/batches';
import { bucketOf } from '../../lambda/buckets';
import { readConfig } from '../../lambda/config';
import { Discovery } from '../../lambda/discovery';
import { type SourceFile, writeLoad } from '../../lambda/manifests';
import { newRun, type RunState } from '../../lambda/state';
import { taggedFile } from '../../statements/render';
import { readSqlTree } from '../../statements/tree';
import { FakeSource } from '../lambda/fake-source';
import { ENVIRONMENT, SOURCES } from '../lambda/loaded-world';
import { StarUnderTest } from './star-under-test';

const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));
/** The work bucket beside the sources, as StarUnderTest has it. */
const config = readConfig({ ...ENVIRONMENT, WORK_BUCKET: 'source' });
const RANGE = { from: '2018-11-05', to: '2018-11-20' };

/** What became of a file since it was loaded. */
type Fate = 'same' | 'new' | 'etag' | 'size' | 'gone';

interface Fated {
  readonly file: SourceFile;
  readonly fate: Fate;
  /** The day in its name. */
  readonly day?: string;
}

/** Keys as S3 takes them: what SQL, urls, JSON, placeholders or our own digests could take for their own. */
const piece = fc.oneof(
  fc.constantFrom(
    '%',
    '%20',
    '%2F',
    ' ',
    '+',
    "'",
    "''",
    '"',
    '\\',
    '\\n',
    '|',
    ',',
    ';--',
    '{{run_id}}',
    ':error',
    '&',
  ),
  fc.constantFrom('é', 'e\u0301', 'ß', '日本', '🎵', '\u00a0', '\t', '\u007f', '#', '?', '=', '*', '_', '$1'),
  fc.stringMatching(/^[a-zA-Z0-9/.-]{1,12}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
);
const stem = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
const day = fc.option(
  fc.integer({ min: 1, max: 30 }).map((number) => `2018-11-${String(number).padStart(2, '0')}`),
  {
    nil: undefined,
  },
);
const fated: fc.Arbitrary<Fated> = fc
  .record({
    stem,
    day,
    source: fc.constantFrom('songs' as const, 'events' as const),
    etag: fc.stringMatching(/^[0-9a-f]{4}(-[1-9])?$/),
    sizeBytes: fc.oneof(fc.nat(2000), fc.constant(5 * 2 ** 40)),
    fate: fc.constantFrom<Fate>('same', 'same', 'same', 'new', 'etag', 'size', 'gone'),
  })
  .map(({ stem: name, day: of, source, etag, sizeBytes, fate }) => {
    const key = source === 'songs' ? `song_data/${name}.json` : `log_data/${name}/${of ?? 'undated'}-events.json`;
    const file = { url: `s3://source/${key}`, etag, sizeBytes, source };
    return { file, fate, ...(source === 'events' && of !== undefined && { day: of }) };
  })
  // A day within the random part would be the file's day too.
  .filter(({ file: { url } }) => !/\d{4}-\d{2}-\d{2}.*\d{4}-\d{2}-\d{2}/.test(url));

const ledgerOf = (all: readonly Fated[]) => all.filter(({ fate }) => fate !== 'new').map(({ file }) => file);
const listed = ({ file, fate }: Fated): SourceFile => ({
  ...file,
  ...(fate === 'etag' && { etag: `${file.etag}x` }),
  ...(fate === 'size' && { sizeBytes: file.sizeBytes + 1 }),
});
const byUrl = (one: SourceFile, other: SourceFile) => Buffer.compare(Buffer.from(one.url), Buffer.from(other.url));

/** The buckets with a file that differs; with an empty ledger all of them. */
function bucketsOf(all: readonly Fated[]): string {
  const differing = new Set(all.filter(({ fate }) => fate !== 'same').map(({ file }) => bucketOf(file.url)));
  if (ledgerOf(all).length === 0 || differing.size > 1024) return 'all';
  return differing.size === 0 ? 'none' : [...differing].sort().join(',');
}

/** What plain sets say of it. */
function expectedOf(all: readonly Fated[], ranged: boolean) {
  const fates = (...names: readonly Fate[]) => all.filter(({ fate }) => names.includes(fate));
  const inDays = ({ file, day: of }: Fated) =>
    !ranged || file.source === 'songs' || (of !== undefined && of >= RANGE.from && of <= RANGE.to);
  const news = fates('new').filter(inDays);
  const others = fates('new').filter((each) => !inDays(each));
  const undated = others.filter(({ day: of }) => of === undefined).length;
  const gone = fates('gone').map(({ file }) => file);
  return {
    totals: {
      newFiles: news.length,
      newBytes: news.reduce((sum, { file }) => sum + file.sizeBytes, 0),
      newSongs: news.filter(({ file }) => file.source === 'songs').length,
      outside: others.length - undated,
      undated,
      changed: fates('etag', 'size').length,
      gone: gone.length,
    },
    gone: gone
      .toSorted(byUrl)
      .slice(0, 20)
      .map(({ url }) => url),
    news: news.map(({ file }) => file).toSorted(byUrl),
    buckets: bucketsOf(all),
  };
}

/** The real discovery over a warehouse of the local engine: its listing, its two batches, its manifests. */
class Night {
  constructor(private readonly star: StarUnderTest) {}

  /** The ledger as a load writes it. */
  async remember(files: readonly SourceFile[]): Promise<void> {
    const { ledgerPrefix } = await writeLoad(this.star.work, 'before', SOURCES, files);
    if (files.length === 0) await this.star.rows('delete from etl.files');
    else await this.star.runFolder('ledger', { files_url: `s3://source/${ledgerPrefix}` });
  }

  async find(files: readonly SourceFile[], ranged: boolean) {
    const sourceS3 = new FakeSource(files);
    sourceS3.pageSize = 7;
    const run = { runId: 'night', trigger: 'schedule', mode: 'incremental', ...(ranged && { range: RANGE }) } as const;
    const begun: RunState = { ...newRun(run, 0, 1), survey: 'survey' };
    const survey = (await this.send('survey', begun)).get('run/survey/010_ledger.sql') ?? [];
    const discovery = new Discovery({
      sources: SOURCES,
      sourceS3: sourceS3.client,
      work: this.star.work,
      warehouse: {
        allRows: async () =>
          survey.map(([bucket, count, digest]) => ({ bucket: `${bucket}`, files: `${count}`, digest: `${digest}` })),
        rows: async function* () {
          for (const { url, etag, sizeBytes, source } of news) yield { url, etag, size_bytes: sizeBytes, source };
        },
      },
    });
    const listing = await discovery.list(begun);
    const state: RunState = { ...begun, listing, mode: 'incremental' };
    const compared = await this.send('compare', state);
    const rows = (name: string) => compared.get(`run/compare/${name}.sql`) ?? [];
    const news = rows('070_new_files').map(([url, etag, size, source]) => ({
      url: String(url),
      etag: String(etag),
      sizeBytes: Number(size),
      source: source === 'songs' ? ('songs' as const) : ('events' as const),
    }));
    const [newFiles, newBytes, outside, undated, changed, gone] = (rows('060_totals')[0] ?? []).map(Number);
    const bySource = new Map(rows('062_new_by_source').map(([source, count]) => [String(source), Number(count)]));
    const newSongs = bySource.get('songs') ?? 0;
    const collected = news.length === 0 ? undefined : await discovery.collect(state);
    return {
      found: {
        totals: { newFiles, newBytes, newSongs, outside, undated, changed, gone },
        gone: rows('065_vanished_files').flat().map(String),
        news,
        buckets: listing.buckets,
      },
      copied: [
        ...(await this.manifest(collected?.manifests.songs)),
        ...(await this.manifest(collected?.manifests.events)),
      ],
    };
  }

  /** The batch as the function sends it. @returns the rows of each file's statement */
  private async send(step: 'survey' | 'compare', state: RunState) {
    const { sqls } = batchFor(step, state, tree, config, []);
    const results = await this.star.transaction(sqls);
    return new Map(sqls.map((sql, index) => [taggedFile(sql) ?? '', results[index] ?? []]));
  }

  private async manifest(key: string | undefined): Promise<readonly string[]> {
    if (key === undefined) return [];
    const { entries } = JSON.parse(await this.star.work.get(key)) as { readonly entries: readonly { url: string }[] };
    return entries.map(({ url }) => url);
  }
}

describe('a night', () => {
  let star: StarUnderTest;
  beforeAll(async () => {
    star = await StarUnderTest.open();
  });
  afterAll(() => star.close());

  const compare = async (all: readonly Fated[], ranged = false) => {
    const night = new Night(star);
    await night.remember(ledgerOf(all));
    return night.find(all.filter(({ fate }) => fate !== 'gone').map(listed), ranged);
  };

  it('finds what a comparison of sets finds, whatever the names of the files are', async () => {
    const files = fc.uniqueArray(fated, { minLength: 1, maxLength: 50, selector: ({ file }) => file.url });
    await fc.assert(
      fc.asyncProperty(files, fc.boolean(), async (all, ranged) => {
        fc.pre(all.some(({ fate }) => fate !== 'gone'));
        const expected = expectedOf(all, ranged);
        const { found, copied } = await compare(all, ranged);
        expect(found).toEqual(expected);
        expect(copied.toSorted()).toEqual(expected.news.map(({ url }) => url).toSorted());
      }),
      { numRuns: 25 },
    );
  });

  it('tells files apart whose names differ by a blank at the end only', async () => {
    const song = (name: string, fate: Fate): Fated => {
      const file = { url: `s3://source/song_data/${name}`, etag: 'e', sizeBytes: 1, source: 'songs' as const };
      return { file, fate };
    };
    const all = [song('a', 'same'), song('a ', 'new'), song('b ', 'etag'), song('b', 'gone'), song('c ', 'gone')];
    expect((await compare(all)).found).toEqual(expectedOf(all, false));
  });

  it('finds the same when so many files differ that all are compared', async () => {
    const fates: readonly Fate[] = ['new', 'gone', 'etag', 'size', 'same'];
    const all = Array.from({ length: 1700 }, (_, index): Fated => {
      const url = `s3://source/song_data/${index}.json`;
      return { file: { url, etag: 'e', sizeBytes: index, source: 'songs' }, fate: fates[index % 5] as Fate };
    });
    const { found } = await compare(all);
    expect(found.buckets).toBe('all');
    expect(found).toEqual(expectedOf(all, false));
  });
});
