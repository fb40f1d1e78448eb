import type * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledge, inPacks } from './acknowledge';

/** Has each change in a bucket told to EventBridge, where whoever wants to know of it makes a rule. */
export function tellEventBridge(bucket: s3.Bucket): void {
  // The CDK's own `eventBridgeEnabled` sets it by a function of its own; CloudFormation knows the property.
  const inner = bucket.node.defaultChild as s3.CfnBucket;
  inner.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}

/** @param reason why what is in the bucket need not be in another region too */
export function acknowledgeNoReplica(bucket: s3.Bucket, reason: string): void {
  const ids = inPacks('S3BucketReplicationEnabled', 'HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321');
  acknowledge(bucket, reason, ...ids);
}

/** @param reason why nothing in the bucket is locked against those who may delete it */
export function acknowledgeNoLock(bucket: s3.Bucket, reason: string): void {
  acknowledge(bucket, reason, 'cdk-validator-cfnguard::s3_bucket_object_lock_enabled_check');
}
