import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Template, TemplateResource } from '../assembly';
import type { Effect, ResourceChange } from './plan';

/** Types whose resources hold what cannot be made again by deploying. */
const DATA_HOLDERS = new Set([
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
]);

const EFFECTS: Readonly<Record<ResourceImpact, Effect | undefined>> = {
  [ResourceImpact.WILL_CREATE]: 'add',
  [ResourceImpact.WILL_UPDATE]: 'change',
  [ResourceImpact.MAY_REPLACE]: 'may replace',
  [ResourceImpact.WILL_REPLACE]: 'replace',
  [ResourceImpact.WILL_DESTROY]: 'remove',
  [ResourceImpact.WILL_ORPHAN]: 'let go',
  [ResourceImpact.WILL_IMPORT]: 'import',
  [ResourceImpact.NO_CHANGE]: undefined,
};

/** Properties whose change is no change of the resource in AWS. */
const NOTHING: readonly string[] = [];

/**
 * What a deploy does to each resource, by the CDK's own diff of the deployed template and the new one. Removal and
 * replacement of what holds data is destructive whatever its policies say (a snapshot is not the warehouse), and so is
 * taking away the policy that would keep it, or putting a snapshot in its place.
 */
export function infrastructureChanges(deployed: Template, wanted: Template): readonly ResourceChange[] {
  const changes: ResourceChange[] = [];
  fullDiff({ ...deployed }, { ...wanted }).resources.forEachDifference((logicalId, difference) => {
    const effect = EFFECTS[difference.changeImpact];
    const before = deployed.Resources?.[logicalId];
    const after = wanted.Resources?.[logicalId];
    const lost = loses(before, after) ?? restores(before, after);
    if (effect === undefined && lost === undefined) return;
    const type = after?.Type ?? before?.Type ?? '';
    const destroys = whyDestructive(type, effect) ?? lost;
    changes.push({
      logicalId,
      type,
      effect: effect ?? 'change',
      properties: before === undefined ? NOTHING : Object.keys(difference.propertyUpdates).sort(),
      ...(destroys !== undefined && { destroys }),
    });
  });
  return changes.sort((one, other) => (one.logicalId < other.logicalId ? -1 : 1));
}

/** The outputs that a deploy makes, changes or removes, by name. */
export function outputChanges(deployed: Template, wanted: Template): readonly string[] {
  const names: string[] = [];
  fullDiff({ ...deployed }, { ...wanted }).outputs.forEachDifference((name) => names.push(name));
  return names.sort();
}

function whyDestructive(type: string, effect: Effect | undefined): string | undefined {
  if (!DATA_HOLDERS.has(type)) return undefined;
  switch (effect) {
    case 'remove':
      return 'it is removed with what it holds';
    case 'replace':
      return 'it is replaced by an empty one';
    case 'may replace':
      return 'it may be replaced by an empty one';
    default:
      return undefined;
  }
}

/** A policy that kept the data and no longer does. */
function loses(before: TemplateResource | undefined, after: TemplateResource | undefined): string | undefined {
  if (before === undefined || after === undefined || !DATA_HOLDERS.has(before.Type)) return undefined;
  for (const policy of ['DeletionPolicy', 'UpdateReplacePolicy'] as const) {
    if (keeps(before[policy]) && !keeps(after[policy])) {
      return `its ${policy} changes from ${before[policy]} to ${after[policy] ?? 'Delete'}`;
    }
  }
  return undefined;
}

/** A workgroup puts a snapshot that it did not name before in the place of what its namespace has. */
function restores(before: TemplateResource | undefined, after: TemplateResource | undefined): string | undefined {
  if (before === undefined || after?.Type !== 'AWS::RedshiftServerless::Workgroup') return undefined;
  for (const property of ['SnapshotName', 'SnapshotArn', 'RecoveryPointId']) {
    const snapshot = after.Properties?.[property];
    if (snapshot !== undefined && JSON.stringify(snapshot) !== JSON.stringify(before.Properties?.[property])) {
      return `its namespace gets what ${property} ${JSON.stringify(snapshot)} has, and loses what it has now`;
    }
  }
  return undefined;
}

function keeps(policy: string | undefined): boolean {
  return policy !== undefined && policy !== 'Delete';
}
