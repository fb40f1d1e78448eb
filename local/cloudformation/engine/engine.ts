import { validationError } from '../errors';
import type { StackParameter } from '../template/parameters';
import { parseTemplate } from '../template/template';
import { copy } from '../values';
import { applyResources, failInterrupted, planFor, resolveOutputs } from './apply';
import { type EngineContext, setStackStatus } from './context';
import { deleteResources } from './deletion';
import type { OperationRecord, StackRecord, Tag } from './model';
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
}

export interface OperationOptions {
  readonly token?: string;
  readonly onFailure: OperationRecord['onFailure'];
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
  delete(stack: StackRecord, options: { readonly token?: string; readonly retainResources?: readonly string[] }): void;
  /** RollbackStack: from CREATE_FAILED or UPDATE_FAILED back to the last stable state. @throws AwsError */
  rollBack(stack: StackRecord, options: { readonly token?: string }): void;
  /** ContinueUpdateRollback. @throws AwsError */
  continueRollback(
    stack: StackRecord,
    options: { readonly token?: string; readonly resourcesToSkip?: readonly string[] },
  ): void;
  /** Takes up operations that a stop of the process cut off: creations and updates are rolled back. */
  recover(): void;
  /** When nothing runs any more. */
  idle(): Promise<void>;
}

export function createStackEngine(context: EngineContext): StackEngine {
  const running = new Map<string, Promise<void>>();
  /** Ends creations early. */
  const creations = new Map<string, AbortController>();

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
    if (cancel?.aborted) return;
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
      const failed = await applyResources(context, stack, plan, cancel);
      const parts = [
        failed.create.length > 0 ? `The following resource(s) failed to create: [${failed.create.join(', ')}]. ` : '',
        failed.update.length > 0 ? `The following resource(s) failed to update: [${failed.update.join(', ')}]. ` : '',
      ].join('');
      if (parts !== '') return parts;
      stack.outputs = resolveOutputs(context, stack, plan);
      stack.imports = [...plan.imports];
      return undefined;
    } catch (error) {
      return `${error instanceof Error ? error.message : error}. `;
    }
  }

  async function onFailure(stack: StackRecord, kind: 'CREATE' | 'UPDATE', reason: string): Promise<void> {
    const wish = stack.operation?.onFailure ?? 'ROLLBACK';
    if (wish === 'DO_NOTHING') {
      setStackStatus(context, stack, `${kind}_FAILED`, reason);
      return;
    }
    // The rollback is an operation of its own in the events; the CDK CLI walks back over both.
    begin(stack, { kind: 'ROLLBACK', token: stack.operation?.token, onFailure: wish });
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
    await deleteResources(context, stack, [...stack.cleanup], { undoingCreation: false, forget: forgetIn(stack) });
    finish(stack);
    setStackStatus(context, stack, 'UPDATE_COMPLETE');
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
    if (failed.length > 0) {
      setStackStatus(context, stack, 'DELETE_FAILED', couldNotDelete(failed));
      return;
    }
    finish(stack);
    stack.outputs = [];
    stack.imports = [];
    stack.changeSets = [];
    stack.deletedAt = context.clock.now();
    setStackStatus(context, stack, 'DELETE_COMPLETE');
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
      const cancel = new AbortController();
      creations.set(stack.stackId, cancel);
      start(stack, () => applyAndFinish(stack, 'CREATE', cancel.signal).finally(() => creations.delete(stack.stackId)));
    },

    update(stack, target, options) {
      checkUpdatable(stack, options);
      if (stack.status.endsWith('_COMPLETE')) stack.stable = stableState(stack);
      begin(stack, { kind: 'UPDATE', ...options });
      take(stack, target);
      stack.disableRollback = options.onFailure === 'DO_NOTHING';
      stack.updatedAt = context.clock.now();
      setStackStatus(context, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
      start(stack, () => applyAndFinish(stack, 'UPDATE'));
    },

    delete(stack, options) {
      if (stack.terminationProtection) {
        throw validationError(`Stack [${stack.stackName}] cannot be deleted while TerminationProtection is enabled`);
      }
      if (stack.status === 'DELETE_IN_PROGRESS') return;
      const creation = stack.status === 'CREATE_IN_PROGRESS' ? running.get(stack.stackId) : undefined;
      if (creation === undefined && running.has(stack.stackId)) throw busy(stack, 'deleted');
      begin(stack, {
        kind: 'DELETE',
        token: options.token,
        onFailure: 'DO_NOTHING',
        retainResources: options.retainResources,
      });
      setStackStatus(context, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
      creations.get(stack.stackId)?.abort();
      start(stack, async () => {
        await creation;
        await deleteAll(stack);
      });
    },

    rollBack(stack, options) {
      if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') {
        throw validationError(`Stack [${stack.stackName}] is in ${stack.status} state and can not be rolled back.`);
      }
      begin(stack, { kind: 'ROLLBACK', token: options.token, onFailure: 'ROLLBACK' });
      const stable = stack.stable;
      if (stable === undefined) {
        setStackStatus(context, stack, 'ROLLBACK_IN_PROGRESS', 'User Initiated');
        start(stack, () => rollBackCreation(context, stack));
      } else {
        setStackStatus(context, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
        start(stack, () => rollBackUpdate(context, stack, stable));
      }
    },

    continueRollback(stack, options) {
      const stable = stack.stable;
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || stable === undefined) {
        throw validationError(
          `Stack [${stack.stackName}] is in ${stack.status} state and can not continue rolling back an update.`,
        );
      }
      begin(stack, {
        kind: 'ROLLBACK',
        token: options.token,
        onFailure: 'ROLLBACK',
        resourcesToSkip: options.resourcesToSkip,
      });
      setStackStatus(context, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
      start(stack, () => rollBackUpdate(context, stack, stable));
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

function busy(stack: StackRecord, what: string): Error {
  return validationError(`Stack:${stack.stackId} is in ${stack.status} state and can not be ${what}.`);
}
