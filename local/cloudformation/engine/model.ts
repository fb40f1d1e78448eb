import type { StackParameter } from '../template/parameters';
import type { DeletionPolicy } from '../template/template';
import type { JsonObject } from '../values';

/** What CloudFormation knows of a stack, as it is kept on disk: plain JSON, times in milliseconds since the epoch. */
export interface StackRecord {
  readonly stackId: string;
  readonly stackName: string;
  status: string;
  statusReason?: string;
  readonly createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
  /** The template's text as it was sent; '' while only a change set exists. */
  templateBody: string;
  parameters: StackParameter[];
  tags: Tag[];
  capabilities: string[];
  notificationArns: string[];
  roleArn?: string;
  description?: string;
  disableRollback: boolean;
  terminationProtection: boolean;
  outputs: OutputRecord[];
  /** Names this stack imports from others. */
  imports: string[];
  resources: Record<string, ResourceRecord>;
  /** Present from the start of an operation until the stack is stable again: what a rollback goes back to. */
  stable?: StableState;
  /** Replaced and removed resources still to be deleted in clean-up. */
  cleanup: ResourceRecord[];
  operation?: OperationRecord;
  changeSets: ChangeSetRecord[];
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface OutputRecord {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  /** What Ref gives; undefined until the resource exists. */
  physicalId?: string;
  status: string;
  statusReason?: string;
  updatedAt: number;
  /** Resolved; what the resource was last successfully given. */
  properties: JsonObject;
  /** What a failed or interrupted update tried to give it. */
  attempted?: JsonObject;
  attributes: JsonObject;
  dependsOn: string[];
  deletionPolicy: DeletionPolicy;
  updateReplacePolicy: DeletionPolicy;
  metadata?: unknown;
}

/** The last state in which a stack was whole. */
export interface StableState {
  readonly status: string;
  readonly templateBody: string;
  readonly parameters: StackParameter[];
  readonly tags: Tag[];
  readonly description?: string;
  readonly outputs: OutputRecord[];
  readonly imports: string[];
  readonly resources: Record<string, ResourceRecord>;
}

export interface OperationRecord {
  readonly id: string;
  readonly kind: 'CREATE' | 'UPDATE' | 'DELETE' | 'ROLLBACK';
  /** ClientRequestToken, repeated in the events. */
  readonly token?: string;
  readonly onFailure: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';
  /** `cdk rollback` asks that a creation's rollback also deletes what is marked Retain-except-on-create. */
  readonly retainExceptOnCreate?: boolean;
  readonly retainResources?: readonly string[];
  readonly resourcesToSkip?: readonly string[];
}

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly createdAt: number;
  readonly description?: string;
  status: 'CREATE_COMPLETE' | 'FAILED';
  statusReason?: string;
  executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE';
  readonly templateBody: string;
  readonly parameters: StackParameter[];
  readonly tags: Tag[];
  readonly capabilities: string[];
  readonly notificationArns: string[];
  readonly roleArn?: string;
  readonly onStackFailure?: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';
  readonly changes: ResourceChange[];
}

/** A line of a change set, named as in the API. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly policyAction?: string;
  readonly scope: readonly string[];
  readonly details: readonly PropertyChange[];
  /** JSON of the resource before and after, for IncludePropertyValues. */
  readonly before?: string;
  readonly after?: string;
}

export interface PropertyChange {
  readonly attribute: 'Properties' | 'Metadata' | 'DeletionPolicy' | 'UpdateReplacePolicy';
  readonly name?: string;
  readonly requiresRecreation: 'Always' | 'Never' | 'Conditionally';
  readonly evaluation: 'Static' | 'Dynamic';
  readonly before?: string;
  readonly after?: string;
}

export interface EventRecord {
  readonly id: string;
  readonly time: number;
  readonly operationId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
  readonly token?: string;
}
