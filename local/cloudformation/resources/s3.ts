import { AwsError } from '../../aws/service';
import type { BucketEncryption } from '../../s3/bucket-registry';
import type { DiskObjectStore } from '../../s3/disk-object-store';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { isObject } from '../values';
import { boolean, list, object, text } from './names';
import { keyArn } from './record';

/** What the provider needs of the local S3. */
export type BucketStore = Pick<DiskObjectStore, 'bucketExists' | 'createBucket' | 'deleteBucket' | 'setEncryption'>;

/** AWS::S3::Bucket on the local S3; of its configuration only the name and the key matter there. */
export function bucketProvider(objects: BucketStore): ResourceProvider {
  const described = (context: ResourceContext, bucket: string) => ({
    physicalId: bucket,
    attributes: {
      Arn: `arn:aws:s3:::${bucket}`,
      DomainName: `${bucket}.s3.amazonaws.com`,
      DualStackDomainName: `${bucket}.s3.dualstack.${context.region}.amazonaws.com`,
      RegionalDomainName: `${bucket}.s3.${context.region}.amazonaws.com`,
      WebsiteURL: `http://${bucket}.s3-website-${context.region}.amazonaws.com`,
    },
  });
  return {
    replaceOn: ['BucketName'],
    async create(context, properties) {
      const bucket = text(properties, 'BucketName') ?? context.generateName(63).toLowerCase();
      if (objects.bucketExists(bucket)) throw new AwsError('BucketAlreadyExists', `${bucket} already exists`, 409);
      objects.createBucket(bucket, context.region, context.account);
      objects.setEncryption(bucket, encryption(context, properties));
      return described(context, bucket);
    },
    async update(context, bucket, properties) {
      objects.setEncryption(bucket, encryption(context, properties));
      return described(context, bucket);
    },
    read: async (_context, bucket, properties) => (objects.bucketExists(bucket) ? properties : undefined),
    async delete(_context, bucket) {
      if (objects.bucketExists(bucket)) objects.deleteBucket(bucket);
    },
  };
}

/** Undefined for encryption with a key of S3's own (`aws:kms` without a key, `alias/aws/s3`, AES256). */
function encryption(context: ResourceContext, properties: Properties): BucketEncryption | undefined {
  const [rule] = list(object(properties, 'BucketEncryption'), 'ServerSideEncryptionConfiguration').filter(isObject);
  const key = rule && text(object(rule, 'ServerSideEncryptionByDefault'), 'KMSMasterKeyID');
  if (rule === undefined || key === undefined || key === 'alias/aws/s3') return undefined;
  return { keyArn: keyArn(context, key), bucketKey: boolean(rule, 'BucketKeyEnabled', false) };
}
