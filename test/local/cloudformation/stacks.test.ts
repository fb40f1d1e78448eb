import {
  type Change,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  paginateDescribeStackEvents,
  type Stack,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import { type Harness, startHarness } from './harness';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const STACK = 'Sparkify-test';

interface ThingOptions {
  readonly [property: string]: unknown;
}
const thing = (properties: ThingOptions = {}, more: object = {}) => ({
  Type: 'Test::Thing',
  Properties: properties,
  ...more,
});
const body = (resources: object, more: object = {}) => JSON.stringify({ Resources: resources, ...more });

async function changeSet(template: string, type: 'CREATE' | 'UPDATE', more: object = {}) {
  await harness.client.send(new DeleteChangeSetCommand({ StackName: STACK, ChangeSetName: 'set' }));
  await harness.client.send(
    new CreateChangeSetCommand({
      StackName: STACK,
      ChangeSetName: 'set',
      ChangeSetType: type,
      TemplateBody: template,
      ...more,
    }),
  );
  return harness.client.send(new DescribeChangeSetCommand({ StackName: STACK, ChangeSetName: 'set' }));
}

/** Deploys as the CDK CLI does: change set, execution, waiting. */
async function deploy(template: string, type: 'CREATE' | 'UPDATE' = 'CREATE', execute: object = {}): Promise<Stack> {
  const described = await changeSet(template, type);
  expect(described.StatusReason).toBeUndefined();
  harness.things.calls.length = 0;
  await harness.client.send(new ExecuteChangeSetCommand({ StackName: STACK, ChangeSetName: 'set', ...execute }));
  await harness.service.idle();
  return stack();
}

async function stack(name = STACK): Promise<Stack> {
  const { Stacks } = await harness.client.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks![0]!;
}

/** `LogicalId STATUS`, oldest first. */
async function events(): Promise<string[]> {
  const { StackEvents } = await harness.client.send(new DescribeStackEventsCommand({ StackName: STACK }));
  return StackEvents!.reverse().map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
}

async function reasonOf(logicalId: string, status: string): Promise<string | undefined> {
  const { StackEvents } = await harness.client.send(new DescribeStackEventsCommand({ StackName: STACK }));
  return StackEvents!.find((event) => event.LogicalResourceId === logicalId && event.ResourceStatus === status)
    ?.ResourceStatusReason;
}

const summary = (changes: readonly Change[] | undefined) =>
  (changes ?? []).map(({ ResourceChange: change }) =>
    [change?.LogicalResourceId, change?.Action, change?.Replacement, change?.PolicyAction].filter(Boolean).join(' '),
  );

describe('Creating a stack', () => {
  it('goes through a change set, in the order of references, and gives outputs', async () => {
    const template = body(
      {
        Last: thing({ Of: { 'Fn::GetAtt': ['Middle', 'Arn'] } }),
        Middle: thing({ Of: { Ref: 'First' } }),
        First: thing(),
        Also: thing({}, { DependsOn: 'Last' }),
      },
      { Outputs: { Id: { Value: { Ref: 'Last' }, Description: 'of it', Export: { Name: 'last-id' } } } },
    );
    const described = await changeSet(template, 'CREATE');
    expect(described).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    expect(summary(described.Changes)).toEqual(['First Add', 'Middle Add', 'Last Add', 'Also Add']);
    expect((await stack()).StackStatus).toBe('REVIEW_IN_PROGRESS');
    const { TemplateBody } = await harness.client.send(new GetTemplateCommand({ StackName: STACK }));
    expect(TemplateBody).toBe('{}');

    const deployed = await deploy(template);

    expect(deployed).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Outputs: [{ OutputKey: 'Id', OutputValue: 'Last-3', Description: 'of it', ExportName: 'last-id' }],
    });
    expect(harness.things.calls).toEqual(['create First', 'create Middle', 'create Last', 'create Also']);
    expect(harness.things.living.get('Last-3')).toEqual({ Of: 'arn:thing:Middle-2' });
    expect(await events()).toEqual([
      `${STACK} REVIEW_IN_PROGRESS`,
      `${STACK} CREATE_IN_PROGRESS`,
      ...['First', 'Middle', 'Last', 'Also'].flatMap((name) => [
        `${name} CREATE_IN_PROGRESS`,
        `${name} CREATE_IN_PROGRESS`,
        `${name} CREATE_COMPLETE`,
      ]),
      `${STACK} CREATE_COMPLETE`,
    ]);
    const { Exports } = await harness.client.send(new ListExportsCommand({}));
    expect(Exports).toMatchObject([{ Name: 'last-id', Value: 'Last-3' }]);
  });

  it('makes independent resources at the same time', async () => {
    await changeSet(body({ A: thing({ Hold: true }), B: thing({ Hold: true }) }), 'CREATE');
    await harness.client.send(new ExecuteChangeSetCommand({ StackName: STACK, ChangeSetName: 'set' }));
    expect(harness.things.calls).toEqual(['create A', 'create B']);
    harness.things.release();
    await harness.service.idle();
    expect((await stack()).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('rolls back when a resource fails, deleting what was made in reverse order', async () => {
    const deployed = await deploy(
      body({
        A: thing(),
        B: thing({ Of: { Ref: 'A' } }),
        C: thing({ Of: { Ref: 'B' }, Fail: 'create' }),
        D: thing({}, { DependsOn: 'C' }),
      }),
    );
    expect(deployed.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(harness.things.calls).toEqual(['create A', 'create B', 'create C', 'delete B', 'delete A']);
    expect(harness.things.living.size).toBe(0);
    expect(await reasonOf('C', 'CREATE_FAILED')).toMatch(
      /^Resource handler returned message: "the create was told to fail" \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: GeneralServiceException\)$/,
    );
    expect(await reasonOf(STACK, 'ROLLBACK_IN_PROGRESS')).toBe(
      'The following resource(s) failed to create: [C]. Rollback requested by user.',
    );
    await harness.client.send(new DeleteStackCommand({ StackName: STACK }));
    await harness.service.idle();
    await expect(stack()).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Stack with id ${STACK} does not exist`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('keeps what must be retained when it rolls back, except under RetainExceptOnCreate', async () => {
    await deploy(
      body({
        Kept: thing({}, { DeletionPolicy: 'Retain' }),
        Gone: thing({}, { DeletionPolicy: 'RetainExceptOnCreate' }),
        Bad: thing({ Fail: 'create' }, { DependsOn: ['Kept', 'Gone'] }),
      }),
    );
    expect([...harness.things.living.keys()]).toEqual(['Kept-1']);
    expect(await events()).toContain('Kept DELETE_SKIPPED');
  });

  it('stays as it is under DisableRollback, goes on with the next update and can be rolled back', async () => {
    const failing = { A: thing(), B: thing({ Fail: 'create' }, { DependsOn: 'A' }) };
    expect((await deploy(body(failing), 'CREATE', { DisableRollback: true })).StackStatus).toBe('CREATE_FAILED');
    await expect(deploy(body({ ...failing, B: thing() }), 'UPDATE')).rejects.toThrow(
      'please use the disable-rollback parameter',
    );
    const again = await deploy(body({ ...failing, B: thing({ Fail: 'create', Try: 2 }) }), 'UPDATE', {
      DisableRollback: true,
    });
    expect(again.StackStatus).toBe('UPDATE_FAILED');
    await harness.rollBack({ StackName: STACK });
    await harness.service.idle();
    expect((await stack()).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(harness.things.living.size).toBe(0);
  });

  it('fails a resource of a type that the local AWS has not', async () => {
    const deployed = await deploy(body({ X: { Type: 'AWS::Braket::Job', Properties: {} } }));
    expect(deployed.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await reasonOf('X', 'CREATE_FAILED')).toContain('has no resource type AWS::Braket::Job');
  });

  it('leaves out resources and outputs whose condition does not hold', async () => {
    const template = body(
      {
        A: thing(),
        B: thing({}, { Condition: 'No', DependsOn: 'A' }),
        C: thing({ Of: { 'Fn::If': ['No', { Ref: 'B' }, 'none'] } }),
      },
      { Conditions: { No: { 'Fn::Equals': [1, 2] } }, Outputs: { X: { Value: { Ref: 'B' }, Condition: 'No' } } },
    );
    expect((await deploy(template)).Outputs ?? []).toEqual([]);
    expect(harness.things.calls).toEqual(['create A', 'create C']);
    expect(harness.things.living.get('C-2')).toEqual({ Of: 'none' });
  });

  it('reads the template from the local S3', async () => {
    harness.objects.createBucket('assets', 'us-west-2');
    await harness.objects.put('assets', 'a b/t.json', Buffer.from(body({ A: thing() })));
    for (const url of [
      `${harness.url}/assets/a%20b/t.json`,
      'https://assets.s3.us-west-2.amazonaws.com/a%20b/t.json',
    ]) {
      const name = `S${url.length}`;
      await harness.client.send(new CreateStackCommand({ StackName: name, TemplateURL: url }));
      await harness.service.idle();
      expect((await stack(name)).StackStatus).toBe('CREATE_COMPLETE');
    }
  });
});

describe('Updating a stack', () => {
  const original = { A: thing({ Size: 1 }), B: thing({ Of: { 'Fn::GetAtt': ['A', 'Arn'] } }), Old: thing() };

  beforeEach(() => deploy(body(original, { Description: 'ä "1" <b>' })));

  it('refuses a change set without changes', async () => {
    const reordered = { Old: thing(), B: original.B, A: original.A };
    const described = await changeSet(body(reordered), 'UPDATE');
    expect(described).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(
      harness.client.send(new UpdateStackCommand({ StackName: STACK, TemplateBody: body(reordered) })),
    ).rejects.toThrow('No updates are to be performed.');
  });

  it('gives back the template as it was sent', async () => {
    const { TemplateBody } = await harness.client.send(new GetTemplateCommand({ StackName: STACK }));
    expect(TemplateBody).toBe(body(original, { Description: 'ä "1" <b>' }));
  });

  it('updates in place, adds, and removes last', async () => {
    const next = { A: thing({ Size: 2 }), B: original.B, New: thing() };
    const described = await changeSet(body(next), 'UPDATE');
    expect(summary(described.Changes)).toEqual(['A Modify False', 'New Add', 'Old Remove Delete']);
    expect(described.Changes?.[0]?.ResourceChange?.Details?.[0]).toMatchObject({
      Target: { Attribute: 'Properties', Name: 'Size', RequiresRecreation: 'Never' },
      Evaluation: 'Static',
    });
    expect((await deploy(body(next), 'UPDATE')).StackStatus).toBe('UPDATE_COMPLETE');
    expect(harness.things.calls).toEqual(['update A', 'create New', 'delete Old']);
    expect((await events()).slice(-4)).toEqual([
      `${STACK} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`,
      'Old DELETE_IN_PROGRESS',
      'Old DELETE_COMPLETE',
      `${STACK} UPDATE_COMPLETE`,
    ]);
  });

  it('replaces before it deletes, and what refers to the replaced one follows', async () => {
    const next = { ...original, A: thing({ Size: 1, Name: 'other' }) };
    const described = await changeSet(body(next), 'UPDATE');
    expect(summary(described.Changes)).toEqual(['A Modify True ReplaceAndDelete', 'B Modify False']);
    expect(described.Changes?.[1]?.ResourceChange?.Details?.[0]?.Evaluation).toBe('Dynamic');
    await deploy(body(next), 'UPDATE');
    expect(harness.things.calls).toEqual(['create A', 'update B', 'delete A']);
    expect([...harness.things.living.keys()].sort()).toEqual(['A-4', 'B-3', 'Old-2']);
    expect(harness.things.living.get('B-3')).toEqual({ Of: 'arn:thing:A-4' });
    expect(await reasonOf('A', 'UPDATE_IN_PROGRESS')).toBe('Resource creation Initiated');
  });

  it('keeps a replaced and a removed resource that must be retained', async () => {
    const retained = {
      A: thing({ Size: 1 }, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }),
      B: original.B,
      Old: thing(),
    };
    await deploy(body(retained), 'UPDATE');
    expect(harness.things.calls).toEqual([]);
    await deploy(body({ ...retained, A: { ...retained.A, Properties: { Name: 'x' } } }), 'UPDATE');
    await deploy(body({ B: thing() }), 'UPDATE');
    expect([...harness.things.living.keys()].filter((id) => id.startsWith('A'))).toEqual(['A-1', 'A-4']);
  });

  it('goes back to what was when a resource fails: new ones go, changed and replaced ones return', async () => {
    const next = {
      A: thing({ Size: 2 }),
      B: thing({ Of: 'x', Name: 'new' }, { DependsOn: 'A' }),
      New: thing({}, { DependsOn: 'B' }),
      Bad: thing({ Fail: 'create' }, { DependsOn: 'New' }),
    };
    const before = new Map(harness.things.living);
    const deployed = await deploy(body(next), 'UPDATE');
    expect(deployed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.things.calls).toEqual([
      'update A',
      'create B',
      'create New',
      'create Bad',
      'update A',
      'delete New',
      'delete B',
    ]);
    expect(harness.things.living).toEqual(before);
    expect(await reasonOf(STACK, 'UPDATE_ROLLBACK_IN_PROGRESS')).toBe(
      'The following resource(s) failed to create: [Bad]. ',
    );
    const described = await changeSet(body(original, { Description: 'ä "1" <b>' }), 'UPDATE');
    expect(described.Status).toBe('FAILED');
  });

  it('gives a resource whose update failed its old properties again', async () => {
    await deploy(body({ ...original, A: thing({ Size: 2, Fail: 'update' }) }), 'UPDATE');
    expect(harness.things.calls).toEqual(['update A', 'update A']);
    expect(harness.things.living.get('A-1')).toEqual({ Size: 1 });
    expect((await stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('tells the operations of an update and of its rollback apart in the events', async () => {
    await deploy(body({ ...original, A: thing({ Fail: 'update' }) }), 'UPDATE', { ClientRequestToken: 'exec-1' });
    const { StackEvents } = await harness.client.send(new DescribeStackEventsCommand({ StackName: STACK }));
    const ids = StackEvents!.map((event) => event.OperationId);
    expect(new Set(ids).size).toBe(4);
    expect(StackEvents![0]).toMatchObject({ ClientRequestToken: 'exec-1', ResourceType: 'AWS::CloudFormation::Stack' });
  });

  it('leaves things as they were, whatever graph of things fails wherever', async () => {
    const node = fc.record({
      name: fc.constantFrom('v1', 'v2'),
      size: fc.nat({ max: 2 }),
      // Only earlier ones, so that there are no circles.
      of: fc.nat({ max: 5 }),
      present: fc.boolean(),
    });
    const graph = fc.array(node, { minLength: 6, maxLength: 6 });
    const resources = (nodes: readonly { name: string; size: number; of: number; present: boolean }[]) => {
      const present = nodes.map((_, index) => index).filter((index) => nodes[index]!.present);
      return Object.fromEntries(
        present.map((index) => {
          const { name, size, of } = nodes[index]!;
          const earlier = present.filter((other) => other < index && other <= of);
          const references = earlier.map((other) => ({ 'Fn::GetAtt': [`T${other}`, 'Arn'] }));
          return [`T${index}`, thing({ Name: name, Size: size, Of: references })];
        }),
      );
    };
    let run = 0;
    await fc.assert(
      fc.asyncProperty(graph, graph, async (before, after) => {
        const StackName = `Random${++run}`;
        const start = { ...resources(before), Base: thing() };
        await harness.client.send(new CreateStackCommand({ StackName, TemplateBody: body(start) }));
        await harness.service.idle();
        const things = new Map(harness.things.living);
        const outcome = (await stack(StackName)).StackStatus;
        const next = { ...resources(after), Base: thing(), Bad: thing({ Fail: 'create' }, { DependsOn: 'Base' }) };
        await harness.client.send(new UpdateStackCommand({ StackName, TemplateBody: body(next) }));
        await harness.service.idle();
        expect([outcome, (await stack(StackName)).StackStatus]).toEqual([
          'CREATE_COMPLETE',
          'UPDATE_ROLLBACK_COMPLETE',
        ]);
        expect(harness.things.living).toEqual(things);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses to change the type of a resource', async () => {
    await expect(changeSet(body({ A: { Type: 'Other::Thing' } }), 'UPDATE')).rejects.toThrow(
      'Update of resource type is not permitted',
    );
  });

  it('keeps what it knows over a restart, and rolls back what the stop cut off', async () => {
    const first = await startHarness();
    const client = harness;
    try {
      harness = first;
      await deploy(body(original));
      await changeSet(body({ ...original, A: thing({ Size: 2, Hold: true }) }), 'UPDATE');
      await harness.client.send(new ExecuteChangeSetCommand({ StackName: STACK, ChangeSetName: 'set' }));
      const second = await startHarness({ folder: first.folder });
      harness = second;
      expect((await stack()).StackStatus).toBe('UPDATE_IN_PROGRESS');
      second.service.recover();
      await second.service.idle();
      expect((await stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await reasonOf('A', 'UPDATE_FAILED')).toContain('The local AWS was stopped');
      expect(second.things.calls).toEqual(['update A']);
      await second.close();
    } finally {
      await first.close();
      harness = client;
    }
  });
});

describe('A stack', () => {
  it('pages its events newest first, none twice, each at a later time than the one before', async () => {
    const resources = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`T${index}`, thing()]));
    await deploy(body(resources));
    const times: number[] = [];
    const ids = new Set<string>();
    for await (const page of paginateDescribeStackEvents({ client: harness.client }, { StackName: STACK })) {
      for (const event of page.StackEvents ?? []) {
        times.push(event.Timestamp!.getTime());
        ids.add(event.EventId!);
      }
    }
    expect(ids.size).toBe(45 * 3 + 3);
    expect(times).toEqual([...times].sort((left, right) => right - left));
    expect(new Set(times).size).toBe(times.length);
    const { StackResources } = await harness.client.send(new DescribeStackResourcesCommand({ StackName: STACK }));
    expect(StackResources).toHaveLength(45);
    const { StackResourceSummaries } = await harness.client.send(new ListStackResourcesCommand({ StackName: STACK }));
    expect(StackResourceSummaries?.[0]).toMatchObject({ LogicalResourceId: 'T0', ResourceStatus: 'CREATE_COMPLETE' });
  });

  it('is protected from deletion when asked, and deletes dependents first', async () => {
    await deploy(body({ A: thing(), B: thing({ Of: { Ref: 'A' } }) }));
    await harness.client.send(
      new UpdateTerminationProtectionCommand({ StackName: STACK, EnableTerminationProtection: true }),
    );
    await expect(harness.client.send(new DeleteStackCommand({ StackName: STACK }))).rejects.toThrow(
      'TerminationProtection',
    );
    await harness.client.send(
      new UpdateTerminationProtectionCommand({ StackName: STACK, EnableTerminationProtection: false }),
    );
    const { StackId } = await stack();
    harness.things.calls.length = 0;
    await harness.client.send(new DeleteStackCommand({ StackName: STACK }));
    await harness.service.idle();
    expect(harness.things.calls).toEqual(['delete B', 'delete A']);
    expect((await stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    await expect(harness.client.send(new DescribeStackEventsCommand({ StackName: STACK }))).rejects.toThrow(
      `Stack [${STACK}] does not exist`,
    );
  });

  it('deletes a stack that is still being created: what is in flight ends, nothing more begins, all of it goes', async () => {
    await changeSet(body({ A: thing({ Hold: true }), B: thing({ Of: { Ref: 'A' } }) }), 'CREATE');
    await harness.client.send(new ExecuteChangeSetCommand({ StackName: STACK, ChangeSetName: 'set' }));
    const { StackId } = await stack();
    await harness.client.send(new DeleteStackCommand({ StackName: STACK }));
    expect((await stack()).StackStatus).toBe('DELETE_IN_PROGRESS');
    harness.things.release();
    await harness.service.idle();
    expect((await stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    expect(harness.things.calls).toEqual(['create A', 'delete A']);
    expect([...harness.things.living.keys()]).toEqual([]);
  });

  it('ends in DELETE_FAILED when a resource cannot be deleted, and can then leave it behind', async () => {
    await deploy(body({ A: thing(), B: thing({ Of: { Ref: 'A' }, Fail: 'delete' }) }));
    await harness.client.send(new DeleteStackCommand({ StackName: STACK }));
    await harness.service.idle();
    expect(await stack()).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'The following resource(s) failed to delete: [B]. ',
    });
    await harness.client.send(new DeleteStackCommand({ StackName: STACK, RetainResources: ['B'] }));
    await harness.service.idle();
    expect([...harness.things.living.keys()]).toEqual(['B-2']);
  });

  it('answers ChangeSetNotFound with status 404 for a change set that is gone', async () => {
    await changeSet(body({ A: thing() }), 'CREATE');
    await harness.client.send(new DeleteChangeSetCommand({ StackName: STACK, ChangeSetName: 'set' }));
    await expect(
      harness.client.send(new DescribeChangeSetCommand({ StackName: STACK, ChangeSetName: 'set' })),
    ).rejects.toMatchObject({ name: 'ChangeSetNotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  it('imports what another exports, which then cannot be deleted', async () => {
    await deploy(body({ A: thing() }, { Outputs: { Id: { Value: { Ref: 'A' }, Export: { Name: 'a-id' } } } }));
    const importing = body({ B: thing({ Of: { 'Fn::ImportValue': 'a-id' } }) });
    await harness.client.send(new CreateStackCommand({ StackName: 'User', TemplateBody: importing }));
    await harness.service.idle();
    expect(harness.things.living.get('B-2')).toEqual({ Of: 'A-1' });
    expect((await harness.client.send(new ListImportsCommand({ ExportName: 'a-id' }))).Imports).toEqual(['User']);
    await harness.client.send(new DeleteStackCommand({ StackName: STACK }));
    await harness.service.idle();
    expect(await stack()).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'Export a-id cannot be deleted as it is in use by User',
    });
  });
});

describe('A template', () => {
  const create = (template: unknown, more: object = {}) =>
    harness.client.send(
      new CreateStackCommand({
        StackName: STACK,
        TemplateBody: typeof template === 'string' ? template : JSON.stringify(template),
        ...more,
      }),
    );
  const A = thing();

  it.each<[string, unknown, string]>([
    ['that is not JSON', '{Resources', 'JSON not well-formed'],
    ['that is not YAML', 'Resources: A: 1', 'YAML not well-formed'],
    ['with an unknown short form', 'Resources: !Fetch x', 'YAML not well-formed'],
    ['that is no object', 'Resources', 'unsupported structure'],
    ['without resources', { Resources: {} }, 'At least one Resources member must be defined.'],
    [
      'with a reference to nothing',
      { Resources: { A: thing({ X: { Ref: 'B' } }) } },
      'Unresolved resource dependencies [B]',
    ],
    [
      'with a circle',
      { Resources: { A: thing({ X: { Ref: 'B' } }), B: thing({ X: { Ref: 'A' } }) } },
      'Circular dependency between resources: [A, B]',
    ],
    [
      'with a snapshot of what has none',
      { Resources: { A: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Snapshot' } } },
      'resource type AWS::SQS::Queue does not support deletion policy Snapshot',
    ],
    ['with an unknown section', { Resources: { A }, Sources: {} }, 'Invalid template property or properties [Sources]'],
    ['with a macro', { Resources: { A }, Transform: 'My::Macro' }, 'no transform My::Macro'],
    [
      'whose parameter has no value',
      { Resources: { A }, Parameters: { P: { Type: 'String' } } },
      'Parameters: [P] must have values',
    ],
    [
      'with an IAM role nobody acknowledged',
      { Resources: { A: { Type: 'AWS::IAM::Role' } } },
      'Requires capabilities : [CAPABILITY_IAM]',
    ],
    [
      'whose rule does not hold',
      {
        Resources: { A },
        Parameters: { V: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' } },
        Rules: {
          Check: {
            Assertions: [
              {
                Assert: { 'Fn::Not': [{ 'Fn::Contains': [['29', '30'], { Ref: 'V' }] }] },
                AssertDescription: 'too old',
              },
            ],
          },
        },
      },
      'too old',
    ],
  ])('%s is refused', async (_name, template, message) => {
    await expect(create(template)).rejects.toThrow(message);
  });

  it('may be YAML, with the short forms of functions', async () => {
    const yaml = `AWSTemplateFormatVersion: 2010-09-09
Conditions: { Never: !Not [!Equals [!Ref "AWS::Region", us-west-2]] }
Resources:
  B:
    Type: Test::Thing
    Properties:
      Of: !GetAtt A.Arn
      Sub: !Sub "\${A}/\${X.Size}"
      Map: !Sub ["\${Z}", { Z: !Ref A }]
      If: !If [Never, 1, !Join ["-", [a, !Select [1, [b, c]]]]]
    Metadata: { X: 1 }
  A: { Type: Test::Thing }
  X: { Type: Test::Thing, Properties: { Size: 7 } }
`;
    await create(yaml);
    await harness.service.idle();
    expect((await stack()).StackStatus).toBe('CREATE_COMPLETE');
    expect(harness.things.living.get('B-3')).toEqual({
      Of: expect.stringMatching(/^arn:thing:A-/),
      Sub: expect.stringMatching(/^A-\d\/7$/),
      Map: expect.stringMatching(/^A-/),
      If: 'a-c',
    });
    const { TemplateBody } = await harness.client.send(new GetTemplateCommand({ StackName: STACK }));
    expect(TemplateBody).toBe(yaml);
  });

  it('takes its parameters from the request, from defaults and from the parameter store', async () => {
    const template = {
      Parameters: {
        Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
        Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
        Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      },
      Resources: { A: thing({ Stage: { Ref: 'Stage' }, Zones: { Ref: 'Zones' }, Version: { Ref: 'Version' } }) },
    };
    const parameter = (value: string) => ({ Parameters: [{ ParameterKey: 'Stage', ParameterValue: value }] });
    await expect(create(template, parameter('test'))).rejects.toThrow("Parameter 'Stage' must be one of AllowedValues");
    await create(template, parameter('prod'));
    await harness.service.idle();
    expect(harness.things.living.get('A-1')).toEqual({ Stage: 'prod', Zones: ['a', 'b'], Version: '30' });
    expect((await stack()).Parameters).toContainEqual({
      ParameterKey: 'Version',
      ParameterValue: '/cdk-bootstrap/hnb659fds/version',
      ResolvedValue: '30',
    });
  });
});
