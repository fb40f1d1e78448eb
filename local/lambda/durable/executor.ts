import type { Clock, Ids } from '../../clock';
import { durableExecutionArn, type LambdaScope } from '../arns';
import { executionAlreadyStarted, invalidParameter } from '../errors';
import type { FunctionVersion } from '../function-record';
import type { InvocationOutcome } from '../runtime/execution-environment';
import { CheckpointTokens } from './checkpoint-token';
import { type DurableExecution, type ExecutionEnd, type ExecutionStart, statusOf } from './execution';
import type { ExecutionStore } from './execution-store';
import { executionEnded, executionStarted, invocationCompleted } from './history';
import { type DurableOutcome, invocationInput, page, readOutcome } from './invocation';
import type { ErrorObject, OperationUpdate } from './operation';
import { changeByTime, changeByUpdates, nextInvocationAt } from './progress';
import { afterLong } from './timers';
import { epochSeconds, wireOperation } from './wire';

export interface ExecutorOptions extends LambdaScope {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: (line: string) => void;
  /** Makes one invocation of the execution's version. */
  invoke(start: ExecutionStart, requestId: string, payload: string): Promise<InvocationOutcome>;
  /** Told of every execution that has come to its end. */
  ended(execution: DurableExecution): void;
}

export interface StartRequest {
  readonly functionName: string;
  readonly version: FunctionVersion;
  readonly invokedFunctionArn: string;
  readonly invocationType: 'RequestResponse' | 'Event';
  readonly payload: string;
  /** Makes the start idempotent; a random name otherwise. */
  readonly name?: string;
}

export interface CheckpointRequest {
  readonly CheckpointToken?: string;
  readonly ClientToken?: string;
  readonly Updates?: readonly OperationUpdate[];
}

/** What a running execution has in memory only. */
interface LiveExecution {
  readonly tokens: CheckpointTokens;
  /** Operations that the service changed since the SDK last heard of them. */
  readonly unseen: Set<string>;
  /** The service changed operations while the present invocation was running. */
  changedMeanwhile: boolean;
  /** Invocations that broke, one after another. */
  failures: number;
  /** A result too large for the invocation's answer. */
  checkpointedResult: string | undefined;
  /** Ends the present wait. */
  wake: () => void;
  cancelTimeout: () => void;
  readonly finished: Promise<void>;
  readonly finish: () => void;
}

/** Waits between invocations that broke, milliseconds: the last one is repeated. AWS backs off, but says not how. */
const BACK_OFF_MS = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000];

/** Drives durable executions: invokes, takes checkpoints, waits, invokes again, until each has its end. */
export class DurableExecutor {
  private readonly live = new Map<string, LiveExecution>();
  private closed = false;

  constructor(private readonly options: ExecutorOptions) {}

  /**
   * Starts an execution, or finds the one of the same name and payload.
   * @throws AwsError DurableExecutionAlreadyStartedException, InvalidParameterValueException
   */
  start(request: StartRequest): DurableExecution {
    const { store, clock, ids } = this.options;
    const { durable } = request.version.configuration;
    if (!durable) throw new Error(`${request.functionName} is not a durable function`);
    if (request.name !== undefined && !/^[a-zA-Z0-9-_]{1,64}$/.test(request.name)) {
      throw invalidParameter(`Value '${request.name}' at 'durableExecutionName' must match [a-zA-Z0-9-_]{1,64}`);
    }
    store.expire(clock.now());
    const existing = store.ofFunction(request.functionName).find(({ start }) => start.name === request.name);
    if (existing) {
      if (existing.start.payload !== request.payload) throw executionAlreadyStarted(existing.start.name);
      return existing;
    }
    const id = ids.uuid();
    const name = request.name ?? ids.uuid();
    const start: ExecutionStart = {
      ...request,
      arn: durableExecutionArn(this.options, request.functionName, request.version.version, name, id),
      id,
      name,
      startedAt: clock.now(),
      ...durable,
    };
    const root = {
      id,
      type: 'EXECUTION',
      name,
      status: 'STARTED',
      startedAt: start.startedAt,
      inputPayload: start.payload,
    } as const;
    const execution = store.create(start, { operations: [root], events: [executionStarted(start)] });
    this.run(execution);
    return execution;
  }

  /** Takes up the executions that an earlier process left running. */
  resume(): void {
    this.options.store.expire(this.options.clock.now());
    for (const execution of this.options.store.all()) {
      if (!execution.end && !this.live.has(execution.start.id)) this.run(execution);
    }
  }

