import type { DurableContext, WaitForConditionDecision } from '@aws/durable-execution-sdk-js';
import type { RunResult } from '../lambda/handler';
import type { Code } from './code';

/** What the runtime has written down of one operation. */
type Kept =
  | { readonly is: 'done'; readonly json: string | undefined }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'open'; readonly attempt: number; readonly json?: string };

export interface Execution {
  readonly arn: string;
  readonly event: unknown;
  readonly startedAt: number;
  /** The version of the function that was in place when it began: it stays so. */
  readonly code: Code;
  /** What it left behind. */
  result?: RunResult;
  /** Why it has failed. */
  reason?: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  /** By the order in which the handler asks for them. */
  readonly kept: Map<number, Kept>;
  invocation?: Invocation;
}

/** One life of the function's process; a dead one does nothing any more. */
export interface Invocation {
  readonly execution: Execution;
  dead: boolean;
  /** Its execution was stopped, but nobody has told the process: it goes on until it wants to write something down. */
  stopped: boolean;
}

interface StepOptions {
  readonly retryStrategy?: (
    error: Error,
    attempt: number,
  ) => { readonly shouldRetry: boolean; readonly delay?: { readonly seconds?: number } };
}

interface WaitOptions<T> {
  readonly initialState: T;
  readonly waitStrategy: (state: T, attempt: number) => WaitForConditionDecision;
}

/** What the context needs of the runtime. */
export interface Runtime {
  /** One request that writes down what happened; the process may die before or after it. */
  checkpoint(invocation: Invocation, what: string, apply: () => void): Promise<void>;
  /** Ends this invocation; another one goes on after so many seconds. */
  suspend(invocation: Invocation, seconds: number): void;
}

/** Made anew each time: a promise that all wait for would keep all of them in memory. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

/**
 * The part of DurableContext that the handler uses, with the SDK's rules: an operation that was written down is not
 * done again, one that was cut short is; a step that throws is tried again as its strategy says (six times by default);
 * a check that throws fails its wait for good; between two checks nothing runs.
 */
export function durableContext(invocation: Invocation, runtime: Runtime): DurableContext {
  const { kept, arn } = invocation.execution;
  let position = 0;
  const keep = (index: number, name: string, value: Kept): Promise<void> =>
    runtime.checkpoint(invocation, name, () => kept.set(index, value));

  const step = async <T>(name: string, work: () => Promise<T>, options: StepOptions = {}): Promise<T> => {
    const index = position++;
    const before = kept.get(index);
    if (before?.is === 'done') return revived<T>(before.json);
    if (before?.is === 'failed') throw new Error(before.message);
    const attempt = (before?.attempt ?? 0) + 1;
    let json: string | undefined;
    try {
      json = JSON.stringify(await work());
    } catch (error) {
      const again = (options.retryStrategy ?? sixTimes)(error as Error, attempt);
      const message = String((error as Error).message);
      await keep(index, name, again.shouldRetry ? { is: 'open', attempt } : { is: 'failed', message });
      if (!again.shouldRetry) throw new Error(message);
      runtime.suspend(invocation, again.delay?.seconds ?? 1);
      return never();
    }
    await keep(index, name, { is: 'done', json });
    return revived<T>(json);
  };

  const waitForCondition = async <T>(
    name: string,
    check: (state: T) => Promise<T>,
    options: WaitOptions<T>,
  ): Promise<T> => {
    const index = position++;
    const before = kept.get(index);
    if (before?.is === 'done') return revived<T>(before.json);
    if (before?.is === 'failed') throw new Error(before.message);
    const attempt = (before?.attempt ?? 0) + 1;
    let json: string;
    try {
      json = JSON.stringify(await check(before?.json === undefined ? options.initialState : revived<T>(before.json)));
    } catch (error) {
      const message = String((error as Error).message);
      await keep(index, name, { is: 'failed', message });
      throw new Error(message);
    }
    const next = options.waitStrategy(revived<T>(json), attempt);
    await keep(index, name, next.shouldContinue ? { is: 'open', attempt, json } : { is: 'done', json });
    if (!next.shouldContinue) return revived<T>(json);
    runtime.suspend(invocation, secondsOf(next));
    return never();
  };

  const context = { step, waitForCondition, executionContext: { durableExecutionArn: arn } };
  return context as unknown as DurableContext;
}

function secondsOf(next: Extract<WaitForConditionDecision, { shouldContinue: true }>): number {
  const { seconds = 1 } = next.delay as { readonly seconds?: number };
  return seconds;
}

/** The SDK's default for steps. Source: retryPresets.default of @aws/durable-execution-sdk-js, without its jitter. */
function sixTimes(_error: Error, attempt: number): { shouldRetry: boolean; delay: { seconds: number } } {
  return { shouldRetry: attempt < 6, delay: { seconds: Math.min(5 * 2 ** (attempt - 1), 60) } };
}

function revived<T>(json: string | undefined): T {
  return (json === undefined ? undefined : JSON.parse(json)) as T;
}
