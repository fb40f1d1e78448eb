import {
  CancelUpdateStackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  DetectStackResourceDriftCommand,
  ExecuteChangeSetCommand,
  GetStackPolicyCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { type Harness, startHarness } from './harness';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const StackName = 'Sparkify-test';
const thing = (properties: object = {}, more: object = {}) => ({
  Type: 'Test::Thing',
  Properties: properties,
  ...more,
});
const body = (Resources: object) => JSON.stringify({ Resources });

async function create(resources: object, more: Partial<CreateStackCommandInput> = {}): Promise<string> {
  await harness.client.send(new CreateStackCommand({ StackName, TemplateBody: body(resources), ...more }));
  return settled();
}

async function update(resources: object, more: Partial<UpdateStackCommandInput> = {}): Promise<string> {
  harness.things.calls.length = 0;
  await harness.client.send(new UpdateStackCommand({ StackName, TemplateBody: body(resources), ...more }));
  return settled();
}

async function remove(more: object = {}): Promise<void> {
  await harness.client.send(new DeleteStackCommand({ StackName, ...more }));
  await harness.service.idle();
}

async function stack(name = StackName) {
  const { Stacks } = await harness.client.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks![0]!;
}

async function settled(): Promise<string> {
  await harness.service.idle();
  return (await stack()).StackStatus!;
}

async function reasonOf(logicalId: string, status: string): Promise<string | undefined> {
  const { StackEvents } = await harness.client.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents!.find((event) => event.LogicalResourceId === logicalId && event.ResourceStatus === status)
    ?.ResourceStatusReason;
}

describe('Drift', () => {
  const detect = async () => {
    const { StackDriftDetectionId } = await harness.client.send(new DetectStackDriftCommand({ StackName }));
    return harness.client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
  };
  const drifts = async () => {
    const { StackResourceDrifts } = await harness.client.send(new DescribeStackResourceDriftsCommand({ StackName }));
    return StackResourceDrifts!.map((drift) => [
      drift.LogicalResourceId,
      drift.StackResourceDriftStatus,
      ...drift.PropertyDifferences!.map(
        (difference) =>
          `${difference.DifferenceType} ${difference.PropertyPath} ${difference.ExpectedValue} ${difference.ActualValue}`,
      ),
    ]);
  };
  const resources = { A: thing({ Size: 1, Tags: ['x', 'y'] }), B: thing(), C: thing() };

  it('is found where a resource is no longer what the stack made it, or gone', async () => {
    await create(resources);
    expect((await stack()).DriftInformation).toMatchObject({ StackDriftStatus: 'NOT_CHECKED' });
    expect(await detect()).toMatchObject({ StackDriftStatus: 'IN_SYNC', DetectionStatus: 'DETECTION_COMPLETE' });
    harness.things.living.set('A-1', { Size: 2, Tags: ['x'] });
    harness.things.living.delete('B-2');
    expect(await detect()).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 2 });
    expect(await drifts()).toEqual([
      ['A', 'MODIFIED', 'NOT_EQUAL /Size 1 2', 'REMOVE /Tags/1 y null'],
      ['B', 'DELETED'],
      ['C', 'IN_SYNC'],
    ]);
    expect((await stack()).DriftInformation).toMatchObject({ StackDriftStatus: 'DRIFTED' });
  });

  it('is found for one resource when only that is asked for', async () => {
    await create(resources);
    harness.things.living.set('C-3', { Size: 9 });
    const { StackResourceDrift } = await harness.client.send(
      new DetectStackResourceDriftCommand({ StackName, LogicalResourceId: 'C' }),
    );
    expect(StackResourceDrift).toMatchObject({
      StackResourceDriftStatus: 'MODIFIED',
      ActualProperties: '{"Size":9}',
      ExpectedProperties: '{}',
    });
    expect(await drifts()).toHaveLength(1);
  });

  it('is undone by a change set that reverts drift, though the template is the same', async () => {
    await create(resources);
    harness.things.living.set('A-1', { Size: 2 });
    harness.things.living.delete('B-2');
    harness.things.calls.length = 0;
    const set = { StackName, ChangeSetName: 'revert' };
    await harness.client.send(
      new CreateChangeSetCommand({
        ...set,
        ChangeSetType: 'UPDATE',
        TemplateBody: body(resources),
        DeploymentMode: 'REVERT_DRIFT',
      }),
    );
    const { Changes, DeploymentMode } = await harness.client.send(new DescribeChangeSetCommand(set));
    expect(DeploymentMode).toBe('REVERT_DRIFT');
    expect(
      Changes!.map(({ ResourceChange: change }) => [
        change!.LogicalResourceId,
        change!.Action,
        change!.ResourceDriftStatus,
      ]),
    ).toEqual([
      ['A', 'Modify', 'MODIFIED'],
      ['B', 'Add', 'DELETED'],
    ]);
    await harness.client.send(new ExecuteChangeSetCommand(set));
    expect(await settled()).toBe('UPDATE_COMPLETE');
    expect(harness.things.calls.sort()).toEqual(['create B', 'update A']);
    expect(harness.things.living.get('A-1')).toEqual({ Size: 1, Tags: ['x', 'y'] });
    expect(await detect()).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  });
});

