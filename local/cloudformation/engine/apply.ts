import { CANCELLED_REASON, ResourceFailedError, statusReason, TemplateError } from '../errors';
import type { CreatedResource, ResourceProvider } from '../resource-provider';
import { propertyProblems, replacingBySchema, validationReason } from '../schema/check';
import { createResolver, type Resolver } from '../template/intrinsics';
import type { StackParameter } from '../template/parameters';
import { dependencies } from '../template/references';
import type { Template, TemplateResource } from '../template/template';
import { copy, differingMembers, isObject, type JsonObject, sameValue } from '../values';
import { type EngineContext, resourceContext, setResourceStatus } from './context';
import type { OutputRecord, ResourceRecord, StackRecord } from './model';
import { runGraph } from './run-graph';
import { deployedResources, findExport, importersOf, isCustomResource, stackScope } from './scope';
import { parseStackPolicy, type UpdateAction } from './stack-policy';

/** A template as it applies to a stack: with its conditions decided and its order known. */
export interface Plan {
  readonly template: Template;
  readonly resolver: Resolver;
  /** Logical ids of the resources whose condition holds. */
  readonly active: ReadonlySet<string>;
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Filled while values are resolved. */
  readonly imports: Set<string>;
}

/** @throws TemplateError when names or conditions of the template do not resolve */
export function planFor(
  context: EngineContext,
  stack: StackRecord,
  template: Template,
  parameters: readonly StackParameter[],
): Plan {
  const imports = new Set<string>();
  const scope = stackScope(context, stack, template, parameters, deployedResources(stack), imports);
  const resolver = createResolver(scope);
  const active = activeResources(template, resolver);
  return { template, resolver, active, needs: dependencies(template, active), imports };
}

export function activeResources(template: Template, resolver: Resolver): Set<string> {
  return new Set(
    Object.entries(template.resources)
      .filter(([, resource]) => resource.condition === undefined || resolver.condition(resource.condition))
      .map(([logicalId]) => logicalId),
  );
}

/**
 * Creates and updates resources until the stack's are those of the plan. What is replaced is noted in the stack's
 * clean-up list, not deleted. Stops at the first failure, or when it is cancelled; resources in flight end or are
 * cancelled.
 * @returns the logical ids that failed, those to create and those to update
 */
export async function applyResources(
  context: EngineContext,
  stack: StackRecord,
  plan: Plan,
  cancel?: AbortSignal,
): Promise<{ readonly create: string[]; readonly update: string[] }> {
  const existed = new Set(Object.keys(stack.resources));
  const outcome = await runGraph(plan.needs, (logicalId, signal) => applyOne(context, stack, plan, logicalId, signal), {
    stopOnFailure: true,
    cancel,
  });
  const failed = outcome.failures.map((failure) => failure.node);
  return {
    create: failed.filter((logicalId) => !existed.has(logicalId)),
    update: failed.filter((logicalId) => existed.has(logicalId)),
  };
}

async function applyOne(
  context: EngineContext,
  stack: StackRecord,
  plan: Plan,
  logicalId: string,
  signal: AbortSignal,
): Promise<void> {
  const target = plan.template.resources[logicalId]!;
  const dependsOn = [...(plan.needs.get(logicalId) ?? [])];
  const existing = stack.resources[logicalId];
  const isUpdate = existing?.physicalId !== undefined && existing.status !== 'CREATE_FAILED';
  const resource = existing ?? newRecord(context, logicalId, target);
  stack.resources[logicalId] = resource;
  const work = new ResourceWork(context, stack, target, resource, dependsOn, signal);
  try {
    const properties = resolveProperties(plan.resolver, logicalId, target);
    await (isUpdate ? work.update(properties) : work.create(properties));
  } catch (error) {
    work.failed(error, isUpdate);
    throw error;
  }
}

/** The properties of a resource, resolved. @throws TemplateError */
export function resolveProperties(resolver: Resolver, logicalId: string, target: TemplateResource): JsonObject {
  const resolved = resolver.resolve(target.properties, `Resources/${logicalId}/Properties`);
  if (!isObject(resolved)) throw new TemplateError(`Template error: Properties of ${logicalId} must be an object`);
  return resolved;
}

function newRecord(context: EngineContext, logicalId: string, target: TemplateResource): ResourceRecord {
  return {
    logicalId,
    type: target.type,
    status: 'CREATE_IN_PROGRESS',
    updatedAt: context.clock.now(),
    properties: {},
    attributes: {},
    dependsOn: [],
    deletionPolicy: target.deletionPolicy,
    updateReplacePolicy: target.updateReplacePolicy,
  };
}

