import { type QueryOperation, type QueryStructure, requiredText } from '../../aws/protocols/query';
import { detectDrift, driftRecord } from '../engine/drift';
import type { DriftRecord, PropertyDifference, ResourceDrift, StackRecord } from '../engine/model';
import { validationError } from '../errors';
import type { ApiContext } from './context';
import { existingStack } from './context';
import { texts } from './input';
import { page } from './paging';

/** States in which a stack may be checked. */
const CHECKABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED'];

/** Detection of drift. It takes no time here, but is asked in two steps as in AWS. */
export function driftOperations({ context }: ApiContext): Record<string, QueryOperation> {
  async function detect(stack: StackRecord, only?: readonly string[]): Promise<DriftRecord> {
    if (!CHECKABLE.includes(stack.status)) {
      throw validationError(
        `Drift detection cannot be performed on stack [${stack.stackId}] while it is in ${stack.status} state.`,
      );
    }
    const results = await detectDrift(context, stack, only);
    stack.drift = driftRecord(stack, context.ids.uuid(), results);
    context.store.save(stack);
    return stack.drift;
  }

  return {
    async DetectStackDrift(input) {
      const logicalIds = texts(input, 'LogicalResourceIds');
      const stack = existingStack(context, requiredText(input, 'StackName'));
      const { detectionId } = await detect(stack, logicalIds.length > 0 ? logicalIds : undefined);
      return { StackDriftDetectionId: detectionId };
    },

    async DetectStackResourceDrift(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      const logicalId = requiredText(input, 'LogicalResourceId');
      if (stack.resources[logicalId] === undefined) {
        throw validationError(`Resource ${logicalId} does not exist for stack ${stack.stackName}`);
      }
      const { results } = await detect(stack, [logicalId]);
      return { StackResourceDrift: described(stack, results.find((result) => result.logicalId === logicalId)!) };
    },

    DescribeStackDriftDetectionStatus(input) {
      const id = requiredText(input, 'StackDriftDetectionId');
      const stack = context.store.all().find(({ drift }) => drift?.detectionId === id);
      if (stack?.drift === undefined) throw validationError(`Drift detection status for ${id} does not exist.`);
      return {
        StackId: stack.stackId,
        StackDriftDetectionId: id,
        StackDriftStatus: stack.drift.status,
        DetectionStatus: 'DETECTION_COMPLETE',
        DriftedStackResourceCount: stack.drift.drifted,
        Timestamp: new Date(stack.drift.checkedAt),
      };
    },

    DescribeStackResourceDrifts(input) {
      const stack = existingStack(context, requiredText(input, 'StackName'));
      const { items, nextToken } = page(wanted(stack, input), input, 100);
      return { StackResourceDrifts: items.map((result) => described(stack, result)), NextToken: nextToken };
    },
  };
}

/** What was checked; other types AWS leaves out unless it is asked for NOT_CHECKED. */
function wanted(stack: StackRecord, input: QueryStructure): readonly ResourceDrift[] {
  const statuses = texts(input, 'StackResourceDriftStatusFilters');
  return (stack.drift?.results ?? []).filter(({ status }) =>
    statuses.length === 0 ? status !== 'NOT_CHECKED' : statuses.includes(status),
  );
}

function described(stack: StackRecord, result: ResourceDrift): object {
  return {
    StackId: stack.stackId,
    LogicalResourceId: result.logicalId,
    PhysicalResourceId: result.physicalId,
    ResourceType: result.type,
    ExpectedProperties: JSON.stringify(result.expected),
    ActualProperties: result.actual === undefined ? undefined : JSON.stringify(result.actual),
    PropertyDifferences: result.differences.map(difference),
    StackResourceDriftStatus: result.status,
    Timestamp: new Date(result.checkedAt),
  };
}

function difference({ path, type, expected, actual }: PropertyDifference): object {
  return { PropertyPath: path, ExpectedValue: text(expected), ActualValue: text(actual), DifferenceType: type };
}

function text(value: unknown): string {
  if (value === undefined) return 'null';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
