import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** How an environment keeps its logs. */
export interface LogKeeping {
  /** Days; one of CloudWatch's own steps. */
  readonly logRetentionDays: number;
  readonly onRemoval: 'retain' | 'destroy';
  readonly key: kms.IKey;
}

/**
 * A log group that is encrypted with the environment's key and forgets after its days. CloudFormation names it: the key
 * lets CloudWatch Logs use it for groups whose names begin as this stack's do, and a kept group is in no one's way.
 */
export function makeLogGroup(scope: Construct, id: string, keeping: LogKeeping): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    // The enumeration's values are the days themselves.
    retention: keeping.logRetentionDays as logs.RetentionDays,
    encryptionKey: keeping.key,
    removalPolicy: keeping.onRemoval === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}
