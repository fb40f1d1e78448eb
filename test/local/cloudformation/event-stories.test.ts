import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  paginateDescribeStackEvents,
  type StackEvent,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { type Harness, startHarness } from './harness';

/**
 * The events that people see, story by story, as the CloudFormation user guide describes them ("Stack failure options",
 * "Continue rolling back an update", "Update behaviors of stack resources") and as consoles show them.
 */
let harness: Harness;
let seen: number;
beforeEach(async () => {
  harness = await startHarness();
  seen = 0;
});
afterEach(() => harness.close());

type Resources = Readonly<Record<string, object>>;
interface Properties {
  readonly Name?: string;
  readonly Size?: number;
  readonly Fail?: 'create' | 'update' | 'delete';
}

const thing = (Properties: Properties = {}, more: object = {}) => ({ Type: 'Test::Thing', Properties, ...more });
/** A and then B. */
const pair = (a: Properties, b: Properties = {}): Resources => ({ A: thing(a), B: thing(b, { DependsOn: 'A' }) });
const body = (resources: Resources) => JSON.stringify({ Resources: resources });

const SAID = /Resource handler returned message: "(.*)" \(RequestToken: [-\w]+, HandlerErrorCode: \w+\)/;
const INITIATED = 'Resource creation Initiated';
const REPLACED = 'Requested update requires the creation of a new physical resource; hence creating one.';

async function events(): Promise<StackEvent[]> {
  const pages = paginateDescribeStackEvents({ client: harness.client }, { StackName: stackId });
  const all: StackEvent[] = [];
  for await (const page of pages) all.push(...(page.StackEvents ?? []));
  return all.reverse();
}
let stackId = '';

/** What is new since the last look: `LogicalId STATUS reason`, the reason of a resource handler without its frame. */
async function news(): Promise<string[]> {
  await harness.service.idle();
  const all = await events();
  const fresh = all.slice(seen);
  seen = all.length;
  return fresh.map(({ LogicalResourceId: id, ResourceStatus: status, ResourceStatusReason: reason }) =>
    [id, status, reason?.replace(SAID, '"$1"')].filter((part) => part !== undefined).join(' '),
  );
}

async function create(resources: Resources, more: { DisableRollback?: boolean } = {}): Promise<string[]> {
  const command = new CreateStackCommand({ StackName: 'S', TemplateBody: body(resources), ...more });
  stackId = (await harness.client.send(command)).StackId!;
  return news();
}

async function update(resources: Resources, more: Partial<UpdateStackCommandInput> = {}): Promise<string[]> {
  await harness.client.send(new UpdateStackCommand({ StackName: 'S', TemplateBody: body(resources), ...more }));
  return news();
}

async function remove(): Promise<string[]> {
  await harness.client.send(new DeleteStackCommand({ StackName: 'S' }));
  return news();
}

const made = (id: string) => [
  `${id} CREATE_IN_PROGRESS`,
  `${id} CREATE_IN_PROGRESS ${INITIATED}`,
  `${id} CREATE_COMPLETE`,
];
const updated = (id: string) => [`${id} UPDATE_IN_PROGRESS`, `${id} UPDATE_COMPLETE`];
const deleted = (id: string) => [`${id} DELETE_IN_PROGRESS`, `${id} DELETE_COMPLETE`];

/** A stack whose rollback fails: B's new size fails, and A cannot go back to a size that fails now. */
async function failRollback(): Promise<string[]> {
  await create(pair({ Size: 1 }));
  harness.things.broken.add('A Size 1');
  return update(pair({ Size: 2 }, { Fail: 'update' }));
}

