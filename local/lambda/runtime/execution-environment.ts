import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Credentials } from '../../iam/identity-store';
import type { FunctionVersion } from '../function-record';
import type { LogStream } from './log-stream';

/** An error as the Node.js runtime hands it to the caller. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How one invocation ended. `payload` is JSON text. */
export type InvocationOutcome =
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };

export interface InvocationCall {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly invokedFunctionArn: string;
}

export interface EnvironmentOptions {
  readonly version: FunctionVersion;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: LogStream;
  readonly credentials: Credentials;
}

type HostMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'initFailed'; readonly error: FunctionError }
  | {
      readonly type: 'done';
      readonly payload?: string;
      readonly error?: FunctionError;
      readonly memoryMb: number;
    };

/** What ends a wait on the child: a message, its death, or the time being over. */
type HostEvent = HostMessage | { readonly type: 'exited'; readonly reason: string } | { readonly type: 'timedOut' };

/** The initialization phase is not counted as function time, up to this long (developer guide, "Init phase"). */
const INIT_LIMIT_MS = 10_000;
const HOST = join(__dirname, 'host.cjs');

/**
 * One child process that runs one invocation at a time. The function's timeout is measured in real time, not on the
 * injected clock, because the code in the process lives in real time.
 */
export class ExecutionEnvironment {
  private readonly child: ChildProcess;
  private listener: ((event: HostEvent) => void) | undefined;
  private readonly backlog: HostEvent[] = [];
  private readonly exited: Promise<void>;
  private initialized = false;
  private memoryMb = 0;
  private readonly startedAt = performance.now();
  /** False when it can serve no further invocation. */
  alive = true;

  constructor(private readonly options: EnvironmentOptions) {
    this.child = startHost(options);
    this.child.on('message', (message) => this.deliver(message as HostMessage));
    this.exited = new Promise((resolve) => {
      const gone = (reason: string) => {
        this.alive = false;
        this.deliver({ type: 'exited', reason });
        resolve();
      };
      this.child.once('exit', (code, signal) => gone(exitReason(code, signal)));
      this.child.once('error', (error) => gone(error.message));
    });
  }

  get version(): FunctionVersion {
    return this.options.version;
  }

  get credentials(): Credentials {
    return this.options.credentials;
  }

  get log(): LogStream {
    return this.options.log;
  }

  /** Runs the handler once, starting it first if needed, and writes the START, END and REPORT lines around it. */
  async invoke(call: InvocationCall): Promise<InvocationOutcome> {
    const { log, version } = this.options;
    const timeoutMs = version.configuration.timeout * 1000;
    const initFailure = await this.initialize(timeoutMs);
    const initMs = this.initialized ? undefined : performance.now() - this.startedAt;
    this.initialized = true;
    log.write(`START RequestId: ${call.requestId} Version: ${version.version}`);
    const started = performance.now();
    const outcome = initFailure
      ? this.explain(initFailure, call, timeoutMs)
      : this.explain(await this.run(call, timeoutMs), call, timeoutMs);
    this.report(call, performance.now() - started, initMs);
    return outcome;
  }

  /** Kills the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.alive = false;
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private async initialize(timeoutMs: number): Promise<HostEvent | undefined> {
    if (this.initialized) return undefined;
    const event = await this.next(INIT_LIMIT_MS + timeoutMs);
    if (event.type === 'ready') return undefined;
    this.alive = false;
    return event;
  }

  private run(call: InvocationCall, timeoutMs: number): Promise<HostEvent> {
    const { version, log } = this.options;
    const { functionName, memorySize } = version.configuration;
    const context = {
      awsRequestId: call.requestId,
      functionName,
      functionVersion: version.version,
      invokedFunctionArn: call.invokedFunctionArn,
      memoryLimitInMB: String(memorySize),
      logGroupName: log.group,
      logStreamName: log.name,
    };
    const message = {
      type: 'invoke',
      requestId: call.requestId,
      payload: call.payload,
      context,
      remainingMs: timeoutMs,
    };
    const answer = this.next(timeoutMs);
    // A failed send means that the process is dying: its exit is then the answer.
    this.child.send(message, () => undefined);
    return answer;
  }

  private explain(event: HostEvent, call: InvocationCall, timeoutMs: number): InvocationOutcome {
    switch (event.type) {
      case 'done':
        this.memoryMb = Math.max(this.memoryMb, event.memoryMb);
        return event.error
          ? { kind: 'failed', error: event.error }
          : { kind: 'returned', payload: event.payload ?? 'null' };
      case 'initFailed':
        return { kind: 'failed', error: event.error };
      case 'timedOut': {
        const seconds = (timeoutMs / 1000).toFixed(2);
        this.options.log.write(`${new Date().toISOString()} ${call.requestId} Task timed out after ${seconds} seconds`);
        return failed(
          'Sandbox.Timedout',
          `RequestId: ${call.requestId} Error: Task timed out after ${seconds} seconds`,
        );
      }
      case 'exited':
        this.options.log.write(`RequestId: ${call.requestId} Error: ${event.reason}`);
        return failed('Runtime.ExitError', `RequestId: ${call.requestId} Error: ${event.reason}`);
      case 'ready':
        return failed('Runtime.Unknown', `RequestId: ${call.requestId} Error: the runtime started twice`);
    }
  }

  private report(call: InvocationCall, durationMs: number, initMs: number | undefined): void {
    const { memorySize } = this.options.version.configuration;
    const init = initMs === undefined ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
    this.options.log.write(`END RequestId: ${call.requestId}`);
    this.options.log.write(
      `REPORT RequestId: ${call.requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms` +
        `\tMemory Size: ${memorySize} MB\tMax Memory Used: ${Math.min(this.memoryMb || memorySize, memorySize)} MB${init}`,
    );
  }

  private deliver(event: HostEvent): void {
    const listener = this.listener;
    if (!listener) {
      this.backlog.push(event);
      return;
    }
    this.listener = undefined;
    listener(event);
  }

  private next(limitMs: number): Promise<HostEvent> {
    const waiting = this.backlog.shift();
    if (waiting) return Promise.resolve(waiting);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.listener = undefined;
        resolve({ type: 'timedOut' });
        void this.stop();
      }, limitMs);
      this.listener = (event) => {
        clearTimeout(timer);
        resolve(event);
      };
    });
  }
}

function startHost({ version, variables, log }: EnvironmentOptions): ChildProcess {
  return log.withDescriptor((descriptor) =>
    fork(HOST, [], {
      execPath: process.execPath,
      execArgv: [`--max-old-space-size=${version.configuration.memorySize}`],
      cwd: version.codeFolder,
      env: { ...variables },
      stdio: ['ignore', descriptor, descriptor, 'ipc'],
      serialization: 'json',
    }),
  );
}

function failed(errorType: string, errorMessage: string): InvocationOutcome {
  return { kind: 'failed', error: { errorType, errorMessage } };
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `Runtime exited with error: signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}
