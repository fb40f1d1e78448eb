import type { ObjectStore } from '../../s3/object-store';
import type { EngineContext } from '../engine/context';
import type { StackEngine } from '../engine/engine';
import type { StackRecord } from '../engine/model';
import { validationError } from '../errors';

/** What the API's operations work with. */
export interface ApiContext {
  readonly context: EngineContext;
  readonly engine: StackEngine;
  readonly objects: ObjectStore;
}

/** @throws AwsError ValidationError with the words the CDK CLI looks for */
export function existingStack(context: EngineContext, nameOrArn: string): StackRecord {
  const stack = context.store.find(nameOrArn);
  if (stack === undefined) throw validationError(`Stack with id ${nameOrArn} does not exist`);
  return stack;
}

/** A stack without anything in it; not kept yet. @throws AwsError ValidationError for a name AWS does not take */
export function newStack(context: EngineContext, stackName: string, status: string): StackRecord {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(stackName)) {
    throw validationError(
      `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  return {
    stackId: `arn:aws:cloudformation:${context.region}:${context.account}:stack/${stackName}/${context.ids.uuid()}`,
    stackName,
    status,
    createdAt: context.clock.now(),
    templateBody: '',
    parameters: [],
    tags: [],
    capabilities: [],
    notificationArns: [],
    disableRollback: false,
    terminationProtection: false,
    outputs: [],
    imports: [],
    resources: {},
    cleanup: [],
    changeSets: [],
  };
}
