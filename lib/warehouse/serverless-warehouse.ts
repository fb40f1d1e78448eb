import { Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnNamespace, CfnWorkgroup, type CfnWorkgroupProps } from 'aws-cdk-lib/aws-redshiftserverless';
import { Construct } from 'constructs';
import type { RestoreConfig, ServerlessWarehouseConfig } from '../config/environment';
import { grantDataApi } from './data-api-grants';
import { type WarehouseSignals, workgroupSignals } from './signals';
import { UsageLimits } from './usage-limits';
import { ADMIN_USER, DATABASE, type IWarehouse, LOG_EXPORTS, WAREHOUSE_PORT, type WarehouseProps } from './warehouse';

const HOURS_A_DAY = 24;

/**
 * A serverless workgroup over a namespace: private, encrypted, TLS only, its admin password known to Secrets Manager
 * alone. What takes capacity is paid for by the second; when nobody asks, nothing is.
 */
export class ServerlessWarehouse extends Construct implements IWarehouse {
  readonly kind = 'serverless';
  readonly database = DATABASE;
  readonly signals: WarehouseSignals;
  private readonly namespace: CfnNamespace;
  private readonly workgroup: CfnWorkgroup;
  /**
   * CloudFormation does not give away the managed secret's ARN (its coverage roadmap, issue 2021), but the Data API
   * takes a secret's name, and Redshift names it so.
   */
  private readonly adminSecret: string;
  private readonly key: WarehouseProps['key'];
  private readonly snapshot: string | undefined;

  constructor(scope: Construct, id: string, props: WarehouseProps & { readonly config: ServerlessWarehouseConfig }) {
    super(scope, id);
    const { config } = props;
    const name = `sparkify-${props.environmentName}`;
    this.key = props.key;
    this.snapshot = config.restoreFrom?.snapshot;
    this.adminSecret = `redshift!${name}-${ADMIN_USER}`;
    this.namespace = new CfnNamespace(this, 'Namespace', {
      namespaceName: name,
      dbName: DATABASE,
      adminUsername: ADMIN_USER,
      manageAdminPassword: true,
      adminPasswordSecretKmsKeyId: props.key.keyId,
      kmsKeyId: props.key.keyId,
      iamRoles: [props.copyRole.roleArn],
      defaultIamRoleArn: props.copyRole.roleArn,
      logExports: LOG_EXPORTS,
      ...(props.onRemoval === 'retain' ? { finalSnapshotName: this.finalSnapshotName(name) } : {}),
    });
    this.workgroup = new CfnWorkgroup(this, 'Workgroup', {
      workgroupName: name,
      namespaceName: this.namespace.ref,
      baseCapacity: config.baseRpus,
      maxCapacity: config.maxRpus,
      port: WAREHOUSE_PORT,
      enhancedVpcRouting: true,
      publiclyAccessible: false,
      subnetIds: props.vpc.selectSubnets(props.subnets).subnetIds,
      securityGroupIds: [props.securityGroup.securityGroupId],
      // Off: it lets AWS choose a capacity of its own above the base.
      pricePerformanceTarget: { status: 'DISABLED' },
      configParameters: [
        { parameterKey: 'require_ssl', parameterValue: 'true' },
        { parameterKey: 'enable_user_activity_logging', parameterValue: 'true' },
      ],
      ...restored(config.restoreFrom),
    });
    new UsageLimits(this, 'UsageLimits', {
      workgroupArn: this.workgroup.attrWorkgroupWorkgroupArn,
      limits: config.usageLimits,
      keeping: props,
      // One deploy at a time sets them.
      reservedConcurrency: props.reservedConcurrency === null ? null : 1,
    });
    this.signals = workgroupSignals(name, name, dailyRpuHours(config));
  }

  /** The namespace stays when a snapshot is put into it, other than a cluster. */
  get storage(): string {
    const arn = this.namespace.attrNamespaceNamespaceArn;
    return this.snapshot === undefined ? arn : Fn.join(' from ', [arn, this.snapshot]);
  }

  get environment(): Readonly<Record<string, string>> {
    return { WORKGROUP_NAME: this.workgroup.ref, DATABASE, ADMIN_SECRET: this.adminSecret };
  }

  get outputs(): Readonly<Record<string, string>> {
    return { WorkgroupName: this.workgroup.ref, Database: DATABASE, AdminSecret: this.adminSecret };
  }

  grantDataApi(grantee: iam.IGrantable): void {
    grantDataApi(grantee, this.workgroup.attrWorkgroupWorkgroupArn);
  }

  grantAdmin(grantee: iam.IGrantable): void {
    const { partition, region, account } = Stack.of(this);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        // Secrets Manager puts a hyphen and six characters behind every name.
        resources: [`arn:${partition}:secretsmanager:${region}:${account}:secret:${this.adminSecret}-??????`],
      }),
    );
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
      }),
    );
  }

  grantUser(role: iam.IRole): string {
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['redshift-serverless:GetCredentials'],
        resources: [this.workgroup.attrWorkgroupWorkgroupArn],
      }),
    );
    return `IAMR:${role.roleName}`;
  }

  /** Of its own for each life of a stack: a snapshot of the name that is there already would fail the removal. */
  private finalSnapshotName(name: string): string {
    const stack = Fn.select(2, Fn.split('/', Stack.of(this).stackId));
    return Fn.join('-', [name, 'final', Fn.select(0, Fn.split('-', stack))]);
  }
}

/** The namespace is filled through its workgroup. */
function restored(from: RestoreConfig | undefined): Partial<CfnWorkgroupProps> {
  if (from === undefined) return {};
  const { snapshot, account } = from;
  const which = snapshot.startsWith('arn:') ? { snapshotArn: snapshot } : { snapshotName: snapshot };
  return { ...which, snapshotOwnerAccount: account };
}

/** Before the lowest daily limit acts; without one, half of what the most capacity could take in a day. */
function dailyRpuHours({ maxRpus, usageLimits }: ServerlessWarehouseConfig): number {
  const daily = usageLimits.filter(({ period }) => period === 'daily').map(({ rpuHours }) => rpuHours * 0.8);
  return daily.length > 0 ? Math.min(...daily) : (maxRpus * HOURS_A_DAY) / 2;
}
