import type { LambdaClient } from '@aws-sdk/client-lambda';
import { stopRuns } from '../../lambda/remove';
import type { Warehouse } from '../../lambda/warehouse';

const FUNCTION = 'arn:aws:lambda:us-west-2:000000000000:function:etl';
const arn = (name: string): string => `${FUNCTION}:1/durable-execution/${name}/1`;

interface Begun {
  readonly name: string;
  readonly at: number;
}

/** A Lambda with these executions; says which were stopped. */
function lambdaWith(executions: readonly Begun[], trouble?: Error): { client: LambdaClient; stopped: string[] } {
  const stopped: string[] = [];
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: object }) => {
    if (trouble !== undefined) throw trouble;
    if (command.constructor.name === 'StopDurableExecutionCommand') {
      stopped.push((command.input as { readonly DurableExecutionArn: string }).DurableExecutionArn);
      return {};
    }
    return {
      DurableExecutions: executions.map(({ name, at }) => ({
        DurableExecutionArn: arn(name),
        StartTimestamp: new Date(at),
      })),
    };
  };
  return { client: { send } as unknown as LambdaClient, stopped };
}

const warehouse = (cancelAll: () => Promise<number>) => ({ cancelAll }) as unknown as Warehouse;
const nothing = warehouse(async () => 0);
const quiet = () => undefined;

describe('what a Delete stops', () => {
  it('is every run that began before it', async () => {
    const { client, stopped } = lambdaWith([
      { name: 'load', at: 1 },
      { name: 'delete', at: 5 },
    ]);
    expect((await stopRuns(arn('delete'), client, nothing, 'sparkify-', quiet)).runs).toBe(1);
    expect(stopped).toEqual([arn('load')]);
  });

  it.each([
    ['began a moment apart', 5, 6],
    ['began in the same millisecond', 5, 5],
  ])('is never both of two deliveries of it that %s: one is left to answer', async (_when, one, other) => {
    const executions = [
      { name: 'delete-a', at: one },
      { name: 'delete-b', at: other },
    ];
    const stopped = await Promise.all(
      executions.map(async ({ name }) => {
        const lambda = lambdaWith(executions);
        await stopRuns(arn(name), lambda.client, nothing, 'sparkify-', quiet);
        return lambda.stopped;
      }),
    );
    expect(stopped.flat()).toEqual([arn('delete-a')]);
  });

  it('is tried again when Lambda or the Data API throttles, after everything else was tried', async () => {
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    let cancels = 0;
    const counting = warehouse(async () => {
      cancels += 1;
      return 0;
    });
    const attempt = stopRuns(arn('delete'), lambdaWith([], throttled).client, counting, 'sparkify-', quiet);
    await expect(attempt).rejects.toMatchObject({ name: 'TransientError', message: expect.stringContaining('Rate') });
    expect(cancels).toBe(1);
  });

  it('is given up where trying again cannot help', async () => {
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    const { reason } = await stopRuns(arn('delete'), lambdaWith([], denied).client, nothing, 'sparkify-', quiet);
    expect(reason).toContain('not authorized');
  });
});
