import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, inPacks } from './acknowledge';
import { acknowledgeNoLock, acknowledgeNoReplica, tellEventBridge } from './bucket-findings';

/**
 * Who has read and written the environment's buckets. S3 delivers access logs only to a bucket of its own encryption
 * (SSE-S3), not KMS. Kept when the stack goes: it is the evidence of what happened before.
 * Source: S3 User Guide, "Logging requests with server access logging".
 */
export class AccessLogs extends Construct {
  private readonly bucket: s3.Bucket;

  /** @param retentionDays as long as the environment's other logs */
  constructor(scope: Construct, id: string, props: { readonly retentionDays: number }) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      // Each log is written once; versions keep what somebody deletes to cover a trace.
      versioned: true,
      lifecycleRules: [
        {
          expiration: Duration.days(props.retentionDays),
          noncurrentVersionExpiration: Duration.days(props.retentionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.answerFindings();
  }

  /**
   * Has the requests to a bucket logged under a prefix. By a bucket policy and not as `serverAccessLogsBucket` does it:
   * that takes the way of ACLs, which this bucket does not have, unless a flag in the app's context says otherwise.
   */
  watch(watched: s3.Bucket, prefix: string): void {
    (watched.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
      destinationBucketName: this.bucket.bucketName,
      logFilePrefix: prefix,
    };
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${prefix}*`)],
        conditions: {
          ArnLike: { 'aws:SourceArn': watched.bucketArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    );
  }

  private answerFindings(): void {
    tellEventBridge(this.bucket);
    acknowledge(
      this.bucket,
      'S3 delivers server access logs only to buckets whose default encryption is SSE-S3: with a customer managed key none would arrive. The logs are encrypted at rest; they name keys and requesters, not contents.',
      ...inPacks('S3DefaultEncryptionKMS', 'HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'),
      'cdk-validator-cfnguard::s3_bucket_default_encryption_kms_check',
    );
    acknowledge(
      this.bucket,
      'This is the bucket that access logs go to. To log its own deliveries into itself would log without end.',
      'cdk-validator-cfnguard::s3_bucket_logging_enabled_check',
    );
    acknowledgeNoReplica(
      this.bucket,
      'The logs tell of buckets of this region, and are of use together with them. The record across regions and accounts is CloudTrail, which belongs to the organization.',
    );
    acknowledgeNoLock(
      this.bucket,
      'S3 delivers no access logs to a bucket with Object Lock. Versions keep for a year what somebody deletes; only the logging service is let in to write, and no role of the stack may delete.',
    );
  }
}
