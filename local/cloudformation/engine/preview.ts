import { validationError } from '../errors';
import type { ResourceProvider } from '../resource-provider';
import { propertyProblems } from '../schema/check';
import { createResolver, KNOWN_AFTER_APPLY } from '../template/intrinsics';
import type { StackParameter } from '../template/parameters';
import { dependencies } from '../template/references';
import { checkRules } from '../template/rules';
import type { DeletionPolicy, Template, TemplateResource } from '../template/template';
import { differingMembers, type JsonObject, sameValue } from '../values';
import { activeResources, replacingProperties, resolveProperties } from './apply';
import type { EngineContext } from './context';
import { differencesOf } from './drift';
import type {
  LiveProperties,
  PropertyChange,
  ResourceChange,
  ResourceRecord,
  StackRecord,
  ValidationProblem,
} from './model';
import { isCustomResource, stackScope } from './scope';

/** What a change set would do. */
export interface Preview {
  readonly changes: ResourceChange[];
  readonly outputsChange: boolean;
  /** Properties that resource types do not have, lack or have of another type. */
  readonly problems: ValidationProblem[];
}

/**
 * Compares a template with what a stack has, as a change set does: resources are resolved in their order, and what
 * depends on one that is to be made, replaced or (for custom resources) changed counts as known after apply.
 * @throws TemplateError, AwsError ValidationError when the template cannot apply to the stack at all
 */
export function preview(
  context: EngineContext,
  stack: StackRecord,
  template: Template,
  parameters: readonly StackParameter[],
  live: LiveProperties = {},
): Preview {
  const problems: ValidationProblem[] = [];
  const upcoming = new Map<string, 'new' | 'modified'>();
  const known = (logicalId: string) => (upcoming.get(logicalId) === 'new' ? undefined : stack.resources[logicalId]);
  const scope = stackScope(context, stack, template, parameters, {
    ref: (logicalId) => known(logicalId)?.physicalId ?? KNOWN_AFTER_APPLY,
    getAtt(logicalId, attribute) {
      const resource = known(logicalId);
      const mayChange = upcoming.get(logicalId) === 'modified' && isCustomResource(resource?.type ?? '');
      return mayChange ? KNOWN_AFTER_APPLY : (resource?.attributes[attribute] ?? KNOWN_AFTER_APPLY);
    },
  });
  const resolver = createResolver(scope);
  checkRules(template, resolver);
  const active = activeResources(template, resolver);
  const order = inOrder(dependencies(template, active));
  refuseTypeChanges(stack, template, active);

  const changes = order.flatMap((logicalId) => {
    const target = template.resources[logicalId]!;
    const properties = resolveProperties(resolver, logicalId, target);
    const present = presentResource(stack, live, logicalId);
    problems.push(...validate(logicalId, target, properties, present));
    const change =
      present?.physicalId === undefined || present.status === 'CREATE_FAILED'
        ? addition(logicalId, target, properties)
        : modification(context.provider(target.type), present, target, properties);
    if (change === undefined) return [];
    upcoming.set(logicalId, change.action === 'Add' || change.replacement !== 'False' ? 'new' : 'modified');
    return [change];
  });
  const removals = Object.values(stack.resources)
    .filter((resource) => !active.has(resource.logicalId))
    .map(removal);
  return { changes: [...changes, ...removals], outputsChange: outputsChange(), problems };

  function outputsChange(): boolean {
    const next = Object.entries(template.outputs)
      .filter(([, output]) => output.condition === undefined || resolver.condition(output.condition))
      .map(([key, output]) => {
        const exported = output.exportName;
        return {
          key,
          value: String(resolver.resolve(output.value, `Outputs/${key}/Value`)),
          description: output.description,
          exportName: exported === undefined ? undefined : String(resolver.resolve(exported, `Outputs/${key}/Export`)),
        };
      });
    const plain = (outputs: readonly object[]) => JSON.parse(JSON.stringify(outputs)) as unknown;
    return !sameValue(plain(next), plain(stack.outputs));
  }
}

/** The resource as it is now; undefined when it is gone. */
function presentResource(stack: StackRecord, live: LiveProperties, logicalId: string): ResourceRecord | undefined {
  const resource = stack.resources[logicalId];
  const properties = live[logicalId];
  if (resource === undefined || properties === null) return undefined;
  return properties === undefined ? resource : { ...resource, properties };
}

function validate(
  logicalId: string,
  { type }: TemplateResource,
  properties: JsonObject,
  present: ResourceRecord | undefined,
): ValidationProblem[] {
  return propertyProblems(type, properties).map(({ path, validationText }) => ({
    logicalId,
    physicalId: present?.physicalId,
    type,
    path: `/Resources/${logicalId}/Properties${path}`,
    text: validationText,
  }));
}