describe('A stack policy', () => {
  const policy = (...statements: object[]) =>
    JSON.stringify({ Statement: statements.map((statement) => ({ Principal: '*', ...statement })) });
  const all = { Effect: 'Allow', Action: 'Update:*', Resource: '*' };
  const guarded = policy(all, {
    Effect: 'Deny',
    Action: ['Update:Replace', 'Update:Delete'],
    Resource: 'LogicalResourceId/A',
  });

  it.each<[string, object, string]>([
    ['replaced', { A: thing({ Name: 'other' }), B: thing() }, 'Update:Replace'],
    ['removed', { B: thing() }, 'Update:Delete'],
  ])('keeps a resource from being %s, and the update goes back', async (_what, next, action) => {
    await create({ A: thing(), B: thing() }, { StackPolicyBody: guarded });
    expect(await update(next)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await reasonOf('A', 'UPDATE_FAILED')).toBe(
      `Action denied by stack policy: Statement [#2] does not allow [${action}] for resource [LogicalResourceId/A];`,
    );
    expect([...harness.things.living.keys()]).toEqual(['A-1', 'B-2']);
    expect(harness.things.calls).toEqual([]);
  });

  it('lets through what it allows, and denies what no statement names', async () => {
    await create({ A: thing(), B: thing() }, { StackPolicyBody: guarded });
    expect(await update({ A: thing({ Size: 2 }), B: thing() })).toBe('UPDATE_COMPLETE');
    const onlyB = policy({ Effect: 'Allow', Action: 'Update:Modify', Resource: 'LogicalResourceId/B*' });
    await harness.client.send(new SetStackPolicyCommand({ StackName, StackPolicyBody: onlyB }));
    expect(await update({ A: thing({ Size: 3 }), B: thing() })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await update({ A: thing({ Size: 2 }), B: thing({ Size: 1 }) })).toBe('UPDATE_COMPLETE');
    const { StackPolicyBody } = await harness.client.send(new GetStackPolicyCommand({ StackName }));
    expect(StackPolicyBody).toBe(onlyB);
  });

  it('can be put aside for one update, and goes by types', async () => {
    const byType = policy(all, {
      Effect: 'Deny',
      Action: 'Update:*',
      Resource: '*',
      Condition: { StringLike: { ResourceType: ['Test::*'] } },
    });
    await create({ A: thing() }, { StackPolicyBody: byType });
    expect(await update({ A: thing({ Size: 1 }) })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await update({ A: thing({ Size: 1 }) }, { StackPolicyDuringUpdateBody: policy(all) })).toBe(
      'UPDATE_COMPLETE',
    );
    expect(await update({ A: thing({ Size: 2 }) })).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('is refused when it is none', async () => {
    await create({ A: thing() });
    for (const StackPolicyBody of ['{', '{"Statement":[{"Effect":"Maybe"}]}']) {
      await expect(harness.client.send(new SetStackPolicyCommand({ StackName, StackPolicyBody }))).rejects.toThrow(
        'Error validating stack policy',
      );
    }
  });
});

describe('An update', () => {
  it('goes back when it is cancelled, after what is in flight', async () => {
    await create({ A: thing(), B: thing() });
    harness.things.calls.length = 0;
    const next = { A: thing({ Hold: true }), B: thing({ Size: 1 }, { DependsOn: 'A' }) };
    await harness.client.send(new UpdateStackCommand({ StackName, TemplateBody: body(next) }));
    await harness.client.send(new CancelUpdateStackCommand({ StackName }));
    harness.things.release();
    expect(await settled()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.things.calls).toEqual(['update A', 'update A']);
    expect(harness.things.living.get('A-1')).toEqual({});
    await expect(harness.client.send(new CancelUpdateStackCommand({ StackName }))).rejects.toThrow(
      'CancelUpdateStack cannot be called from current stack status',
    );
  });

  it('says that its clean-up left something behind', async () => {
    await create({ A: thing(), Stuck: thing({ Fail: 'delete' }) });
    expect(await update({ A: thing() })).toBe('UPDATE_COMPLETE');
    expect((await stack()).StackStatusReason).toBe('Update successful. One or more resources could not be deleted.');
    expect([...harness.things.living.keys()]).toEqual(['A-1', 'Stuck-2']);
  });

  it('that failed without rollback sends the resource an update again, by the same template and by the old one', async () => {
    await create({ A: thing() });
    const failing = { A: thing({ Size: 1, Fail: 'update' }) };
    for (const template of [failing, failing]) {
      expect(await update(template, { DisableRollback: true })).toBe('UPDATE_FAILED');
      expect(harness.things.calls).toEqual(['update A']);
    }
    expect(await update({ A: thing() }, { DisableRollback: true })).toBe('UPDATE_COMPLETE');
    expect(harness.things.calls).toEqual(['update A']);
  });
});

describe('A change set', () => {
  it('tells each value that changes inside a property, with its path, when asked for values', async () => {
    await create({ A: thing({ Code: { Key: 'a', Same: 1 }, Tags: ['x'], Size: 1, Gone: 'y' }) });
    const set = { StackName, ChangeSetName: 'set' };
    const TemplateBody = body({ A: thing({ Code: { Key: 'b', Same: 1 }, Tags: ['x', 'z'], Size: 2 }) });
    await harness.client.send(new CreateChangeSetCommand({ ...set, ChangeSetType: 'UPDATE', TemplateBody }));
    const details = async (IncludePropertyValues: boolean) => {
      const { Changes } = await harness.client.send(new DescribeChangeSetCommand({ ...set, IncludePropertyValues }));
      return Changes![0]!.ResourceChange!.Details!.map(({ Target: target }) =>
        [target!.Path ?? target!.Name, target!.AttributeChangeType, target!.BeforeValue, target!.AfterValue].join(' '),
      );
    };
    expect(await details(true)).toEqual([
      '/Properties/Code/Key Modify a b',
      '/Properties/Tags/1 Add  z',
      '/Properties/Size Modify 1 2',
      '/Properties/Gone Remove y ',
    ]);
    expect(await details(false)).toEqual(['Code   ', 'Tags   ', 'Size   ', 'Gone   ']);
  });

  it('shows no value of a parameter that must not be echoed', async () => {
    const TemplateBody = JSON.stringify({
      Parameters: { Secret: { Type: 'String', NoEcho: true }, Open: { Type: 'String' } },
      Resources: { A: thing() },
    });
    const Parameters = ['Secret', 'Open'].map((key) => ({ ParameterKey: key, ParameterValue: 'value' }));
    const set = { StackName, ChangeSetName: 'set' };
    await harness.client.send(
      new CreateChangeSetCommand({ ...set, ChangeSetType: 'CREATE', TemplateBody, Parameters }),
    );
    const shown = [
      { ParameterKey: 'Secret', ParameterValue: '****' },
      { ParameterKey: 'Open', ParameterValue: 'value' },
    ];
    expect((await harness.client.send(new DescribeChangeSetCommand(set))).Parameters).toEqual(shown);
    await harness.client.send(new ExecuteChangeSetCommand(set));
    await settled();
    expect((await stack()).Parameters).toEqual(shown);
  });
});

describe('An express deployment', () => {
  const failing = { A: thing({ Fail: 'create' }) };

  it('is not rolled back, unless that is asked for', async () => {
    expect(await create(failing, { DeploymentConfig: { Mode: 'EXPRESS' } })).toBe('CREATE_FAILED');
    await remove();
    const rollingBack = { DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: false } } as const;
    expect(await create(failing, rollingBack)).toBe('ROLLBACK_COMPLETE');
  });
});

describe('A rollback', () => {
  const resources = {
    Kept: thing({}, { DeletionPolicy: 'Retain' }),
    Bad: thing({ Fail: 'create' }, { DependsOn: 'Kept' }),
  };

  it('deletes new resources that would be retained when it is asked to', async () => {
    expect(await create(resources, { RetainExceptOnCreate: true })).toBe('ROLLBACK_COMPLETE');
    expect(harness.things.living.size).toBe(0);
    await remove();
    await create(resources, { DisableRollback: true });
    await harness.rollBack({ StackName, RetainExceptOnCreate: true });
    expect(await settled()).toBe('ROLLBACK_COMPLETE');
    expect(harness.things.living.size).toBe(0);
  });
});

describe('A deletion', () => {
  const resources = { A: thing(), Stuck: thing({ Fail: 'delete' }) };

  it('that failed can be forced, and then leaves behind what it cannot delete', async () => {
    await create(resources);
    const { StackId } = await stack();
    await expect(remove({ DeletionMode: 'FORCE_DELETE_STACK' })).rejects.toThrow('DELETE_FAILED state');
    await remove();
    expect((await stack()).StackStatus).toBe('DELETE_FAILED');
    await remove({ DeletionMode: 'FORCE_DELETE_STACK' });
    expect((await stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    expect([...harness.things.living.keys()]).toEqual(['Stuck-2']);
  });

  it('takes resources to retain only after it failed', async () => {
    await create(resources);
    await expect(remove({ RetainResources: ['Stuck'] })).rejects.toThrow('only when the stack is in the DELETE_FAILED');
  });
});

describe('Wrong properties', () => {
  const wrong = {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueNmae: 'x', DelaySeconds: 'soon' } },
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: { Ref: 'Queue' } } },
  };

  it('fail a change set before anything is deployed, each with its place in the template', async () => {
    const set = { StackName, ChangeSetName: 'set' };
    await harness.client.send(
      new CreateChangeSetCommand({ ...set, ChangeSetType: 'CREATE', TemplateBody: body(wrong) }),
    );
    const described = await harness.client.send(new DescribeChangeSetCommand(set));
    expect(described.Status).toBe('FAILED');
    expect(described.StatusReason).toContain('[AWS::EarlyValidation::PropertyValidation]');
    const { OperationEvents } = await harness.client.send(
      new DescribeEventsCommand({ ...set, Filters: { FailedEvents: true } }),
    );
    expect(
      OperationEvents!.map((event) => [event.EventType, event.ValidationPath, event.ValidationStatusReason]),
    ).toEqual([
      ['VALIDATION_ERROR', '/Resources/Queue/Properties', 'Unsupported property [QueueNmae]'],
      ['VALIDATION_ERROR', '/Resources/Queue/Properties/DelaySeconds', 'Expected type: Integer, found: String'],
    ]);
  });

  it('fail the resource of a deploy without a change set', async () => {
    expect(await create(wrong)).toBe('ROLLBACK_COMPLETE');
    expect(await reasonOf('Queue', 'CREATE_FAILED')).toBe(
      'Properties validation failed for resource Queue with message:\n[#: extraneous key [QueueNmae] is not permitted, #/DelaySeconds: expected type: Integer, found: String]',
    );
  });
});

it('events of a stack can be had by operation, failures alone', async () => {
  await create({ A: thing(), B: thing({ Fail: 'create' }, { DependsOn: 'A' }) });
  const { OperationEvents } = await harness.client.send(
    new DescribeEventsCommand({ StackName, Filters: { FailedEvents: true } }),
  );
  expect(OperationEvents!.map((event) => [event.LogicalResourceId, event.ResourceStatus])).toEqual([
    ['B', 'CREATE_FAILED'],
  ]);
});
