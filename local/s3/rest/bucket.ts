import { readXml } from '../../aws/protocols/xml';
import { AwsError, type AwsResponse } from '../../aws/service';
import type { DiskObjectStore } from '../disk-object-store';
import { listObjectsV1, listObjectsV2, listObjectVersions } from './list';
import { emptyResponse, notImplemented, S3_NAMESPACE, type S3Request, xmlResponse } from './responses';

type Handler = (request: S3Request, store: DiskObjectStore) => Promise<AwsResponse> | AwsResponse;

/** ListBuckets. */
export function listBuckets(request: S3Request, store: DiskObjectStore): AwsResponse {
  const prefix = request.query.get('prefix') ?? '';
  return xmlResponse('ListAllMyBucketsResult', {
    Owner: { ID: request.principal.account, DisplayName: request.principal.account },
    Buckets: {
      Bucket: store
        .buckets()
        .filter(({ name }) => name.startsWith(prefix) && store.ownerOf(name) === request.principal.account)
        .map(({ name, created, region }) => ({ Name: name, CreationDate: new Date(created), BucketRegion: region })),
    },
  });
}

/** What a GET with one of these sub-resources reads. Settings are those of a bucket on which nothing was set. */
const GET_SUBRESOURCES: Readonly<Record<string, Handler>> = {
  location: (request, store) => {
    const { region } = store.bucket(request.bucket);
    // us-east-1 is the null location (S3 API Reference, GetBucketLocation).
    const location = region === 'us-east-1' ? '' : region;
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="${S3_NAMESPACE}">${location}</LocationConstraint>`;
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  },
  encryption: existing(() =>
    xmlResponse('ServerSideEncryptionConfiguration', {
      Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    }),
  ),
  versioning: existing(() => xmlResponse('VersioningConfiguration', {})),
  publicAccessBlock: existing(() =>
    xmlResponse('PublicAccessBlockConfiguration', {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    }),
  ),
  ownershipControls: existing(() =>
    xmlResponse('OwnershipControls', { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } }),
  ),
  notification: existing(() => xmlResponse('NotificationConfiguration', {})),
  logging: existing(() => xmlResponse('BucketLoggingStatus', {})),
  accelerate: existing(() => xmlResponse('AccelerateConfiguration', {})),
  requestPayment: existing(() => xmlResponse('RequestPaymentConfiguration', { Payer: 'BucketOwner' })),
  policy: missing('NoSuchBucketPolicy', 'The bucket policy does not exist'),
  policyStatus: missing('NoSuchBucketPolicy', 'The bucket policy does not exist'),
  tagging: missing('NoSuchTagSet', 'The TagSet does not exist'),
  lifecycle: missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
  cors: missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  website: missing('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
  'object-lock': missing(
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ),
  versions: listObjectVersions,
};

/** Sub-resources that make a bucket request something other than creating, deleting or listing it. */
const OTHER_SUBRESOURCES = [
  'acl',
  'analytics',
  'inventory',
  'metrics',
  'intelligent-tiering',
  'replication',
  'session',
];

function existing(handler: () => AwsResponse): Handler {
  return (request, store) => {
    store.bucket(request.bucket);
    return handler();
  };
}

function missing(code: string, message: string): Handler {
  return (request, store) => {
    store.bucket(request.bucket);
    throw new AwsError(code, message, 404, { BucketName: request.bucket });
  };
}

/** Requests on a bucket, except uploads and DeleteObjects. */
export async function bucketRequest(request: S3Request, store: DiskObjectStore): Promise<AwsResponse> {
  const subresource = [...request.query.keys()].find(
    (name) => Object.hasOwn(GET_SUBRESOURCES, name) || OTHER_SUBRESOURCES.includes(name),
  );
  if (subresource !== undefined) {
    const handler = request.method === 'GET' ? GET_SUBRESOURCES[subresource] : undefined;
    if (!handler) {
      throw notImplemented(request);
    }
    return handler(request, store);
  }
  switch (request.method) {
    case 'GET':
      return request.query.get('list-type') === '2' ? listObjectsV2(request, store) : listObjectsV1(request, store);
    case 'HEAD':
      return emptyResponse(200, { 'x-amz-bucket-region': store.bucket(request.bucket).region });
    case 'PUT':
      store.createBucket(request.bucket, locationConstraint(request), request.principal.account);
      return emptyResponse(200, { location: `/${request.bucket}` });
    case 'DELETE':
      store.deleteBucket(request.bucket);
      return emptyResponse(204);
    default:
      throw notImplemented(request);
  }
}

function locationConstraint(request: S3Request): string {
  if (request.body.length === 0) {
    return request.region;
  }
  const document = parseDocument(request.body, 'CreateBucketConfiguration');
  const { LocationConstraint: location } = document;
  return typeof location === 'string' && location !== '' ? location : request.region;
}

/** The root element of an XML request body. @throws AwsError MalformedXML */
export function parseDocument(body: Buffer, root: string): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = readXml(body.toString('utf8'))[root];
  } catch {
    document = undefined;
  }
  if (document === '') {
    return {};
  }
  if (typeof document !== 'object' || document === null) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  return document as Record<string, unknown>;
}
