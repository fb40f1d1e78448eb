import { readFileSync } from 'node:fs';
import {
  CheckpointDurableExecutionCommand,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  InvokeCommand,
  type InvokeCommandInput,
  ListDurableExecutionsByFunctionCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { JumpingClock } from './support/jumping-clock';
import { LambdaWorld, waitFor } from './support/lambda-world';

let world: LambdaWorld;

beforeAll(async () => {
  world = await LambdaWorld.start(new JumpingClock(60_000));
});
afterAll(() => world.stop());

async function invoke(name: string, event: object = {}, more: Partial<InvokeCommandInput> = {}, where = world) {
  const command = { FunctionName: name, Qualifier: 'live', Payload: JSON.stringify(event), ...more };
  const answer = await where.client.send(new InvokeCommand(command));
  const text = answer.Payload?.transformToString();
  return { ...answer, arn: answer.DurableExecutionArn!, result: text ? JSON.parse(text) : undefined };
}

const describeExecution = (DurableExecutionArn: string, where = world) =>
  where.client.send(new GetDurableExecutionCommand({ DurableExecutionArn }));

const eventsOf = async (DurableExecutionArn: string) =>
  (await world.client.send(new GetDurableExecutionHistoryCommand({ DurableExecutionArn }))).Events ?? [];

const statusOf = async (arn: string, where = world) => (await describeExecution(arn, where)).Status;

describe('a durable function', () => {
  it('goes on after a wait without doing its steps again', async () => {
    const name = await world.deployDurable('steps');
    const file = world.file();
    const before = world.clock.now();
    const { result, arn, FunctionError } = await invoke(name, { file });
    expect(FunctionError).toBeUndefined();
    expect(result).toEqual({ first: 1, second: 2 });
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(60_000);
    expect(arn).toMatch(new RegExp(`:function:${name}:1/durable-execution/[0-9a-f-]{36}/[0-9a-f-]{36}$`));
    expect(await describeExecution(arn)).toMatchObject({
      Status: 'SUCCEEDED',
      InputPayload: JSON.stringify({ file }),
      Result: JSON.stringify(result),
      Version: '1',
      StartTimestamp: new Date(before),
      DurableConfig: { ExecutionTimeout: 900, RetentionPeriodInDays: 1 },
    });
  });

  it('keeps a history', async () => {
    const name = await world.deployDurable('steps');
    const { arn } = await invoke(name, { file: world.file() });
    const events = await eventsOf(arn);
    expect(
      events.map(({ EventType, Name }) => (Name && EventType?.match(/Step|Wait/) ? `${EventType} ${Name}` : EventType)),
    ).toEqual([
      'ExecutionStarted',
      'StepStarted first',
      'StepSucceeded first',
      'WaitStarted pause',
      'InvocationCompleted',
      'WaitSucceeded pause',
      'StepStarted second',
      'StepSucceeded second',
      'InvocationCompleted',
      'ExecutionSucceeded',
    ]);
    expect(events.map(({ EventId }) => EventId)).toEqual(events.map((_event, index) => index + 1));
    expect(events[3]?.WaitStartedDetails?.Duration).toBe(60);
  });

  it('checks a condition until it holds, keeping the state between', async () => {
    const name = await world.deployDurable('condition');
    const before = world.clock.now();
    expect((await invoke(name)).result).toBe(3);
    expect(world.clock.now() - before).toBe(60_000);
  });

  it('runs a step again as its retry strategy says', async () => {
    const name = await world.deployDurable('retried');
    const before = world.clock.now();
    const { result, arn } = await invoke(name, { file: world.file() });
    expect(result).toBe('steady');
    expect(world.clock.now() - before).toBe(20_000);
    const failures = (await eventsOf(arn)).filter(({ EventType }) => EventType === 'StepFailed');
    expect(failures.map(({ StepFailedDetails }) => StepFailedDetails?.RetryDetails)).toEqual([
      { CurrentAttempt: 1, NextAttemptDelaySeconds: 10 },
      { CurrentAttempt: 2, NextAttemptDelaySeconds: 10 },
    ]);
  });

  it('runs branches side by side', async () => {
    expect((await invoke(await world.deployDurable('children'))).result).toEqual(['l', 'r']);
  });

  it('replays after its process was killed in the middle of a step', async () => {
    const name = await world.deployDurable('killed');
    const file = world.file();
    const { result, arn } = await invoke(name, { file });
    expect(result).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe('akk');
    const broken = (await eventsOf(arn)).filter(({ InvocationCompletedDetails }) => InvocationCompletedDetails?.Error);
    expect(broken).toHaveLength(1);
  });

  it('fails with the error that its handler did not catch', async () => {
    const name = await world.deployDurable('durableFail');
    const { FunctionError, result, arn } = await invoke(name);
    expect(FunctionError).toBe('Unhandled');
    expect(result.errorMessage).toContain('no good');
    const { Status, Error: error } = await describeExecution(arn);
    expect(Status).toBe('FAILED');
    expect(error?.ErrorMessage).toContain('no good');
  });

  it('sends the event of a failed execution to the dead-letter queue, without trying again', async () => {
    const { arn } = world.queues.create('durable-dead-letters');
    const name = await world.deployDurable('durableFail', { deadLetterQueueArn: arn });
    await world.lambda.control.invokeAsync(`${name}:live`, '{"n":2}');
    await waitFor(() => world.queues.messages(arn).length > 0);
    expect(world.queues.messages(arn)).toMatchObject([{ body: '{"n":2}', attributes: { ErrorCode: '200' } }]);
    expect(world.logOf(`/aws/lambda/${name}`).match(/^END /gm)).toHaveLength(1);
  });

  it('ends as timed out when its execution time is over', async () => {
    const durable = { executionTimeout: 70, retentionPeriodInDays: 1 };
    const name = await world.deployDurable('forever', { durable });
    const { result, arn } = await invoke(name);
    expect(result.errorMessage).toBe('Execution timed out after 70 seconds');
    expect(await statusOf(arn)).toBe('TIMED_OUT');
  });

  it.each([
    ['a callback, which the local Lambda does not have', 'called', /does not implement CALLBACK operations/],
    ['a step result over 256 KB', 'large', /STEP output payload size must be less than or equal to 262144 bytes/],
  ])('fails clearly at %s', async (_what, handler, message) => {
    const { result, FunctionError } = await invoke(await world.deployDurable(handler));
    expect(FunctionError).toBe('Unhandled');
    expect(result.errorMessage).toMatch(message);
  });

  it('cannot be invoked without a version or alias', async () => {
    const name = await world.deployDurable('steps');
    for (const InvocationType of ['RequestResponse', 'Event', 'DryRun'] as const) {
      await expect(invoke(name, {}, { Qualifier: undefined, InvocationType })).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        message: expect.stringContaining('unqualified ARN'),
      });
    }
  });

  it('cannot be invoked synchronously when it may run for more than 15 minutes', async () => {
    const durable = { executionTimeout: 3540, retentionPeriodInDays: 1 };
    const name = await world.deployDurable('steps', { durable });
    await expect(invoke(name)).rejects.toThrow('executionTimeout greater than 15 minutes');
  });
});

