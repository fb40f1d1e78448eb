import { CustomResource, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { UsageLimitConfig } from '../config/environment';
import { bundleFunction } from '../etl-bundle';
import { type LogKeeping, makeLogGroup } from '../log-group';

/**
 * What a workgroup may use in a day, a week or a month. CloudFormation has no resource type for it, so that a custom
 * resource sets it. Its function is one of its own and not the ETL function: IAM takes no resource for these actions,
 * and what loads data must not be able to lift the limit on its own cost.
 */
export class UsageLimits extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly workgroupArn: string;
      readonly limits: readonly UsageLimitConfig[];
      readonly keeping: LogKeeping;
    },
  ) {
    super(scope, id);
    const { workgroupArn, limits, keeping } = props;
    if (limits.length === 0) return;
    const setter = new lambda.Function(this, 'Function', {
      description: 'Sets the usage limits of the Sparkify workgroup in a deploy; never called otherwise',
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(bundleFunction('usage-limits')),
      memorySize: 256,
      timeout: Duration.minutes(1),
      logGroup: makeLogGroup(this, 'Logs', keeping),
      tracing: lambda.Tracing.ACTIVE,
    });
    const allowed = setter.role?.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'redshift-serverless:ListUsageLimits',
          'redshift-serverless:CreateUsageLimit',
          'redshift-serverless:UpdateUsageLimit',
          'redshift-serverless:DeleteUsageLimit',
        ],
        resources: ['*'],
      }),
    );
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::UsageLimits',
      serviceToken: setter.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: {
        WorkgroupArn: workgroupArn,
        Limits: limits.map(({ period, rpuHours, breach }) => ({ Period: period, RpuHours: rpuHours, Breach: breach })),
      },
    });
    if (allowed?.policyDependable !== undefined) resource.node.addDependency(allowed.policyDependable);
  }
}
