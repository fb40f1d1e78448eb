import { AwsError } from '../../aws/service';
import type { ObjectStore } from '../../s3/object-store';
import type { ResourceContext, ResourceProvider } from '../resource-provider';
import { text } from './names';

/** AWS::S3::Bucket on the local S3; of its configuration only the name matters there. */
export function bucketProvider(objects: ObjectStore): ResourceProvider {
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
      return described(context, bucket);
    },
    update: async (context, bucket) => described(context, bucket),
    read: async (_context, bucket, properties) => (objects.bucketExists(bucket) ? properties : undefined),
    async delete(_context, bucket) {
      if (objects.bucketExists(bucket)) objects.deleteBucket(bucket);
    },
  };
}