describe('an execution name', () => {
  it('makes a start idempotent', async () => {
    const name = await world.deployDurable('steps');
    const event = { file: world.file() };
    const first = await invoke(name, event, { DurableExecutionName: 'run-1' });
    const second = await invoke(name, event, { DurableExecutionName: 'run-1' });
    expect(second.arn).toBe(first.arn);
    expect(second.result).toEqual({ first: 1, second: 2 });
    await expect(invoke(name, { other: 1 }, { DurableExecutionName: 'run-1' })).rejects.toMatchObject({
      name: 'DurableExecutionAlreadyStartedException',
    });
  });

  it('is free again when the execution is past its retention', async () => {
    const name = await world.deployDurable('steps');
    const first = await invoke(name, { file: world.file() }, { DurableExecutionName: 'daily' });
    world.clock.advance(2 * 86_400_000);
    const second = await invoke(name, { file: world.file() }, { DurableExecutionName: 'daily' });
    expect(second.arn).not.toBe(first.arn);
    await expect(describeExecution(first.arn)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a waiting execution', () => {
  let still: LambdaWorld;

  beforeEach(async () => {
    still = await LambdaWorld.start(new JumpingClock(0));
  });
  afterEach(() => still.stop());

  async function startWaiting(event: object = { file: still.file() }) {
    const name = await still.deployDurable('steps');
    const waiting = still.clock.armed(60_000);
    const { arn } = await invoke(name, event, { InvocationType: 'Event', DurableExecutionName: 'one' }, still);
    await waiting;
    return { name, arn };
  }

  it('is listed as running', async () => {
    const { name, arn } = await startWaiting();
    const list = async (Statuses: ('RUNNING' | 'FAILED')[]) => {
      const command = new ListDurableExecutionsByFunctionCommand({ FunctionName: name, Statuses });
      return (await still.client.send(command)).DurableExecutions;
    };
    expect(await list(['RUNNING'])).toMatchObject([
      { DurableExecutionArn: arn, DurableExecutionName: 'one', Status: 'RUNNING' },
    ]);
    expect(await list(['FAILED'])).toEqual([]);
  });

  it('can be stopped', async () => {
    const { arn } = await startWaiting();
    const command = { DurableExecutionArn: arn, Error: { ErrorType: 'Mine', ErrorMessage: 'enough' } };
    const { StopTimestamp } = await still.client.send(new StopDurableExecutionCommand(command));
    expect(StopTimestamp).toEqual(new Date(still.clock.now()));
    expect(await describeExecution(arn, still)).toMatchObject({
      Status: 'STOPPED',
      Error: { ErrorType: 'Mine', ErrorMessage: 'enough' },
    });
    still.clock.advance(60_000);
    expect(await statusOf(arn, still)).toBe('STOPPED');
  });

  it('takes no checkpoint but from its running invocation', async () => {
    const { arn } = await startWaiting();
    const command = { DurableExecutionArn: arn, CheckpointToken: 'stolen', Updates: [] };
    await expect(still.client.send(new CheckpointDurableExecutionCommand(command))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Invalid Checkpoint Token',
    });
  });

  it('goes on after a restart of the local AWS, on the version it was started with', async () => {
    const event = { file: still.file() };
    const { name, arn } = await startWaiting(event);
    await still.lambda.control.putAlias(name, 'live', '$LATEST');
    await still.lambda.control.deleteVersion(name, '1');
    const clock = new JumpingClock(60_000);
    await still.restart(clock);
    const { result } = await invoke(name, event, { DurableExecutionName: 'one' }, still);
    expect(result).toEqual({ first: 1, second: 2 });
    expect(await describeExecution(arn, still)).toMatchObject({ Status: 'SUCCEEDED', Version: '1' });
  });

  it('is stopped when the function is deleted', async () => {
    const { name, arn } = await startWaiting();
    await still.lambda.control.deleteFunction(name);
    await expect(describeExecution(arn, still)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(still.lines.join('\n')).toContain('durable execution one STOPPED');
  });
});
