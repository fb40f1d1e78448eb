import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge';
import type { AccessConfig } from './config/environment';
import type { EtlFunction } from './etl-function';
import { ManagedRole } from './managed-role';
import { ANALYST_USER, type IWarehouse, OPERATOR_USER } from './warehouse/warehouse';
import { RUNS_PREFIX } from './work-bucket';

/**
 * The IAM roles of people: who takes one on is in the warehouse the database user of its kind, by temporary credentials.
 * What that user may do there stands in `sql/migrations`, docs/access.md has both sides.
 */
export class AccessRoles extends Construct {
  readonly analyst: iam.Role;
  readonly operator: iam.Role;
  /** The names that these are in the database. */
  readonly analystUser: string;
  readonly operatorUser: string;
  private readonly environmentName: string;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly environmentName: string; readonly access: AccessConfig; readonly warehouse: IWarehouse },
  ) {
    super(scope, id);
    const { environmentName, access, warehouse } = props;
    this.environmentName = environmentName;
    this.analyst = new ManagedRole(this, 'Analyst', {
      description: `Sparkify ${environmentName}, analysts: query the star, read only`,
      assumedBy: trusted(access.analysts),
    });
    this.operator = new ManagedRole(this, 'Operator', {
      description: `Sparkify ${environmentName}, operators: query, load, watch and cancel`,
      assumedBy: trusted(access.operators),
    });
    for (const role of [this.analyst, this.operator]) warehouse.grantDataApi(role);
    this.analystUser = warehouse.grantUser(this.analyst, ANALYST_USER);
    this.operatorUser = warehouse.grantUser(this.operator, OPERATOR_USER);
  }

  /** What an operator may besides: start, watch and stop loads, and read what they leave behind. */
  grantOperations({ etl, workBucket }: { readonly etl: EtlFunction; readonly workBucket: s3.IBucket }): void {
    const { functionArn } = etl.function;
    this.allow(['lambda:InvokeFunction'], [etl.alias.functionArn]);
    this.allow(['lambda:ListDurableExecutionsByFunction'], [functionArn, `${functionArn}:*`]);
    this.allow(
      ['lambda:GetDurableExecution', 'lambda:GetDurableExecutionHistory', 'lambda:StopDurableExecution'],
      [`${functionArn}:*`],
    );
    this.allow(
      [
        'logs:DescribeLogStreams',
        'logs:FilterLogEvents',
        'logs:GetLogEvents',
        'logs:GetQueryResults',
        'logs:StartQuery',
      ],
      [etl.function.logGroup.logGroupArn],
    );
    this.grantMetrics();
    // Deleted when it is dealt with: the queue's alarm lasts as long as a message does.
    this.allow(
      ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      [etl.deadLetterQueue.queueArn],
    );
    etl.deadLetterQueue.encryptionMasterKey?.grantDecrypt(this.operator);
    const runs = workBucket.arnForObjects(`${RUNS_PREFIX}*`);
    this.allow(['s3:GetObject'], [runs]);
    workBucket.encryptionKey?.grantDecrypt(this.operator);
    acknowledgeWildcards(
      this.operator,
      'Executions are named by Lambda and the files of a run by the run, both after this policy is written: the patterns are of the one function and of the one prefix in the work bucket, which an operator reads to see what went wrong.',
      `${functionArn}:*`,
      runs,
    );
    acknowledgeWildcards(
      this.operator,
      'Two sets of actions take no resource (Service Authorization Reference): those of the Redshift Data API that are limited to own statements by a condition, and the reading of metrics and alarms in CloudWatch, which hold no data of the warehouse.',
      '*',
    );
  }

  /** Metrics take no resource, and DescribeAlarms leaves composite alarms out where it is granted on less than all. */
  private grantMetrics(): void {
    this.allow(
      [
        'cloudwatch:DescribeAlarmHistory',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricData',
        'cloudwatch:GetMetricStatistics',
        'cloudwatch:ListDashboards',
        'cloudwatch:ListMetrics',
      ],
      ['*'],
    );
    const { partition, account } = Stack.of(this);
    const dashboard = `Sparkify-${this.environmentName}`;
    this.allow(['cloudwatch:GetDashboard'], [`arn:${partition}:cloudwatch::${account}:dashboard/${dashboard}`]);
  }

  private allow(actions: string[], resources: string[]): void {
    this.operator.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources }));
  }
}

/**
 * Who is named. Where nobody is, the account's own principals, as far as its administrators let them, and with MFA in the
 * session: long-lived keys alone open nothing. A session of an identity provider tells IAM nothing of its MFA: name its
 * role.
 */
function trusted(principals: readonly string[]): iam.PrincipalBase {
  if (principals.length > 0) return new iam.CompositePrincipal(...principals.map((arn) => new iam.ArnPrincipal(arn)));
  return new iam.AccountRootPrincipal().withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
}