  /** Resolves when the execution has its end, or when the service is closed. */
  async finished(execution: DurableExecution): Promise<void> {
    await this.live.get(execution.start.id)?.finished;
  }

  /** @throws AwsError InvalidParameterValueException `Invalid Checkpoint Token` when another invocation took over */
  checkpoint(arn: string, request: CheckpointRequest): object {
    const { store, clock } = this.options;
    const execution = store.get(arn);
    const live = this.live.get(execution.start.id);
    const repeated = live?.tokens.repeated(request.CheckpointToken, request.ClientToken);
    if (repeated) return repeated;
    if (execution.end || !live?.tokens.accepts(request.CheckpointToken))
      throw invalidParameter('Invalid Checkpoint Token');
    const seen = new Set(this.applyUpdates(execution, live, request.Updates ?? []));
    for (const id of this.passTime(execution, clock.now())) {
      live.changedMeanwhile = true;
      live.unseen.add(id);
    }
    for (const id of live.unseen) seen.add(id);
    live.unseen.clear();
    const Operations = [...seen].map((id) => wireOperation(execution.operations.get(id)!, epochSeconds));
    const answer = { CheckpointToken: live.tokens.issue(), NewExecutionState: { Operations } };
    live.tokens.remember(request.CheckpointToken!, request.ClientToken, answer);
    return answer;
  }

  /** One page of the execution's operations; markers are indexes. */
  state(arn: string, token: string | undefined, marker: string | undefined, maxItems: number): object {
    const execution = this.options.store.get(arn);
    const accepted = this.live.get(execution.start.id)?.tokens.accepts(token);
    if (!accepted) throw invalidParameter('Invalid Checkpoint Token');
    const from = marker ? Number(marker) : 0;
    if (!Number.isInteger(from) || from < 0) throw invalidParameter(`Invalid Marker: ${marker}`);
    const { operations, next } = page(
      [...execution.operations.values()],
      from,
      4 * 1024 * 1024,
      epochSeconds,
      maxItems,
    );
    return { Operations: operations, ...(next === undefined ? {} : { NextMarker: String(next) }) };
  }

  /** @returns when it was stopped, or had ended before */
  stop(execution: DurableExecution, error: ErrorObject): number {
    if (!execution.end) this.end(execution, { status: 'STOPPED', endedAt: this.options.clock.now(), error });
    return execution.end?.endedAt ?? this.options.clock.now();
  }

  stopFunction(functionName: string): void {
    for (const execution of this.options.store.ofFunction(functionName)) {
      this.stop(execution, { ErrorType: 'Lambda.FunctionDeleted', ErrorMessage: `${functionName} was deleted` });
    }
  }

  /** Invokes nothing more. Running executions go on when a service starts on the same folder. */
  close(): void {
    this.closed = true;
    for (const live of this.live.values()) {
      live.cancelTimeout();
      live.wake();
      live.finish();
    }
  }

  private run(execution: DurableExecution): void {
    const live = this.open(execution);
    this.live.set(execution.start.id, live);
    setImmediate(() => {
      void this.drive(execution, live).catch((error: unknown) => {
        this.options.log(`lambda: ${execution.start.arn}: ${String(error)}`);
      });
    });
  }

  private open(execution: DurableExecution): LiveExecution {
    const { clock, ids } = this.options;
    const { startedAt, executionTimeout } = execution.start;
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const left = Math.max(0, startedAt + executionTimeout * 1000 - clock.now());
    return {
      tokens: new CheckpointTokens(() => ids.uuid()),
      unseen: new Set(),
      changedMeanwhile: false,
      failures: 0,
      checkpointedResult: undefined,
      wake: () => {},
      cancelTimeout: afterLong(clock, left, () => this.timeOut(execution)),
      finished,
      finish,
    };
  }

  private async drive(execution: DurableExecution, live: LiveExecution): Promise<void> {
    while (!this.closed && !execution.end) {
      const next = await this.invokeOnce(execution, live);
      if (next === undefined) return;
      await this.waitUntil(live, next);
      for (const id of this.closed || execution.end ? [] : this.passTime(execution, this.options.clock.now())) {
        live.unseen.add(id);
      }
    }
  }

