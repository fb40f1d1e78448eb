import { asArray } from '../aws/protocols/xml';
import type { AwsRequest, AwsService } from '../aws/service';
import type { Authorizer } from '../iam/authorizer';
import type { DiskObjectStore } from '../s3/disk-object-store';
import { NoSuchKeyError } from '../s3/errors';
import { parseDocument } from '../s3/rest/bucket';
import { splitPath } from '../s3/rest/responses';
import type { Need } from './need';

/** What a decision takes of a bucket. */
export type BucketFacts = Pick<DiskObjectStore, 'bucketExists' | 'bucket' | 'ownerOf'>;

/** Permissions to read settings, by the sub-resource that the query string names. */
const BUCKET_SETTINGS: Readonly<Record<string, string>> = {
  accelerate: 's3:GetAccelerateConfiguration',
  cors: 's3:GetBucketCORS',
  encryption: 's3:GetEncryptionConfiguration',
  lifecycle: 's3:GetLifecycleConfiguration',
  location: 's3:GetBucketLocation',
  logging: 's3:GetBucketLogging',
  notification: 's3:GetBucketNotification',
  'object-lock': 's3:GetBucketObjectLockConfiguration',
  ownershipControls: 's3:GetBucketOwnershipControls',
  policy: 's3:GetBucketPolicy',
  policyStatus: 's3:GetBucketPolicyStatus',
  publicAccessBlock: 's3:GetBucketPublicAccessBlock',
  requestPayment: 's3:GetBucketRequestPayment',
  tagging: 's3:GetBucketTagging',
  uploads: 's3:ListBucketMultipartUploads',
  versioning: 's3:GetBucketVersioning',
  website: 's3:GetBucketWebsite',
};

/**
 * S3 behind IAM. Of an object that is not there only those hear who may list its bucket; others are refused.
 * Source: S3 User Guide, "Required permissions for Amazon S3 API operations"; GetObject, "Permissions".
 */
export function guardedS3(service: AwsService, buckets: BucketFacts, authorizer: Authorizer): AwsService {
  const authorize = ({ principal }: AwsRequest, needs: readonly Need[]) => {
    for (const need of needs) authorizer.authorize({ ...need, principal, context: need.context ?? {} });
  };
  return {
    ...service,
    async handle(request) {
      authorize(request, s3Needs(request, buckets));
      try {
        return await service.handle(request);
      } catch (error) {
        if (error instanceof NoSuchKeyError) authorize(request, [onBucket('s3:ListBucket', error.bucket, buckets)]);
        throw error;
      }
    },
  };
}

/** What a request takes. A bucket that does not exist is nobody's: that it does not is for S3 to say. */
export function s3Needs(request: AwsRequest, buckets: BucketFacts): readonly Need[] {
  const { bucket, key } = splitPath(request.rawPath);
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  if (key === '' && request.method === 'PUT' && settingOf(request) === undefined) {
    // Whoever makes a bucket owns it; that somebody else has one of the name is for S3 to say.
    const resourceAccount = request.principal.account;
    return [{ action: 's3:CreateBucket', resource: `arn:aws:s3:::${bucket}`, resourceAccount }];
  }
  if (!buckets.bucketExists(bucket)) return [];
  return key === '' ? bucketNeeds(request, bucket, buckets) : objectNeeds(request, bucket, key, buckets);
}

/** To read an object: of a bucket with a key, to decrypt with it too. */
export function readNeeds(bucket: string, key: string, buckets: BucketFacts, answeredBy = 's3'): readonly Need[] {
  return [
    { ...onObject('s3:GetObject', bucket, key, buckets), answeredBy },
    ...withKey(['kms:Decrypt'], bucket, key, buckets).map((need) => ({ ...need, answeredBy })),
  ];
}

/** To list the keys of a prefix. */
export function listNeed(bucket: string, prefix: string, buckets: BucketFacts): Need {
  return { ...onBucket('s3:ListBucket', bucket, buckets), context: { 's3:prefix': prefix } };
}

