import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createObjectStore, type DiskObjectStore } from '../../../local/s3/disk-object-store';
import { createS3Service } from '../../../local/s3/s3-service';
import { randomIds, systemClock } from '../../../local/system-clock';
import { startTestEndpoint, type TestEndpoint } from '../aws/test-endpoint';

let endpoint: TestEndpoint;
let store: DiskObjectStore;
let s3: S3Client;
const Bucket = 'plays';

beforeAll(async () => {
  endpoint = await startTestEndpoint((folder) => {
    const common = { folder: join(folder, 's3'), clock: systemClock, ids: randomIds };
    store = createObjectStore(common);
    return [createS3Service({ store, ...common })];
  });
  s3 = new S3Client({ ...endpoint.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  store.close();
  await endpoint.stop();
});

async function put(Key: string, Body: string, bucket = Bucket) {
  return s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
}

async function text(Key: string, more: object = {}): Promise<string> {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return answer.Body!.transformToString();
}

async function keys(input: { Prefix?: string; StartAfter?: string; MaxKeys?: number } = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, ...input })) {
    found.push(...(page.Contents ?? []).map((object) => object.Key!));
  }
  return found;
}

describe('objects', () => {
  it('come back as they were put, with ETag, type and metadata, and lie on disk as plain files', async () => {
    const written = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'song_data/A/B/C/TRABC.json',
        Body: '{"num_songs": 1}',
        ContentType: 'application/json',
        Metadata: { origin: 'test' },
      }),
    );
    const read = await s3.send(new GetObjectCommand({ Bucket, Key: 'song_data/A/B/C/TRABC.json' }));
    expect(await read.Body!.transformToString()).toBe('{"num_songs": 1}');
    expect(read).toMatchObject({
      ETag: written.ETag,
      ContentType: 'application/json',
      ContentLength: 16,
      Metadata: { origin: 'test' },
    });
    expect(written.ETag).toBe(`"${createHash('md5').update('{"num_songs": 1}').digest('hex')}"`);
    expect(readFileSync(join(endpoint.folder, 's3/plays/song_data/A/B/C/TRABC.json'), 'utf8')).toBe('{"num_songs": 1}');
  });

  it('take a stream of known length, in the chunked framing of the SDK', async () => {
    const Body = Readable.from([Buffer.alloc(100_000, 'a'), Buffer.alloc(50_000, 'b')]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 150_000 }));
    const read = await text('stream');
    expect([read.length, read[99_999], read[100_000]]).toEqual([150_000, 'a', 'b']);
  });

  it('give byte ranges and refuse those outside', async () => {
    await put('range', '0123456789');
    expect(await text('range', { Range: 'bytes=2-4' })).toBe('234');
    expect(await text('range', { Range: 'bytes=-3' })).toBe('789');
    expect(await text('range', { Range: 'bytes=7-99' })).toBe('789');
    await expect(text('range', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('obey conditions of reads and writes', async () => {
    const { ETag } = await put('condition', 'x');
    await expect(text('condition', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(text('condition', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(
      s3.send(new PutObjectCommand({ Bucket, Key: 'condition', Body: 'y', IfNoneMatch: '*' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await text('condition', { IfMatch: ETag })).toBe('x');
  });

  it('are refused when the checksum does not fit, and nothing is written', async () => {
    const wrong = new PutObjectCommand({
      Bucket,
      Key: 'sum',
      Body: 'x',
      ChecksumSHA256: Buffer.alloc(32).toString('base64'),
    });
    await expect(s3.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'sum' }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('can be copied and deleted, one by one and together', async () => {
    await put('from here', 'copied');
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'to/there', CopySource: `${Bucket}/from%20here` }));
    expect(await text('to/there')).toBe('copied');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'from here' }));
    const answer = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'to/there' }, { Key: 'a & <b>' }] } }),
    );
    expect(answer.Deleted!.map((object) => object.Key)).toEqual(['to/there', 'a & <b>']);
    await expect(text('to/there')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('may have names that no file can have, and names that are folders of others', async () => {
    const awkward = [
      'n',
      'n/',
      'n//m',
      'n/.',
      'n/../up',
      'n/o',
      'n/o/p',
      'n/100%',
      'n/%25',
      'n/ü ñ',
      'n/a+b&c',
      'n/\u0001',
    ];
    for (const key of awkward) {
      await put(key, `of ${key}`);
    }
    for (const key of awkward) {
      expect(await text(key)).toBe(`of ${key}`);
    }
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'n', EncodingType: 'url' }));
    const names = listed.Contents!.map((object) => decodeURIComponent(object.Key!));
    expect(names).toEqual([...awkward].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    for (const key of awkward) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    }
    expect(await keys({ Prefix: 'n' })).toEqual([]);
  });
});

