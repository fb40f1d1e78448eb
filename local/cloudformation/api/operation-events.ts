import { optionalText, type QueryOperation, type QueryStructure } from '../../aws/protocols/query';
import type { ChangeSetRecord, EventRecord, StackRecord, ValidationProblem } from '../engine/model';
import { validationError } from '../errors';
import type { ApiContext } from './context';
import { existingStack } from './context';
import { flag } from './input';
import { page } from './paging';

/** DescribeEvents: what validation found in a change set, or a stack's events by operation. */
export function operationEventOperations({ context }: ApiContext): Record<string, QueryOperation> {
  return {
    DescribeEvents(input) {
      const onlyFailed = failedOnly(input);
      const { items, nextToken } = page(select(input, onlyFailed), input, 100);
      return { OperationEvents: items, NextToken: nextToken };
    },
  };

  function select(input: QueryStructure, onlyFailed: boolean): readonly object[] {
    const changeSetName = optionalText(input, 'ChangeSetName');
    const stackName = optionalText(input, 'StackName');
    if (changeSetName !== undefined) return validationEvents(changeSetName, stackName);
    const operationId = optionalText(input, 'OperationId');
    if (stackName === undefined && operationId === undefined) {
      throw validationError('One of ChangeSetName, OperationId or StackName must be specified');
    }
    const stacks = stackName === undefined ? context.store.all() : [existingStack(context, stackName)];
    return stacks.flatMap((stack) =>
      [...context.store.events(stack.stackId)]
        .reverse()
        .filter((event) => operationId === undefined || event.operationId === operationId)
        .filter((event) => !onlyFailed || event.status.endsWith('_FAILED'))
        .map((event) => stackEvent(stack, event)),
    );
  }

  function validationEvents(name: string, stackName: string | undefined): readonly object[] {
    const stacks = stackName === undefined ? context.store.all() : [existingStack(context, stackName)];
    for (const stack of stacks) {
      const changeSet = stack.changeSets.find((candidate) => candidate.id === name || candidate.name === name);
      if (changeSet === undefined) continue;
      return (changeSet.problems ?? []).map((problem, index) => validationEvent(stack, changeSet, problem, index));
    }
    return [];
  }
}

function failedOnly(input: QueryStructure): boolean {
  const filters = input.Filters;
  return (
    typeof filters === 'object' && !Array.isArray(filters) && flag(filters as QueryStructure, 'FailedEvents') === true
  );
}

function validationEvent(
  stack: StackRecord,
  changeSet: ChangeSetRecord,
  problem: ValidationProblem,
  index: number,
): object {
  return {
    EventId: `${changeSet.id.split('/').at(-1)}-${index + 1}`,
    StackId: stack.stackId,
    OperationId: changeSet.id,
    OperationType: 'CREATE_CHANGESET',
    OperationStatus: 'FAILED',
    EventType: 'VALIDATION_ERROR',
    LogicalResourceId: problem.logicalId,
    PhysicalResourceId: problem.physicalId,
    ResourceType: problem.type,
    Timestamp: new Date(changeSet.createdAt),
    ValidationFailureMode: 'FAIL',
    ValidationName: 'PROPERTY_VALIDATION',
    ValidationStatus: 'FAILED',
    ValidationStatusReason: problem.text,
    ValidationPath: problem.path,
  };
}

function stackEvent(stack: StackRecord, event: EventRecord): object {
  return {
    EventId: event.id,
    StackId: stack.stackId,
    OperationId: event.operationId,
    EventType: 'STACK_EVENT',
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.time),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}
