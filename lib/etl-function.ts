import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { sourcesVariable } from '../statements/sources';
import type { AccessRoles } from './access-roles';
import { acknowledge, acknowledgeWildcards, inPacks } from './acknowledge';
import type { EnvironmentConfig } from './config';
import { dataKeys, sourcesOf } from './config/deployed-sources';
import { bundleEtlFunction } from './etl-bundle';
import { makeLogGroup } from './log-group';
import { ManagedRole } from './managed-role';
import type { SourceBucket } from './source-bucket';
import { type IWarehouse, LOADER_USER } from './warehouse/warehouse';
import { DEPLOYS_PREFIX, RUNS_PREFIX } from './work-bucket';

export interface EtlFunctionProps {
  readonly config: EnvironmentConfig;
  readonly warehouse: IWarehouse;
  readonly source: SourceBucket;
  readonly workBucket: s3.IBucket;
  readonly copyRole: iam.IRole;
  /** Encrypts the logs. */
  readonly key: kms.IKey;
  /** Whose database users the function gives their roles. */
  readonly access: AccessRoles;
}

/**
 * The one ETL function: custom resource, schedule and operator all call its alias `live`. It is durable, so that
 * waiting for Redshift costs nothing and a crash resumes; it stands outside of the VPC, for it speaks to AWS
 * endpoints only.
 */
export class EtlFunction extends Construct {
  readonly function: lambda.Function;
  /** The only way in: a durable function cannot be invoked without a version or an alias. */
  readonly alias: lambda.Alias;
  readonly deadLetterQueue: sqs.Queue;
  /** The database users that a run makes sure of, by the environment variables that tell their names. */
  readonly users: Readonly<Record<'LOADER_USER' | 'ANALYST_USER' | 'OPERATOR_USER', string>>;

  constructor(scope: Construct, id: string, props: EtlFunctionProps) {
    super(scope, id);
    const { config, warehouse, source, workBucket, copyRole, key, access } = props;
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetters', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Said aloud, for it is the default: a queue of dead letters takes those of any source in the account.
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.ALLOW_ALL },
    });
    acknowledge(
      this.deadLetterQueue,
      'This is the dead-letter queue of the function and its schedule. Nobody consumes it but an operator, an alarm tells of its first message, and messages stay for 14 days: there is nothing to redrive to.',
      ...inPacks('SQSRedrivePolicy', 'Serverless'),
    );
    const logGroup = makeLogGroup(this, 'Logs', { ...config, key });
    const role = new ManagedRole(this, 'Role', {
      description: `The ETL function of Sparkify ${config.name}`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    // Of its own log group only; AWS's managed policy, which the CDK would attach, is for all.
    logGroup.grantWrite(role);
    this.function = new lambda.Function(this, 'Function', {
      role,
      description: `Sparkify ${config.name}: loads the warehouse on deploy, nightly and on demand`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(bundleEtlFunction()),
      memorySize: 512,
      timeout: Duration.minutes(15),
      // 59 minutes: above the function's own deadline (55), below the custom resource's timeout (60).
      durableConfig: { executionTimeout: Duration.minutes(59), retentionPeriod: Duration.days(14) },
      deadLetterQueue: this.deadLetterQueue,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      reservedConcurrentExecutions: config.reservedConcurrency ?? undefined,
      // An execution stays on the version it began with: versions are kept until the function goes.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      environment: {
        ...warehouse.environment,
        COPY_ROLE_ARN: copyRole.roleArn,
        ENVIRONMENT_NAME: config.name,
        LOAD_DEADLINE_SECONDS: String(config.loadDeadlineSeconds),
        WORK_BUCKET: workBucket.bucketName,
        ...sourceVariables(config),
      },
    });
    acknowledge(
      this.function,
      'The function calls endpoints of AWS only (Data API, S3, Lambda), over TLS and as its own role, and accepts no connection; the warehouse itself is reached from nowhere. In the VPC it would need an internet gateway and a NAT, or five interface endpoints, which would open the isolated subnets that the warehouse stands in.',
      ...inPacks('LambdaInsideVPC', 'HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'),
      'cdk-validator-cfnguard::lambda_inside_vpc_check',
    );
    this.alias = new lambda.Alias(this, 'Live', { aliasName: 'live', version: this.function.currentVersion });
    warehouse.grantDataApi(this.function);
    // The admin makes tables, users and grants; all else is done as the loader.
    warehouse.grantAdmin(this.function);
    this.users = {
      LOADER_USER: warehouse.grantUser(role, LOADER_USER),
      ANALYST_USER: access.analystUser,
      OPERATOR_USER: access.operatorUser,
    };
    for (const [name, user] of Object.entries(this.users)) this.function.addEnvironment(name, user);
    acknowledgeWildcards(
      role,
      'Two sets of actions take no resource (Service Authorization Reference): DescribeStatement, GetStatementResult, ListStatements and CancelStatement of the Redshift Data API, which a condition limits to statements that this identity has sent, and the two that send traces to X-Ray, which can only write.',
      '*',
    );
    source.grantList(this.function, dataKeys(sourcesOf(config)));
    this.grantWorkBucket(workBucket, role);
    this.grantOwnExecutions(role);
  }

  private grantWorkBucket(bucket: s3.IBucket, role: iam.IRole): void {
    const policy = (actions: string[], prefixes: readonly string[]) =>
      new iam.PolicyStatement({ actions, resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)) });
    this.function.addToRolePolicy(policy(['s3:PutObject'], [RUNS_PREFIX, DEPLOYS_PREFIX]));
    // A run reads back what it put away of lists that are too long to be held.
    this.function.addToRolePolicy(policy(['s3:GetObject'], [RUNS_PREFIX, DEPLOYS_PREFIX]));
    this.function.addToRolePolicy(policy(['s3:AbortMultipartUpload'], [RUNS_PREFIX]));
    acknowledgeWildcards(
      role,
      'A run names its files after itself: the pattern is of the two prefixes that the function keeps its own files under, in the one bucket that is only for them.',
      ...[RUNS_PREFIX, DEPLOYS_PREFIX].map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    );
    bucket.encryptionKey?.grant(this.function, 'kms:GenerateDataKey', 'kms:Decrypt');
  }

  /**
   * The function keeps the state of its executions in Lambda; Delete and rollback stop what still runs. In a policy of
   * its own: in the role's policy, which the function depends on, its own ARN would close a circle.
   * Source: Lambda Developer Guide, "Security and permissions for Lambda durable functions".
   */
  private grantOwnExecutions(role: iam.IRole): void {
    const executions = `${this.function.functionArn}:*`;
    const policy = new iam.ManagedPolicy(this, 'OwnExecutions', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          actions: [
            'lambda:CheckpointDurableExecution',
            'lambda:GetDurableExecutionState',
            'lambda:StopDurableExecution',
          ],
          resources: [executions],
        }),
        new iam.PolicyStatement({
          actions: ['lambda:ListDurableExecutionsByFunction'],
          resources: [this.function.functionArn, executions],
        }),
      ],
    });
    acknowledgeWildcards(
      policy,
      'An execution is named after the version it runs on and an id that Lambda chooses: its ARN is not known before. The pattern is of this one function.',
      executions,
    );
  }
}

function sourceVariables(config: EnvironmentConfig): Record<string, string> {
  const { origin, bucket, region } = config.sources;
  return {
    SOURCE_REGION: region,
    SOURCES: sourcesVariable(sourcesOf(config), bucket),
    SOURCE_MAY_BE_EMPTY: String(origin === 'made'),
  };
}
