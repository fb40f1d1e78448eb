import {
  DurableExecutionAlreadyStartedException,
  GetDurableExecutionCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { LoadError } from './errors';
import type { ClientOptions } from './warehouse';

/** How a durable execution of the ETL function ended. */
export interface ExecutionEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';
  /** The function's own result, where it succeeded. */
  readonly result?: unknown;
  readonly error?: string;
}

const POLL_MILLISECONDS = 200;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts and follows executions of the ETL function. */
export class Executions {
  private readonly client: LambdaClient;

  constructor(options: ClientOptions) {
    this.client = new LambdaClient(options);
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

  /** Waits until the execution has ended, however it did. */
  async end(arn: string): Promise<ExecutionEnd> {
    for (;;) {
      const now = await this.client.send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }));
      if (now.Status !== undefined && now.Status !== 'RUNNING') {
        return {
          status: now.Status as ExecutionEnd['status'],
          ...(now.Result === undefined ? {} : { result: JSON.parse(now.Result) as unknown }),
          ...(now.Error === undefined ? {} : { error: now.Error.ErrorMessage ?? now.Error.ErrorType ?? '' }),
        };
      }
      await pause(POLL_MILLISECONDS);
    }
  }
}

function alreadyUsed(name: string): LoadError {
  return new LoadError(
    `A run named ${name} was already started with other options: the same name is the same run. Give another --name.`,
  );
}
