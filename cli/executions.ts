import { setTimeout } from 'node:timers/promises';
import {
  DurableExecutionAlreadyStartedException,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  InvokeCommand,
  LambdaClient,
  paginateListDurableExecutionsByFunction,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { LoadError } from './errors';
import { newestState, type RunState } from './runs/run-state';
import type { ClientOptions } from './warehouse';

/** How a durable execution of the ETL function ended. */
export interface ExecutionEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';
  /** The function's own result, where it succeeded. */
  readonly result?: unknown;
  readonly error?: string;
}

/** An execution of the ETL function that has not ended. */
export interface RunningExecution {
  readonly arn: string;
  /** Its run as it was when it last paused; undefined where it has not and its event names no run. */
  readonly state?: RunState;
}

/** The newest events of a history; a state stands among the last few. */
const LOOKED_AT = 20;
/** Milliseconds between two looks: Lambda throttles who asks too often, the local one does not. */
const PAUSE = 1_500;
const PAUSE_HERE = 200;

/** Starts and follows executions of the ETL function. */
export class Executions {
  private readonly client: LambdaClient;
  private readonly pause: number;

  constructor(options: ClientOptions) {
    this.client = new LambdaClient(options);
    this.pause = options.endpoint === undefined ? PAUSE : PAUSE_HERE;
  }

  close(): void {
    this.client.destroy();
  }

  /**
   * Sends an operator's event.
   * @returns the durable execution's ARN
   * @throws LoadError when the name has been used for something else, or Lambda gives no ARN
   */
  async start(functionAliasArn: string, name: string, event: object): Promise<string> {
    const command = new InvokeCommand({
      FunctionName: functionAliasArn,
      InvocationType: 'Event',
      DurableExecutionName: name,
      Payload: Buffer.from(JSON.stringify(event)),
    });
    const answer = await this.client.send(command).catch((error: unknown) => {
      throw error instanceof DurableExecutionAlreadyStartedException ? alreadyUsed(name) : error;
    });
    if (answer.DurableExecutionArn === undefined) {
      throw new LoadError(`Lambda took the event for ${functionAliasArn} but named no durable execution.`);
    }
    return answer.DurableExecutionArn;
  }

  /** How an execution ended; undefined while it goes on. */
  async ended(arn: string): Promise<ExecutionEnd | undefined> {
    const now = await this.client.send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }));
    if (now.Status === undefined || now.Status === 'RUNNING') return undefined;
    return {
      status: now.Status as ExecutionEnd['status'],
      ...(now.Result === undefined ? {} : { result: JSON.parse(now.Result) as unknown }),
      ...(now.Error === undefined ? {} : { error: now.Error.ErrorMessage ?? now.Error.ErrorType ?? '' }),
    };
  }

  /**
   * Waits until the execution has ended, however it did.
   * @param looked is told after each look that it goes on
   * @param signal ends the waiting, and not the execution: the promise is then rejected with the signal's reason
   */
  async end(arn: string, looked?: () => Promise<void>, signal?: AbortSignal): Promise<ExecutionEnd> {
    for (;;) {
      const end = await this.ended(arn);
      if (end !== undefined) return end;
      await looked?.();
      signal?.throwIfAborted();
      await setTimeout(this.pause, undefined, { signal });
    }
  }

  /**
   * The executions that go on, of all versions of the function, the newest first.
   * @param functionAliasArn the alias that is invoked
   */
  async running(functionAliasArn: string): Promise<readonly RunningExecution[]> {
    const FunctionName = functionAliasArn.split(':').slice(0, 7).join(':');
    const found: RunningExecution[] = [];
    const pages = paginateListDurableExecutionsByFunction(
      { client: this.client },
      { FunctionName, Statuses: ['RUNNING'] },
    );
    for await (const { DurableExecutions = [] } of pages) {
      for (const { DurableExecutionArn: arn = '' } of DurableExecutions) {
        const state = await this.state(arn);
        found.push({ arn, ...(state && { state }) });
      }
    }
    return found;
  }

  /** Where the run of an execution stands; undefined where nothing names it yet. */
  async state(arn: string): Promise<RunState | undefined> {
    const { Events } = await this.client.send(
      new GetDurableExecutionHistoryCommand({
        DurableExecutionArn: arn,
        IncludeExecutionData: true,
        ReverseOrder: true,
        MaxItems: LOOKED_AT,
      }),
    );
    return newestState(Events ?? []);
  }

  /** Stops an execution. What it has started in the warehouse is not cancelled by that. */
  async stop(arn: string, reason: string): Promise<void> {
    await this.client.send(
      new StopDurableExecutionCommand({
        DurableExecutionArn: arn,
        Error: { ErrorType: 'Cancelled', ErrorMessage: reason },
      }),
    );
  }
}

function alreadyUsed(name: string): LoadError {
  return new LoadError(
    `A run named ${name} was already started with other options: the same name is the same run. Give another --name.`,
  );
}
