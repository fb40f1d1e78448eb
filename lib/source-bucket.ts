import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AccessLogs } from './access-logs';
import { acknowledgeNoLock, acknowledgeNoReplica, tellEventBridge } from './bucket-findings';
import type { SourceConfig } from './config/environment';

/**
 * The source data: a bucket that is there already, or one that the stack makes. Readers get the narrowest grants that
 * the case allows; in a bucket of another account its owner must grant the same (docs/deploy.md).
 */
export class SourceBucket extends Construct {
  readonly bucket: s3.IBucket;
  private readonly sources: SourceConfig;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly sources: SourceConfig; readonly key: kms.IKey; readonly accessLogs: AccessLogs },
  ) {
    super(scope, id);
    this.sources = props.sources;
    this.bucket =
      props.sources.origin === 'made'
        ? this.make(props.sources.bucket, props.key, props.accessLogs)
        : s3.Bucket.fromBucketName(this, 'Given', props.sources.bucket);
  }

  /** Lets a role see which files there are. @param keys prefixes, or whole keys */
  grantList(grantee: iam.IGrantable, keys: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': keys }, ...this.ownerOnly },
      }),
    );
  }

  /** Lets a role read objects, encrypted ones too. @param keys prefixes, ending in `*`, or whole keys */
  grantRead(grantee: iam.IGrantable, keys: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['s3:GetObject'],
        resources: keys.map((key) => this.bucket.arnForObjects(key)),
        ...(this.sources.account !== null && { conditions: this.ownerOnly }),
      }),
    );
    this.bucket.encryptionKey?.grantDecrypt(grantee);
    if (this.sources.kmsKeyArn !== null)
      grantee.grantPrincipal.addToPrincipalPolicy(this.decrypt(this.sources.kmsKeyArn));
  }

  /** Only through S3 of the bucket's region: the key decrypts nothing else for the role. */
  private decrypt(keyArn: string): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${this.sources.region}.amazonaws.com` } },
    });
  }

  /** Should the bucket ever be deleted, nobody else's bucket of its name is read in its place. */
  private get ownerOnly(): Readonly<Record<string, unknown>> {
    const { account } = this.sources;
    return account === null ? {} : { StringEquals: { 's3:ResourceAccount': account } };
  }

  private make(bucketName: string, key: kms.IKey, accessLogs: AccessLogs): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Made', {
      bucketName,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      // The source is what a rebuild reads: a file that somebody overwrites or deletes can be had back for a quarter.
      versioned: true,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(90),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    accessLogs.watch(bucket, 'source/');
    tellEventBridge(bucket);
    acknowledgeNoReplica(
      bucket,
      'Versioning gives back what was overwritten or deleted, and the warehouse with its snapshots holds all that was loaded. A copy of the source is the choice of whoever owns the data and writes it here: the bucket takes a replication rule at any time.',
    );
    acknowledgeNoLock(
      bucket,
      'The source may have to forget: a listener can ask to be erased, and a lock would forbid it. Against mistakes there are versions, which stay for 90 days.',
    );
    return bucket;
  }
}