function bucketNeeds(request: AwsRequest, bucket: string, buckets: BucketFacts): readonly Need[] {
  const { method, query } = request;
  const on = (action: string, context: Record<string, string> = {}) => [
    { ...onBucket(action, bucket, buckets), context },
  ];
  if (method === 'POST' && query.has('delete')) {
    return deletedKeys(request).map((key) => onObject('s3:DeleteObject', bucket, key, buckets));
  }
  const setting = settingOf(request);
  if (setting !== undefined) return on(setting);
  if (method === 'GET') return on(query.has('versions') ? 's3:ListBucketVersions' : 's3:ListBucket', listing(query));
  if (method === 'HEAD') return on('s3:ListBucket');
  return method === 'DELETE' ? on('s3:DeleteBucket') : [];
}

/** The permission to read the setting that a request names. Writing settings is not implemented. */
function settingOf({ query }: AwsRequest): string | undefined {
  const name = Object.keys(BUCKET_SETTINGS).find((known) => query.has(known));
  return name === undefined ? undefined : BUCKET_SETTINGS[name];
}

function listing(query: URLSearchParams): Record<string, string> {
  const keys = ['prefix', 'delimiter', 'max-keys'].filter((name) => query.has(name));
  return Object.fromEntries(keys.map((name) => [`s3:${name}`, query.get(name)!]));
}

function deletedKeys({ body }: AwsRequest): readonly string[] {
  return asArray(parseDocument(body, 'Delete').Object).map((entry) => String((entry as { Key?: unknown }).Key ?? ''));
}

/** Source: S3 User Guide, "Multipart upload API and permissions", for uploads under a key too. */
function objectNeeds(request: AwsRequest, bucket: string, key: string, buckets: BucketFacts): readonly Need[] {
  const { method, query, headers } = request;
  const on = (action: string) => onObject(action, bucket, key, buckets);
  if (query.has('tagging')) return [on('s3:GetObjectTagging')];
  const part = query.has('uploadId');
  if (method === 'GET' || method === 'HEAD') {
    return part ? [on('s3:ListMultipartUploadParts')] : readNeeds(bucket, key, buckets);
  }
  if (method === 'DELETE') return [on(part ? 's3:AbortMultipartUpload' : 's3:DeleteObject')];
  const keyActions = part ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:GenerateDataKey'];
  return [
    on('s3:PutObject'),
    ...withKey(keyActions, bucket, key, buckets),
    ...copied(headers['x-amz-copy-source'], buckets),
  ];
}

function copied(header: string | undefined, buckets: BucketFacts): readonly Need[] {
  if (header === undefined) return [];
  const { bucket, key } = splitPath(header.split('?versionId=', 1)[0]!);
  return key !== '' && buckets.bucketExists(bucket) ? readNeeds(bucket, key, buckets) : [];
}

function onBucket(action: string, bucket: string, buckets: BucketFacts): Need {
  return { action, resource: `arn:aws:s3:::${bucket}`, resourceAccount: buckets.ownerOf(bucket) };
}

function onObject(action: string, bucket: string, key: string, buckets: BucketFacts): Need {
  return { action, resource: `arn:aws:s3:::${bucket}/${key}`, resourceAccount: buckets.ownerOf(bucket) };
}

/**
 * S3 asks the bucket's key on behalf of the caller; under a bucket key the encryption context names the bucket, else the
 * object. Source: S3 User Guide, "Using server-side encryption with AWS KMS keys", "Encryption context".
 */
function withKey(actions: readonly string[], bucket: string, key: string, buckets: BucketFacts): readonly Need[] {
  const { encryption } = buckets.bucket(bucket);
  if (encryption === undefined) return [];
  const { keyArn, bucketKey } = encryption;
  const region = keyArn.split(':')[3];
  const context = {
    'kms:ViaService': `s3.${region}.amazonaws.com`,
    'kms:EncryptionContextKeys': 'aws:s3:arn',
    'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${bucket}${bucketKey ? '' : `/${key}`}`,
  };
  return actions.map((action) => ({ action, resource: keyArn, context, answeredBy: 's3' }));
}
