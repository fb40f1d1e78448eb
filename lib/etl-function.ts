import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AccessRoles } from './access-roles';
import type { EnvironmentConfig } from './config';
import { bundleEtlFunction } from './etl-bundle';
import { makeLogGroup } from './log-group';
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
    });
    this.function = new lambda.Function(this, 'Function', {
      description: `Sparkify ${config.name}: loads the warehouse on deploy, nightly and on demand`,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(bundleEtlFunction()),
      memorySize: 512,
      timeout: Duration.minutes(15),
      // 59 minutes: above the function's own deadline (55), below the custom resource's timeout (60).
      durableConfig: { executionTimeout: Duration.minutes(59), retentionPeriod: Duration.days(14) },
      deadLetterQueue: this.deadLetterQueue,
      logGroup: makeLogGroup(this, 'Logs', { ...config, key }),
      tracing: lambda.Tracing.ACTIVE,
      // An execution stays on the version it began with: versions are kept until the function goes.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      environment: {
        ...warehouse.environment,
        COPY_ROLE_ARN: copyRole.roleArn,
        ENVIRONMENT_NAME: config.name,
        LOAD_DEADLINE_SECONDS: String(config.loadDeadlineSeconds),
        MAX_REJECTED_EVENTS: String(config.rejects.events),
        MAX_REJECTED_SONGS: String(config.rejects.songs),
        WORK_BUCKET: workBucket.bucketName,
        ...sourceVariables(config),
      },
    });
    this.alias = new lambda.Alias(this, 'Live', { aliasName: 'live', version: this.function.currentVersion });
    warehouse.grantDataApi(this.function);
    // The admin makes tables, users and grants; all else is done as the loader.
    warehouse.grantAdmin(this.function);
    this.users = {
      LOADER_USER: warehouse.grantUser(this.role, LOADER_USER),
      ANALYST_USER: access.analystUser,
      OPERATOR_USER: access.operatorUser,
    };
    for (const [name, user] of Object.entries(this.users)) this.function.addEnvironment(name, user);
    source.grantList(this.function, [`${config.sources.songPrefix}*`, `${config.sources.logPrefix}*`]);
    this.grantWorkBucket(workBucket);
    this.grantOwnExecutions();
  }

  private get role(): iam.IRole {
    return this.function.role as iam.IRole;
  }

  private grantWorkBucket(bucket: s3.IBucket): void {
    const policy = (actions: string[], prefixes: readonly string[]) =>
      new iam.PolicyStatement({ actions, resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)) });
    this.function.addToRolePolicy(policy(['s3:PutObject'], [RUNS_PREFIX, DEPLOYS_PREFIX]));
    // A run reads back what it put away of lists that are too long to be held.
    this.function.addToRolePolicy(policy(['s3:GetObject'], [RUNS_PREFIX, DEPLOYS_PREFIX]));
    this.function.addToRolePolicy(policy(['s3:AbortMultipartUpload'], [RUNS_PREFIX]));
    bucket.encryptionKey?.grant(this.function, 'kms:GenerateDataKey', 'kms:Decrypt');
  }

  /**
   * Delete and rollback stop what still runs. In a policy of its own: in the role's default policy, which the function
   * depends on, its own ARN would close a circle.
   */
  private grantOwnExecutions(): void {
    const arn = this.function.functionArn;
    new iam.Policy(this, 'OwnExecutions', {
      roles: [this.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['lambda:ListDurableExecutionsByFunction', 'lambda:StopDurableExecution'],
          resources: [arn, `${arn}:*`],
        }),
      ],
    });
  }
}

function sourceVariables(config: EnvironmentConfig): Record<string, string> {
  const { origin, bucket, region, songPrefix, logPrefix, logJsonPathsKey } = config.sources;
  return {
    SOURCE_REGION: region,
    SONG_DATA_URL: `s3://${bucket}/${songPrefix}`,
    LOG_DATA_URL: `s3://${bucket}/${logPrefix}`,
    SOURCE_MAY_BE_EMPTY: String(origin === 'made'),
    LOG_JSONPATHS_URL: `s3://${bucket}/${logJsonPathsKey}`,
  };
}
