import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IDependable } from 'constructs';
import type { WarehouseSignals } from './signals';

/** The one database of either kind, and the user who owns it: it makes schemas, tables, roles and grants. */
export const DATABASE = 'sparkify';
export const ADMIN_USER = 'sparkify_admin';
/** The users that load, ask and look after the loads. A role and a user cannot have the same name, so theirs differ. */
export const LOADER_USER = 'loader';
export const ANALYST_USER = 'analyst';
export const OPERATOR_USER = 'operator';
/** Not Redshift's usual 5439, which scanners try first; any of 5431 to 5455 would do. */
export const WAREHOUSE_PORT = 5440;
/** Both kinds write the same logs. */
export const LOG_EXPORTS = ['connectionlog', 'userlog', 'useractivitylog'];

/**
 * What the stack needs of a warehouse, whichever kind it is. Whom the Data API works as differs:
 *
 * | identity | provisioned | serverless |
 * |---|---|---|
 * | admin | `DbUser: sparkify_admin` | `SecretArn`: the admin secret, by its name |
 * | any other | `DbUser`: that user | neither: the caller's IAM role, as database user `IAMR:<role>` |
 */
export interface IWarehouse extends IDependable {
  readonly kind: 'provisioned' | 'serverless';
  readonly database: string;
  /**
   * The storage that the data is in, and the snapshot that has taken its place. Another one means an empty or an older
   * warehouse: it is a property of the load, so that the deploy that replaces or restores a warehouse loads it too.
   */
  readonly storage: string;
  /**
   * How a function finds the warehouse: `CLUSTER_IDENTIFIER`, `DATABASE_USER` and `MULTI_AZ`, or `WORKGROUP_NAME` and
   * `ADMIN_SECRET`; `DATABASE` with both.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** What the command line needs to find the warehouse; the stack's outputs, by their ids. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What can be watched, and from where on it is bad. */
  readonly signals: WarehouseSignals;
  /** Lets a role run statements through the Data API, and see and cancel its own ones only; as nobody yet. */
  grantDataApi(grantee: iam.IGrantable): void;
  /** Lets a role work as the admin. */
  grantAdmin(grantee: iam.IGrantable): void;
  /**
   * Lets a role work as another database user: provisioned as `user`, serverless as its own `IAMR:<role>`. No user is
   * made by that, and none gets a privilege: the ETL function does both.
   * @returns the user's name in the database
   */
  grantUser(role: iam.IRole, user: string): string;
}

export interface WarehouseProps {
  /** The environment's name; a serverless warehouse is named after it. */
  readonly environmentName: string;
  readonly vpc: ec2.IVpc;
  /** Private subnets, one a zone. */
  readonly subnets: ec2.SubnetSelection;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly key: kms.IKey;
  readonly copyRole: iam.IRole;
  /** `retain` takes a final snapshot when the warehouse is removed or replaced. */
  readonly onRemoval: 'retain' | 'destroy';
  readonly logRetentionDays: number;
  /** Of functions; null reserves none. */
  readonly reservedConcurrency: number | null;
}
