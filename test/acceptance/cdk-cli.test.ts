import { join } from 'node:path';
import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { LOCAL_ACCOUNT } from '../../local/home';
import { CdkWorld, type CommandEnd } from './support/cdk-world';
import {
  custom,
  FIRST_RELEASE,
  handlerResources,
  type TinyResource,
  type TinyStack,
  writeAssembly,
} from './support/tiny-app';

interface Wish {
  /** Properties of the taker's custom resource. */
  readonly thing?: Readonly<Record<string, unknown>>;
  readonly queue?: Readonly<Record<string, unknown>>;
  readonly giver?: Readonly<Record<string, TinyResource>>;
  readonly exported?: boolean;
  readonly protect?: boolean;
  readonly release?: string;
}

/** What the custom resource is from the test of replacement on. */
const SECOND = { Tell: 'b', Id: 'second' };
const YES = ['--require-approval', 'never'];

/** Two stacks: one exports its queue, the other imports it and has a custom resource with its function. */
function stacks({
  thing,
  queue = {},
  giver,
  exported = true,
  protect = false,
  release = FIRST_RELEASE,
}: Wish): TinyStack[] {
  return [
    {
      name: 'Giver',
      terminationProtection: protect,
      template: {
        Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: queue }, ...giver },
        Outputs: {
          Url: { Value: { Ref: 'Queue' }, ...(exported && { Export: { Name: 'giver-url' } }) },
        },
      },
    },
    {
      name: 'Taker',
      dependsOn: ['Giver'],
      template: {
        Resources: {
          ...handlerResources(LOCAL_ACCOUNT, release),
          Thing: custom({ Tell: 'a', ...thing }),
          Parameter: {
            Type: 'AWS::SSM::Parameter',
            Properties: { Type: 'String', Value: { 'Fn::ImportValue': 'giver-url' } },
          },
        },
        Outputs: { Told: { Value: { 'Fn::GetAtt': ['Thing', 'Told'] } } },
      },
    },
  ];
}

