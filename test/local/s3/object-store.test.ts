import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createObjectStore, type DiskObjectStore } from '../../../local/s3/disk-object-store';
import { compareKeys, decodeSegment, encodeSegment } from '../../../local/s3/keys';
import { randomIds, systemClock } from '../../../local/system-clock';

let folder: string;
let store: DiskObjectStore;

const open = () => createObjectStore({ folder: join(folder, 's3'), clock: systemClock, ids: randomIds });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'object-store-'));
  store = open();
  store.createBucket('bucket', 'us-west-2');
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function keys(bucket: string, prefix = '', startAfter = ''): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(bucket, prefix, startAfter)) {
    found.push(key);
  }
  return found;
}

const byBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));
const segment = fc.oneof(
  fc.constantFrom('', '.', '..', 'a', 'a%', '%', '%%', '%25', '%2E', '%00', 'b', 'b.txt', 'b0'),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('/', '')),
);
const key = fc.oneof(
  fc.constantFrom('a', 'a/b', 'a/b/c', 'a%', 'a/'),
  fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'))
    .filter((text) => text !== ''),
);

describe('keys', () => {
  it('have one file name for each segment, and it is read back', () => {
    fc.assert(
      fc.property(segment, (text) => {
        const name = encodeSegment(text);
        expect(['', '.', '..']).not.toContain(name);
        expect(decodeSegment(name)).toBe(text);
      }),
    );
  });

  it('are ordered by their bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(Math.sign(byBytes(left, right)));
      }),
    );
  });
});

describe('a bucket on disk', () => {
  it('holds any set of keys, lists it in order, and is empty after all are deleted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 12 }), key, async (wanted, start) => {
        for (const name of wanted) {
          await store.put('bucket', name, Buffer.from(name));
        }
        const sorted = [...wanted].sort(byBytes);
        expect(await keys('bucket')).toEqual(sorted);
        expect(await keys('bucket', start.slice(0, 2), start)).toEqual(
          sorted.filter((name) => name.startsWith(start.slice(0, 2)) && byBytes(name, start) > 0),
        );
        for (const name of wanted) {
          expect((await store.read('bucket', name)).toString()).toBe(name);
          await store.delete('bucket', name);
        }
        expect(await keys('bucket')).toEqual([]);
      }),
      { numRuns: 60 },
    );
    store.deleteBucket('bucket');
    expect(store.bucketExists('bucket')).toBe(false);
  });

  it('keeps ETags and what the writer said over a restart', async () => {
    const written = await store.putWith('bucket', 'a', Buffer.from('x'), { headers: { 'content-type': 'text/plain' } });
    store.close();
    store = open();
    expect(await store.describe('bucket', 'a')).toEqual({
      ...written,
      attributes: expect.objectContaining({ headers: { 'content-type': 'text/plain' } }),
    });
  });

  it('sees a file that was changed by hand as a new object', async () => {
    const written = await store.put('bucket', 'a', Buffer.from('x'));
    writeFileSync(store.localPath('bucket', 'a'), 'yy');
    const changed = await store.head('bucket', 'a');
    expect(changed!.etag).not.toBe(written.etag);
    expect(changed!.size).toBe(2);
  });

  it('refuses names longer than a file system takes, and keys longer than S3 takes', async () => {
    await expect(store.put('bucket', 'x'.repeat(300), Buffer.alloc(0))).rejects.toThrow(/can't hold the key/);
    await expect(store.put('bucket', 'x/'.repeat(600), Buffer.alloc(0))).rejects.toMatchObject({
      code: 'KeyTooLongError',
    });
  });

  it('names a bucket that is not there', async () => {
    await expect(keys('none')).rejects.toMatchObject({ code: 'NoSuchBucket' });
    await expect(store.put('none', 'a', Buffer.alloc(0))).rejects.toMatchObject({ code: 'NoSuchBucket' });
    expect(() => store.createBucket('Not_A_Bucket', 'us-west-2')).toThrow('The specified bucket is not valid.');
  });
});

describe('a mounted folder', () => {
  let source: string;

  beforeEach(() => {
    source = join(folder, 'source');
    mkdirSync(join(source, 'sub'), { recursive: true });
    writeFileSync(join(source, 'sub/1%25.json'), '1');
    store.mount('mounted', source, 'us-west-2');
  });

  it('takes file names as they are, follows links, and not in circles', async () => {
    symlinkSync(join(source, 'sub/1%25.json'), join(source, 'link.json'));
    symlinkSync(source, join(source, 'sub/round'));
    expect(await keys('mounted')).toEqual(['link.json', 'sub/1%25.json']);
    expect((await store.read('mounted', 'link.json')).toString()).toBe('1');
  });

  it('gives a changed file a new ETag though size and modification time are the same', async () => {
    const file = join(source, 'sub/1%25.json');
    utimesSync(file, 1_000, 1_000);
    const before = await store.head('mounted', 'sub/1%25.json');
    writeFileSync(file, '2');
    utimesSync(file, 1_000, 1_000);
    const after = await store.head('mounted', 'sub/1%25.json');
    expect(after!.lastModified).toEqual(before!.lastModified);
    expect(after!.etag).not.toBe(before!.etag);
  });

  it('stays mounted over a restart and is never written to', async () => {
    store.close();
    store = open();
    expect(await keys('mounted')).toEqual(['sub/1%25.json']);
    await expect(store.put('mounted', 'x', Buffer.alloc(0))).rejects.toThrow(/mounted read-only/);
    await expect(store.delete('mounted', 'sub/1%25.json')).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('says so when the folder is not there (any more)', async () => {
    expect(() => store.mount('other', join(folder, 'none'), 'us-west-2')).toThrow(/not a folder/);
    rmSync(source, { recursive: true });
    await expect(keys('mounted')).rejects.toThrow(/the folder is gone/);
  });
});
