import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IDependable } from 'constructs';

/** What the ETL needs of a warehouse, whichever kind it is. */
export interface IWarehouse extends IDependable {
  /** Cluster identifier, resolved at deploy. */
  readonly clusterIdentifier: string;
  readonly database: string;
  /** The database user whose temporary credentials the ETL function asks for. */
  readonly databaseUser: string;
  /** How the ETL function finds the warehouse. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lets a role run statements through the Data API as `databaseUser`, and see and cancel its own ones only. */
  grantDataApi(grantee: iam.IGrantable): void;
}

export interface WarehouseProps {
  readonly vpc: ec2.IVpc;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly key: kms.IKey;
  readonly copyRole: iam.IRole;
  /** `retain` takes a final snapshot when the cluster is removed or replaced. */
  readonly onRemoval: 'retain' | 'destroy';
}