describe('listings', () => {
  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'many' }));
    for (const key of ['a.txt', 'a/1', 'a/2', 'a0', 'b/c/1', 'b/c/2', 'b/d', '\u{1F600}', '\uFF5E']) {
      await put(key, key, 'many');
    }
  });

  it('are in byte order of UTF-8, page by page', async () => {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket: 'many' })) {
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      found.push(...page.Contents!.map((object) => object.Key!));
    }
    expect(found).toEqual(['a.txt', 'a/1', 'a/2', 'a0', 'b/c/1', 'b/c/2', 'b/d', '\uFF5E', '\u{1F600}']);
  });

  it('fold common prefixes under a delimiter, also across pages', async () => {
    const found: string[] = [];
    const input = { Bucket: 'many', Delimiter: '/' };
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 1 }, input)) {
      found.push(...(page.Contents ?? []).map((object) => object.Key!));
      found.push(...(page.CommonPrefixes ?? []).map((common) => common.Prefix!));
    }
    expect(found).toEqual(['a.txt', 'a/', 'a0', 'b/', '\uFF5E', '\u{1F600}']);
  });

  it('start after a key and under a prefix', async () => {
    const after = await s3.send(new ListObjectsV2Command({ Bucket: 'many', StartAfter: 'a/1', Prefix: 'a' }));
    expect(after.Contents!.map((object) => object.Key)).toEqual(['a/2', 'a0']);
    const first = await s3.send(new ListObjectsCommand({ Bucket: 'many', Prefix: 'b/', Delimiter: '/', MaxKeys: 1 }));
    expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: 'b/c/' }], IsTruncated: true, NextMarker: 'b/c/' });
    const versions = await s3.send(new ListObjectVersionsCommand({ Bucket: 'many', Prefix: 'b/d' }));
    expect(versions.Versions).toMatchObject([{ Key: 'b/d', VersionId: 'null', IsLatest: true }]);
  });

  it('refuse a continuation token that is not theirs', async () => {
    await expect(
      s3.send(new ListObjectsV2Command({ Bucket: 'many', ContinuationToken: 'nonsense' })),
    ).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('buckets', () => {
  it('have a location, encryption and no policy', async () => {
    expect(await s3.send(new GetBucketLocationCommand({ Bucket }))).toMatchObject({ LocationConstraint: 'us-west-2' });
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration!.Rules).toHaveLength(1);
    await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  });

  it('are listed, found, and deleted only when empty', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
    await put('x', 'x', 'short-lived');
    expect((await s3.send(new ListBucketsCommand({}))).Buckets!.map(({ Name }) => Name)).toContain('short-lived');
    await expect(s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    await s3.send(new DeleteObjectCommand({ Bucket: 'short-lived', Key: 'x' }));
    await s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'short-lived' }))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(put('x', 'x', 'short-lived')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('can be a folder of the machine, read-only, in which new files are seen', async () => {
    const folder = join(endpoint.folder, 'source');
    mkdirSync(join(folder, 'log_data'), { recursive: true });
    writeFileSync(join(folder, 'log_data/1.json'), '{}');
    writeFileSync(join(folder, '.DS_Store'), 'x');
    store.mount('mounted', folder, 'us-west-2');
    const list = async () =>
      (await s3.send(new ListObjectsV2Command({ Bucket: 'mounted' }))).Contents!.map(({ Key }) => Key);
    expect(await list()).toEqual(['.DS_Store', 'log_data/1.json']);
    writeFileSync(join(folder, 'log_data/2.json'), '{}');
    expect(await list()).toEqual(['.DS_Store', 'log_data/1.json', 'log_data/2.json']);
    await expect(put('y', 'y', 'mounted')).rejects.toThrow(/mounted read-only/);
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'mounted', Key: 'log_data/../../iam/identities.json' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('multipart uploads', () => {
  const Key = 'big';
  const first = Buffer.alloc(5 * 1024 * 1024, '1');

  async function upload(parts: readonly Buffer[]) {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const Parts = [];
    for (const [index, Body] of parts.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    return { UploadId, Parts };
  }

  it('become one object with a composite ETag', async () => {
    const { UploadId, Parts } = await upload([first, Buffer.from('end')]);
    expect((await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts).toHaveLength(2);
    const done = await s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(await text(Key, { Range: `bytes=${first.length - 1}-` })).toBe('1end');
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ETag: done.ETag });
  });

  it('refuse small parts, parts out of order and uploads that are gone', async () => {
    const { UploadId, Parts } = await upload([Buffer.from('small'), Buffer.from('end')]);
    const complete = (MultipartUpload: object) =>
      s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    await expect(complete({ Parts })).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete({ Parts: [...Parts].reverse() })).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    await expect(complete({ Parts })).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});
