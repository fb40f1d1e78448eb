import { CustomResource, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards, inPacks } from '../acknowledge';
import type { UsageLimitConfig } from '../config/environment';
import { bundleFunction } from '../etl-bundle';
import { type LogKeeping, makeLogGroup } from '../log-group';
import { ManagedRole } from '../managed-role';

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
      readonly reservedConcurrency: number | null;
    },
  ) {
    super(scope, id);
    const { workgroupArn, limits, keeping } = props;
    if (limits.length === 0) return;
    const logGroup = makeLogGroup(this, 'Logs', keeping);
    const role = new ManagedRole(this, 'Role', {
      description: 'Sets the usage limits of the Sparkify workgroup',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    const setter = new lambda.Function(this, 'Function', {
      role,
      description: 'Sets the usage limits of the Sparkify workgroup in a deploy; never called otherwise',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(bundleFunction('usage-limits')),
      memorySize: 256,
      timeout: Duration.minutes(1),
      tracing: lambda.Tracing.ACTIVE,
      logGroup,
      reservedConcurrentExecutions: props.reservedConcurrency ?? undefined,
    });
    this.acknowledgeFindings(setter, role);
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

  private acknowledgeFindings(setter: lambda.Function, role: iam.IRole): void {
    acknowledgeWildcards(
      role,
      'The four actions on usage limits take no resource, nor do those of X-Ray (Service Authorization Reference). The function is the one that may do this, its code sets the limits of the one workgroup that it is given, and CloudFormation alone calls it.',
      '*',
    );
    acknowledge(
      setter,
      'The function calls the API of Redshift Serverless only, over TLS and as its own role, and accepts no connection. In the VPC it would need a way out of it, which the isolated subnets do not have.',
      ...inPacks('LambdaInsideVPC', 'HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'),
      'cdk-validator-cfnguard::lambda_inside_vpc_check',
    );
    acknowledge(
      setter,
      'CloudFormation calls the function once in a deploy, waits for its answer, and fails the deploy without one: a failed call is not lost, and there is nothing to work off later.',
      ...inPacks('LambdaDLQ', 'HIPAA.Security', 'NIST.800.53.R5', 'Serverless'),
    );
  }
}