describe('The events of a stack', () => {
  const STORIES: Readonly<Record<string, readonly [() => Promise<string[]>, readonly string[]]>> = {
    'a creation': [
      () => create(pair({})),
      ['S CREATE_IN_PROGRESS User Initiated', ...made('A'), ...made('B'), 'S CREATE_COMPLETE'],
    ],
    'a creation that fails': [
      () => create(pair({}, { Fail: 'create' })),
      [
        'S CREATE_IN_PROGRESS User Initiated',
        ...made('A'),
        'B CREATE_IN_PROGRESS',
        'B CREATE_FAILED "the create was told to fail"',
        'S ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. Rollback requested by user.',
        'B DELETE_COMPLETE',
        ...deleted('A'),
        'S ROLLBACK_COMPLETE',
      ],
    ],
    'a creation that fails and stays as it is': [
      () => create(pair({}, { Fail: 'create' }), { DisableRollback: true }),
      [
        'S CREATE_IN_PROGRESS User Initiated',
        ...made('A'),
        'B CREATE_IN_PROGRESS',
        'B CREATE_FAILED "the create was told to fail"',
        'S CREATE_FAILED The following resource(s) failed to create: [B]. ',
      ],
    ],
    'a rollback of it later': [
      async () => {
        await create(pair({}, { Fail: 'create' }), { DisableRollback: true });
        await harness.rollBack({ StackName: 'S' });
        return news();
      },
      ['S ROLLBACK_IN_PROGRESS User Initiated', 'B DELETE_COMPLETE', ...deleted('A'), 'S ROLLBACK_COMPLETE'],
    ],
    'an update in place, with an addition and a removal': [
      async () => {
        await create({ ...pair({}), Old: thing() });
        return update({ ...pair({ Size: 1 }), New: thing({}, { DependsOn: 'B' }) });
      },
      [
        'S UPDATE_IN_PROGRESS User Initiated',
        ...updated('A'),
        ...made('New'),
        'S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
        ...deleted('Old'),
        'S UPDATE_COMPLETE',
      ],
    ],
    'a replacement': [
      async () => {
        await create(pair({ Name: 'one' }));
        return update(pair({ Name: 'two' }));
      },
      [
        'S UPDATE_IN_PROGRESS User Initiated',
        `A UPDATE_IN_PROGRESS ${REPLACED}`,
        `A UPDATE_IN_PROGRESS ${INITIATED}`,
        'A UPDATE_COMPLETE',
        'S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
        ...deleted('A'),
        'S UPDATE_COMPLETE',
      ],
    ],
    'an update that fails after a replacement and an addition': [
      async () => {
        await create(pair({ Name: 'one' }));
        const New = thing({}, { DependsOn: 'A' });
        return update({ A: thing({ Name: 'two' }), New, B: thing({ Fail: 'update' }, { DependsOn: 'New' }) });
      },
      [
        'S UPDATE_IN_PROGRESS User Initiated',
        `A UPDATE_IN_PROGRESS ${REPLACED}`,
        `A UPDATE_IN_PROGRESS ${INITIATED}`,
        'A UPDATE_COMPLETE',
        ...made('New'),
        'B UPDATE_IN_PROGRESS',
        'B UPDATE_FAILED "the update was told to fail"',
        'S UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [B]. ',
        ...updated('A'),
        ...updated('B'),
        'S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
        ...deleted('New'),
        ...deleted('A'),
        'S UPDATE_ROLLBACK_COMPLETE',
      ],
    ],
    'an update that fails and stays as it is': [
      async () => {
        await create(pair({}));
        return update(pair({ Size: 1 }, { Fail: 'update' }), { DisableRollback: true });
      },
      [
        'S UPDATE_IN_PROGRESS User Initiated',
        ...updated('A'),
        'B UPDATE_IN_PROGRESS',
        'B UPDATE_FAILED "the update was told to fail"',
        'S UPDATE_FAILED The following resource(s) failed to update: [B]. ',
      ],
    ],
    'a clean-up that leaves something behind': [
      async () => {
        await create({ ...pair({}), Stuck: thing({ Fail: 'delete' }) });
        return update(pair({}));
      },
      [
        'S UPDATE_IN_PROGRESS User Initiated',
        'S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
        'Stuck DELETE_IN_PROGRESS',
        'Stuck DELETE_FAILED "the delete was told to fail"',
        'S UPDATE_COMPLETE Update successful. One or more resources could not be deleted.',
      ],
    ],
    'a rollback that fails': [
      failRollback,
      [
        'S UPDATE_IN_PROGRESS User Initiated',
        ...updated('A'),
        'B UPDATE_IN_PROGRESS',
        'B UPDATE_FAILED "the update was told to fail"',
        'S UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [B]. ',
        'A UPDATE_IN_PROGRESS',
        'A UPDATE_FAILED "A Size 1 is broken"',
        'S UPDATE_ROLLBACK_FAILED The following resource(s) failed to update: [A]. ',
      ],
    ],
    'its continuation when what was broken is mended': [
      async () => {
        await failRollback();
        harness.things.broken.clear();
        await harness.continueRollback({ StackName: 'S' });
        return news();
      },
      [
        'S UPDATE_ROLLBACK_IN_PROGRESS User Initiated',
        ...updated('A'),
        ...updated('B'),
        'S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
        'S UPDATE_ROLLBACK_COMPLETE',
      ],
    ],
    'its continuation without what cannot go back': [
      async () => {
        await failRollback();
        await harness.continueRollback({ StackName: 'S', ResourcesToSkip: ['A'] });
        return news();
      },
      [
        'S UPDATE_ROLLBACK_IN_PROGRESS User Initiated',
        'A UPDATE_COMPLETE Resource skipped during UpdateRollback',
        ...updated('B'),
        'S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
        'S UPDATE_ROLLBACK_COMPLETE',
      ],
    ],
    'a deletion': [
      async () => {
        await create(pair({}));
        return remove();
      },
      ['S DELETE_IN_PROGRESS User Initiated', ...deleted('B'), ...deleted('A'), 'S DELETE_COMPLETE'],
    ],
    'a deletion that fails, and keeps what must be kept': [
      async () => {
        await create({ A: thing({ Fail: 'delete' }), B: thing({}, { DependsOn: 'A', DeletionPolicy: 'Retain' }) });
        return remove();
      },
      [
        'S DELETE_IN_PROGRESS User Initiated',
        'B DELETE_SKIPPED',
        'A DELETE_IN_PROGRESS',
        'A DELETE_FAILED "the delete was told to fail"',
        'S DELETE_FAILED The following resource(s) failed to delete: [A]. ',
      ],
    ],
  };

  it.each(Object.entries(STORIES))('tell %s', async (_name, [tell, told]) => {
    expect(await tell()).toEqual(told);
  });

  it('are named by resource, status and time, each once', async () => {
    await create(pair({}));
    const all = await events();
    expect(new Set(all.map(({ EventId: id }) => id)).size).toBe(all.length);
    const last = all.find(
      ({ LogicalResourceId: id, ResourceStatus: status }) => `${id} ${status}` === 'B CREATE_COMPLETE',
    )!;
    expect(last.EventId).toBe(`B-CREATE_COMPLETE-${last.Timestamp!.toISOString()}`);
  });
});

