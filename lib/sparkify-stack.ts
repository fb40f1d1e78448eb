import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AccessLogs } from './access-logs';
import { AccessRoles } from './access-roles';
import type { EnvironmentConfig } from './config';
import { sourcesOf } from './config/deployed-sources';
import { CopyRole } from './copy-role';
import { makeEnvironmentKey } from './environment-key';
import { EtlFunction } from './etl-function';
import { ENVIRONMENT_TAG } from './monitoring/budget';
import { Monitoring } from './monitoring/monitoring';
import { Network } from './network';
import { NightlySchedule } from './nightly-schedule';
import { SourceBucket } from './source-bucket';
import { makeWarehouse } from './warehouse/make-warehouse';
import { WarehouseLoad } from './warehouse-load';
import { WorkBucket } from './work-bucket';

/** One environment's warehouse with everything that fills it. */
export class SparkifyStack extends Stack {
  private readonly zones: string[];

  constructor(scope: Construct, id: string, config: EnvironmentConfig) {
    super(scope, id, {
      // Its name is the same inside of a pipeline's stage, whose name would stand before it.
      stackName: `Sparkify-${config.name}`,
      env: { account: config.account, region: config.region },
      description: `Sparkify warehouse, ${config.name}: Redshift, its ETL and the load of every deploy`,
      terminationProtection: config.terminationProtection,
    });
    this.zones = [...config.availabilityZones];
    const key = makeEnvironmentKey(this, 'Key', config.name);
    const network = new Network(this, 'Network', config, { ...config, key });
    const accessLogs = new AccessLogs(this, 'AccessLogs', { retentionDays: config.logRetentionDays });
    const source = new SourceBucket(this, 'Source', { sources: config.sources, key, accessLogs });
    const workBucket = new WorkBucket(this, 'WorkBucket', { key, accessLogs }).bucket;
    const copyRole = new CopyRole(this, 'CopyRole', {
      sources: sourcesOf(config),
      source,
      workBucket,
      warehouse: config.warehouse.kind,
    });
    const warehouse = makeWarehouse(this, config, {
      environmentName: config.name,
      vpc: network.vpc,
      subnets: network.subnets,
      securityGroup: network.warehouseSecurityGroup,
      key,
      copyRole: copyRole.role,
      onRemoval: config.onRemoval,
      logRetentionDays: config.logRetentionDays,
      reservedConcurrency: config.reservedConcurrency,
    });
    const access = new AccessRoles(this, 'People', { environmentName: config.name, access: config.access, warehouse });
    const etl = new EtlFunction(this, 'Etl', {
      config,
      warehouse,
      source,
      workBucket,
      copyRole: copyRole.role,
      key,
      access,
    });
    access.grantOperations({ etl, workBucket });
    const load = new WarehouseLoad(this, 'WarehouseLoad', { config, etl, warehouse });
    // The load needs every permission and route in place, which no reference in its properties says.
    load.node.addDependency(warehouse, copyRole, network, source, workBucket, etl);
    const nightly = new NightlySchedule(this, 'Nightly', { config: config.schedule, etl });
    // Made after the load and deleted before it: no night begins while the load's Delete stops what runs.
    nightly.node.addDependency(load);
    new Monitoring(this, 'Monitoring', {
      config,
      warehouse: warehouse.signals,
      deadLetters: etl.deadLetterQueue,
      key,
    });
    Tags.of(this).add(ENVIRONMENT_TAG, config.name);
    this.outputs({
      FunctionAliasArn: etl.alias.functionArn,
      LogGroupName: etl.function.logGroup.logGroupName,
      ...warehouse.outputs,
      WorkBucketName: workBucket.bucketName,
      SourceBucketName: config.sources.bucket,
      AnalystRoleArn: access.analyst.roleArn,
      AnalystUser: access.analystUser,
      OperatorRoleArn: access.operator.roleArn,
      OperatorUser: access.operatorUser,
      ScheduleName: nightly.schedule.scheduleName,
      LastLoadRun: load.runId,
    });
  }

  /** Named in the configuration instead of looked up: synth then needs no credentials. */
  override get availabilityZones(): string[] {
    return this.zones;
  }

  private outputs(values: Readonly<Record<string, string>>): void {
    for (const [id, value] of Object.entries(values)) new CfnOutput(this, id, { value });
  }
}