/** One story in order: each test goes on from what the one before left. */
describe('The CDK CLI, unmodified, against the local AWS', () => {
  let world: CdkWorld;
  let lambda: LambdaClient;
  let functionName: string;
  const write = (wish: Wish = {}) => writeAssembly(world.app, LOCAL_ACCOUNT, stacks(wish), wish.release);
  const succeeded = (end: CommandEnd) => {
    if (end.exitCode !== 0) throw new Error(`exit code ${end.exitCode}: ${end.output}`);
    return end.output;
  };
  const failed = (end: CommandEnd) => {
    if (end.exitCode === 0) throw new Error(`should have failed: ${end.output}`);
    return end.output;
  };
  const cdk = (...args: string[]) => world.cdk(...args);
  /** The properties in the last event of a resource. */
  const properties = async (StackName: string, logicalId: string) => {
    const { StackEvents } = await world.client.send(new DescribeStackEventsCommand({ StackName }));
    return StackEvents!.find((event) => event.LogicalResourceId === logicalId)?.ResourceProperties;
  };
  /** Changes the function as somebody who knows nothing of its stack. */
  const configure = (changes: object) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: functionName, ...changes }));

  beforeAll(async () => {
    world = await CdkWorld.open();
    lambda = new LambdaClient(world.connection);
    write();
  });
  afterAll(async () => {
    lambda.destroy();
    await world.close();
  });

  it('lists the stacks', async () => {
    expect(
      succeeded(await cdk('ls'))
        .trim()
        .split('\n'),
    ).toEqual(['Giver', 'Taker']);
  });

  it('shows what a first deploy would make, and --fail tells by the exit code', async () => {
    const output = failed(await cdk('diff', 'Giver', '--fail'));
    expect(output).toContain('[+] AWS::SQS::Queue Queue');
    expect(output).toContain('Number of stacks with differences: 1');
    await expect(world.status('Giver')).rejects.toThrow('does not exist');
  });

  it('asks before it widens permissions, and does not deploy where nobody can be asked', async () => {
    write({ giver: { Role: handlerResources(LOCAL_ACCOUNT).Role! } });
    const output = failed(await cdk('deploy', 'Giver'));
    write();
    expect(output).toMatch(/IAM Statement Changes[\s\S]*sts:AssumeRole[\s\S]*Service:lambda\.amazonaws\.com/);
    expect(output).toContain('terminal (TTY) is not attached');
    await expect(world.status('Giver')).rejects.toThrow('does not exist');
  });

  it('deploys all stacks, the importing one after the one that exports', async () => {
    const output = succeeded(await cdk('deploy', '--all', ...YES));
    expect(output.indexOf('✅  Giver')).toBeLessThan(output.indexOf('✅  Taker'));
    expect(output).toMatch(/Giver\.Url = http.*\/000000000000\/Giver-Queue-/);
    expect(output).toContain('Taker.Told = a');
    expect(world.requests()).toMatchObject([{ request: 'Create', Tell: 'a' }]);
    expect(await world.lastEvents('Giver')).toEqual([
      'Giver CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_COMPLETE',
      'Giver CREATE_COMPLETE',
    ]);
    functionName = await world.physicalId('Taker', 'Handler');
  });

  it('finds no differences then, and deploys nothing', async () => {
    expect(succeeded(await cdk('diff', '--fail'))).toContain('Number of stacks with differences: 0');
    expect(succeeded(await cdk('deploy', '--all', ...YES))).toMatch(/Giver \(no changes\)[\s\S]*Taker \(no changes\)/);
    expect(world.requests()).toEqual([]);
  });

  it.each(['change-set', 'template'])('shows a changed property by --method %s', async (method) => {
    write({ thing: { Tell: 'b' } });
    const output = failed(await cdk('diff', '--fail', '--method', method));
    expect(output).toMatch(/Custom::Thing Thing\s+└─ \[~\] Tell\s+├─ \[-\] a\s+└─ \[\+\] b/);
    expect(output).toContain('Number of stacks with differences: 1');
  });

  it('rolls an update back and says what the function said', async () => {
    write({ thing: { Tell: 'b', Fail: 'Update' } });
    const output = failed(await cdk('deploy', 'Taker', '--exclusively', ...YES));
    expect(output).toContain('Message returned: told to fail: Update');
    expect(await world.lastEvents('Taker')).toEqual([
      'Taker UPDATE_IN_PROGRESS',
      'Thing UPDATE_IN_PROGRESS',
      'Thing UPDATE_FAILED',
      'Taker UPDATE_ROLLBACK_IN_PROGRESS',
      'Thing UPDATE_IN_PROGRESS',
      'Thing UPDATE_COMPLETE',
      'Taker UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'Taker UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(world.requests()).toMatchObject([
      { request: 'Update', Tell: 'b' },
      { request: 'Update', Tell: 'a' },
    ]);
  });

  it('leaves a failed update as it is under --no-rollback, and goes on from there', async () => {
    failed(await cdk('deploy', 'Taker', '--exclusively', '--no-rollback', ...YES));
    expect(await world.status('Taker')).toBe('UPDATE_FAILED');
    write({ thing: { Tell: 'b' } });
    succeeded(await cdk('deploy', 'Taker', '--exclusively', '--no-rollback', ...YES));
    expect(await world.status('Taker')).toBe('UPDATE_COMPLETE');
    expect(world.requests()).toMatchObject([
      { request: 'Update', Tell: 'b', Fail: 'Update' },
      { request: 'Update', Tell: 'b' },
    ]);
  });

  it('rolls back what --no-rollback left, when asked', async () => {
    write({ thing: { Tell: 'c', Fail: 'Update' } });
    failed(await cdk('deploy', 'Taker', '--exclusively', '--no-rollback', ...YES));
    succeeded(await cdk('rollback', 'Taker'));
    expect(await world.status('Taker')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.requests().map(({ Tell }) => Tell)).toEqual(['c', 'b']);
  });

  it('continues a rollback that failed, leaving out the resource that cannot go back', async () => {
    await configure({ Environment: { Variables: { FAIL: 'Update' } } });
    write({ thing: { Tell: 'c' } });
    failed(await cdk('deploy', 'Taker', '--exclusively', ...YES));
    expect(await world.status('Taker')).toBe('UPDATE_ROLLBACK_FAILED');
    expect(failed(await cdk('rollback', 'Taker'))).toContain('told to fail');
    expect(await world.status('Taker')).toBe('UPDATE_ROLLBACK_FAILED');
    expect(failed(await cdk('rollback', 'Taker', '--orphan', 'Role'))).toContain('Resources [Role] cannot be skipped');
    expect(succeeded(await cdk('rollback', 'Taker', '--force'))).toContain('Thing');
    expect(await world.status('Taker')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await world.lastEvents('Taker')).toContain('Thing UPDATE_COMPLETE');
    expect(world.requests().map(({ Tell }) => Tell)).toEqual(['c', 'b', 'b']);
    await configure({ Environment: { Variables: {} } });
  });

  it('replaces before it deletes: a queue with another name, a custom resource with another id', async () => {
    const before = await world.physicalId('Giver', 'Queue');
    write({ thing: { Tell: 'b', Id: 'second' } });
    expect(failed(await cdk('diff', 'Taker', '--exclusively', '--fail'))).toContain('second');
    succeeded(await cdk('deploy', 'Taker', '--exclusively', ...YES));
    expect(world.requests().map(({ request, id }) => `${request} ${id}`)).toEqual([
      'Update made-by-the-function',
      'Delete made-by-the-function',
    ]);
    succeeded(await cdk('deploy', 'Giver', ...YES));
    expect(await world.physicalId('Giver', 'Queue')).toBe(before);
  });

  it('refuses to change or remove an export that is in use', async () => {
    const before = await world.physicalId('Giver', 'Queue');
    write({ thing: SECOND, queue: { QueueName: 'renamed' } });
    const refused = 'as it is in use by Taker';
    expect(failed(await cdk('deploy', 'Giver', ...YES))).toContain(`Export giver-url cannot be updated ${refused}`);
    expect(await world.physicalId('Giver', 'Queue')).toBe(before);
    write({ thing: SECOND, exported: false });
    expect(failed(await cdk('deploy', 'Giver', ...YES))).toContain(`Export giver-url cannot be deleted ${refused}`);
    expect(await world.status('Giver')).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('fails wrong properties before anything is deployed', async () => {
    write({ thing: SECOND, giver: { Wrong: { Type: 'AWS::SQS::Queue', Properties: { QueueNmae: 'x' } } } });
    const output = failed(await cdk('deploy', 'Giver', ...YES));
    expect(output).toContain('Early validation failed');
    expect(output).toContain('Unsupported property [QueueNmae] (at /Resources/Wrong/Properties)');
    expect(await world.status('Giver')).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('deploys in each of its ways: direct, a change set prepared and then executed, express', async () => {
    const deploy = async (seconds: number, ...how: string[]) => {
      write({ thing: SECOND, queue: { VisibilityTimeout: seconds } });
      succeeded(await cdk('deploy', 'Giver', ...YES, ...how));
      return (await world.lastEvents('Giver')).at(-1);
    };
    expect(await deploy(31, '--method', 'direct')).toBe('Giver UPDATE_COMPLETE');
    const named = ['--change-set-name', 'reviewed'];
    expect(await deploy(32, '--method', 'prepare-change-set', ...named)).toBe('Giver UPDATE_COMPLETE');
    expect(await properties('Giver', 'Queue')).toContain('31');
    await deploy(32, '--method', 'execute-change-set', ...named);
    expect(await properties('Giver', 'Queue')).toContain('32');
    await deploy(33, '--express');
    expect(await properties('Giver', 'Queue')).toContain('33');
  });

  it('finds drift where somebody changed a function, and reverts it', async () => {
    write({ thing: SECOND });
    expect(succeeded(await cdk('drift', '--fail'))).toContain('Number of resources with drift: 0');
    await configure({ Timeout: 33 });
    expect(failed(await cdk('drift', '--fail'))).toMatch(/\[~\] \/Timeout\s+├─ \[-\] 20\s+└─ \[\+\] 33/);
    succeeded(await cdk('deploy', 'Taker', '--exclusively', '--revert-drift', ...YES));
    expect(succeeded(await cdk('drift', '--fail'))).toContain('Number of resources with drift: 0');
  });

  it('swaps the code of a function without a deployment, and deploys it after all', async () => {
    const code = async () =>
      (await lambda.send(new GetFunctionCommand({ FunctionName: functionName }))).Configuration!.CodeSha256;
    const before = await code();
    write({ thing: SECOND, release: 'second' });
    const output = succeeded(await cdk('deploy', 'Taker', '--exclusively', '--hotswap'));
    expect(output).toContain('The --hotswap and --hotswap-fallback flags deliberately introduce CloudFormation drift');
    expect(output).toMatch(/AWS::Lambda::Function 'Taker-Handler-\w+' hotswapped!/);
    const swapped = await code();
    expect(swapped).not.toBe(before);
    expect(await world.status('Taker')).toBe('UPDATE_COMPLETE');
    expect(world.requests()).toEqual([]);
    succeeded(await cdk('deploy', 'Taker', '--exclusively', ...YES));
    expect(await code()).toBe(swapped);
  });

  it('destroys nothing that is protected, and all of it when it no longer is', async () => {
    write({ thing: SECOND, release: 'second', protect: true });
    succeeded(await cdk('deploy', 'Giver', ...YES));
    expect((await world.stack('Giver')).EnableTerminationProtection).toBe(true);
    expect(failed(await cdk('destroy', 'Giver', '--exclusively', '--force'))).toContain('TerminationProtection');
    write({ thing: SECOND, release: 'second' });
    succeeded(await cdk('deploy', 'Giver', ...YES));
    expect(failed(await cdk('destroy', 'Giver', '--exclusively', '--force'))).toContain('in use by Taker');
    succeeded(await cdk('destroy', '--all', '--force'));
    expect(world.requests()).toMatchObject([{ request: 'Delete', id: 'second' }]);
    for (const name of ['Giver', 'Taker']) await expect(world.status(name)).rejects.toThrow('does not exist');
  });

  it('is no different for @aws-cdk/toolkit-lib', async () => {
    write();
    const { exitCode, output } = await world.run(join(__dirname, 'support', 'toolkit.cjs'), [world.app]);
    expect({ exitCode, result: JSON.parse(output.trim().split('\n').at(-1)!) }).toEqual({
      exitCode: 0,
      result: {
        listed: ['Giver', 'Taker'],
        before: { Giver: 2, Taker: expect.any(Number) },
        deployed: [
          { stackName: 'Giver', outputs: { Url: expect.stringContaining('/Giver-Queue-') } },
          { stackName: 'Taker', outputs: { Told: 'a' } },
        ],
        after: { Giver: 0, Taker: 0 },
        drifted: { Giver: 0, Taker: 0 },
        destroyed: ['Taker', 'Giver'],
      },
    });
    expect(world.requests().map(({ request }) => request)).toEqual(['Create', 'Delete']);
  });
});
