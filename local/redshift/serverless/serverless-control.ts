import type { Warehouse } from '../warehouse';

/** A namespace as AWS::RedshiftServerless::Namespace describes it, as far as the local engine cares. */
export interface NamespaceSpec {
  readonly namespaceName: string;
  readonly database: string;
  readonly adminUsername: string;
  /** Roles that COPY may name. */
  readonly roleArns: readonly string[];
  readonly manageAdminPassword: boolean;
  /** The customer managed key of the admin password's secret; without it AWS's own. */
  readonly adminSecretKeyArn?: string;
}

export interface NamespaceDescription extends NamespaceSpec {
  readonly arn: string;
  readonly namespaceId: string;
  readonly adminSecretArn?: string;
}

/** What computes over a namespace. Its capacity is kept and means nothing here. */
export interface WorkgroupSpec {
  readonly workgroupName: string;
  readonly namespaceName: string;
  /** Redshift processing units. */
  readonly baseCapacity: number;
  readonly maxCapacity?: number;
  readonly port: number;
  /** The snapshot that its namespace is filled from, by the file's name under the snapshots folder without its ending. */
  readonly snapshotName?: string;
}

export interface WorkgroupDescription extends WorkgroupSpec {
  readonly arn: string;
  readonly workgroupId: string;
}

/** What a workgroup may use in a period. It is kept; nothing is counted here. */
export interface UsageLimit {
  readonly usageLimitId: string;
  readonly resourceArn: string;
  readonly usageType: string;
  readonly amount: number;
  readonly period: string;
  readonly breachAction: string;
}

/** The control plane of the local Redshift Serverless: namespaces with their engines, workgroups, usage limits. */
export interface ServerlessControl {
  /** @throws AwsError ConflictException */
  createNamespace(spec: NamespaceSpec): Promise<NamespaceDescription>;
  /** @throws AwsError ResourceNotFoundException */
  modifyNamespace(spec: NamespaceSpec): Promise<NamespaceDescription>;
  /**
   * With a name for a final snapshot the data is kept under the snapshots folder. Succeeds when it is already gone.
   * @throws AwsError ConflictException when there is a snapshot of that name
   */
  deleteNamespace(namespaceName: string, options: { readonly finalSnapshotName?: string }): Promise<void>;
  namespaces(): readonly NamespaceDescription[];
  /** @throws AwsError ConflictException, ResourceNotFoundException for its namespace or snapshot */
  createWorkgroup(spec: WorkgroupSpec): Promise<WorkgroupDescription>;
  /** Another snapshot than before takes the place of what is in the namespace. @throws AwsError ResourceNotFoundException */
  modifyWorkgroup(spec: WorkgroupSpec): Promise<WorkgroupDescription>;
  /** Its usage limits go with it. Succeeds when it is already gone. */
  deleteWorkgroup(workgroupName: string): void;
  workgroups(): readonly WorkgroupDescription[];
  usageLimits(resourceArn?: string): readonly UsageLimit[];
  /** @throws AwsError ResourceNotFoundException, ConflictException for a second one of the period and breach action */
  createUsageLimit(limit: Omit<UsageLimit, 'usageLimitId'>): UsageLimit;
  /** @throws AwsError ResourceNotFoundException */
  updateUsageLimit(usageLimitId: string, change: Partial<Pick<UsageLimit, 'amount' | 'breachAction'>>): UsageLimit;
  /** @throws AwsError ResourceNotFoundException */
  deleteUsageLimit(usageLimitId: string): UsageLimit;
  /** The engine of a workgroup's namespace. @throws AwsError ResourceNotFoundException */
  warehouse(workgroupName: string): Promise<Warehouse>;
  close(): Promise<void>;
}
