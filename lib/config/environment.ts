/** The environments this app can be deployed to. `local` is the local AWS on one machine. */
export const ENVIRONMENT_NAMES = ['dev', 'staging', 'prod', 'local'] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** When a provisioned cluster sleeps. Scheduled actions know UTC only (Management Guide, "Pausing and resuming"). */
export interface PauseConfig {
  /** `cron(...)` in UTC: from here on only storage is paid for. Choose it well after the nightly load. */
  readonly pauseAt: string;
  /** `cron(...)` in UTC: before the nightly load, by half an hour or more. */
  readonly resumeAt: string;
}

/**
 * The snapshot that the warehouse begins from. It stays here as long as that warehouse lives: CloudFormation replaces a
 * cluster whose snapshot is another one, or none.
 */
export interface RestoreConfig {
  /** Provisioned: the snapshot's identifier. Serverless: its name, or its ARN (a cluster's snapshot has one too). */
  readonly snapshot: string;
  /** Twelve digits, where another account has shared it. */
  readonly account?: string;
}

/** A provisioned cluster. Node types and their limits: Management Guide, "Amazon Redshift provisioned clusters". */
export interface ProvisionedWarehouseConfig {
  readonly kind: 'provisioned';
  /** RA3 (`ra3.large` ...) or RG (`rg.large` ...). */
  readonly nodeType: string;
  /** 1 makes a single-node cluster. With `multiAz` it is the number in each of the two zones. */
  readonly numberOfNodes: number;
  /** A second set of nodes in another zone: RA3 only, two nodes or more, and never paused. */
  readonly multiAz: boolean;
  /** Days that automated snapshots are kept, 1 to 35. */
  readonly snapshotRetentionDays: number;
  /** Null: always on. */
  readonly pause: PauseConfig | null;
  readonly restoreFrom?: RestoreConfig;
}

/** What a serverless workgroup may use in a period, and what happens at the limit. */
export interface UsageLimitConfig {
  readonly period: 'daily' | 'weekly' | 'monthly';
  readonly rpuHours: number;
  /** `deactivate` refuses queries until the period is over: the load fails then, and says why. */
  readonly breach: 'log' | 'emit-metric' | 'deactivate';
}

/** A serverless workgroup and its namespace. */
export interface ServerlessWarehouseConfig {
  readonly kind: 'serverless';
  /** Redshift processing units that are there when the first query comes: 4, or 8 to 512 in steps of 8. */
  readonly baseRpus: number;
  /** The most that it scales to; not less than `baseRpus`. */
  readonly maxRpus: number;
  /** At most four, no two of one period and breach. */
  readonly usageLimits: readonly UsageLimitConfig[];
  readonly restoreFrom?: RestoreConfig;
}

export type WarehouseConfig = ProvisionedWarehouseConfig | ServerlessWarehouseConfig;

/** A VPC of the stack's own: isolated subnets, no way to the internet. */
export interface OwnNetworkConfig {
  readonly kind: 'own';
  /** IPv4 block, /16 to /24. */
  readonly cidr: string;
}

/** A VPC that exists, by its ids. It brings its own way to S3: a gateway endpoint in the subnets' route tables. */
export interface ExistingNetworkConfig {
  readonly kind: 'existing';
  readonly vpcId: string;
  /** Private subnets, one in each of `availabilityZones` and in their order. */
  readonly subnetIds: readonly string[];
}

export type NetworkConfig = OwnNetworkConfig | ExistingNetworkConfig;

