import * as redshift from '@aws-cdk/aws-redshift-alpha';
import { ArnFormat, type CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { ProvisionedWarehouseConfig } from '../config/environment';
import { grantDataApi } from './data-api-grants';
import { PauseSchedule } from './pause-schedule';
import { clusterSignals, type WarehouseSignals } from './signals';
import { ADMIN_USER, DATABASE, type IWarehouse, LOG_EXPORTS, WAREHOUSE_PORT, type WarehouseProps } from './warehouse';

/** UTC, well after the nightly load and in nobody's working day. */
const MAINTENANCE_WINDOW = 'sun:07:00-sun:07:30';

/** A provisioned Redshift cluster: private, encrypted, TLS only, its admin password known to Secrets Manager alone. */
export class ProvisionedWarehouse extends Construct implements IWarehouse {
  readonly kind = 'provisioned';
  readonly database = DATABASE;
  readonly signals: WarehouseSignals;
  private readonly cluster: redshift.Cluster;
  private readonly multiAz: boolean;

  constructor(scope: Construct, id: string, props: WarehouseProps & { readonly config: ProvisionedWarehouseConfig }) {
    super(scope, id);
    this.multiAz = props.config.multiAz;
    const single = props.config.numberOfNodes === 1 && !this.multiAz;
    this.cluster = new redshift.Cluster(this, 'Cluster', {
      vpc: props.vpc,
      vpcSubnets: props.subnets,
      securityGroups: [props.securityGroup],
      clusterType: single ? redshift.ClusterType.SINGLE_NODE : redshift.ClusterType.MULTI_NODE,
      ...(single ? {} : { numberOfNodes: props.config.numberOfNodes }),
      masterUser: { masterUsername: ADMIN_USER },
      defaultDatabaseName: DATABASE,
      port: WAREHOUSE_PORT,
      roles: [props.copyRole],
      parameterGroup: new redshift.ClusterParameterGroup(this, 'Parameters', {
        description: 'TLS only, user activity logged',
        parameters: { require_ssl: 'true', enable_user_activity_logging: 'true' },
      }),
      encrypted: true,
      encryptionKey: props.key,
      enhancedVpcRouting: true,
      publiclyAccessible: false,
      preferredMaintenanceWindow: MAINTENANCE_WINDOW,
      multiAz: this.multiAz,
      // The construct's own SNAPSHOT policy throws; it is set on the inner resource below.
      removalPolicy: props.onRemoval === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.setWhatTheConstructLacks(props);
    this.signals = clusterSignals(this.clusterIdentifier);
    const { pause } = props.config;
    if (pause !== null) {
      new PauseSchedule(this, 'Pause', {
        pause,
        clusterIdentifier: this.clusterIdentifier,
        clusterArn: this.arn('cluster', this.clusterIdentifier),
        environmentName: props.environmentName,
      });
    }
  }

  get storage(): string {
    return this.inner.attrClusterNamespaceArn;
  }

  get outputs(): Readonly<Record<string, string>> {
    return { ClusterIdentifier: this.clusterIdentifier, Database: DATABASE, DatabaseUser: ADMIN_USER };
  }

  private get clusterIdentifier(): string {
    return this.cluster.clusterName;
  }

  private get inner(): CfnCluster {
    return this.cluster.node.findChild('Resource') as CfnCluster;
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      CLUSTER_IDENTIFIER: this.clusterIdentifier,
      DATABASE,
      DATABASE_USER: ADMIN_USER,
      MULTI_AZ: String(this.multiAz),
    };
  }

  grantDataApi(grantee: iam.IGrantable): void {
    grantDataApi(grantee, this.arn('cluster', this.clusterIdentifier));
  }

  grantAdmin(grantee: iam.IGrantable): void {
    this.grantCredentials(grantee, ADMIN_USER);
  }

  grantUser(role: iam.IRole, user: string): string {
    this.grantCredentials(role, user);
    return user;
  }

  private grantCredentials(grantee: iam.IGrantable, user: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['redshift:GetClusterCredentials'],
        resources: [
          this.arn('dbuser', `${this.clusterIdentifier}/${user}`),
          this.arn('dbname', `${this.clusterIdentifier}/${DATABASE}`),
        ],
      }),
    );
  }

  private arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service: 'redshift',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Managed admin password, snapshots and the way back from them, log export and RG nodes: the alpha construct has none of them. */
  private setWhatTheConstructLacks(props: WarehouseProps & { readonly config: ProvisionedWarehouseConfig }): void {
    const cluster = this.inner;
    cluster.nodeType = props.config.nodeType;
    cluster.manageMasterPassword = true;
    cluster.masterPasswordSecretKmsKeyId = props.key.keyArn;
    cluster.masterUserPassword = undefined;
    cluster.masterUsername = ADMIN_USER;
    this.cluster.node.tryRemoveChild('Secret');
    cluster.automatedSnapshotRetentionPeriod = props.config.snapshotRetentionDays;
    cluster.loggingProperties = {
      logDestinationType: 'cloudwatch',
      logExports: LOG_EXPORTS,
    };
    acknowledge(
      cluster,
      'Audit logging is on: connection, user and user activity logs go to CloudWatch Logs, where they can be searched and alarmed on. The rule knows the older destination, an S3 bucket, alone.',
      'cdk-validator-cfnguard::redshift_cluster_audit_logging_enabled_check',
    );
    if (props.onRemoval === 'retain') cluster.applyRemovalPolicy(RemovalPolicy.SNAPSHOT);
    // The construct keeps it together with the cluster; without its subnets, which go, it would be of no use.
    (this.cluster.node.findChild('Subnets').node.defaultChild as CfnResource).applyRemovalPolicy(RemovalPolicy.DESTROY);
    const { restoreFrom } = props.config;
    cluster.snapshotIdentifier = restoreFrom?.snapshot;
    cluster.ownerAccount = restoreFrom?.account;
  }
}
