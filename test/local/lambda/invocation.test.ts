import { existsSync, realpathSync } from 'node:fs';
import {
  GetFunctionCommand,
  InvokeCommand,
  type InvokeCommandInput,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { JumpingClock } from './support/jumping-clock';
import { ACCOUNT, LambdaWorld, REGION, ROLE, waitFor, zipOf } from './support/lambda-world';

let world: LambdaWorld;

beforeAll(async () => {
  world = await LambdaWorld.start();
});
afterAll(() => world.stop());

async function invoke(FunctionName: string, event?: unknown, more: Partial<InvokeCommandInput> = {}) {
  const Payload = event === undefined ? undefined : JSON.stringify(event);
  const answer = await world.client.send(new InvokeCommand({ FunctionName, Payload, ...more }));
  const text = answer.Payload?.transformToString();
  return { ...answer, result: text ? JSON.parse(text) : undefined };
}

describe('a synchronous invocation', () => {
  it('hands the event to the handler and its result back', async () => {
    const name = await world.deploy('echo');
    const answer = await invoke(name, { n: 1, s: 'ü' });
    expect(answer.result).toEqual({ echoed: { n: 1, s: 'ü' } });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
  });

  it('runs the version that an alias points to', async () => {
    const name = await world.deploy('echo');
    expect((await invoke(`${name}:live`, {})).ExecutedVersion).toBe('1');
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
    expect((await invoke(arn, {}, { Qualifier: 'live' })).ExecutedVersion).toBe('1');
  });

  it('keeps a published version as it was when the function changes', async () => {
    const name = await world.deploy('echo');
    world.objects.set('other.zip', zipOf({ 'index.js': 'exports.echo = async () => "other";' }));
    const code = { bucket: 'assets', key: 'other.zip' };
    await world.lambda.control.updateFunction(world.configuration('echo', { functionName: name, code }));
    expect((await invoke(name, 1)).result).toBe('other');
    expect((await invoke(`${name}:live`, 1)).result).toEqual({ echoed: 1 });
    const second = await world.lambda.control.publishVersion(name);
    expect(second).toBe('2');
    expect(await world.lambda.control.publishVersion(name)).toBe('2');
    await world.lambda.control.putAlias(name, 'live', second);
    expect((await invoke(`${name}:live`, 1)).result).toBe('other');
  });

  it('uses a warm environment again', async () => {
    const name = await world.deploy('count');
    await invoke(name);
    expect((await invoke(name)).result).toBe(2);
  });

  it('gives concurrent invocations an environment each', async () => {
    const name = await world.deploy('meet');
    const [a, b] = [world.file(), world.file()];
    const [first, second] = await Promise.all([
      invoke(name, { mine: a, other: b }),
      invoke(name, { mine: b, other: a }),
    ]);
    expect(first.result).not.toBe(second.result);
  });

  it('gives the handler the variables that Lambda sets and none of this machine', async () => {
    const name = await world.deploy('environment', { environment: { STAGE: 'test' } });
    const { variables, cwd } = (await invoke(`${name}:live`)).result;
    expect(Object.keys(variables).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'PATH',
      'STAGE',
      'TZ',
      '_HANDLER',
    ]);
    expect(variables).toMatchObject({
      STAGE: 'test',
      AWS_REGION: REGION,
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      TZ: ':UTC',
    });
    expect(cwd).toBe(realpathSync(variables.LAMBDA_TASK_ROOT));
    expect(world.identities.principalOf(variables.AWS_ACCESS_KEY_ID)?.roleArn).toBe(ROLE);
  });

  it('tells the handler about itself in the context', async () => {
    const name = await world.deploy('context', { timeout: 7, memorySize: 128 });
    const { result } = await invoke(`${name}:live`);
    expect(result).toMatchObject({
      functionName: name,
      functionVersion: '1',
      invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}:live`,
      memoryLimitInMB: '128',
      logGroupName: `/aws/lambda/${name}`,
    });
    expect(result.remaining).toBeLessThanOrEqual(7000);
    expect(result.remaining).toBeGreaterThan(5000);
  });

  it('answers an error of the handler as a function error', async () => {
    const answer = await invoke(await world.deploy('fail'));
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(answer.result).toMatchObject({ errorType: 'RangeError', errorMessage: 'out of range' });
    expect(answer.result.trace[0]).toBe('RangeError: out of range');
  });

  it('takes handlers with a callback', async () => {
    const name = await world.deploy('callback');
    expect((await invoke(name, {})).result).toBe('by callback');
    expect((await invoke(name, { fail: true })).result.errorMessage).toBe('by callback');
  });

  it.each(['sleep', 'spin'])('kills a handler that will not end (%s) at the time-out', async (handler) => {
    const name = await world.deploy(handler, { timeout: 1 });
    const { result, FunctionError } = await invoke(name);
    expect(FunctionError).toBe('Unhandled');
    expect(result.errorType).toBe('Sandbox.Timedout');
    expect(result.errorMessage).toMatch(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds$/);
    expect(world.logOf(`/aws/lambda/${name}`)).toContain('Task timed out after 1.00 seconds');
  });

  it('reports a process that ends under the invocation and starts a new one for the next', async () => {
    const name = await world.deploy('exit');
    for (const _round of [1, 2]) {
      const { result } = await invoke(name);
      expect(result).toMatchObject({ errorType: 'Runtime.ExitError' });
      expect(result.errorMessage).toContain('Runtime exited with error: exit status 3');
    }
  });

  it('reports an error that nobody catches', async () => {
    expect((await invoke(await world.deploy('crash'))).result).toMatchObject({ errorMessage: 'nobody catches this' });
  });

  it.each([
    ['index.nothing', 'Runtime.HandlerNotFound', 'index.nothing is undefined or not exported'],
    ['nowhere.handler', 'Runtime.ImportModuleError', "Error: Cannot find module 'nowhere'"],
  ])('reports the handler %s that is not there', async (handler, errorType, errorMessage) => {
    const name = await world.deploy('echo', { handler });
    expect((await invoke(name)).result).toMatchObject({ errorType, errorMessage });
  });

  it.each(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'])(
    'runs and logs nothing where its role may not %s',
    async (action) => {
      const name = await world.deploy('talk');
      world.roleMayNot.add(action);
      try {
        const { FunctionError } = await world.client.send(new InvokeCommand({ FunctionName: name }));
        expect(FunctionError).toBeUndefined();
      } finally {
        world.roleMayNot.delete(action);
      }
      expect(() => world.logOf(`/aws/lambda/${name}`)).toThrow(/ENOENT/);
    },
  );

  it('is refused with dead letters or tracing that its role may not send', async () => {
    const deadLetterQueueArn = world.queues.create('refused').arn;
    for (const [action, changes, words] of [
      ['sqs:SendMessage', { deadLetterQueueArn }, 'SendMessage on SQS'],
      ['xray:PutTraceSegments', { tracing: 'Active' as const }, 'PutTraceSegments on XRAY'],
    ] as const) {
      world.roleMayNot.add(action);
      await expect(world.deploy('talk', changes)).rejects.toThrow(
        `The provided execution role does not have permissions to call ${words}`,
      );
      world.roleMayNot.delete(action);
    }
  });

  it('logs as CloudWatch shows it and gives the tail back', async () => {
    const name = await world.deploy('talk', { logGroupName: '/sparkify/talk' });
    const { LogResult } = await invoke(name, {}, { LogType: 'Tail' });
    const lines = Buffer.from(LogResult!, 'base64').toString().trimEnd().split('\n');
    expect(lines[0]).toMatch(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/);
    expect(lines[1]).toMatch(/^\d{4}-.*Z\t[0-9a-f-]{36}\tINFO\tfirst line$/);
    expect(lines[2]).toMatch(/\tERROR\tsecond line$/);
    expect(lines[3]).toMatch(/^END RequestId: /);
    expect(lines[4]).toMatch(/^REPORT RequestId: .*\tDuration: .* ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t/);
    expect(lines[4]).toContain('Init Duration');
    expect(world.logOf('/sparkify/talk')).toContain('first line');
  });

  it('does nothing on a dry run', async () => {
    const name = await world.deploy('flaky');
    const file = world.file();
    expect((await invoke(name, { file, times: 1 }, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    [
      'an unknown function',
      'nobody',
      {},
      'ResourceNotFoundException',
      /^Function not found: arn:aws:lambda:.*:nobody$/,
    ],
    ['a payload that is no JSON', undefined, { Payload: '{' }, 'InvalidRequestContentException', /^Could not parse/],
    ['an unknown version', undefined, { Qualifier: '9' }, 'ResourceNotFoundException', /:9$/],
    ['an execution name', undefined, { DurableExecutionName: 'n' }, 'InvalidParameterValueException', /durable/],
  ])('refuses %s', async (_what, name, more, code, message) => {
    const target = name ?? (await world.deploy('echo'));
    await expect(invoke(target, undefined, more)).rejects.toMatchObject({
      name: code,
      message: expect.stringMatching(message),
    });
  });
});

describe('an asynchronous invocation', () => {
  const queued = async (name: string, event: object) => {
    const answer = await invoke(name, event, { InvocationType: 'Event' });
    expect(answer.StatusCode).toBe(202);
  };

  it('is retried twice, one and two minutes later', async () => {
    const name = await world.deploy('flaky');
    const file = world.file();
    const before = world.clock.now();
    const [first, second] = [world.clock.armed(60_000), world.clock.armed(120_000)];
    await queued(name, { file, times: 3 });
    await Promise.all([first, second]);
    await waitFor(() => logged(name, 'END') === 3);
    expect(world.clock.now() - before).toBe(180_000);
    expect(new Set(world.logOf(`/aws/lambda/${name}`).match(/START RequestId: \S+/g)).size).toBe(1);
  });

  it('ends in the dead-letter queue with the request, the code and the message', async () => {
    const { arn } = world.queues.create('dead-letters');
    const name = await world.deploy('fail', { deadLetterQueueArn: arn });
    await world.lambda.control.putEventInvokeConfig(name, 'live', { maximumRetryAttempts: 0 });
    await queued(`${name}:live`, { n: 1 });
    await waitFor(() => world.queues.messages(arn).length > 0);
    const [message] = world.queues.messages(arn);
    expect(message?.body).toBe('{"n":1}');
    expect(message?.attributes).toEqual({
      RequestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ErrorCode: '200',
      ErrorMessage: 'out of range',
    });
    expect(logged(name, 'END')).toBe(1);
  });

  it('is given up when the next attempt would come after the event is too old', async () => {
    const { arn } = world.queues.create('too-old');
    const name = await world.deploy('fail', { deadLetterQueueArn: arn });
    await world.lambda.control.putEventInvokeConfig(name, 'live', { maximumEventAgeInSeconds: 60 });
    await queued(`${name}:live`, {});
    await waitFor(() => world.queues.messages(arn).length > 0);
    expect(logged(name, 'END')).toBe(2);
  });

  function logged(name: string, word: string): number {
    return world.logOf(`/aws/lambda/${name}`).match(new RegExp(`^${word} `, 'gm'))?.length ?? 0;
  }
});

describe('a function', () => {
  it('shows its configuration, versions and aliases', async () => {
    const name = await world.deploy('echo', { environment: { A: 'b' } });
    const { Configuration } = await world.client.send(
      new GetFunctionCommand({ FunctionName: name, Qualifier: 'live' }),
    );
    expect(Configuration).toMatchObject({
      FunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}:live`,
      Version: '1',
      Role: ROLE,
      Environment: { Variables: { A: 'b' } },
    });
    const { Versions } = await world.client.send(new ListVersionsByFunctionCommand({ FunctionName: name }));
    expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1']);
    const { Aliases } = await world.client.send(new ListAliasesCommand({ FunctionName: name }));
    expect(Aliases).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
  });

  it.each([
    ['a reserved variable', { environment: { AWS_REGION: 'x' } }, /Reserved keys used in this request: AWS_REGION/],
    ['more than 4 KB of variables', { environment: { A: 'x'.repeat(5000) } }, /exceeded the 4KB limit/],
    ['an unknown role', { roleArn: 'arn:aws:iam::000000000000:role/nobody' }, /cannot be assumed by Lambda/],
    ['a missing package', { code: { bucket: 'assets', key: 'none.zip' } }, /S3 Error Code: NoSuchKey/],
    ['another runtime', { runtime: 'python3.13' }, /runs Node.js functions/],
    ['a time-out of 16 minutes', { timeout: 960 }, /'timeout'/],
    [
      'a durable function on an old runtime',
      { runtime: 'nodejs20.x', durable: { executionTimeout: 60, retentionPeriodInDays: 1 } },
      /nodejs22.x or newer/,
    ],
  ])('is refused with %s', async (_what, changes, message) => {
    await expect(world.lambda.control.createFunction(world.configuration('echo', changes))).rejects.toThrow(message);
  });

  it('is refused under a taken name', async () => {
    const functionName = await world.deploy('echo');
    const again = world.lambda.control.createFunction(world.configuration('echo', { functionName }));
    await expect(again).rejects.toMatchObject({ code: 'ResourceConflictException' });
  });

  it('refuses a package that leads out of itself', async () => {
    world.objects.set('evil.zip', zipOf({ '../../evil.js': '' }));
    const configuration = world.configuration('echo', { code: { bucket: 'assets', key: 'evil.zip' } });
    await expect(world.lambda.control.createFunction(configuration)).rejects.toThrow('leads out of the package');
  });

  it('is gone after its deletion, and deleting it again is no error', async () => {
    const name = await world.deploy('echo');
    await world.lambda.control.deleteFunction(name);
    await expect(invoke(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await world.lambda.control.deleteFunction(name);
  });
});

describe('after a restart', () => {
  it('functions are there and events that had not succeeded are run', async () => {
    const other = await LambdaWorld.start(new JumpingClock(0));
    try {
      const name = await other.deploy('flaky');
      const file = other.file();
      const failedOnce = other.clock.armed(60_000);
      await other.lambda.control.invokeAsync(`${name}:live`, JSON.stringify({ file, times: 2 }));
      await failedOnce;
      const clock = new JumpingClock();
      clock.advance(1);
      await other.restart(clock);
      await waitFor(() => other.logOf(`/aws/lambda/${name}`).match(/^END /gm)?.length === 2);
    } finally {
      await other.stop();
    }
  });
});