/** Where the source data lies. All of it is read, nothing is written. */
export interface SourceConfig {
  /**
   * `given`: the bucket is there, public or somebody's. `made`: the stack makes it under the name `bucket`, and keeps it
   * when it goes; a later stack is given it. Empty it may be only until the first load.
   */
  readonly origin: 'given' | 'made';
  readonly bucket: string;
  /** The bucket's region; COPY is told when it is another than the warehouse's. */
  readonly region: string;
  /** Its owner, twelve digits, where that is another account: its bucket policy must let our two roles read. */
  readonly account: string | null;
  /** The customer managed key of the bucket's objects, if they have one. */
  readonly kmsKeyArn: string | null;
  /**
   * Key prefixes by source, where they are others than sql/sources.yaml says. They end in `/`, for a bare prefix would
   * also match `song_data_old/`.
   */
  readonly prefixes?: Readonly<Record<string, string>>;
  /** Keys of JSONPaths files by source, where they are others; outside of all prefixes, else they would be data. */
  readonly jsonPathsKeys?: Readonly<Record<string, string>>;
}

export interface ScheduleConfig {
  /** EventBridge Scheduler expression, for example `cron(0 3 * * ? *)`. */
  readonly expression: string;
  /** IANA time zone. */
  readonly timezone: string;
}

/**
 * Who may take on the roles of people: ARNs of IAM principals. An empty list is the environment's own account, for
 * sessions with MFA; one of an identity provider carries none, so its role has to be named.
 */
export interface AccessConfig {
  /** May query as the read-only database role. */
  readonly analysts: readonly string[];
  /** May also load, watch and cancel. */
  readonly operators: readonly string[];
}

/** When somebody is told, and who. */
export interface AlarmsConfig {
  /** Each gets a mail to confirm once. An empty list leaves the topic for others to subscribe to. */
  readonly emails: readonly string[];
  /** Rows that a run may leave out before it alarms; `rejects` says from where on it fails. */
  readonly rejectsAbove: number;
  /** Hours without a successful load before it is late. */
  readonly lateAfterHours: number;
  /** Percent of the cluster's disk. */
  readonly diskPercent: number;
  /** Where docs/runbook.md can be read; an alarm's text links to its section. */
  readonly runbookUrl: string;
}

/** Everything that differs between environments. */
export interface EnvironmentConfig {
  readonly name: EnvironmentName;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Named here rather than looked up, so that synth needs no credentials; a cluster's subnet group spans them. */
  readonly availabilityZones: readonly string[];
  readonly network: NetworkConfig;
  /**
   * The region's managed prefix list of S3, to which alone the cluster may connect (through the gateway endpoint).
   * `aws ec2 describe-managed-prefix-lists` names it.
   */
  readonly s3PrefixListId: string;
  readonly warehouse: WarehouseConfig;
  readonly sources: SourceConfig;
  readonly schedule: ScheduleConfig;
  readonly access: AccessConfig;
  readonly alarms: AlarmsConfig;
  /** US dollars a month for what carries the environment's tag; at 80 % and by forecast the alarms' mails go out. */
  readonly budgetUsd: number;
  /** Days that logs are kept; one of CloudWatch's own steps. Control Tower and PCI DSS ask for a year. */
  readonly logRetentionDays: number;
  /**
   * What happens to the warehouse and the logs when the stack goes: `retain` keeps a final snapshot. `destroy` is the
   * first of two opt-ins; without the second, `-c allowDataLoss=NAME` at the deploy, it counts as `retain`.
   */
  readonly onRemoval: 'retain' | 'destroy';
  /**
   * How many invocations the ETL function may have at once; as many are taken from the account's quota, of which Lambda
   * wants 100 left. Null reserves none: for a young account, whose whole quota may be 10.
   */
  readonly reservedConcurrency: number | null;
  /** Protects the stack against deletion. */
  readonly terminationProtection: boolean;
  /** Seconds after which a load gives up, cancels its statement and answers FAILED; at most 3,300 (55 minutes). */
  readonly loadDeadlineSeconds: number;
  /**
   * Rows that one run may leave out, by source, 0 to 99,999; of a source that is not named, as sql/sources.yaml says.
   * With 0 the first bad row fails the load; otherwise good rows load and each reject is kept in etl.rejects. A full
   * refresh reads all files again and meets all rejects again.
   */
  readonly rejects: Readonly<Record<string, number>>;
}