  /** @returns when to invoke again, milliseconds since the epoch; undefined at the execution's end */
  private async invokeOnce(execution: DurableExecution, live: LiveExecution): Promise<number | undefined> {
    const { clock, ids, store } = this.options;
    const requestId = ids.uuid();
    const startedAt = clock.now();
    const updated = [...live.unseen];
    live.unseen.clear();
    live.changedMeanwhile = false;
    const outcome = await this.invoke(execution, requestId, invocationInput(execution, live.tokens.issue(), updated));
    live.tokens.revoke();
    if (this.closed || execution.end) return undefined;
    const error = outcome.kind === 'broken' ? outcome.error : undefined;
    store.change(execution, { events: [invocationCompleted(requestId, startedAt, clock.now(), error)] });
    if (outcome.kind !== 'broken') return this.react(execution, live, outcome);
    for (const id of updated) live.unseen.add(id);
    return this.backOff(execution, live, outcome.error);
  }

  private async invoke(execution: DurableExecution, requestId: string, payload: string): Promise<DurableOutcome> {
    try {
      return readOutcome(await this.options.invoke(execution.start, requestId, payload));
    } catch (error) {
      const ErrorMessage = error instanceof Error ? error.message : String(error);
      return { kind: 'broken', error: { ErrorType: 'ServiceException', ErrorMessage } };
    }
  }

  private react(
    execution: DurableExecution,
    live: LiveExecution,
    outcome: Exclude<DurableOutcome, { kind: 'broken' }>,
  ): number | undefined {
    live.failures = 0;
    const endedAt = this.options.clock.now();
    if (outcome.kind === 'succeeded') {
      const result = outcome.result || live.checkpointedResult;
      this.end(execution, { status: 'SUCCEEDED', endedAt, ...(result === undefined ? {} : { result }) });
      return undefined;
    }
    if (outcome.kind === 'failed') {
      this.end(execution, { status: 'FAILED', endedAt, error: outcome.error });
      return undefined;
    }
    // What changed under the running invocation may have come too late for it to go on with.
    const next = live.changedMeanwhile ? endedAt : nextInvocationAt(execution.operations);
    if (next !== undefined) return next;
    const ErrorMessage = 'Cannot return PENDING status with no pending operations.';
    this.end(execution, {
      status: 'FAILED',
      endedAt,
      error: { ErrorType: 'InvalidParameterValueException', ErrorMessage },
    });
    return undefined;
  }

  private backOff(execution: DurableExecution, live: LiveExecution, error: ErrorObject): number {
    const wait = BACK_OFF_MS[Math.min(live.failures, BACK_OFF_MS.length - 1)]!;
    live.failures += 1;
    this.options.log(
      `lambda: ${execution.start.functionName}: an invocation of durable execution ${execution.start.name} failed ` +
        `(${error.ErrorType}: ${error.ErrorMessage}), again in ${wait / 1000} s`,
    );
    return this.options.clock.now() + wait;
  }

  private applyUpdates(
    execution: DurableExecution,
    live: LiveExecution,
    updates: readonly OperationUpdate[],
  ): readonly string[] {
    const result = updates.find((update) => update.Type === 'EXECUTION');
    const others = updates.filter((update) => update.Type !== 'EXECUTION');
    const change = changeByUpdates(execution.operations, others, this.options.clock.now());
    if (others.length > 0) this.options.store.change(execution, change);
    if (result) live.checkpointedResult = result.Payload;
    return (change.operations ?? []).map((operation) => operation.id);
  }

  /** @returns the ids of the operations that have come due */
  private passTime(execution: DurableExecution, now: number): readonly string[] {
    const change = changeByTime(execution.operations, now);
    const ids = (change.operations ?? []).map((operation) => operation.id);
    if (ids.length > 0) this.options.store.change(execution, change);
    return ids;
  }

  private timeOut(execution: DurableExecution): void {
    if (execution.end || this.closed) return;
    const ErrorMessage = `Execution timed out after ${execution.start.executionTimeout} seconds`;
    const error = { ErrorType: 'ExecutionTimedOut', ErrorMessage };
    this.end(execution, { status: 'TIMED_OUT', endedAt: this.options.clock.now(), error });
  }

  private end(execution: DurableExecution, end: ExecutionEnd): void {
    this.options.store.change(execution, { end, events: [executionEnded(execution.start, end)] });
    const live = this.live.get(execution.start.id);
    this.live.delete(execution.start.id);
    live?.cancelTimeout();
    live?.wake();
    live?.finish();
    this.options.log(`lambda: durable execution ${execution.start.name} ${statusOf(execution)}`);
    this.options.ended(execution);
  }

  private async waitUntil(live: LiveExecution, time: number): Promise<void> {
    const wait = time - this.options.clock.now();
    if (wait <= 0) return;
    await new Promise<void>((resolve) => {
      const cancel = afterLong(this.options.clock, wait, resolve);
      live.wake = () => {
        cancel();
        resolve();
      };
    });
    live.wake = () => {};
  }
}
