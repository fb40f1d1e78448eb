import { join } from 'node:path';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { DiskObjectStore } from './disk-object-store';
import { bucketRequest, listBuckets } from './rest/bucket';
import { listUploads, uploadRequest } from './rest/multipart';
import { deleteObjects, objectRequest } from './rest/object';
import { type S3Request, splitPath } from './rest/responses';
import { Uploads } from './uploads';

/**
 * The S3 REST API, path-style (Amazon S3 API Reference). What is not there answers NotImplemented. Unfinished
 * multipart uploads lie in `folder/.local/uploads`, beside the store's own files.
 */
export function createS3Service(options: {
  readonly store: DiskObjectStore;
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
}): AwsService {
  const { store } = options;
  const uploads = new Uploads(join(options.folder, '.local', 'uploads'), store, options.clock, options.ids);
  return {
    signingName: 's3',
    handle(plain: AwsRequest): Promise<AwsResponse> | Promise<never> {
      return route({ ...plain, ...splitPath(plain.rawPath) }, store, uploads);
    },
  };
}

async function route(request: S3Request, store: DiskObjectStore, uploads: Uploads): Promise<AwsResponse> {
  checkOwner(request, store);
  if (request.bucket === '') {
    return listBuckets(request, store);
  }
  if (request.key === '') {
    if (request.method === 'POST' && request.query.has('delete')) {
      return deleteObjects(request, store);
    }
    return request.method === 'GET' && request.query.has('uploads')
      ? listUploads(request, store, uploads)
      : bucketRequest(request, store);
  }
  return request.query.has('uploads') || request.query.has('uploadId')
    ? uploadRequest(request, store, uploads)
    : objectRequest(request, store);
}

/** A caller may say whose bucket it believes it speaks of. */
function checkOwner(request: S3Request, store: DiskObjectStore): void {
  const expected = request.headers['x-amz-expected-bucket-owner'];
  if (expected !== undefined && store.bucketExists(request.bucket) && expected !== store.ownerOf(request.bucket)) {
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  }
}
