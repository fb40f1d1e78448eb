import { asArray } from '../../aws/protocols/xml';
import { AwsError, type AwsResponse } from '../../aws/service';
import { verifyChecksums } from '../checksums';
import type { DiskObjectStore } from '../disk-object-store';
import { checkKey } from '../keys';
import type { Upload, Uploads } from '../uploads';
import { parseDocument } from './bucket';
import { checkWriteConditions } from './conditions';
import { copySource, writtenHeaders } from './object';
import { parseRange } from './range';
import { emptyResponse, notImplemented, type S3Request, xmlResponse } from './responses';

/** ListMultipartUploads. */
export function listUploads(request: S3Request, store: DiskObjectStore, uploads: Uploads): AwsResponse {
  store.bucket(request.bucket);
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: request.bucket,
    IsTruncated: false,
    Upload: uploads.list(request.bucket).map((upload) => ({
      Key: upload.key,
      UploadId: upload.id,
      Initiated: new Date(upload.initiated),
    })),
  });
}

/** Requests with `?uploads` or `?uploadId=` on an object. */
export async function uploadRequest(
  request: S3Request,
  store: DiskObjectStore,
  uploads: Uploads,
): Promise<AwsResponse> {
  if (request.method === 'POST' && request.query.has('uploads')) {
    return begin(request, store, uploads);
  }
  const upload = uploads.require(request.bucket, request.key, request.query.get('uploadId') ?? '');
  switch (request.method) {
    case 'PUT':
      return putPart(request, store, uploads, upload);
    case 'POST':
      return complete(request, store, uploads, upload);
    case 'GET':
      return listParts(upload, uploads);
    case 'DELETE':
      uploads.abort(upload);
      return emptyResponse(204);
    default:
      throw notImplemented(request);
  }
}

function begin(request: S3Request, store: DiskObjectStore, uploads: Uploads): AwsResponse {
  const { mounted } = store.bucket(request.bucket);
  if (mounted !== undefined) {
    throw new AwsError('AccessDenied', `Access Denied: bucket ${request.bucket} is a folder mounted read-only.`, 403);
  }
  checkKey(request.key);
  const upload = uploads.create(request.bucket, request.key, { headers: writtenHeaders(request.headers) });
  return xmlResponse('InitiateMultipartUploadResult', { Bucket: upload.bucket, Key: upload.key, UploadId: upload.id });
}

async function putPart(
  request: S3Request,
  store: DiskObjectStore,
  uploads: Uploads,
  upload: Upload,
): Promise<AwsResponse> {
  const number = Number(request.query.get('partNumber'));
  if (request.headers['x-amz-copy-source'] !== undefined) {
    const etag = await uploads.putPart(upload, number, await copiedBytes(request, store));
    return xmlResponse('CopyPartResult', { ETag: `"${etag}"`, LastModified: new Date(upload.initiated) });
  }
  const checksum = verifyChecksums(request.body, request.headers);
  const etag = await uploads.putPart(upload, number, request.body);
  const echo = checksum ? { [`x-amz-checksum-${checksum[0]}`]: checksum[1] } : {};
  return emptyResponse(200, { etag: `"${etag}"`, ...echo });
}

async function copiedBytes(request: S3Request, store: DiskObjectStore): Promise<Buffer> {
  const source = copySource(request);
  const bytes = await store.read(source.bucket, source.key);
  const range = parseRange(request.headers['x-amz-copy-source-range'], bytes.length);
  return range ? bytes.subarray(range.start, range.end + 1) : bytes;
}

async function complete(
  request: S3Request,
  store: DiskObjectStore,
  uploads: Uploads,
  upload: Upload,
): Promise<AwsResponse> {
  const document = parseDocument(request.body, 'CompleteMultipartUpload');
  const wanted = asArray(document.Part).map((part) => {
    const { PartNumber, ETag } = part as { PartNumber?: string; ETag?: string };
    return { number: Number(PartNumber), etag: (ETag ?? '').replaceAll('"', '') };
  });
  if (wanted.length === 0) {
    throw new AwsError('MalformedXML', 'You must specify at least one part');
  }
  checkWriteConditions(request.headers, await store.head(request.bucket, request.key));
  const object = await uploads.complete(upload, wanted);
  return xmlResponse('CompleteMultipartUploadResult', {
    Location: `/${upload.bucket}/${encodeURI(upload.key)}`,
    Bucket: upload.bucket,
    Key: upload.key,
    ETag: `"${object.etag}"`,
  });
}

function listParts(upload: Upload, uploads: Uploads): AwsResponse {
  const parts = uploads.parts(upload);
  return xmlResponse('ListPartsResult', {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    IsTruncated: false,
    Part: parts.map((part) => ({
      PartNumber: part.number,
      LastModified: part.modified,
      ETag: `"${part.etag}"`,
      Size: part.size,
    })),
  });
}
