import { statusReason } from '../errors';
import { copy } from '../values';
import { type EngineContext, resourceContext, setResourceStatus, setStackStatus } from './context';
import { type DeletionOptions, deleteResources } from './deletion';
import type { ResourceRecord, StableState, StackRecord } from './model';
import { runGraph } from './run-graph';

/** The reason CloudFormation gives for what ContinueUpdateRollback was told to leave; the CDK CLI looks for it. */
const SKIPPED_REASON = 'Resource skipped during UpdateRollback';

/** Undoes a creation: deletes what it made. Can be run again after an interruption. */
export async function rollBackCreation(context: EngineContext, stack: StackRecord): Promise<void> {
  const resources = [...Object.values(stack.resources), ...stack.cleanup];
  const failed = await deleteResources(context, stack, resources, undoing(stack));
  if (failed.length > 0) {
    setStackStatus(context, stack, 'ROLLBACK_FAILED', couldNotDelete(failed));
    return;
  }
  finish(stack);
  stack.outputs = [];
  setStackStatus(context, stack, 'ROLLBACK_COMPLETE');
}

/**
 * Goes back to the stack's stable state: gives changed resources their old properties, then deletes what the update
 * had made. Works from the difference of the two states, so it can be run again after a failure or interruption.
 */
export async function rollBackUpdate(context: EngineContext, stack: StackRecord, stable: StableState): Promise<void> {
  const needs = new Map(Object.values(stable.resources).map((old) => [old.logicalId, new Set(old.dependsOn)]));
  const outcome = await runGraph(needs, (logicalId) => restore(context, stack, stable.resources[logicalId]!), {
    stopOnFailure: false,
  });
  if (outcome.failures.length > 0) {
    const stuck = outcome.failures.map((failure) => failure.node);
    if (stack.operation !== undefined) stack.operation.stuck = stuck;
    const reason = `The following resource(s) failed to update: [${stuck.join(', ')}]. `;
    setStackStatus(context, stack, 'UPDATE_ROLLBACK_FAILED', reason);
    return;
  }
  stack.templateBody = stable.templateBody;
  stack.description = stable.description;
  stack.parameters = copy(stable.parameters);
  stack.tags = copy(stable.tags);
  stack.outputs = copy(stable.outputs);
  stack.imports = copy(stable.imports);
  setStackStatus(context, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await cleanUpRollback(context, stack, stable);
}

/** The second half of an update's rollback; failures to delete are shown but don't fail it, as in AWS. */
export async function cleanUpRollback(context: EngineContext, stack: StackRecord, stable: StableState): Promise<void> {
  for (const [logicalId, resource] of Object.entries(stack.resources)) {
    if (Object.hasOwn(stable.resources, logicalId)) continue;
    stack.cleanup.push(resource);
    delete stack.resources[logicalId];
  }
  dropLivingFromCleanup(stack);
  await deleteResources(context, stack, [...stack.cleanup], undoing(stack));
  finish(stack);
  setStackStatus(context, stack, 'UPDATE_ROLLBACK_COMPLETE');
}

function undoing(stack: StackRecord): DeletionOptions {
  return {
    undoingCreation: true,
    deleteRetained: stack.operation?.retainExceptOnCreate,
    forget: forgetIn(stack),
  };
}

async function restore(context: EngineContext, stack: StackRecord, old: ResourceRecord): Promise<void> {
  const present = stack.resources[old.logicalId];
  if (present === undefined) {
    stack.resources[old.logicalId] = copy(old);
    return;
  }
  if (stack.operation?.resourcesToSkip?.includes(old.logicalId)) {
    const left = { ...copy(old), skipped: true };
    stack.resources[old.logicalId] = left;
    setResourceStatus(context, stack, left, 'UPDATE_COMPLETE', SKIPPED_REASON);
    return;
  }
  if (present.physicalId !== old.physicalId) {
    letGo(stack, present);
    await bringBack(context, stack, old, async () => undefined);
    return;
  }
  const given = present.attempted ?? present.properties;
  const changed = present.attempted !== undefined || JSON.stringify(given) !== JSON.stringify(old.properties);
  if (!changed) {
    stack.resources[old.logicalId] = copy(old);
    return;
  }
  await bringBack(context, stack, old, async (resource) => {
    const provider = context.provider(old.type);
    if (provider === undefined || old.physicalId === undefined) return;
    const updated = await provider.update(
      resourceContext(context, stack, resource),
      old.physicalId,
      old.properties,
      given,
    );
    if (updated.physicalId !== old.physicalId) letGo(stack, copy(old));
    resource.physicalId = updated.physicalId;
    resource.attributes = updated.attributes;
  });
}

function letGo(stack: StackRecord, resource: ResourceRecord): void {
  const { attempted: _, ...record } = resource;
  stack.cleanup.push({ ...record, deletionPolicy: 'Delete' });
}

async function bringBack(
  context: EngineContext,
  stack: StackRecord,
  old: ResourceRecord,
  work: (resource: ResourceRecord) => Promise<void>,
): Promise<void> {
  const present = stack.resources[old.logicalId]!;
  setResourceStatus(context, stack, present, 'UPDATE_IN_PROGRESS');
  const resource = { ...copy(old), skipped: undefined };
  try {
    await work(resource);
  } catch (error) {
    setResourceStatus(context, stack, present, 'UPDATE_FAILED', statusReason(error, context.ids.uuid()));
    throw error;
  }
  stack.resources[old.logicalId] = resource;
  setResourceStatus(context, stack, resource, 'UPDATE_COMPLETE');
}

/**
 * What lives again must not be cleaned up: a replaced resource that a rollback brought back, or a custom resource
 * that failed and was made again under the same id.
 */
export function dropLivingFromCleanup(stack: StackRecord): void {
  stack.cleanup = stack.cleanup.filter(
    (resource) => stack.resources[resource.logicalId]?.physicalId !== resource.physicalId,
  );
}

/** Takes a resource off the stack's lists. */
export function forgetIn(stack: StackRecord): (resource: ResourceRecord) => void {
  return (resource) => {
    stack.cleanup = stack.cleanup.filter((candidate) => candidate !== resource);
    if (stack.resources[resource.logicalId] === resource) delete stack.resources[resource.logicalId];
  };
}

/** The stack is whole again: nothing to go back to. */
export function finish(stack: StackRecord): void {
  stack.stable = undefined;
  stack.cleanup = [];
}

export function couldNotDelete(logicalIds: readonly string[]): string {
  return `The following resource(s) failed to delete: [${logicalIds.join(', ')}]. `;
}