/** Properties of which the change asks for a new physical resource. */
export function replacingProperties(
  type: string,
  provider: ResourceProvider,
  old: JsonObject,
  next: JsonObject,
): string[] {
  const replacing = new Set([...provider.replaceOn, ...replacingBySchema(type)]);
  const always = differingMembers(old, next).filter((name) => replacing.has(name));
  return [...new Set([...always, ...(provider.replacedBy?.(old, next) ?? [])])];
}

/** One resource on its way to what the template wants. */
class ResourceWork {
  constructor(
    private readonly context: EngineContext,
    private readonly stack: StackRecord,
    private readonly target: TemplateResource,
    private readonly resource: ResourceRecord,
    private readonly dependsOn: string[],
    private readonly signal: AbortSignal,
  ) {}

  async create(properties: JsonObject): Promise<void> {
    if (this.resource.physicalId !== undefined) this.letGo(this.resource.deletionPolicy);
    this.resource.physicalId = undefined;
    this.resource.properties = properties;
    // Known from the start: a rollback deletes in this order also what failed.
    this.resource.dependsOn = this.dependsOn;
    this.setStatus('CREATE_IN_PROGRESS');
    this.validate(properties);
    const created = await this.provider().create(this.forProvider(), properties);
    this.take(created, properties);
    this.setStatus('CREATE_IN_PROGRESS', 'Resource creation Initiated');
    this.setStatus('CREATE_COMPLETE');
  }

  async update(properties: JsonObject): Promise<void> {
    const unfinished = this.resource.status === 'UPDATE_FAILED';
    if (!unfinished && sameValue(this.resource.properties, properties)) {
      this.takeAttributes();
      return;
    }
    const provider = this.provider();
    const { type } = this.resource;
    const replaces = replacingProperties(type, provider, this.resource.properties, properties).length > 0;
    checkStackPolicy(this.stack, replaces ? 'Update:Replace' : 'Update:Modify', this.resource);
    this.validate(properties);
    this.resource.attempted = properties;
    if (replaces) {
      await this.replace(provider, properties);
      return;
    }
    this.setStatus('UPDATE_IN_PROGRESS');
    const { physicalId, properties: old } = this.resource;
    const updated = await provider.update(this.forProvider(), physicalId!, properties, old);
    if (updated.physicalId !== physicalId) this.letGo(this.target.updateReplacePolicy);
    this.take(updated, properties);
    this.setStatus('UPDATE_COMPLETE');
  }

  private async replace(provider: ResourceProvider, properties: JsonObject): Promise<void> {
    this.setStatus(
      'UPDATE_IN_PROGRESS',
      'Requested update requires the creation of a new physical resource; hence creating one.',
    );
    const created = await provider.create(this.forProvider(), properties);
    this.letGo(this.target.updateReplacePolicy);
    this.take(created, properties);
    this.setStatus('UPDATE_IN_PROGRESS', 'Resource creation Initiated');
    this.setStatus('UPDATE_COMPLETE');
  }

  /** Notes the failure. A resource that came into being all the same is kept for the rollback to delete. */
  failed(error: unknown, wasUpdate: boolean): void {
    const madeId = error instanceof ResourceFailedError ? error.physicalId : undefined;
    const reason = this.signal.aborted && isCancellation(error) ? cancelled(wasUpdate) : this.reason(error);
    if (!wasUpdate) this.resource.physicalId = madeId ?? this.resource.physicalId;
    else if (madeId !== undefined && madeId !== this.resource.physicalId) {
      this.stack.cleanup.push({ ...copy(this.resource), physicalId: madeId, deletionPolicy: 'Delete' });
    }
    this.setStatus(wasUpdate ? 'UPDATE_FAILED' : 'CREATE_FAILED', reason);
  }

  /** @throws ResourceFailedError as a resource handler that never began */
  private validate(properties: JsonObject): void {
    const problems = propertyProblems(this.target.type, properties);
    if (problems.length > 0) throw new ResourceFailedError(validationReason(this.resource.logicalId, problems));
  }

  private reason(error: unknown): string {
    return statusReason(error, this.context.ids.uuid());
  }

  private provider(): ResourceProvider {
    const provider = this.context.provider(this.target.type);
    if (provider === undefined) {
      throw new ResourceFailedError(
        `The local AWS has no resource type ${this.target.type}. Leave it out of this environment, or see docs/divergences.md.`,
      );
    }
    return provider;
  }

