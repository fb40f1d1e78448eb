import { asArray } from '../../aws/protocols/xml';
import { AwsError, type AwsResponse } from '../../aws/service';
import { verifyChecksums } from '../checksums';
import type { DiskObjectStore, ObjectDescription } from '../disk-object-store';
import { NoSuchKeyError } from '../errors';
import type { ObjectAttributes } from '../object-index';
import type { ObjectSummary } from '../object-store';
import { parseDocument } from './bucket';
import { checkCopyConditions, checkWriteConditions, notModified } from './conditions';
import { parseRange } from './range';
import { emptyResponse, notImplemented, type S3Request, splitPath, xmlResponse } from './responses';

const ENCRYPTION = { 'x-amz-server-side-encryption': 'AES256' };
const KEPT_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];

/** Requests on one object, except multipart uploads. */
export async function objectRequest(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  if (request.query.has('tagging') && request.method === 'GET') {
    return objectTagging(request, store);
  }
  if (
    ['acl', 'attributes', 'tagging', 'retention', 'legal-hold', 'torrent', 'restore', 'select'].some((name) =>
      request.query.has(name),
    )
  ) {
    throw notImplemented(request);
  }
  switch (request.method) {
    case 'GET':
      return getObject(request, store);
    case 'HEAD':
      return headObject(request, store);
    case 'PUT':
      return request.headers['x-amz-copy-source'] === undefined
        ? putObject(request, store)
        : copyObject(request, store);
    case 'DELETE':
      await store.delete(request.bucket, request.key);
      return emptyResponse(204);
    default:
      throw notImplemented(request);
  }
}

async function getObject(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const { object, handle } = await store.open(request.bucket, request.key);
  try {
    const headers = describeObject(object, request);
    if (notModified(request.headers, object)) {
      await handle.close();
      return { status: 304, headers };
    }
    const range = parseRange(request.headers.range, object.size);
    if (object.size === 0) {
      await handle.close();
      return { status: 200, headers: { ...headers, 'content-length': '0' } };
    }
    const { start, end } = range ?? { start: 0, end: object.size - 1 };
    const body = handle.createReadStream({ start, end, highWaterMark: 256 * 1024 });
    const length = { 'content-length': String(end - start + 1) };
    return range
      ? {
          status: 206,
          headers: { ...headers, ...length, 'content-range': `bytes ${start}-${end}/${object.size}` },
          body,
        }
      : { status: 200, headers: { ...headers, ...length, ...checksumHeader(object, request) }, body };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function headObject(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const object = await store.describe(request.bucket, request.key);
  if (!object) {
    throw new NoSuchKeyError(request.bucket, request.key);
  }
  const headers = describeObject(object, request);
  if (notModified(request.headers, object)) {
    return { status: 304, headers };
  }
  const range = parseRange(request.headers.range, object.size);
  return range
    ? {
        status: 206,
        headers: {
          ...headers,
          'content-length': String(range.end - range.start + 1),
          'content-range': `bytes ${range.start}-${range.end}/${object.size}`,
        },
      }
    : {
        status: 200,
        headers: { ...headers, 'content-length': String(object.size), ...checksumHeader(object, request) },
      };
}

async function objectTagging(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  if (!(await store.head(request.bucket, request.key))) {
    throw new NoSuchKeyError(request.bucket, request.key);
  }
  return xmlResponse('Tagging', { TagSet: '' });
}

function describeObject(object: ObjectDescription, request: S3Request): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    ...object.attributes.headers,
    ...responseOverrides(request.query),
    'accept-ranges': 'bytes',
    etag: `"${object.etag}"`,
    'last-modified': object.lastModified.toUTCString(),
    ...ENCRYPTION,
  };
}

/** `response-content-type` and the like, as presigned URLs use them. */
function responseOverrides(query: URLSearchParams): Record<string, string> {
  const overrides = KEPT_HEADERS.map((name) => [name, query.get(`response-${name}`)] as const);
  return Object.fromEntries(overrides.filter((pair): pair is readonly [string, string] => pair[1] !== null));
}

function checksumHeader(object: ObjectDescription, request: S3Request): Record<string, string> {
  const { checksum } = object.attributes;
  return checksum && request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED'
    ? { [`x-amz-checksum-${checksum[0]}`]: checksum[1] }
    : {};
}

async function putObject(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const checksum = verifyChecksums(request.body, request.headers);
  checkWriteConditions(request.headers, await store.head(request.bucket, request.key));
  const attributes = { headers: writtenHeaders(request.headers), checksum };
  const object = await store.putWith(request.bucket, request.key, request.body, attributes);
  return emptyResponse(200, {
    etag: `"${object.etag}"`,
    ...ENCRYPTION,
    ...(checksum ? { [`x-amz-checksum-${checksum[0]}`]: checksum[1] } : {}),
  });
}

/** The headers of a write that come back with the object. */
export function writtenHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-')),
  );
}

async function copyObject(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const source = copySource(request);
  const { object, handle } = await store.open(source.bucket, source.key);
  let body: Buffer;
  try {
    checkCopyConditions(request.headers, object);
    checkWriteConditions(request.headers, await store.head(request.bucket, request.key));
    body = await handle.readFile();
  } finally {
    await handle.close();
  }
  const replaces = request.headers['x-amz-metadata-directive']?.toUpperCase() === 'REPLACE';
  const attributes: ObjectAttributes = replaces
    ? { headers: writtenHeaders(request.headers), checksum: object.attributes.checksum }
    : object.attributes;
  const copy: ObjectSummary = await store.putWith(request.bucket, request.key, body, attributes);
  return { ...xmlResponse('CopyObjectResult', { LastModified: copy.lastModified, ETag: `"${copy.etag}"` }) };
}

/** The bucket and key in x-amz-copy-source. @throws AwsError InvalidArgument */
export function copySource(request: S3Request): { readonly bucket: string; readonly key: string } {
  const header = request.headers['x-amz-copy-source']!;
  const source = splitPath(header.split('?versionId=', 1)[0]!);
  if (source.bucket === '' || source.key === '') {
    throw new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  return source;
}

/** DeleteObjects: up to 1,000 keys; a key that is not there counts as deleted. */
export async function deleteObjects(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  store.bucket(request.bucket);
  verifyChecksums(request.body, request.headers);
  const document = parseDocument(request.body, 'Delete');
  const keys = asArray(document.Object).map((entry) => String((entry as { Key?: unknown }).Key ?? ''));
  if (keys.length === 0 || keys.length > 1_000 || keys.includes('')) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  const deleted: string[] = [];
  const errors: object[] = [];
  for (const key of keys) {
    try {
      await store.delete(request.bucket, key);
      deleted.push(key);
    } catch (error) {
      if (!(error instanceof AwsError)) {
        throw error;
      }
      errors.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  return xmlResponse('DeleteResult', {
    Deleted: document.Quiet === 'true' ? [] : deleted.map((Key) => ({ Key })),
    Error: errors,
  });
}
