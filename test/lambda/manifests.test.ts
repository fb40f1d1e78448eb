import fc from 'fast-check';
import { FileDays } from '../../lambda/log-dates';
import { ListingWriter, type SourceFile, writeLoad } from '../../lambda/manifests';
import { SOURCES } from './loaded-world';
import { MemoryWork } from './memory-work';

const song = (url: string, etag = 'e'): SourceFile => ({ url, etag, sizeBytes: 7, source: 'songs' });
const event = (url: string, etag = 'e'): SourceFile => ({ url, etag, sizeBytes: 9, source: 'events' });

describe('what a load reads', () => {
  it('is one manifest a source, every file mandatory', async () => {
    const work = new MemoryWork();
    const files = [song('s3://b/song_data/1.json'), event('s3://b/log_data/é "1".json')];
    const load = await writeLoad(work, 'operator-x', SOURCES, files);
    expect(JSON.parse(String(work.objects.get(load.manifests.events ?? '')))).toEqual({
      entries: [{ url: 's3://b/log_data/é "1".json', mandatory: true, meta: { content_length: 9 } }],
    });
    expect(load).toMatchObject({ files: 2, bytes: 16 });
    expect(load.manifests.songs).toMatch(/^runs\/operator-x\/[0-9a-f]{24}\/songs\.manifest$/);
  });

  it('has no manifest for a source that brings nothing', async () => {
    const work = new MemoryWork();
    const load = await writeLoad(work, 'operator-x', SOURCES, [event('s3://b/log_data/1.json')]);
    expect(load.manifests.songs).toBeUndefined();
    expect([...work.objects.keys()].map((key) => key.split('/').slice(3).join('/'))).toEqual([
      'events.manifest',
      'files/00000.json',
    ]);
  });

  it('brings the JSONPaths file that lies beside the SQL, for a source that brings files', async () => {
    const paths = (name: string) => ({ name, jsonPathsText: '{"jsonpaths": ["$.a"]}' });
    const work = new MemoryWork();
    const file = { url: 's3://b/plan_data/1.json', etag: 'e', sizeBytes: 3, source: 'plans' };
    const load = await writeLoad(work, 'operator-x', [paths('plans'), paths('others')], [file]);
    expect(load.jsonPaths).toEqual({ plans: load.manifests.plans?.replace('.manifest', '.jsonpaths.json') });
    expect(work.objects.get(load.jsonPaths.plans ?? '')).toBe('{"jsonpaths": ["$.a"]}');
  });

  it('refuses a file of a source that nobody has declared', async () => {
    const file = { url: 's3://b/plan_data/1.json', etag: 'e', sizeBytes: 3, source: 'plans' };
    await expect(writeLoad(new MemoryWork(), 'operator-x', SOURCES, [file])).rejects.toThrow(
      's3://b/plan_data/1.json is of a source plans that is not declared',
    );
  });

  it('has other keys when a file has other content', async () => {
    const load = (etag: string) => writeLoad(new MemoryWork(), 'operator-x', SOURCES, [song('s3://b/1.json', etag)]);
    expect(await load('a')).toEqual(await load('a'));
    expect((await load('b')).manifests.songs).not.toBe((await load('a')).manifests.songs);
  });

  it('lists every file once with the run that loads it, also when it takes many parts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string(), fc.boolean()), { maxLength: 20 }), async (names) => {
        const files = names.map(([name, isSong]) => (isSong ? song(`s3://b/${name}`) : event(`s3://b/${name}`)));
        const ordered = [...files].sort((one, other) => other.source.localeCompare(one.source));
        const [one, small] = [new MemoryWork(), new MemoryWork()];
        const whole = await writeLoad(one, 'operator-x', SOURCES, files);
        const cut = await writeLoad(small, 'operator-x', SOURCES, files, 3);
        for (const [work, load] of [[one, whole] as const, [small, cut] as const]) {
          expect(work.lines(load.ledgerPrefix).map(({ url, source, run_id }) => [url, source, run_id])).toEqual(
            ordered.map(({ url, source }) => [url, source, 'operator-x']),
          );
        }
        expect(Object.keys(cut.manifests)).toEqual(Object.keys(whole.manifests));
        for (const [name, key] of Object.entries(whole.manifests))
          expect(small.objects.get(cut.manifests[name] ?? '')).toEqual(one.objects.get(key));
      }),
    );
  });
});

describe('a listing', () => {
  const list = async (files: readonly SourceFile[], range?: { from: string; to: string }, lines?: number) => {
    const work = new MemoryWork();
    const writer = new ListingWriter(work, 'operator-x', new FileDays(SOURCES), range, lines);
    for (const file of files) await writer.add(file);
    return { work, listing: await writer.end() };
  };

  it('is cut into objects that COPY can read side by side', async () => {
    const files = Array.from({ length: 11 }, (_, index) => song(`s3://b/${index}.json`));
    const { work, listing } = await list(files, undefined, 5);
    const parts = [...work.objects].filter(([key]) => key.startsWith(listing.prefix));
    expect(parts.map(([, body]) => body.split('\n').length - 1)).toEqual([5, 5, 1]);
    expect(work.lines(listing.prefix).map(({ url }) => url)).toEqual(files.map(({ url }) => url));
  });

  it('says which files are of the days that were asked for, songs being of every day', async () => {
    const day = (name: string) => event(`s3://b/log_data/2018/11/${name}`);
    const files = [
      song('s3://b/1.json'),
      day('2018-11-01-events.json'),
      day('2018-11-16-events.json'),
      day('2018-02-30-events.json'),
    ];
    const { work, listing } = await list(files, { from: '2018-11-01', to: '2018-11-15' });
    expect(work.lines(listing.prefix).map(({ wanted, undated }) => [wanted, undated])).toEqual([
      [true, false],
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});
