import type { Warehouse } from './warehouse';

/** A provisioned cluster as AWS::Redshift::Cluster describes it, as far as the local engine cares. */
export interface ClusterSpec {
  /** 1 to 63 lower-case letters, digits and hyphens. */
  readonly clusterIdentifier: string;
  /** The first database (`DBName`). */
  readonly database: string;
  readonly masterUsername: string;
  readonly port: number;
  readonly nodeType: string;
  readonly numberOfNodes: number;
  /** Whether the STL, STV, SVL and SVCS views are there: not in two zones, nor on serverless. */
  readonly clusterViews: boolean;
  /** Roles that COPY may name. */
  readonly roleArns: readonly string[];
  readonly manageMasterPassword: boolean;
  /** The snapshot that a new cluster begins from: the file's name under the snapshots folder, without its ending. */
  readonly snapshotIdentifier?: string;
  /** The customer managed key of the managed password's secret; without it AWS's own. */
  readonly masterPasswordSecretKeyArn?: string;
}

export interface ClusterDescription extends ClusterSpec {
  readonly status: 'available' | 'paused' | 'deleting';
  readonly arn: string;
  readonly endpoint: { readonly address: string; readonly port: number };
  readonly masterPasswordSecretArn?: string;
}

/** The control plane of the local Redshift: makes, changes and removes clusters and hands out their engines. */
export interface ClusterControl {
  /**
   * A cluster out of a snapshot has its data, and its database and admin user whatever the specification says.
   * @throws AwsError ClusterAlreadyExists, ClusterSnapshotNotFound
   */
  create(spec: ClusterSpec): Promise<ClusterDescription>;
  /** @throws AwsError ClusterNotFound */
  modify(spec: ClusterSpec): Promise<ClusterDescription>;
  /**
   * With `snapshot` the data is kept under the snapshots folder, by that name or else by one made of cluster and time.
   * Succeeds when the cluster is already gone.
   * @throws AwsError ClusterSnapshotAlreadyExists
   */
  delete(clusterIdentifier: string, options: { readonly snapshot: boolean | string }): Promise<void>;
  /**
   * Puts the data, the database and the admin user of a snapshot in the place of what a cluster has.
   * @throws AwsError ClusterNotFound, ClusterSnapshotNotFound; nothing is lost then
   */
  restore(clusterIdentifier: string, snapshot: string): Promise<ClusterDescription>;
  describe(clusterIdentifier: string): ClusterDescription | undefined;
  list(): readonly ClusterDescription[];
  /** Opens the cluster's engine on first use. @throws AwsError ClusterNotFound */
  warehouse(clusterIdentifier: string): Promise<Warehouse>;
  close(): Promise<void>;
}
