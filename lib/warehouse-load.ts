import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from './config';
import { sourcesOf } from './config/deployed-sources';
import type { EtlFunction } from './etl-function';
import { folderDigest } from './sql-digest';
import type { IWarehouse } from './warehouse/warehouse';

const SQL = join(__dirname, '..', 'sql');

/**
 * The load that every deploy makes. Its properties are digests and the warehouse itself: a deploy that changes SQL, the
 * sources or the warehouse changes them, and CloudFormation sends an Update; a deploy that changes neither is no Update.
 */
export class WarehouseLoad extends Construct {
  readonly resource: CustomResource;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly config: EnvironmentConfig; readonly etl: EtlFunction; readonly warehouse: IWarehouse },
  ) {
    super(scope, id);
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::WarehouseLoad',
      serviceToken: props.etl.alias.functionArn,
      serviceTimeout: Duration.hours(1),
      properties: {
        // Another one is empty: this deploy loads it.
        Warehouse: props.warehouse.storage,
        // Another one has no role yet: this deploy gives it.
        Users: Object.values(props.etl.users),
        SourceDigest: createHash('sha256')
          .update(JSON.stringify([props.config.sources, sourcesOf(props.config)]))
          .digest('hex'),
        JsonPathsDigest: folderDigest(join(SQL, 'jsonpaths')),
        MigrationsDigest: folderDigest(join(SQL, 'migrations')),
        LoadDigest: folderDigest(join(SQL, 'load')),
        ChecksDigest: folderDigest(join(SQL, 'checks')),
        AnalyticsDigest: folderDigest(join(SQL, 'analytics')),
        RunDigest: folderDigest(join(SQL, 'run')),
        MaintainDigest: folderDigest(join(SQL, 'maintain')),
      },
    });
  }

  /** The id of the run that the last deploy made. */
  get runId(): string {
    return this.resource.getAttString('RunId');
  }
}
