import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * The environment's one key: warehouse, buckets, logs, alarms. It rotates, and it is kept when the stack goes, for the
 * buckets and the final snapshot are kept too and would be unreadable without it.
 */
export function makeEnvironmentKey(scope: Construct, id: string, environmentName: string): kms.Key {
  const key = new kms.Key(scope, id, {
    description: `Sparkify ${environmentName}: warehouse, its admin password, buckets, logs and alarms`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  key.addToResourcePolicy(grantsForServicesOnly());
  key.addToResourcePolicy(logsOf(Stack.of(scope)));
  return key;
}

/**
 * CloudWatch Logs encrypts as itself; the condition holds it to the log groups of this stack.
 * Source: CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
 */
function logsOf(stack: Stack): iam.PolicyStatement {
  const groups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${stack.stackName}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new iam.PolicyStatement({
    sid: 'LogGroupsOfThisStack',
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
  });
}

/** A grant lets its holder use the key past every policy: only AWS services get one, for their own resources. */
function grantsForServicesOnly(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'GrantsForServicesOnly',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['kms:CreateGrant'],
    resources: ['*'],
    conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  });
}
