import * as redshift from '@aws-cdk/aws-redshift-alpha';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { Construct } from 'constructs';
import type { ProvisionedWarehouseConfig } from '../config/environment';
import { dataApiStatements } from './data-api-grants';
import type { IWarehouse, WarehouseProps } from './warehouse';

const DATABASE = 'sparkify';
const ADMIN_USER = 'sparkify_admin';
const PORT = 5439;

/** A provisioned Redshift cluster: private, encrypted, TLS only, its admin password known to Secrets Manager alone. */
export class ProvisionedWarehouse extends Construct implements IWarehouse {
  readonly database = DATABASE;
  readonly databaseUser = ADMIN_USER;
  readonly cluster: redshift.Cluster;

  constructor(scope: Construct, id: string, props: WarehouseProps & { readonly config: ProvisionedWarehouseConfig }) {
    super(scope, id);
    const single = props.config.numberOfNodes === 1;
    this.cluster = new redshift.Cluster(this, 'Cluster', {
      vpc: props.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [props.securityGroup],
      clusterType: single ? redshift.ClusterType.SINGLE_NODE : redshift.ClusterType.MULTI_NODE,
      ...(single ? {} : { numberOfNodes: props.config.numberOfNodes }),
      masterUser: { masterUsername: ADMIN_USER },
      defaultDatabaseName: DATABASE,
      port: PORT,
      roles: [props.copyRole],
      parameterGroup: new redshift.ClusterParameterGroup(this, 'Parameters', {
        description: 'TLS only, user activity logged',
        parameters: { require_ssl: 'true', enable_user_activity_logging: 'true' },
      }),
      encrypted: true,
      encryptionKey: props.key,
      enhancedVpcRouting: true,
      publiclyAccessible: false,
      // The construct's own SNAPSHOT policy throws; it is set on the inner resource below.
      removalPolicy: props.onRemoval === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.setWhatTheConstructLacks(props);
  }

  get clusterIdentifier(): string {
    return this.cluster.clusterName;
  }

  get environment(): Readonly<Record<string, string>> {
    return { CLUSTER_IDENTIFIER: this.clusterIdentifier, DATABASE, DATABASE_USER: ADMIN_USER };
  }

  grantDataApi(grantee: iam.IGrantable): void {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'redshift',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    for (const statement of dataApiStatements(arn('cluster', this.clusterIdentifier))) {
      grantee.grantPrincipal.addToPrincipalPolicy(statement);
    }
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['redshift:GetClusterCredentials'],
        resources: [
          arn('dbuser', `${this.clusterIdentifier}/${ADMIN_USER}`),
          arn('dbname', `${this.clusterIdentifier}/${DATABASE}`),
        ],
      }),
    );
  }

  /** Managed admin password, snapshot retention, log export and RG nodes: the alpha construct has none of them. */
  private setWhatTheConstructLacks(props: WarehouseProps & { readonly config: ProvisionedWarehouseConfig }): void {
    const cluster = this.cluster.node.findChild('Resource') as CfnCluster;
    cluster.nodeType = props.config.nodeType;
    cluster.manageMasterPassword = true;
    cluster.masterPasswordSecretKmsKeyId = props.key.keyArn;
    cluster.masterUserPassword = undefined;
    cluster.masterUsername = ADMIN_USER;
    this.cluster.node.tryRemoveChild('Secret');
    cluster.automatedSnapshotRetentionPeriod = props.config.snapshotRetentionDays;
    cluster.loggingProperties = {
      logDestinationType: 'cloudwatch',
      logExports: ['connectionlog', 'userlog', 'useractivitylog'],
    };
    if (props.onRemoval === 'retain') cluster.applyRemovalPolicy(RemovalPolicy.SNAPSHOT);
  }
}
