import type { Clock, Ids } from '../clock';
import { functionArn, type LambdaScope } from './arns';
import type { AsyncQueue } from './async-queue';
import type { DurableExecution } from './durable/execution';
import type { DurableExecutor } from './durable/executor';
import { invalidParameter, invalidRequestContent, requestTooLarge } from './errors';
import type { ResolvedFunction } from './function-record';
import type { EnvironmentPool } from './runtime/environment-pool';
import type { FunctionError } from './runtime/execution-environment';

/** Bytes of a payload (Lambda quotas, "Invocation payload"). */
const SYNCHRONOUS_LIMIT = 6_291_456;
const ASYNCHRONOUS_LIMIT = 1_048_576;
/** Seconds; a longer durable execution can be started asynchronously only. */
const LONGEST_SYNCHRONOUS_EXECUTION = 900;

export interface InvokerOptions extends LambdaScope {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly pool: EnvironmentPool;
  readonly queue: AsyncQueue;
  readonly executor: DurableExecutor;
}

/** What a synchronous invocation gives back. */
export interface SynchronousResult {
  /** JSON text: the handler's result, or the error. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  readonly executedVersion: string;
  readonly logTail?: Buffer;
  readonly durableExecutionArn?: string;
}

/** Invokes functions as callers ask for it: synchronously, as an event, or not at all (dry run). */
export class Invoker {
  constructor(private readonly options: InvokerOptions) {}

  /** RequestResponse. @throws AwsError */
  async invoke(target: ResolvedFunction, payload: string, executionName?: string): Promise<SynchronousResult> {
    checkPayload(payload, SYNCHRONOUS_LIMIT, 'RequestResponse');
    if (target.version.configuration.durable) return this.invokeDurable(target, payload, executionName);
    checkNoName(executionName);
    const { pool, ids } = this.options;
    const call = { requestId: ids.uuid(), payload, invokedFunctionArn: this.arnOf(target) };
    const outcome = await pool.invoke(target.version, call);
    const common = { executedVersion: target.version.version, logTail: outcome.logTail };
    if (outcome.kind === 'returned') return { ...common, payload: outcome.payload };
    return { ...common, payload: JSON.stringify(outcome.error), functionError: 'Unhandled' };
  }

  /** Event: returns when the event is on disk. @throws AwsError */
  invokeAsync(target: ResolvedFunction, payload: string, executionName?: string): { durableExecutionArn?: string } {
    checkPayload(payload, ASYNCHRONOUS_LIMIT, 'Event');
    if (target.version.configuration.durable) {
      return { durableExecutionArn: this.startDurable(target, payload, 'Event', executionName).start.arn };
    }
    checkNoName(executionName);
    const { queue, ids, clock } = this.options;
    const { functionName } = target.record;
    const receivedAt = clock.now();
    queue.add({
      id: ids.uuid(),
      functionName,
      ...(target.qualifier === undefined ? {} : { qualifier: target.qualifier }),
      payload,
      attempts: 0,
      receivedAt,
      notBefore: receivedAt,
    });
    return {};
  }

  /** DryRun. @throws AwsError for what an invocation would be refused for */
  check(target: ResolvedFunction, payload: string): void {
    checkPayload(payload, SYNCHRONOUS_LIMIT, 'DryRun');
    if (target.version.configuration.durable) checkQualified(target);
  }

  /** The ARN by which the function was called. */
  arnOf(target: ResolvedFunction): string {
    return functionArn(this.options, target.record.functionName, target.qualifier);
  }

  private async invokeDurable(target: ResolvedFunction, payload: string, name?: string): Promise<SynchronousResult> {
    const { executionTimeout } = target.version.configuration.durable!;
    if (executionTimeout > LONGEST_SYNCHRONOUS_EXECUTION) {
      throw invalidParameter(
        'You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes ' +
          `(it is ${executionTimeout} s): invoke it with InvocationType Event.`,
      );
    }
    const execution = this.startDurable(target, payload, 'RequestResponse', name);
    await this.options.executor.finished(execution);
    return durableResult(execution);
  }

  private startDurable(
    target: ResolvedFunction,
    payload: string,
    invocationType: 'RequestResponse' | 'Event',
    name?: string,
  ): DurableExecution {
    checkQualified(target);
    return this.options.executor.start({
      functionName: target.record.functionName,
      version: target.version,
      invokedFunctionArn: this.arnOf(target),
      invocationType,
      payload,
      ...(name === undefined ? {} : { name }),
    });
  }
}

function durableResult({ start, end }: DurableExecution): SynchronousResult {
  const common = { executedVersion: start.version.version, durableExecutionArn: start.arn };
  if (!end) throw new Error(`The local Lambda was closed while ${start.arn} was running`);
  if (end.status === 'SUCCEEDED') return { ...common, payload: end.result ?? 'null' };
  const error: FunctionError = {
    errorType: end.error?.ErrorType ?? end.status,
    errorMessage: end.error?.ErrorMessage ?? `The durable execution ended as ${end.status}`,
    trace: end.error?.StackTrace ?? [],
  };
  return { ...common, payload: JSON.stringify(error), functionError: 'Unhandled' };
}

function checkPayload(payload: string, limit: number, type: string): void {
  const size = Buffer.byteLength(payload);
  if (size > limit) {
    throw requestTooLarge(`${size} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`);
  }
  try {
    JSON.parse(payload);
  } catch (error) {
    throw invalidRequestContent(`Could not parse request body into json: ${(error as Error).message}`);
  }
}

function checkQualified(target: ResolvedFunction): void {
  if (target.qualifier !== undefined) return;
  throw invalidParameter(
    'You cannot invoke a durable function using an unqualified ARN: invoke it by a version or an alias.',
  );
}

function checkNoName(executionName: string | undefined): void {
  if (executionName === undefined) return;
  throw invalidParameter('DurableExecutionName can be given for a durable function only.');
}
