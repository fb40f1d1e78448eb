import fc from 'fast-check';
import { listingFiles, loadFiles, type SourceFile } from '../../lambda/manifests';

const song = (url: string, etag = 'e'): SourceFile => ({ url, etag, sizeBytes: 7, source: 'songs' });
const event = (url: string, etag = 'e'): SourceFile => ({ url, etag, sizeBytes: 9, source: 'events' });

describe('what a load reads', () => {
  it('is one manifest a source, every file mandatory', () => {
    const load = loadFiles('operator-x', [song('s3://b/song_data/1.json'), event('s3://b/log_data/é "1".json')]);
    const manifest = load.files.find(({ key }) => key === load.eventsManifest);
    expect(JSON.parse(String(manifest?.body))).toEqual({
      entries: [{ url: 's3://b/log_data/é "1".json', mandatory: true, meta: { content_length: 9 } }],
    });
    expect(load.songsManifest).toMatch(/^runs\/operator-x\/[0-9a-f]{24}\/songs\.manifest$/);
  });

  it('has no manifest for a source that brings nothing', () => {
    const load = loadFiles('operator-x', [event('s3://b/log_data/1.json')]);
    expect(load.songsManifest).toBeUndefined();
    expect(load.files.map(({ key }) => key.split('/').slice(3).join('/'))).toEqual([
      'events.manifest',
      'files/00000.json',
    ]);
  });

  it('has other keys when a file has other content', () => {
    const one = loadFiles('operator-x', [song('s3://b/1.json', 'a')]);
    expect(loadFiles('operator-x', [song('s3://b/1.json', 'a')])).toEqual(one);
    expect(loadFiles('operator-x', [song('s3://b/1.json', 'b')]).songsManifest).not.toBe(one.songsManifest);
  });

  it('lists every file once with the run that loads it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.boolean()), { maxLength: 20 }), (names) => {
        const files = names.map(([name, isSong]) => (isSong ? song(`s3://b/${name}`) : event(`s3://b/${name}`)));
        const load = loadFiles('operator-x', files);
        const lines = load.files
          .filter(({ key }) => key.startsWith(load.ledgerPrefix))
          .flatMap(({ body }) => body.trimEnd().split('\n'))
          .map((line) => JSON.parse(line));
        expect(lines.map(({ url, source, run_id }) => [url, source, run_id])).toEqual(
          files.map(({ url, source }) => [url, source, 'operator-x']),
        );
      }),
    );
  });
});

describe('a listing', () => {
  it('is cut into objects that COPY can read side by side', () => {
    const files = Array.from({ length: 100_001 }, (_, index) => song(`s3://b/${index}.json`));
    const listing = listingFiles('operator-x', files);
    expect(listing.files.map(({ body }) => body.split('\n').length - 1)).toEqual([50_000, 50_000, 1]);
    expect(listing.files.every(({ key }) => key.startsWith(listing.prefix))).toBe(true);
  });
});
