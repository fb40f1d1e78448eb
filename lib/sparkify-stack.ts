import { CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from './config';
import { CopyRole } from './copy-role';
import { EtlFunction } from './etl-function';
import { Network } from './network';
import { NightlySchedule } from './nightly-schedule';
import { makeWarehouse } from './warehouse/make-warehouse';
import { WarehouseLoad } from './warehouse-load';
import { WorkBucket } from './work-bucket';

/** One environment's warehouse with everything that fills it. */
export class SparkifyStack extends Stack {
  private readonly zones: string[];

  constructor(scope: Construct, id: string, config: EnvironmentConfig) {
    super(scope, id, {
      env: { account: config.account, region: config.region },
      description: `Sparkify warehouse, ${config.name}: Redshift, its ETL and the load of every deploy`,
      terminationProtection: config.terminationProtection,
    });
    this.zones = [...config.availabilityZones];
    const key = new kms.Key(this, 'Key', {
      description: `Sparkify ${config.name}: cluster, its admin password and the work bucket`,
      enableKeyRotation: true,
      // The work bucket is kept in every environment, and it would be unreadable without its key.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const network = new Network(this, 'Network', config);
    const workBucket = new WorkBucket(this, 'WorkBucket', { key }).bucket;
    const copyRole = new CopyRole(this, 'CopyRole', {
      sources: config.sources,
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
    });
    const etl = new EtlFunction(this, 'Etl', { config, warehouse, workBucket, copyRole: copyRole.role });
    const load = new WarehouseLoad(this, 'WarehouseLoad', { config, etl, warehouse });
    // The load needs every permission and route in place, which no reference in its properties says.
    load.node.addDependency(warehouse, copyRole, network, workBucket, etl);
    const nightly = new NightlySchedule(this, 'Nightly', { config: config.schedule, etl });
    // Made after the load and deleted before it: no night begins while the load's Delete stops what runs.
    nightly.node.addDependency(load);
    Tags.of(this).add('sparkify:environment', config.name);
    this.outputs({
      FunctionAliasArn: etl.alias.functionArn,
      ...warehouse.outputs,
      WorkBucketName: workBucket.bucketName,
      SourceBucketName: config.sources.bucket,
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
