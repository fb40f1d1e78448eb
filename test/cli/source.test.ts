import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { SourceError } from '../../cli/errors';
import { prepareSource, sourceNamed } from '../../cli/source';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const quiet = () => undefined;
const BUCKET = { 'song_data/A/B/C/TRABC.json': '{}', 'log_data/2018/11/x.json': '{}', 'log_json_path.json': '{}' };

async function archive(name: string, entries: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, name);
  const tar = pack();
  for (const [entry, body] of Object.entries(entries)) tar.entry({ name: entry }, body);
  tar.finalize();
  await pipeline(tar, createGzip(), createWriteStream(path));
  return path;
}

function bucketFolder(name: string, missing?: string): string {
  const path = join(folder, name);
  for (const part of ['song_data', 'log_data'].filter((p) => p !== missing))
    mkdirSync(join(path, part), { recursive: true });
  if (missing !== 'log_json_path.json') writeFileSync(join(path, 'log_json_path.json'), '{}');
  return path;
}

describe('a source named on the command line', () => {
  it('is refused where nothing of that name exists', () => {
    expect(() => sourceNamed(join(folder, 'nowhere'))).toThrow(/there is no such file or folder/);
  });

  it('is refused when it is neither a folder nor a .tar.gz', () => {
    writeFileSync(join(folder, 'x.zip'), '');
    expect(() => sourceNamed(join(folder, 'x.zip'))).toThrow(/neither a folder nor a \.tar\.gz/);
  });

  it('is served as it stands when it is a folder', async () => {
    const path = bucketFolder('mine');
    const source = await prepareSource(sourceNamed(path), join(folder, 'sources'), quiet);
    expect(source.folder).toBe(path);
    expect(source.bucket).toMatch(/^sparkify-mine-[0-9a-f]{6}$/);
  });

  it.each(['song_data', 'log_data', 'log_json_path.json'])(
    'is refused without %s, which the message names',
    async (part) => {
      const path = bucketFolder('mine', part);
      await expect(prepareSource(sourceNamed(path), join(folder, 'sources'), quiet)).rejects.toThrow(
        `it lacks ${part}.`,
      );
    },
  );

  it('gets a bucket of its own, also where another folder has the same name', async () => {
    mkdirSync(join(folder, 'other'));
    const one = await prepareSource(sourceNamed(bucketFolder('data')), join(folder, 'sources'), quiet);
    const two = await prepareSource(sourceNamed(bucketFolder('other/data')), join(folder, 'sources'), quiet);
    expect(one.bucket).not.toBe(two.bucket);
  });
});

describe('an archive', () => {
  it('is unpacked, and not again while it stays the same', async () => {
    const path = await archive('real.tar.gz', BUCKET);
    const source = await prepareSource(sourceNamed(path), join(folder, 'sources'), quiet);
    writeFileSync(join(source.folder, 'log_data/2018/11/new.json'), '{}');
    const again = await prepareSource(sourceNamed(path), join(folder, 'sources'), quiet);
    expect(readFileSync(join(again.folder, 'log_data/2018/11/new.json'), 'utf8')).toBe('{}');
  });

  it('may hold the bucket in one folder', async () => {
    const inner = Object.fromEntries(Object.entries(BUCKET).map(([name, body]) => [`bucket/${name}`, body]));
    const source = await prepareSource(sourceNamed(await archive('real.tgz', inner)), join(folder, 'sources'), quiet);
    expect(source.folder.endsWith('/bucket')).toBe(true);
  });

  it('that leads out of its folder is refused', async () => {
    const path = await archive('evil.tar.gz', { ...BUCKET, '../../evil.json': '{}' });
    await expect(prepareSource(sourceNamed(path), join(folder, 'sources'), quiet)).rejects.toThrow(
      /leads out of the folder/,
    );
  });

  it('that is damaged is refused, and nothing half-unpacked stays', async () => {
    const path = join(folder, 'broken.tar.gz');
    writeFileSync(path, 'not gzip');
    const sources = join(folder, 'sources');
    await expect(prepareSource(sourceNamed(path), sources, quiet)).rejects.toThrow(SourceError);
    await expect(prepareSource(sourceNamed(path), sources, quiet)).rejects.toThrow(/cannot be unpacked/);
  });
});

describe('a generated source', () => {
  const small = { kind: 'generated', seed: 3, songs: 5, events: 40 } as const;

  it('is made once for the same options, and elsewhere for others', async () => {
    const sources = join(folder, 'sources');
    const one = await prepareSource(small, sources, quiet);
    writeFileSync(join(one.folder, 'mark'), '');
    const again = await prepareSource(small, sources, quiet);
    expect(readFileSync(join(again.folder, 'mark'), 'utf8')).toBe('');
    expect(again.summary).toEqual(one.summary);
    const other = await prepareSource({ ...small, events: 50 }, sources, quiet);
    expect(other.bucket).not.toBe(one.bucket);
  });
});
