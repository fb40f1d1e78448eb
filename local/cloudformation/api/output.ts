import type {
  ChangeSetRecord,
  EventRecord,
  PropertyChange,
  ResourceChange,
  ResourceRecord,
  StackRecord,
} from '../engine/model';
import type { StackParameter } from '../template/parameters';

/** Shapes of the API's answers, from the engine's records. */

const time = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : new Date(milliseconds));

function parameters(values: readonly StackParameter[]): object[] {
  return values.map((parameter) => ({
    ParameterKey: parameter.key,
    ParameterValue: parameter.noEcho === true ? '****' : parameter.value,
    ResolvedValue: parameter.resolvedValue,
  }));
}

export function describedStack(stack: StackRecord): object {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    Description: stack.description,
    Parameters: parameters(stack.parameters),
    CreationTime: time(stack.createdAt),
    LastUpdatedTime: time(stack.updatedAt),
    DeletionTime: time(stack.deletedAt),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: stack.notificationArns,
    Capabilities: stack.capabilities,
    Outputs: stack.outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      Description: output.description,
      ExportName: output.exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: stack.tags.map((tag) => ({ Key: tag.key, Value: tag.value })),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: stackDrift(stack),
    LastOperations: lastOperations(stack),
  };
}

function lastOperations({ operation }: StackRecord): object[] {
  if (operation === undefined) return [];
  const types = { CREATE: 'CREATE_STACK', UPDATE: 'UPDATE_STACK', DELETE: 'DELETE_STACK', ROLLBACK: 'ROLLBACK' };
  return [{ OperationType: types[operation.kind], OperationId: operation.id }];
}

function stackDrift({ drift }: StackRecord): object {
  if (drift === undefined) return { StackDriftStatus: 'NOT_CHECKED' };
  return { StackDriftStatus: drift.status, LastCheckTimestamp: time(drift.checkedAt) };
}

function resourceDrift({ drift }: StackRecord, { logicalId }: ResourceRecord): object {
  const result = drift?.results.find((candidate) => candidate.logicalId === logicalId);
  if (result === undefined || result.status === 'NOT_CHECKED') return { StackResourceDriftStatus: 'NOT_CHECKED' };
  return { StackResourceDriftStatus: result.status, LastCheckTimestamp: time(result.checkedAt) };
}

export function stackSummary(stack: StackRecord): object {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    TemplateDescription: stack.description,
    CreationTime: time(stack.createdAt),
    LastUpdatedTime: time(stack.updatedAt),
    DeletionTime: time(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: stackDrift(stack),
  };
}

export function stackEvent(stack: StackRecord, event: EventRecord): object {
  return {
    StackId: stack.stackId,
    EventId: event.id,
    StackName: stack.stackName,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: time(event.time),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}

export function stackResource(stack: StackRecord, resource: ResourceRecord): object {
  return {
    StackName: stack.stackName,
    StackId: stack.stackId,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: time(resource.updatedAt),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: resourceDrift(stack, resource),
  };
}

/** As in DescribeStackResource and ListStackResources, where the time has another name. */
export function stackResourceSummary(stack: StackRecord, resource: ResourceRecord, detail: boolean): object {
  return {
    ...(detail
      ? {
          StackName: stack.stackName,
          StackId: stack.stackId,
          Metadata: resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata),
        }
      : {}),
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: time(resource.updatedAt),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: resourceDrift(stack, resource),
  };
}

export function changeSetSummary(stack: StackRecord, changeSet: ChangeSetRecord): object {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    CreationTime: time(changeSet.createdAt),
    Description: changeSet.description,
    IncludeNestedStacks: false,
  };
}

export function describedChangeSet(stack: StackRecord, changeSet: ChangeSetRecord, withValues: boolean): object {
  return {
    ...changeSetSummary(stack, changeSet),
    Parameters: parameters(changeSet.parameters),
    NotificationARNs: changeSet.notificationArns,
    RollbackConfiguration: {},
    Capabilities: changeSet.capabilities,
    Tags: changeSet.tags.map((tag) => ({ Key: tag.key, Value: tag.value })),
    OnStackFailure: changeSet.onStackFailure,
    DeploymentMode: changeSet.live === undefined ? undefined : 'REVERT_DRIFT',
    Changes: changeSet.changes.map((change) => ({
      Type: 'Resource',
      ResourceChange: resourceChange(change, changeSet, withValues),
    })),
  };
}

function resourceChange(change: ResourceChange, { live }: ChangeSetRecord, withValues: boolean): object {
  const now = live?.[change.logicalId];
  const drifted = now === null ? 'DELETED' : 'MODIFIED';
  return {
    ResourceDriftStatus: now === undefined ? undefined : drifted,
    PolicyAction: change.policyAction,
    Action: change.action,
    LogicalResourceId: change.logicalId,
    PhysicalResourceId: change.physicalId,
    ResourceType: change.type,
    Replacement: change.replacement,
    Scope: change.scope,
    BeforeContext: withValues ? change.before : undefined,
    AfterContext: withValues ? change.after : undefined,
    Details: (withValues ? change.details.flatMap(byLeaf) : change.details).map((detail) => ({
      Target: {
        Attribute: detail.attribute,
        Name: detail.name,
        RequiresRecreation: detail.requiresRecreation,
        Path: withValues && detail.name !== undefined ? `/Properties/${detail.name}${detail.path ?? ''}` : undefined,
        BeforeValue: withValues ? detail.before : undefined,
        AfterValue: withValues ? detail.after : undefined,
        AttributeChangeType: withValues ? changeType(detail.before, detail.after) : undefined,
      },
      Evaluation: detail.evaluation,
      ChangeSource: 'DirectModification',
    })),
  };
}

/** A change within a property, one of each value that differs. */
function byLeaf(detail: PropertyChange): readonly PropertyChange[] {
  return detail.leaves === undefined ? [detail] : detail.leaves.map((leaf) => ({ ...detail, ...leaf }));
}

function changeType(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'Add';
  return after === undefined ? 'Remove' : 'Modify';
}
