import { statusReason } from '../errors';
import { type EngineContext, resourceContext, setResourceStatus } from './context';
import type { ResourceRecord, StackRecord } from './model';
import { reversed, runGraph } from './run-graph';

/** How deletion policies are read: a resource that this operation itself created may be less protected. */
export interface DeletionOptions {
  /** RetainExceptOnCreate deletes: true in rollbacks, for what they undo. */
  readonly undoingCreation: boolean;
  /** In such a rollback, delete what is marked Retain too. */
  readonly deleteRetained?: boolean;
  /** Logical ids to leave in the account whatever their policy. */
  readonly retain?: readonly string[];
  /** Called for each resource that is gone or let go, before the state is written. */
  forget(resource: ResourceRecord): void;
}

/**
 * Deletes resources, those that depend on others first, independent ones at the same time, each according to its
 * deletion policy. Goes on after a failure, except for what the failed one depends on.
 * @returns the logical ids that could not be deleted
 */
export async function deleteResources(
  context: EngineContext,
  stack: StackRecord,
  resources: readonly ResourceRecord[],
  options: DeletionOptions,
): Promise<string[]> {
  const nodes = new Map(resources.map((resource, index) => [`${resource.logicalId}#${index}`, resource]));
  const byLogicalId = (name: string) => [...nodes.keys()].filter((node) => node.startsWith(`${name}#`));
  const needs = new Map(
    [...nodes].map(([node, resource]) => [
      node,
      new Set(resource.dependsOn.flatMap(byLogicalId).filter((other) => other !== node)),
    ]),
  );
  const outcome = await runGraph(reversed(needs), (node) => deleteOne(context, stack, nodes.get(node)!, options), {
    stopOnFailure: false,
  });
  return [...new Set(outcome.failures.map(({ node }) => node.slice(0, node.indexOf('#'))))];
}

async function deleteOne(
  context: EngineContext,
  stack: StackRecord,
  resource: ResourceRecord,
  options: DeletionOptions,
): Promise<void> {
  if (isRetained(resource, options)) {
    options.forget(resource);
    setResourceStatus(context, stack, resource, 'DELETE_SKIPPED');
    return;
  }
  const provider = context.provider(resource.type);
  if (resource.physicalId !== undefined && provider !== undefined) {
    setResourceStatus(context, stack, resource, 'DELETE_IN_PROGRESS');
    try {
      await provider.delete(resourceContext(context, stack, resource), resource.physicalId, resource.properties, {
        snapshot: resource.deletionPolicy === 'Snapshot',
      });
    } catch (error) {
      setResourceStatus(context, stack, resource, 'DELETE_FAILED', statusReason(error, context.ids.uuid()));
      throw error;
    }
  }
  options.forget(resource);
  setResourceStatus(context, stack, resource, 'DELETE_COMPLETE');
}

function isRetained(resource: ResourceRecord, options: DeletionOptions): boolean {
  if (options.retain?.includes(resource.logicalId)) return true;
  if (resource.physicalId === undefined) return false;
  if (resource.deletionPolicy === 'Retain') return !(options.undoingCreation && options.deleteRetained === true);
  return resource.deletionPolicy === 'RetainExceptOnCreate' && !options.undoingCreation;
}
