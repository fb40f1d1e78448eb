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
  /** JSON text; decides which resources an update may touch. */
  stackPolicy?: string;
  /** What the last detection of drift found. */
  drift?: DriftRecord;
}

export interface DriftRecord {
  readonly detectionId: string;
  readonly checkedAt: number;
  readonly status: 'IN_SYNC' | 'DRIFTED';
  /** How many resources have drifted. */
  readonly drifted: number;
  readonly results: readonly ResourceDrift[];
}

export interface ResourceDrift {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED';
  readonly expected: JsonObject;
  readonly actual?: JsonObject;
  readonly differences: readonly PropertyDifference[];
  readonly checkedAt: number;
}

/** `path` is a JSON pointer. */
export interface PropertyDifference {
  readonly path: string;
  readonly type: 'ADD' | 'REMOVE' | 'NOT_EQUAL';
  readonly expected?: unknown;
  readonly actual?: unknown;
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
  /** A continued rollback left it as it was: nobody knows whether it has these properties until it is updated again. */
  skipped?: boolean;
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
  /** Its rollback deletes what the operation made even where it is marked Retain. */
  readonly retainExceptOnCreate?: boolean;
  readonly retainResources?: readonly string[];
  readonly resourcesToSkip?: readonly string[];
  /** Logical ids that this rollback could not bring back: those that the next one may skip. */
  stuck?: readonly string[];
  /** Takes the stack policy's place for this update. */
  readonly stackPolicy?: string;
  /** Deletion leaves behind what it cannot delete. */
  readonly forceDelete?: boolean;
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
  /** What the validation before deployment found wrong. */
  readonly problems?: readonly ValidationProblem[];
  /** REVERT_DRIFT: what drifted resources are now, null for those that are gone. */
  readonly live?: LiveProperties;
}

export type LiveProperties = Readonly<Record<string, JsonObject | null>>;

export interface ValidationProblem {
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  /** JSON pointer into the template. */
  readonly path: string;
  readonly text: string;
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
  /** Below the property, a JSON pointer. */
  readonly path?: string;
  /** The values that differ when they lie below the property. */
  readonly leaves?: readonly { readonly path: string; readonly before?: string; readonly after?: string }[];
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
