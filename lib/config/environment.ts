/** The environments this app can be deployed to. `local` is the local AWS on one machine. */
export const ENVIRONMENT_NAMES = ['dev', 'staging', 'prod', 'local'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** A provisioned cluster. Node types and their limits: Management Guide, "Amazon Redshift provisioned clusters". */
export interface ProvisionedWarehouseConfig {
  readonly kind: 'provisioned';
  /** RA3 (`ra3.large` ...) or RG (`rg.large` ...). */
  readonly nodeType: string;
  /** 1 makes a single-node cluster. */
  readonly numberOfNodes: number;
  /** Days that automated snapshots are kept, 1 to 35. */
  readonly snapshotRetentionDays: number;
}

/** Where the source data lies. All of it is read, nothing is written. */
export interface SourceConfig {
  readonly bucket: string;
  /** The bucket's region; COPY is told when it is another than the warehouse's. */
  readonly region: string;
  /** Key prefix of the song metadata; it ends in `/`, for a bare prefix would also match `song_data_old/`. */
  readonly songPrefix: string;
  /** Key prefix of the activity logs; it ends in `/`. */
  readonly logPrefix: string;
  /** Key of the JSONPaths file for the logs; outside of both prefixes, else it would be loaded as data. */
  readonly logJsonPathsKey: string;
}

export interface ScheduleConfig {
  /** EventBridge Scheduler expression, for example `cron(0 3 * * ? *)`. */
  readonly expression: string;
  /** IANA time zone. */
  readonly timezone: string;
}

/** Everything that differs between environments. */
export interface EnvironmentConfig {
  readonly name: EnvironmentName;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Named here rather than looked up, so that synth needs no credentials; a cluster's subnet group spans them. */
  readonly availabilityZones: readonly string[];
  readonly vpcCidr: string;
  /**
   * The region's managed prefix list of S3, to which alone the cluster may connect (through the gateway endpoint).
   * `aws ec2 describe-managed-prefix-lists` names it.
   */
  readonly s3PrefixListId: string;
  readonly warehouse: ProvisionedWarehouseConfig;
  readonly sources: SourceConfig;
  readonly schedule: ScheduleConfig;
  /** What happens to the cluster, the key and the logs when the stack goes: `retain` keeps a final snapshot. */
  readonly onRemoval: 'retain' | 'destroy';
  /** Protects the stack against deletion. */
  readonly terminationProtection: boolean;
  /** Seconds after which a load gives up, cancels its statement and answers FAILED; at most 3,300 (55 minutes). */
  readonly loadDeadlineSeconds: number;
  /**
   * Rows of each source that one run may leave out, 0 to 99,999. With 0 the first bad row fails the load; otherwise good
   * rows load and each reject is kept in etl.rejects. A full refresh reads all files again and meets all rejects again.
   */
  readonly rejects: { readonly songs: number; readonly events: number };
}