function inOrder(needs: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (node: string) => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const other of needs.get(node) ?? []) visit(other);
    order.push(node);
  };
  for (const node of needs.keys()) visit(node);
  return order;
}

function refuseTypeChanges(stack: StackRecord, template: Template, active: ReadonlySet<string>): void {
  const changed = [...active].filter((logicalId) => {
    const present = stack.resources[logicalId];
    return present?.physicalId !== undefined && present.type !== template.resources[logicalId]!.type;
  });
  if (changed.length > 0) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`,
    );
  }
}

function addition(logicalId: string, target: TemplateResource, properties: JsonObject): ResourceChange {
  return {
    action: 'Add',
    logicalId,
    type: target.type,
    scope: [],
    details: [],
    after: JSON.stringify({ Properties: properties }),
  };
}

function removal(resource: ResourceRecord): ResourceChange {
  return {
    action: 'Remove',
    logicalId: resource.logicalId,
    physicalId: resource.physicalId,
    type: resource.type,
    policyAction: policyAction(resource.deletionPolicy, ''),
    scope: [],
    details: [],
    before: JSON.stringify({ Properties: resource.properties }),
  };
}

/** `Delete`, `Retain` or `Snapshot`, with `ReplaceAnd` before it where a new resource takes the old one's place. */
function policyAction(policy: DeletionPolicy, prefix: '' | 'ReplaceAnd'): string {
  return `${prefix}${policy === 'RetainExceptOnCreate' ? 'Retain' : policy}`;
}

function modification(
  provider: ResourceProvider | undefined,
  present: ResourceRecord,
  target: TemplateResource,
  properties: JsonObject,
): ResourceChange | undefined {
  const details = [
    ...propertyChanges(provider, present, properties),
    ...attributeChanges(present, target),
    ...(present.status === 'UPDATE_FAILED' ? unfinished(present) : []),
  ];
  if (details.length === 0) return undefined;
  const replacement = replacementOf(details);
  return {
    action: 'Modify',
    logicalId: present.logicalId,
    physicalId: present.physicalId,
    type: present.type,
    replacement,
    policyAction: replacement === 'True' ? policyAction(target.updateReplacePolicy, 'ReplaceAnd') : undefined,
    scope: [...new Set(details.map((detail) => detail.attribute))],
    details,
    before: JSON.stringify({ Properties: present.properties, Metadata: present.metadata }),
    after: JSON.stringify({ Properties: properties, Metadata: target.metadata }),
  };
}

function replacementOf(details: readonly PropertyChange[]): 'True' | 'False' | 'Conditional' {
  const recreating = details.filter((detail) => detail.requiresRecreation !== 'Never');
  if (recreating.some((detail) => detail.evaluation === 'Static')) return 'True';
  return recreating.length > 0 ? 'Conditional' : 'False';
}

function propertyChanges(
  provider: ResourceProvider | undefined,
  { type, properties: old }: ResourceRecord,
  next: JsonObject,
): PropertyChange[] {
  const recreating = provider === undefined ? [] : replacingProperties(type, provider, old, next);
  return differingMembers(old, next).map((name) => ({
    attribute: 'Properties',
    name,
    requiresRecreation: recreating.includes(name) ? 'Always' : 'Never',
    evaluation: text(next[name])?.includes(KNOWN_AFTER_APPLY) ? 'Dynamic' : 'Static',
    before: text(old[name]),
    after: text(next[name]),
    leaves: leaves(old[name], next[name]),
  }));
}

/** Undefined where the property itself came, went, or is a scalar. */
function leaves(old: unknown, next: unknown): PropertyChange['leaves'] {
  const found = differencesOf(old, next, '');
  if (found.length === 0 || found.some(({ path }) => path === '')) return undefined;
  return found.map(({ path, expected, actual }) => ({ path, before: text(expected), after: text(actual) }));
}

function attributeChanges(present: ResourceRecord, target: TemplateResource): PropertyChange[] {
  const change = (attribute: PropertyChange['attribute'], before: unknown, after: unknown): PropertyChange[] =>
    sameValue(before, after)
      ? []
      : [{ attribute, requiresRecreation: 'Never', evaluation: 'Static', before: text(before), after: text(after) }];
  return [
    ...change('Metadata', present.metadata, target.metadata),
    ...change('DeletionPolicy', present.deletionPolicy, target.deletionPolicy),
    ...change('UpdateReplacePolicy', present.updateReplacePolicy, target.updateReplacePolicy),
  ];
}

/** After an update that failed without rollback the resource is updated again, whatever the template says. */
function unfinished(present: ResourceRecord): PropertyChange[] {
  return Object.keys(present.attempted ?? {})
    .slice(0, 1)
    .map((name) => ({ attribute: 'Properties', name, requiresRecreation: 'Never', evaluation: 'Dynamic' }));
}

function text(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
