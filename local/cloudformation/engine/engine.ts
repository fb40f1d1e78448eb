import { validationError } from '../errors';
import type { StackParameter } from '../template/parameters';
import { parseTemplate } from '../template/template';
import { copy } from '../values';
import { applyResources, checkStackPolicy, failInterrupted, type Plan, planFor, resolveOutputs } from './apply';
import { type EngineContext, setResourceStatus, setStackStatus } from './context';
import { deleteResources } from './deletion';
import type { LiveProperties, OperationRecord, StackRecord, Tag } from './model';
import {
  cleanUpRollback,
  couldNotDelete,
  dropLivingFromCleanup,
  finish,
  forgetIn,
  rollBackCreation,
  rollBackUpdate,
} from './rollback';
import { importersOf } from './scope';

/** What a creation or update brings a stack to. */
export interface StackTarget {
  readonly templateBody: string;
  readonly parameters: StackParameter[];
  readonly tags: Tag[];
  readonly capabilities: string[];
  readonly notificationArns: string[];
  readonly roleArn?: string;
  /** What drifted resources are now; the update starts from that. */
  readonly live?: LiveProperties;
}

export interface OperationOptions {
  readonly token?: string;
  readonly onFailure: OperationRecord['onFailure'];
  readonly retainExceptOnCreate?: boolean;
  /** Takes the stack policy's place for this update. */
  readonly stackPolicy?: string;
}

/** What a continued rollback leaves as it is: named resources, or all that the last one could not bring back. */
export interface SkipOptions {
  readonly resourcesToSkip?: readonly string[];
  readonly force?: boolean;
}

/** Runs stack operations in the background; one a stack at a time. */
export interface StackEngine {
  /** Starts creating a stack that has no resources yet. */
  create(stack: StackRecord, target: StackTarget, options: OperationOptions): void;
  /** @throws AwsError ValidationError when the stack's state does not allow an update */
  update(stack: StackRecord, target: StackTarget, options: OperationOptions): void;
  /**
   * A stack that is being created may be deleted: what is in flight is cancelled, then all of it goes.
   * @throws AwsError ValidationError for a protected stack, or one at other work
   */
  delete(
    stack: StackRecord,
    options: { readonly token?: string; readonly retainResources?: readonly string[]; readonly forceDelete?: boolean },
  ): void;
  /** CancelUpdateStack: what is in flight ends, then all of it goes back. @throws AwsError */
  cancelUpdate(stack: StackRecord, options: { readonly token?: string }): void;
  /** RollbackStack: from CREATE_FAILED or UPDATE_FAILED back to the last stable state. @throws AwsError */
  rollBack(stack: StackRecord, options: { readonly token?: string; readonly retainExceptOnCreate?: boolean }): void;
  /** ContinueUpdateRollback. @throws AwsError ValidationError for resources that may not be skipped */
  continueRollback(stack: StackRecord, options: SkipOptions & { readonly token?: string }): void;
  /** Takes up operations that a stop of the process cut off: creations and updates are rolled back. */
  recover(): void;
  /** When nothing runs any more. */
  idle(): Promise<void>;
}

/**
 * Seconds after which a rollback that somebody asked for begins. AWS takes its time too, and the CDK CLI counts on it:
 * it looks at a stack's events only while the stack is in progress, and takes a rollback without events of failure for
 * a good one.
 */
const BEGINS_AFTER = 1;
/** The reason of an update that is done but for some of its clean-up. */
const LEFT_BEHIND = 'Update successful. One or more resources could not be deleted.';