  /** Notes the present physical resource for clean-up. */
  private letGo(policy: ResourceRecord['deletionPolicy']): void {
    const { attempted: _, ...old } = copy(this.resource);
    this.stack.cleanup.push({ ...old, deletionPolicy: policy });
  }

  private take(created: CreatedResource, properties: JsonObject): void {
    this.resource.physicalId = created.physicalId;
    this.resource.attributes = created.attributes;
    this.resource.properties = properties;
    this.resource.attempted = undefined;
    this.resource.skipped = undefined;
    this.takeAttributes();
  }

  private takeAttributes(): void {
    this.resource.dependsOn = this.dependsOn;
    this.resource.deletionPolicy = this.target.deletionPolicy;
    this.resource.updateReplacePolicy = this.target.updateReplacePolicy;
    this.resource.metadata = this.target.metadata;
  }

  private setStatus(status: string, reason?: string): void {
    setResourceStatus(this.context, this.stack, this.resource, status, reason);
  }

  private forProvider() {
    return resourceContext(this.context, this.stack, this.resource, this.signal);
  }
}

/** @throws ResourceFailedError when the stack policy denies the update */
export function checkStackPolicy(stack: StackRecord, action: UpdateAction, resource: ResourceRecord): void {
  const body = stack.operation?.stackPolicy ?? stack.stackPolicy;
  const denial = body === undefined ? undefined : parseStackPolicy(body).denial(action, resource);
  if (denial !== undefined) throw new ResourceFailedError(denial);
}

function isCancellation(error: unknown): boolean {
  return error instanceof ResourceFailedError && error.message === CANCELLED_REASON;
}

function cancelled(wasUpdate: boolean): string {
  return wasUpdate ? 'Resource update cancelled' : CANCELLED_REASON;
}

/**
 * The stack's outputs, resolved.
 * @throws TemplateError when a value does not resolve, an export is taken, or one in use would change
 */
export function resolveOutputs(context: EngineContext, stack: StackRecord, plan: Plan): OutputRecord[] {
  const outputs: OutputRecord[] = [];
  for (const [key, output] of Object.entries(plan.template.outputs)) {
    if (output.condition !== undefined && !plan.resolver.condition(output.condition)) continue;
    const value = plan.resolver.resolve(output.value, `Outputs/${key}/Value`);
    if (value === undefined || typeof value === 'object') {
      throw new TemplateError(`Template format error: Output ${key} is malformed: its value must be a string.`);
    }
    const exportName =
      output.exportName === undefined
        ? undefined
        : String(plan.resolver.resolve(output.exportName, `Outputs/${key}/Export/Name`));
    outputs.push({ key, value: String(value), description: output.description, exportName });
  }
  checkExports(context, stack, outputs);
  return outputs;
}

function checkExports(context: EngineContext, stack: StackRecord, outputs: readonly OutputRecord[]): void {
  for (const { exportName } of outputs) {
    if (exportName === undefined) continue;
    const holder = findExport(context, exportName)?.stack;
    if (holder !== undefined && holder.stackId !== stack.stackId) {
      throw new TemplateError(`Export with name ${exportName} is already exported by stack ${holder.stackName}.`);
    }
  }
  for (const old of stack.outputs) {
    if (old.exportName === undefined) continue;
    const next = outputs.find((output) => output.exportName === old.exportName);
    const users = importersOf(context, old.exportName);
    if (users.length > 0 && next?.value !== old.value) {
      const action = next === undefined ? 'deleted' : 'updated';
      throw new TemplateError(`Export ${old.exportName} cannot be ${action} as it is in use by ${users.join(', ')}`);
    }
  }
}

/** The state of resources that an operation left in flight when the process was killed. */
export function failInterrupted(context: EngineContext, stack: StackRecord): void {
  const reason = 'The local AWS was stopped while this was in progress.';
  for (const resource of Object.values(stack.resources)) {
    if (resource.status !== 'CREATE_IN_PROGRESS' && resource.status !== 'UPDATE_IN_PROGRESS') continue;
    if (resource.physicalId === undefined && isCustomResource(resource.type)) {
      // Its function may have begun: rollback has to tell it to delete, under the name CloudFormation makes up.
      resource.physicalId = resourceContext(context, stack, resource).generateName(255);
    }
    setResourceStatus(context, stack, resource, resource.status.replace('IN_PROGRESS', 'FAILED'), reason);
  }
}