describe('A continued rollback', () => {
  const status = async () =>
    (await harness.client.send(new DescribeStacksCommand({ StackName: 'S' }))).Stacks![0]!.StackStatus;

  it('skips only what the rollback before it has failed on', async () => {
    await failRollback();
    await expect(harness.continueRollback({ StackName: 'S', ResourcesToSkip: ['A', 'B'] })).rejects.toThrow(
      'Resources [B] cannot be skipped',
    );
    await expect(
      harness.continueRollback({ StackName: 'S', ResourcesToSkip: ['A'], ForceRollback: true }),
    ).rejects.toThrow('cannot be specified together');
    expect(await status()).toBe('UPDATE_ROLLBACK_FAILED');
  });

  it('skips all of that when it is forced, which drift then does not check until the next update', async () => {
    await failRollback();
    await harness.continueRollback({ StackName: 'S', ForceRollback: true });
    await harness.service.idle();
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    const drift = async () => {
      await harness.client.send(new DetectStackDriftCommand({ StackName: 'S' }));
      const { StackResources } = await harness.client.send(new DescribeStackResourcesCommand({ StackName: 'S' }));
      return StackResources!.map((one) => `${one.LogicalResourceId} ${one.DriftInformation!.StackResourceDriftStatus}`);
    };
    expect(await drift()).toEqual(['A NOT_CHECKED', 'B IN_SYNC']);
    await update(pair({ Size: 3 }));
    expect(await drift()).toEqual(['A IN_SYNC', 'B IN_SYNC']);
  });
});
