import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Source } from '../statements/sources';
import { acknowledgeWildcards } from './acknowledge';
import { dataKeys, jsonPathsKeys } from './config/deployed-sources';
import type { WarehouseConfig } from './config/environment';
import { ManagedRole } from './managed-role';
import type { SourceBucket } from './source-bucket';
import { RUNS_PREFIX } from './work-bucket';

/**
 * The role that the cluster takes on for COPY: it reads the sources' prefixes, their JSONPaths files and the manifests of
 * runs.
 */
export class CopyRole extends Construct {
  readonly role: iam.Role;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly sources: readonly Source[];
      readonly source: SourceBucket;
      readonly workBucket: s3.IBucket;
      /** Which services take the role on. */
      readonly warehouse: WarehouseConfig['kind'];
    },
  ) {
    super(scope, id);
    const { sources, source, workBucket } = props;
    this.role = new ManagedRole(this, 'Role', {
      description: 'COPY of the Sparkify warehouse: reads the source prefixes and the manifests of its runs',
      assumedBy: new iam.CompositePrincipal(...this.services(props.warehouse)),
    });
    const data = dataKeys(sources);
    const keys = [...data, ...jsonPathsKeys(sources)];
    source.grantRead(this.role, keys);
    source.grantList(this.role, keys);
    workBucket.encryptionKey?.grantDecrypt(this.role);
    const runs = workBucket.arnForObjects(`${RUNS_PREFIX}*`);
    this.role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [runs] }));
    this.role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [workBucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': [`${RUNS_PREFIX}*`] } },
      }),
    );
    acknowledgeWildcards(
      this.role,
      'COPY reads files whose names are not known before they arrive: read access to the prefixes of the sources, and to the prefix of the runs in the work bucket, is as narrow as a policy can be. Nothing is written, and no other prefix is read.',
      ...data.map((key) => source.bucket.arnForObjects(key)),
      runs,
    );
  }

  /** A workgroup takes roles on as either of two services. */
  private services(warehouse: WarehouseConfig['kind']): iam.ServicePrincipal[] {
    const names = [
      'redshift.amazonaws.com',
      ...(warehouse === 'serverless' ? ['redshift-serverless.amazonaws.com'] : []),
    ];
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    return names.map((name) => new iam.ServicePrincipal(name, { conditions }));
  }
}
