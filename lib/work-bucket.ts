import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AccessLogs } from './access-logs';
import { acknowledgeNoLock, acknowledgeNoReplica, tellEventBridge } from './bucket-findings';

/** The prefix under which each run keeps its manifests and file lists. */
export const RUNS_PREFIX = 'runs/';
/** The prefix under which the function keeps what the last successful deploy was; it does not expire. */
export const DEPLOYS_PREFIX = 'deploys/';

/**
 * The bucket of the load's own files: listings, COPY manifests, file lists. It is kept when the stack goes, for
 * CloudFormation cannot delete a bucket that holds objects; its objects expire by themselves. Versioned for the record
 * of the last deploy, which each deploy overwrites and a rollback reads; what a run writes is written once, and its old
 * versions are only there until they expire.
 */
export class WorkBucket extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: { readonly key: kms.IKey; readonly accessLogs: AccessLogs }) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        { prefix: RUNS_PREFIX, expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
        { prefix: RUNS_PREFIX, noncurrentVersionExpiration: Duration.days(7) },
        { prefix: DEPLOYS_PREFIX, noncurrentVersionExpiration: Duration.days(90) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    props.accessLogs.watch(this.bucket, 'work/');
    tellEventBridge(this.bucket);
    acknowledgeNoReplica(
      this.bucket,
      'Lists of files and manifests, which the next load makes anew from the source and from the ledger in the warehouse: in another region they would describe a warehouse that is not there.',
    );
    acknowledgeNoLock(
      this.bucket,
      'Lists of files and manifests, which lifecycle rules delete after 30 days. They prove nothing: what was loaded stands in the ledger in the warehouse.',
    );
  }
}
