import {
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import type { Log } from './log';
import type { Warehouse } from './warehouse';

/**
 * What Delete and rollback do: stop the function's other executions, then cancel what they left running in the
 * warehouse. Nothing is dropped, and nothing that goes wrong stops the Delete: the cluster may be gone already.
 * @param self the ARN of the execution that does this
 * @returns what was done, for CloudFormation's events
 */
export async function stopRuns(
  self: string,
  lambda: LambdaClient,
  warehouse: Warehouse,
  prefix: string,
  log: Log,
): Promise<string> {
  const told = async (what: string, work: () => Promise<number>): Promise<string> => {
    try {
      return `${await work()} ${what}`;
    } catch (error) {
      log('warn', `Delete goes on although ${what} failed`, { error: String((error as Error).message) });
      return `${what}: ${String((error as Error).message).slice(0, 200)}`;
    }
  };
  const stopped = await told('runs stopped', () => stopExecutions(self, lambda));
  const cancelled = await told('statements cancelled', () => warehouse.cancelAll(prefix));
  return `Nothing was dropped; ${stopped}, ${cancelled}`;
}

async function stopExecutions(self: string, lambda: LambdaClient): Promise<number> {
  const others = (await runningExecutions(self, lambda)).filter((arn) => arn !== self);
  for (const DurableExecutionArn of others)
    await lambda.send(
      new StopDurableExecutionCommand({
        DurableExecutionArn,
        Error: { ErrorType: 'StackDeleted', ErrorMessage: 'The stack is being deleted or rolled back' },
      }),
    );
  return others.length;
}

async function runningExecutions(self: string, lambda: LambdaClient): Promise<readonly string[]> {
  const arns: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.send(
      new ListDurableExecutionsByFunctionCommand({
        FunctionName: functionName(self),
        Statuses: ['RUNNING'],
        Marker,
      }),
    );
    arns.push(...(page.DurableExecutions ?? []).flatMap((each) => each.DurableExecutionArn ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined && Marker !== '');
  return arns;
}

/** The unqualified function of an execution: `arn:…:function:<name>:<version>/durable-execution/<name>/<id>`. */
export function functionName(executionArn: string): string {
  const [functionArn = ''] = executionArn.split('/durable-execution/');
  return functionArn.split(':').slice(0, 7).join(':');
}
