import { join } from 'node:path';
import { queryService } from '../aws/protocols/query';
import type { AwsResponse, AwsService } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { LocalHome } from '../home';
import { type Log, silentLog } from '../log';
import type { ObjectStore } from '../s3/object-store';
import { changeSetOperations } from './api/change-sets';
import { driftOperations } from './api/drift';
import { operationEventOperations } from './api/operation-events';
import { stackOperations } from './api/stacks';
import { createCustomResources } from './custom-resource';
import type { EngineContext } from './engine/context';
import { createStackEngine } from './engine/engine';
import { isCustomResource } from './engine/scope';
import { openStackStore } from './engine/store';
import type { ResourceProvider } from './resource-provider';
import { openTokenLog } from './token-log';

export interface CloudFormationOptions {
  readonly home: LocalHome;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Where TemplateURL points to. */
  readonly objects: ObjectStore;
  /** By resource type; custom resources are the service's own. */
  readonly providers: ReadonlyMap<string, ResourceProvider> | ((type: string) => ResourceProvider | undefined);
  readonly customResources: {
    /** Queues an event for a function, as InvocationType Event does, as the stack's role if it has one. */
    invoke(functionArn: string, payload: string, roleArn: string | undefined): Promise<unknown>;
    /** The URL a function PUTs its answer to; the path must reach acceptResponse. */
    responseUrl(token: string): string;
  };
  /** The value of an SSM parameter of type String. */
  readonly ssmParameter?: (name: string) => string | undefined;
  readonly log?: Log;
}

export interface CloudFormationService extends AwsService {
  /** Takes a custom resource's answer: PUT without a signature to `/_cloudformation/response/<token>`. */
  acceptResponse(token: string, body: Buffer | string): AwsResponse;
  /**
   * Takes up what a stop of the process cut off, once the other services answer: a creation or update in progress
   * is marked failed and rolled back; a rollback, clean-up or deletion goes on.
   */
  recover(): void;
  /** When no operation runs any more. */
  idle(): Promise<void>;
}

const XMLNS = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/**
 * The local CloudFormation: templates, change sets, stack events, rollback and custom resources, as far as the CDK
 * CLI and people at a shell need them. State lives under home.cloudformation.
 * Source: CloudFormation API reference 2010-05-15, and what aws-cdk 2.1148.1 calls.
 */
export function createCloudFormationService(options: CloudFormationOptions): CloudFormationService {
  const { clock, ids, objects, account, region } = options;
  const customResources = createCustomResources({
    clock,
    ids,
    tokens: openTokenLog(options.home.cloudformation),
    ...options.customResources,
  });
  const { providers } = options;
  const context: EngineContext = {
    store: openStackStore(join(options.home.cloudformation, 'stacks')),
    clock,
    ids,
    account,
    region,
    log: options.log ?? silentLog,
    provider(type) {
      if (isCustomResource(type)) return customResources.provider;
      return typeof providers === 'function' ? providers(type) : providers.get(type);
    },
    ssmParameter: options.ssmParameter ?? (() => undefined),
  };
  const engine = createStackEngine(context);
  const api = { context, engine, objects };
  const service = queryService({
    signingName: 'cloudformation',
    xmlns: XMLNS,
    operations: {
      ...changeSetOperations(api),
      ...stackOperations(api),
      ...driftOperations(api),
      ...operationEventOperations(api),
    },
  });
  return {
    ...service,
    acceptResponse: customResources.acceptResponse,
    recover: () => engine.recover(),
    idle: () => engine.idle(),
  };
}
