import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { handle, type RunResult, type World } from '../lambda/handler';
import type { Chance } from './chance';
import type { Code } from './code';
import { durableContext, type Execution, type Invocation, type Runtime } from './durable-model';
import type { VirtualTime } from './virtual-time';

/** What the model of Lambda is told by the simulation. */
export interface Surroundings {
  readonly world: (invocation: Invocation) => World;
  readonly checkpoint: (invocation: Invocation, what: string, apply: () => void) => Promise<void>;
  /** False while the stack is being deleted and when it is gone: its schedule and its function go with it. */
  readonly accepts: (event: unknown) => boolean;
  readonly wrapContext: (context: DurableContext) => DurableContext;
  readonly trace: (text: () => string) => void;
  /** What is deployed now. */
  readonly code: () => Code;
  readonly begun: (execution: Execution) => void;
  readonly ended: (execution: Execution) => void;
  /** When the function can run again, in milliseconds; now when it can. */
  readonly runnableAt: () => number;
}

const FUNCTION = 'arn:aws:lambda:us-west-2:000000000000:function:etl';

/** Executions of the one function: asynchronous invocation, crashes, replay, stop. */
export class LambdaModel {
  readonly executions: Execution[] = [];

  constructor(
    private readonly time: VirtualTime,
    private readonly chance: Chance,
    private readonly surroundings: Surroundings,
  ) {}

  /** One delivery of an event, after a moment. */
  deliver(event: unknown, seconds = 0, latency = this.chance.between(20, 900)): void {
    this.time.after(seconds * 1000 + latency, () => {
      if (!this.surroundings.accepts(event)) return;
      const number = this.executions.length + 1;
      const arn = `${FUNCTION}:1/durable-execution/e${number}/${number}`;
      const execution: Execution = {
        arn,
        event,
        startedAt: this.time.now,
        code: this.surroundings.code(),
        status: 'RUNNING',
        kept: new Map(),
      };
      this.executions.push(execution);
      this.surroundings.trace(() => `delivered as e${number}: ${JSON.stringify(event)}`);
      this.surroundings.begun(execution);
      this.invoke(execution);
    });
  }

  running(): readonly Execution[] {
    return this.executions.filter(({ status }) => status === 'RUNNING');
  }

  stop(arn: string): void {
    const execution = this.running().find((each) => each.arn === arn);
    if (execution === undefined) return;
    execution.status = 'STOPPED';
    // AWS promises only that the function is not invoked again: what its process is doing may go on for a while.
    const goesOn = this.chance.between(0, 1) === 1;
    if (execution.invocation !== undefined) {
      execution.invocation.stopped = true;
      execution.invocation.dead ||= !goesOn;
    }
    this.surroundings.trace(() => `${nameOf(execution)} stopped${goesOn ? ', but its process goes on' : ''}`);
  }

  /** The process dies; the runtime starts another one that replays. */
  crash(invocation: Invocation): void {
    this.surroundings.trace(() => `${nameOf(invocation.execution)} CRASHES`);
    this.resume(invocation, this.chance.between(1, 25));
  }

  private resume(invocation: Invocation, seconds: number): void {
    invocation.dead = true;
    this.time.after(seconds * 1000, () => this.invoke(invocation.execution));
  }

  private invoke(execution: Execution): void {
    if (execution.status !== 'RUNNING') return;
    const from = this.surroundings.runnableAt();
    if (from > this.time.now) {
      this.time.at(from, () => this.invoke(execution));
      return;
    }
    const invocation: Invocation = { execution, dead: false, stopped: false };
    execution.invocation = invocation;
    const runtime: Runtime = {
      checkpoint: this.surroundings.checkpoint,
      suspend: (owner, seconds) => this.resume(owner, seconds),
    };
    const context = this.surroundings.wrapContext(durableContext(invocation, runtime));
    handle(execution.event, context, this.surroundings.world(invocation)).then(
      (result) => this.ended(invocation, 'SUCCEEDED', '', result),
      (error: unknown) => this.ended(invocation, 'FAILED', String(error)),
    );
  }

  private ended(invocation: Invocation, status: 'SUCCEEDED' | 'FAILED', reason: string, result?: RunResult): void {
    if (invocation.dead || invocation.execution.status !== 'RUNNING') return;
    invocation.dead = true;
    invocation.execution.status = status;
    invocation.execution.result = result;
    invocation.execution.reason = reason;
    this.surroundings.trace(() => `${nameOf(invocation.execution)} ended: ${status} ${reason}`);
    this.surroundings.ended(invocation.execution);
  }
}

export function nameOf(execution: Execution): string {
  return `e${execution.arn.split('/').at(-1)}`;
}
