import { join } from 'node:path';
import type { AwsService } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { LocalHome } from '../home';
import type { IdentityStore } from '../iam/identity-store';
import type { ObjectStore } from '../s3/object-store';
import type { QueueStore } from '../sqs/queue-store';
import type { LambdaAccess } from './access';
import { durableRoutes } from './api/durable-routes';
import { functionRoutes, unknownRoute } from './api/function-routes';
import { bodyOf, matchRoute, type Route, type RouteCall, routeResource } from './api/http';
import { invokeRoute } from './api/invoke-route';
import { writeRoutes } from './api/write-routes';
import { functionArn, parseFunctionReference } from './arns';
import { AsyncQueue } from './async-queue';
import { type DeadLetter, sendDeadLetter } from './dead-letters';
import type { DurableExecution } from './durable/execution';
import { ExecutionStore } from './durable/execution-store';
import { DurableExecutor } from './durable/executor';
import { FunctionManager } from './function-manager';
import { FunctionStore } from './function-store';
import { Invoker } from './invoker';
import type { FunctionConfiguration, LambdaControl } from './lambda-control';
import { EnvironmentPool } from './runtime/environment-pool';

export interface LambdaServiceOptions {
  readonly home: LocalHome;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly objects: ObjectStore;
  readonly identities: IdentityStore;
  readonly queues: QueueStore;
  readonly log: (line: string) => void;
  /** Waits before the retries of an asynchronous invocation, milliseconds; AWS: one minute, then two. */
  readonly retryDelaysMs?: readonly number[];
  /** Where functions find the local AWS; asked each time an environment starts. */
  endpointUrl(): string;
  readonly access?: LambdaAccess;
}

export interface LambdaServiceHandle {
  readonly service: AwsService;
  readonly control: LambdaControl;
  /** Takes up events and durable executions that an earlier process left: to be called when the endpoint listens. */
  resume(): void;
  /** Kills all execution environments at once, as a host that fails does: Lambda repeats what ran in them. */
  crash(): Promise<void>;
  /** Kills all execution environments; unfinished events and durable executions stay on disk. */
  close(): Promise<void>;
}

/** The local Lambda service: functions in child processes, their state under `home.lambda`. */
export function createLambdaService(options: LambdaServiceOptions): LambdaServiceHandle {
  const parts = assemble(options);
  const { functions, executions, executor, queue, pool, invoker } = parts;
  const routes: readonly Route[] = [
    ...functionRoutes(functions, options),
    ...writeRoutes(functions, parts.manager, options),
    invokeRoute(functions, invoker),
    ...durableRoutes(functions, executions, executor),
  ];
  return {
    service: {
      signingName: 'lambda',
      handle: async (request) => {
        const matched = matchRoute(routes, request);
        if (!matched) throw unknownRoute(request.method, request.rawPath);
        authorizeCall(matched.route, matched.call, options);
        return matched.route.handle(matched.call);
      },
    },
    control: createControl(parts),
    resume: () => {
      queue.resume();
      executor.resume();
    },
    crash: () => pool.crash(),
    close: async () => {
      queue.close();
      executor.close();
      await pool.close();
      await queue.settled();
    },
  };
}

/** The operation itself, and where a role is handed over, that it may be. @throws AwsError AccessDeniedException */
function authorizeCall({ action }: Route, call: RouteCall, options: LambdaServiceOptions): void {
  const { access } = options;
  if (access === undefined) return;
  const { principal } = call.request;
  access.authorize(principal, `lambda:${action}`, routeResource(call, options));
  const { Role: role } = action === 'UpdateFunctionConfiguration' ? bodyOf(call.request) : {};
  if (typeof role !== 'string') return;
  access.authorize(principal, 'iam:PassRole', role, { 'iam:PassedToService': 'lambda.amazonaws.com' });
}

interface Parts {
  readonly manager: FunctionManager;
  readonly functions: FunctionStore;
  readonly executions: ExecutionStore;
  readonly pool: EnvironmentPool;
  readonly executor: DurableExecutor;
  readonly queue: AsyncQueue;
  readonly invoker: Invoker;
}

function assemble(options: LambdaServiceOptions): Parts {
  const { home, account, region, clock, ids, log } = options;
  const scope = { account, region };
  const functions = new FunctionStore(join(home.lambda, 'functions'), scope);
  const executions = new ExecutionStore(join(home.lambda, 'executions'));
  const pool = new EnvironmentPool({ ...options, logs: home.logs });
  const bury = (configuration: FunctionConfiguration, letter: DeadLetter) =>
    sendDeadLetter(options, configuration, letter);
  const executor = new DurableExecutor({
    ...scope,
    store: executions,
    clock,
    ids,
    log,
    invoke: (start, requestId, payload) =>
      pool.invoke(start.version, { requestId, payload, invokedFunctionArn: start.invokedFunctionArn }),
    ended: (execution) => buryExecution(execution, bury),
  });
  const queue = new AsyncQueue({
    folder: join(home.lambda, 'events'),
    clock,
    functions,
    log,
    retryDelaysMs: options.retryDelaysMs ?? [60_000, 120_000],
    run: (target, event) => {
      const invokedFunctionArn = functionArn(scope, event.functionName, event.qualifier);
      return pool.invoke(target.version, { requestId: event.id, payload: event.payload, invokedFunctionArn });
    },
    giveUp: ({ version }, event, errorMessage) =>
      bury(version.configuration, { requestId: event.id, payload: event.payload, errorMessage }),
  });
  const invoker = new Invoker({ ...scope, clock, ids, pool, queue, executor });
  const manager = new FunctionManager(functions, options);
  return { manager, functions, executions, pool, executor, queue, invoker };
}

/** A durable execution that was started by an event and failed goes where failed events go. */
function buryExecution(
  { start, end }: DurableExecution,
  bury: (configuration: FunctionConfiguration, letter: DeadLetter) => void,
): void {
  if (start.invocationType !== 'Event' || (end?.status !== 'FAILED' && end?.status !== 'TIMED_OUT')) return;
  const errorMessage = end.error?.ErrorMessage ?? end.status;
  bury(start.version.configuration, { requestId: start.id, payload: start.payload, errorMessage });
}

function createControl(parts: Parts): LambdaControl {
  const { manager, functions, executions, executor, pool, invoker } = parts;
  return {
    createFunction: (configuration) => manager.create(configuration),
    updateFunction: (configuration) => manager.update(configuration),
    describeFunction: (functionName) => functions.find(functionName)?.latest.configuration,
    deleteFunction: async (functionName) => {
      executor.stopFunction(functionName);
      await pool.stopFunction(functionName);
      executions.removeFunction(functionName);
      functions.remove(functionName);
    },
    publishVersion: async (functionName) => manager.publish(functionName),
    deleteVersion: async (functionName, version) => manager.deleteVersion(functionName, version),
    putAlias: async (functionName, alias, version) => manager.putAlias(functionName, alias, version),
    deleteAlias: async (functionName, alias) => manager.deleteAlias(functionName, alias),
    putEventInvokeConfig: async (functionName, qualifier, config) =>
      manager.putEventInvokeConfig(functionName, qualifier, config),
    deleteEventInvokeConfig: async (functionName, qualifier) =>
      manager.deleteEventInvokeConfig(functionName, qualifier),
    invokeAsync: async (arn, payload) => {
      const reference = parseFunctionReference(arn);
      return invoker.invokeAsync(functions.resolve(reference.functionName, reference.qualifier), payload);
    },
  };
}
