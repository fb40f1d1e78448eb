import { isObject, type JsonObject } from '../values';
import { type EngineContext, resourceContext } from './context';
import type { DriftRecord, PropertyDifference, ResourceDrift, ResourceRecord, StackRecord } from './model';

/**
 * Compares what the services have now with what the stack gave its resources. Only properties that the template sets
 * are compared. Types that cannot be read (custom resources too, as in AWS) and resources that a continued
 * rollback has skipped count as not checked.
 */
export async function detectDrift(
  context: EngineContext,
  stack: StackRecord,
  only?: readonly string[],
): Promise<ResourceDrift[]> {
  const resources = Object.values(stack.resources).filter(
    ({ logicalId, physicalId }) => physicalId !== undefined && (only === undefined || only.includes(logicalId)),
  );
  return Promise.all(resources.map((resource) => driftOf(context, stack, resource)));
}

async function driftOf(context: EngineContext, stack: StackRecord, resource: ResourceRecord): Promise<ResourceDrift> {
  const facts = {
    logicalId: resource.logicalId,
    physicalId: resource.physicalId!,
    type: resource.type,
    expected: resource.properties,
    checkedAt: context.clock.now(),
  };
  const provider = context.provider(resource.type);
  if (provider?.read === undefined || resource.skipped) return { ...facts, status: 'NOT_CHECKED', differences: [] };
  const about = resourceContext(context, stack, resource);
  const actual = await provider.read(about, facts.physicalId, resource.properties);
  if (actual === undefined) return { ...facts, status: 'DELETED', differences: [] };
  const differences = differencesOf(resource.properties, actual, '');
  return { ...facts, actual, differences, status: differences.length === 0 ? 'IN_SYNC' : 'MODIFIED' };
}

/** The stack's record of a detection; results of a detection over single resources join those of the last one. */
export function driftRecord(stack: StackRecord, detectionId: string, results: readonly ResourceDrift[]): DriftRecord {
  const fresh = new Set(results.map(({ logicalId }) => logicalId));
  const kept = (stack.drift?.results ?? []).filter(
    ({ logicalId }) => !fresh.has(logicalId) && stack.resources[logicalId] !== undefined,
  );
  const all = [...kept, ...results];
  const drifted = all.filter(({ status }) => status === 'MODIFIED' || status === 'DELETED').length;
  return {
    detectionId,
    checkedAt: Math.max(...all.map(({ checkedAt }) => checkedAt), 0),
    status: drifted > 0 ? 'DRIFTED' : 'IN_SYNC',
    drifted,
    results: all,
  };
}

/** Differences of two JSON values by JSON pointer. Scalars are equal when their texts are. */
export function differencesOf(expected: unknown, actual: unknown, path: string): PropertyDifference[] {
  if (isObject(expected) && isObject(actual)) return memberDifferences(expected, actual, path);
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return memberDifferences({ ...expected } as JsonObject, { ...actual } as JsonObject, path);
  }
  if (expected === undefined) return actual === undefined ? [] : [{ path, actual, type: 'ADD' }];
  if (actual === undefined) return [{ path, expected, type: 'REMOVE' }];
  const same = typeof expected !== 'object' && typeof actual !== 'object' && String(expected) === String(actual);
  return same ? [] : [{ path, expected, actual, type: 'NOT_EQUAL' }];
}

function memberDifferences(expected: JsonObject, actual: JsonObject, path: string): PropertyDifference[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) => differencesOf(expected[name], actual[name], `${path}/${name}`));
}
