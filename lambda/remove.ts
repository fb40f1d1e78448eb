import {
  type Execution,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { classify, TransientError } from './errors';
import type { Log } from './log';
import { FRESH } from './run';
import type { Warehouse } from './warehouse';

/** What was stopped, and what CloudFormation's events say of it. */
export interface Stopped {
  readonly runs: number;
  readonly reason: string;
}

/**
 * How long the process of a stopped run may still start statements, in milliseconds: as long as its state is fresh (see
 * run.ts) and its last call is on its way.
 */
export const FADING = FRESH + 7_000;

/**
 * What Delete and rollback do: stop the function's other executions, then cancel what they left running in the
 * warehouse. Nothing is dropped, and nothing that stays wrong stops the Delete: the cluster may be gone already.
 * @param self the ARN of the execution that does this
 * @returns what was done, for CloudFormation's events
 * @throws TransientError when trying again may stop what is still running
 */
export async function stopRuns(
  self: string,
  lambda: LambdaClient,
  warehouse: Warehouse,
  prefix: string,
  log: Log,
): Promise<Stopped> {
  const transient: string[] = [];
  let runs = 0;
  const told = async (what: string, work: () => Promise<number>): Promise<string> => {
    try {
      return `${await work()} ${what}`;
    } catch (error) {
      const message = String((error as Error).message);
      log('warn', `${what} failed`, { error: message });
      if (classify(error, what).kind === 'transient') transient.push(`${what}: ${message}`);
      return `${what}: ${message.slice(0, 200)}`;
    }
  };
  const stopped = await told('runs stopped', async () => {
    runs = await stopExecutions(self, lambda);
    return runs;
  });
  const cancelled = await told('statements cancelled', () => warehouse.cancelAll(prefix));
  if (transient.length > 0) throw new TransientError(transient.join('; ').slice(0, 400), 'Try again in a moment.');
  return { runs, reason: `Nothing was dropped; ${stopped}, ${cancelled}` };
}

/**
 * How many runs a Delete will stop. Written down before the first is stopped: a stop that is tried again finds fewer.
 * @throws TransientError when trying again may tell; where nobody may look, nobody can stop a run either
 */
export async function countRuns(self: string, lambda: LambdaClient): Promise<number> {
  try {
    return (await olderExecutions(self, lambda)).length;
  } catch (error) {
    if (classify(error, 'looking for runs').kind !== 'transient') return 0;
    throw new TransientError(String((error as Error).message), 'Try again in a moment.');
  }
}

async function stopExecutions(self: string, lambda: LambdaClient): Promise<number> {
  const others = await olderExecutions(self, lambda);
  for (const DurableExecutionArn of others)
    await lambda.send(
      new StopDurableExecutionCommand({
        DurableExecutionArn,
        Error: { ErrorType: 'StackDeleted', ErrorMessage: 'The stack is being deleted or rolled back' },
      }),
    );
  return others.length;
}

/**
 * The running executions but those that began after this one: they are deliveries of the same Delete, and two that stop
 * each other would leave CloudFormation without an answer.
 */
async function olderExecutions(self: string, lambda: LambdaClient): Promise<readonly string[]> {
  const all = await runningExecutions(self, lambda);
  const begun = ({ StartTimestamp }: Execution): number => StartTimestamp?.getTime() ?? 0;
  const own = all.find(({ DurableExecutionArn }) => DurableExecutionArn === self);
  const isOlder = (each: Execution): boolean =>
    own === undefined ||
    begun(each) < begun(own) ||
    (begun(each) === begun(own) && String(each.DurableExecutionArn) < self);
  return all.flatMap((each) => {
    const arn = each.DurableExecutionArn;
    return arn === undefined || arn === self || !isOlder(each) ? [] : [arn];
  });
}

async function runningExecutions(self: string, lambda: LambdaClient): Promise<readonly Execution[]> {
  const executions: Execution[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.send(
      new ListDurableExecutionsByFunctionCommand({
        FunctionName: functionName(self),
        Statuses: ['RUNNING'],
        Marker,
      }),
    );
    executions.push(...(page.DurableExecutions ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined && Marker !== '');
  return executions;
}

/** The unqualified function of an execution: `arn:…:function:<name>:<version>/durable-execution/<name>/<id>`. */
export function functionName(executionArn: string): string {
  const [functionArn = ''] = executionArn.split('/durable-execution/');
  return functionArn.split(':').slice(0, 7).join(':');
}
