import type { Clock, Ids } from '../../clock';
import type { Log } from '../../log';
import type { ResourceContext, ResourceProvider } from '../resource-provider';
import type { ResourceRecord, StackRecord } from './model';
import { generatedName } from './names';
import type { StackStore } from './store';

/** What the engine works with. */
export interface EngineContext {
  readonly store: StackStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly log: Log;
  /** Undefined for a resource type the local AWS does not have. */
  provider(type: string): ResourceProvider | undefined;
  /** The value of an SSM parameter of type String. */
  ssmParameter(name: string): string | undefined;
}

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Sets the stack's status, with its event, and writes it down. */
export function setStackStatus(context: EngineContext, stack: StackRecord, status: string, reason?: string): void {
  stack.status = status;
  stack.statusReason = reason;
  addEvent(context, stack, {
    logicalId: stack.stackName,
    physicalId: stack.stackId,
    type: STACK_TYPE,
    status,
    reason,
  });
}

/** Sets a resource's status, with its event, and writes the stack down. */
export function setResourceStatus(
  context: EngineContext,
  stack: StackRecord,
  resource: ResourceRecord,
  status: string,
  reason?: string,
): void {
  resource.status = status;
  resource.statusReason = reason;
  resource.updatedAt = context.clock.now();
  addEvent(context, stack, {
    logicalId: resource.logicalId,
    physicalId: resource.physicalId ?? '',
    type: resource.type,
    status,
    reason,
    properties: JSON.stringify(resource.attempted ?? resource.properties),
  });
}

interface EventFacts {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
}

function addEvent(context: EngineContext, stack: StackRecord, facts: EventFacts): void {
  const last = context.store.events(stack.stackId).at(-1)?.time ?? 0;
  // The CDK CLI sorts events by time: no two of a stack may share a millisecond, or they swap places.
  const time = Math.max(context.clock.now(), last + 1);
  const operation = stack.operation;
  context.store.addEvent(stack.stackId, {
    ...facts,
    id: facts.type === STACK_TYPE ? context.ids.uuid() : resourceEventId(facts, time),
    time,
    operationId: operation?.id ?? stack.stackId,
    token: operation?.token,
  });
  context.store.save(stack);
  context.log(
    `${stack.stackName} ${facts.logicalId} ${facts.status}${facts.reason === undefined ? '' : ` ${facts.reason}`}`,
  );
}

/** As AWS has them; the events of the stack itself have UUIDs. */
function resourceEventId({ logicalId, status }: EventFacts, time: number): string {
  return `${logicalId}-${status}-${new Date(time).toISOString()}`;
}

/** What a provider is told about the resource it works on. */
export function resourceContext(
  context: EngineContext,
  stack: StackRecord,
  resource: { readonly logicalId: string; readonly type: string },
  signal?: AbortSignal,
): ResourceContext {
  return {
    stackId: stack.stackId,
    stackName: stack.stackName,
    logicalId: resource.logicalId,
    resourceType: resource.type,
    account: context.account,
    region: context.region,
    roleArn: stack.roleArn,
    signal,
    generateName: (maxLength) => generatedName(stack.stackName, resource.logicalId, context.ids.uuid(), maxLength),
  };
}