export function createStackEngine(context: EngineContext): StackEngine {
  const running = new Map<string, Promise<void>>();
  /** Ends creations and updates early. */
  const cancels = new Map<string, AbortController>();

  function start(stack: StackRecord, work: () => Promise<void>): void {
    const promise: Promise<void> = work()
      .catch((error: unknown) => {
        // A defect of ours, not of the template: the stack must still end in a state that people can act on.
        context.log(
          `${stack.stackName}: internal failure: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
        );
        const failed = stack.status.replace(/(_COMPLETE_CLEANUP)?_IN_PROGRESS$/, '_FAILED');
        setStackStatus(context, stack, failed, `Internal failure: ${error instanceof Error ? error.message : error}`);
      })
      .finally(() => {
        // A deletion may have taken the creation's place.
        if (running.get(stack.stackId) === promise) running.delete(stack.stackId);
      });
    running.set(stack.stackId, promise);
  }

  function begin(stack: StackRecord, operation: Omit<OperationRecord, 'id'>): void {
    stack.operation = { id: context.ids.uuid(), ...operation };
  }

  async function applyAndFinish(stack: StackRecord, kind: 'CREATE' | 'UPDATE', cancel?: AbortSignal): Promise<void> {
    const failure = await apply(stack, cancel);
    // A creation is cancelled by a deletion, which takes its place.
    if (kind === 'CREATE' && cancel?.aborted) return;
    if (failure !== undefined) {
      await onFailure(stack, kind, failure);
      return;
    }
    if (kind === 'CREATE') {
      finish(stack);
      setStackStatus(context, stack, 'CREATE_COMPLETE');
    } else {
      setStackStatus(context, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      await cleanUpUpdate(stack);
    }
  }

  /** @returns the stack's failure reason, or undefined when all went well */
  async function apply(stack: StackRecord, cancel?: AbortSignal): Promise<string | undefined> {
    try {
      const plan = planFor(context, stack, parseTemplate(stack.templateBody), stack.parameters);
      checkRemovals(stack, plan);
      const failed = await applyResources(context, stack, plan, cancel);
      const parts = [
        failed.create.length > 0 ? `The following resource(s) failed to create: [${failed.create.join(', ')}]. ` : '',
        failed.update.length > 0 ? `The following resource(s) failed to update: [${failed.update.join(', ')}]. ` : '',
      ].join('');
      if (parts !== '') return parts;
      if (cancel?.aborted) return 'Update cancelled by user. ';
      stack.outputs = resolveOutputs(context, stack, plan);
      stack.imports = [...plan.imports];
      return undefined;
    } catch (error) {
      return `${error instanceof Error ? error.message : error}. `;
    }
  }

  /** @throws ResourceFailedError when the stack policy keeps a resource that the template no longer has */
  function checkRemovals(stack: StackRecord, plan: Plan): void {
    for (const resource of Object.values(stack.resources).filter(({ logicalId }) => !plan.active.has(logicalId))) {
      try {
        checkStackPolicy(stack, 'Update:Delete', resource);
      } catch (error) {
        setResourceStatus(context, stack, resource, 'UPDATE_FAILED', (error as Error).message);
        throw error;
      }
    }
  }

  async function onFailure(stack: StackRecord, kind: 'CREATE' | 'UPDATE', reason: string): Promise<void> {
    const wish = stack.operation?.onFailure ?? 'ROLLBACK';
    if (wish === 'DO_NOTHING') {
      setStackStatus(context, stack, `${kind}_FAILED`, reason);
      return;
    }
    // The rollback is an operation of its own in the events; the CDK CLI walks back over both.
    const { token, retainExceptOnCreate } = stack.operation ?? {};
    begin(stack, { kind: 'ROLLBACK', token, retainExceptOnCreate, onFailure: wish });
    if (kind === 'UPDATE') {
      setStackStatus(context, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
      await rollBackUpdate(context, stack, stack.stable!);
      return;
    }
    if (wish === 'DELETE') {
      setStackStatus(context, stack, 'DELETE_IN_PROGRESS', `${reason}Delete requested by user.`);
      await deleteAll(stack);
      return;
    }
    setStackStatus(context, stack, 'ROLLBACK_IN_PROGRESS', `${reason}Rollback requested by user.`);
    await rollBackCreation(context, stack);
  }

  async function cleanUpUpdate(stack: StackRecord): Promise<void> {
    const plan = planFor(context, stack, parseTemplate(stack.templateBody), stack.parameters);
    for (const [logicalId, resource] of Object.entries(stack.resources)) {
      if (plan.active.has(logicalId)) continue;
      stack.cleanup.push(resource);
      delete stack.resources[logicalId];
    }
    dropLivingFromCleanup(stack);
    const options = { undoingCreation: false, forget: forgetIn(stack) };
    const failed = await deleteResources(context, stack, [...stack.cleanup], options);
    finish(stack);
    setStackStatus(context, stack, 'UPDATE_COMPLETE', failed.length > 0 ? LEFT_BEHIND : undefined);
  }

  async function deleteAll(stack: StackRecord): Promise<void> {
    const used = stack.outputs
      .filter((output) => output.exportName !== undefined)
      .map((output) => ({ name: output.exportName!, users: importersOf(context, output.exportName!) }))
      .find(({ users }) => users.length > 0);
    if (used !== undefined) {
      const reason = `Export ${used.name} cannot be deleted as it is in use by ${used.users.join(', ')}`;
      setStackStatus(context, stack, 'DELETE_FAILED', reason);
      return;
    }
    const resources = [...Object.values(stack.resources), ...stack.cleanup];
    const failed = await deleteResources(context, stack, resources, {
      undoingCreation: false,
      retain: stack.operation?.retainResources,
      forget: forgetIn(stack),
    });
    if (failed.length > 0 && stack.operation?.forceDelete !== true) {
      setStackStatus(context, stack, 'DELETE_FAILED', couldNotDelete(failed));
      return;
    }
    finish(stack);
    stack.resources = {};
    stack.outputs = [];
    stack.imports = [];
    stack.changeSets = [];
    stack.deletedAt = context.clock.now();
    setStackStatus(context, stack, 'DELETE_COMPLETE');
  }

  function startLater(stack: StackRecord, work: () => Promise<void>): void {
    start(stack, async () => {
      await new Promise<void>((resolve) => context.clock.after(BEGINS_AFTER * 1000, resolve));
      await work();
    });
  }

  function startCancellable(stack: StackRecord, kind: 'CREATE' | 'UPDATE'): void {
    const cancel = new AbortController();
    cancels.set(stack.stackId, cancel);
    start(stack, () => applyAndFinish(stack, kind, cancel.signal).finally(() => cancels.delete(stack.stackId)));
  }

  function take(stack: StackRecord, target: StackTarget): void {
    stack.templateBody = target.templateBody;
    stack.description = parseTemplate(target.templateBody).description;
    stack.parameters = target.parameters;
    stack.tags = target.tags;
    stack.capabilities = target.capabilities;
    stack.notificationArns = target.notificationArns;
    stack.roleArn = target.roleArn ?? stack.roleArn;
  }

  return {
    create(stack, target, options) {
      begin(stack, { kind: 'CREATE', ...options });
      take(stack, target);
      stack.disableRollback = options.onFailure === 'DO_NOTHING';
      setStackStatus(context, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
      startCancellable(stack, 'CREATE');
    },

    update(stack, target, options) {
      checkUpdatable(stack, options);
      if (stack.status.endsWith('_COMPLETE')) stack.stable = stableState(stack);
      begin(stack, { kind: 'UPDATE', ...options });
      take(stack, target);
      takeLive(stack, target.live ?? {});
      stack.disableRollback = options.onFailure === 'DO_NOTHING';
      stack.updatedAt = context.clock.now();
      setStackStatus(context, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
      startCancellable(stack, 'UPDATE');
    },

    cancelUpdate(stack, options) {
      const cancel = cancels.get(stack.stackId);
      if (stack.status !== 'UPDATE_IN_PROGRESS' || cancel === undefined) {
        throw validationError('CancelUpdateStack cannot be called from current stack status');
      }
      stack.operation = { ...stack.operation!, ...options, onFailure: 'ROLLBACK' };
      cancel.abort();
    },

    delete(stack, options) {
      if (stack.terminationProtection) {
        throw validationError(`Stack [${stack.stackName}] cannot be deleted while TerminationProtection is enabled`);
      }
      if (stack.status === 'DELETE_IN_PROGRESS') return;
      const creation = stack.status === 'CREATE_IN_PROGRESS' ? running.get(stack.stackId) : undefined;
      if (creation === undefined && running.has(stack.stackId)) throw busy(stack, 'deleted');
      if ((options.retainResources ?? []).length > 0 && stack.status !== 'DELETE_FAILED') {
        throw validationError(
          `Invalid operation on stack [${stack.stackId}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
        );
      }
      begin(stack, {
        kind: 'DELETE',
        token: options.token,
        onFailure: 'DO_NOTHING',
        retainResources: options.retainResources,
        forceDelete: options.forceDelete,
      });
      setStackStatus(context, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
      cancels.get(stack.stackId)?.abort();
      start(stack, async () => {
        await creation;
        await deleteAll(stack);
      });
    },

    rollBack(stack, options) {
      if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') {
        throw validationError(`Stack [${stack.stackName}] is in ${stack.status} state and can not be rolled back.`);
      }
      begin(stack, { kind: 'ROLLBACK', ...options, onFailure: 'ROLLBACK' });
      const stable = stack.stable;
      if (stable === undefined) {
        setStackStatus(context, stack, 'ROLLBACK_IN_PROGRESS', 'User Initiated');
        startLater(stack, () => rollBackCreation(context, stack));
      } else {
        setStackStatus(context, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
        startLater(stack, () => rollBackUpdate(context, stack, stable));
      }
    },

    continueRollback(stack, { token, ...skip }) {
      const stable = stack.stable;
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || stable === undefined) {
        throw validationError(
          `Stack [${stack.stackName}] is in ${stack.status} state and can not continue rolling back an update.`,
        );
      }
      const resourcesToSkip = skippedResources(stack, skip);
      begin(stack, { kind: 'ROLLBACK', token, onFailure: 'ROLLBACK', resourcesToSkip });
      setStackStatus(context, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
      startLater(stack, () => rollBackUpdate(context, stack, stable));
    },

    recover() {
      for (const stack of context.store.all()) {
        if (running.has(stack.stackId)) continue;
        const stable = stack.stable;
        switch (stack.status) {
          case 'CREATE_IN_PROGRESS':
          case 'UPDATE_IN_PROGRESS': {
            const kind = stack.status === 'CREATE_IN_PROGRESS' ? 'CREATE' : 'UPDATE';
            failInterrupted(context, stack);
            start(stack, () => onFailure(stack, kind, 'The local AWS was stopped during the operation. '));
            break;
          }
          case 'ROLLBACK_IN_PROGRESS':
            start(stack, () => rollBackCreation(context, stack));
            break;
          case 'UPDATE_ROLLBACK_IN_PROGRESS':
            if (stable !== undefined) start(stack, () => rollBackUpdate(context, stack, stable));
            break;
          case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
            if (stable !== undefined) start(stack, () => cleanUpRollback(context, stack, stable));
            break;
          case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
            start(stack, () => cleanUpUpdate(stack));
            break;
          case 'DELETE_IN_PROGRESS':
            start(stack, () => deleteAll(stack));
            break;
        }
      }
    },

    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}

/** Lets the stack know what its drifted resources are, so that the update brings them back. */
function takeLive(stack: StackRecord, live: LiveProperties): void {
  for (const [logicalId, properties] of Object.entries(live)) {
    const resource = stack.resources[logicalId];
    if (resource === undefined) continue;
    if (properties !== null) resource.properties = properties;
    else {
      resource.physicalId = undefined;
      resource.status = 'CREATE_FAILED';
    }
  }
}

function stableState(stack: StackRecord): NonNullable<StackRecord['stable']> {
  const { status, templateBody, parameters, tags, description, outputs, imports, resources } = stack;
  return copy({ status, templateBody, parameters, tags, description, outputs, imports, resources });
}

/** @throws AwsError ValidationError when the stack's state does not allow an update */
export function checkUpdatable(
  stack: StackRecord,
  options?: { readonly onFailure: OperationRecord['onFailure'] },
): void {
  const updatable = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'];
  if (updatable.includes(stack.status)) return;
  if (stack.status === 'CREATE_FAILED' || stack.status === 'UPDATE_FAILED') {
    if (options === undefined || options.onFailure === 'DO_NOTHING') return;
    throw validationError(
      `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
    );
  }
  throw busy(stack, 'updated');
}

/** @throws AwsError ValidationError for a resource that the last rollback did not fail on */
function skippedResources(
  { operation }: StackRecord,
  { resourcesToSkip = [], force = false }: SkipOptions,
): readonly string[] {
  const stuck = operation?.stuck ?? [];
  if (!force) {
    const wrong = resourcesToSkip.filter((logicalId) => !stuck.includes(logicalId));
    if (wrong.length === 0) return resourcesToSkip;
    throw validationError(
      `Resources [${wrong.join(', ')}] cannot be skipped: only resources that are in UPDATE_FAILED because a rollback failed can ([${stuck.join(', ')}]).`,
    );
  }
  if (resourcesToSkip.length === 0) return stuck;
  throw validationError('ResourcesToSkip and ForceRollback cannot be specified together.');
}

function busy(stack: StackRecord, what: string): Error {
  return validationError(`Stack:${stack.stackId} is in ${stack.status} state and can not be ${what}.`);
}
