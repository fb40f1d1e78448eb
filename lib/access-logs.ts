import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

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
}
