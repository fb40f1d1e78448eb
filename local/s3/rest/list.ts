import { AwsError, type AwsResponse } from '../../aws/service';
import type { DiskObjectStore } from '../disk-object-store';
import { afterPrefix, compareKeys } from '../keys';
import type { ObjectSummary } from '../object-store';
import { type S3Request, xmlResponse } from './responses';

const PAGE = 1_000;

interface Page {
  readonly contents: readonly ObjectSummary[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of the page when more follows. */
  readonly last: string | undefined;
}

/** ListObjectsV2. */
export async function listObjectsV2(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const page = await readPage(request, store, token === null ? (startAfter ?? '') : fromToken(token));
  const write = writer(query);
  return xmlResponse('ListBucketResult', {
    ...heading(request),
    KeyCount: page.contents.length + page.commonPrefixes.length,
    ContinuationToken: token ?? undefined,
    StartAfter: startAfter === null ? undefined : write(startAfter),
    IsTruncated: page.last !== undefined,
    NextContinuationToken: page.last === undefined ? undefined : toToken(page.last),
    ...entries(page, write),
  });
}

/** ListObjects, the first version. */
export async function listObjectsV1(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const marker = request.query.get('marker') ?? '';
  const page = await readPage(request, store, marker);
  const write = writer(request.query);
  return xmlResponse('ListBucketResult', {
    ...heading(request),
    Marker: write(marker),
    IsTruncated: page.last !== undefined,
    NextMarker: page.last !== undefined && request.query.get('delimiter') ? write(page.last) : undefined,
    ...entries(page, write),
  });
}

/** ListObjectVersions of a bucket that was never versioned: every object is its own `null` version. */
export async function listObjectVersions(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const marker = request.query.get('key-marker') ?? '';
  const page = await readPage(request, store, marker);
  const write = writer(request.query);
  const { Contents, CommonPrefixes } = entries(page, write);
  return xmlResponse('ListVersionsResult', {
    ...heading(request),
    KeyMarker: write(marker),
    VersionIdMarker: '',
    IsTruncated: page.last !== undefined,
    NextKeyMarker: page.last === undefined ? undefined : write(page.last),
    NextVersionIdMarker: page.last === undefined ? undefined : 'null',
    Version: Contents.map((entry) => ({ ...entry, VersionId: 'null', IsLatest: true })),
    CommonPrefixes,
  });
}

async function readPage(request: S3Request, store: DiskObjectStore, startAfter: string): Promise<Page> {
  const prefix = request.query.get('prefix') ?? '';
  const delimiter = request.query.get('delimiter') ?? '';
  const limit = maxKeys(request.query);
  const contents: ObjectSummary[] = [];
  const commonPrefixes: string[] = [];
  store.bucket(request.bucket);
  let last: string | undefined;
  // A page that ended with a common prefix goes on behind everything that the prefix stands for.
  let from = delimiter !== '' && startAfter.endsWith(delimiter) ? afterPrefix(startAfter) : startAfter;
  for (let more = limit > 0; more; ) {
    more = false;
    for await (const object of store.list(request.bucket, prefix, from)) {
      if (contents.length + commonPrefixes.length === limit) {
        return { contents, commonPrefixes, last };
      }
      const common = commonPrefixOf(object.key, prefix, delimiter);
      if (common === undefined) {
        contents.push(object);
        last = object.key;
      } else {
        commonPrefixes.push(common);
        last = common;
        from = afterPrefix(common);
        more = true;
        break;
      }
    }
  }
  return { contents, commonPrefixes, last: undefined };
}

function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function maxKeys(query: URLSearchParams): number {
  const text = query.get('max-keys') ?? String(PAGE);
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2_147_483_647) {
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range', 400, {
      ArgumentName: 'max-keys',
      ArgumentValue: text,
    });
  }
  return Math.min(Number(text), PAGE);
}

function heading(request: S3Request): object {
  const { query } = request;
  const write = writer(query);
  const delimiter = query.get('delimiter');
  return {
    Name: request.bucket,
    Prefix: write(query.get('prefix') ?? ''),
    MaxKeys: maxKeys(query),
    Delimiter: delimiter ? write(delimiter) : undefined,
    EncodingType: query.get('encoding-type') ?? undefined,
  };
}

function entries(page: Page, write: (key: string) => string) {
  return {
    Contents: page.contents.map((object) => ({
      Key: write(object.key),
      LastModified: new Date(Math.trunc(object.lastModified.getTime() / 1_000) * 1_000),
      ETag: `"${object.etag}"`,
      Size: object.size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: [...page.commonPrefixes].sort(compareKeys).map((common) => ({ Prefix: write(common) })),
  };
}

/** With encoding-type=url, keys are percent-encoded because XML 1.0 can't hold every character. */
function writer(query: URLSearchParams): (key: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === null || encoding === '') {
    return (key) => key;
  }
  if (encoding !== 'url') {
    throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request', 400, {
      ArgumentName: 'encoding-type',
      ArgumentValue: encoding,
    });
  }
  return (key) => key.split('/').map(encodeURIComponent).join('/');
}

function toToken(last: string): string {
  return Buffer.from(JSON.stringify({ after: last })).toString('base64url');
}

function fromToken(token: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { after: unknown };
    if (typeof after === 'string') {
      return after;
    }
  } catch {
    // Answered below, as any other token that is not ours.
  }
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
    ArgumentName: 'continuation-token',
  });
}
