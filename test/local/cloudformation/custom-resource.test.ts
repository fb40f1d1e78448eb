import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { type Event, type Harness, startHarness } from './harness';

const STACK = 'Sparkify-test';
const FUNCTION = 'arn:aws:lambda:us-west-2:000000000000:function:etl:live';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const template = (properties: object, more: object = {}) =>
  JSON.stringify({
    Resources: {
      Load: { Type: 'Custom::WarehouseLoad', Properties: { ServiceToken: FUNCTION, ...properties } },
      ...more,
    },
    Outputs: { Run: { Value: { 'Fn::GetAtt': ['Load', 'RunId'] } } },
  });

const create = (body: string) => harness.client.send(new CreateStackCommand({ StackName: STACK, TemplateBody: body }));
const update = (body: string) => harness.client.send(new UpdateStackCommand({ StackName: STACK, TemplateBody: body }));
const sent = () => harness.events.map(({ event }) => event.RequestType);
/** Each event is answered with what the function returns; undefined answers nothing. */
const answering = (fields: (event: Event) => Record<string, unknown> | undefined) => {
  harness.onEvent = (event) => {
    const answer = fields(event);
    if (answer !== undefined) harness.answer(event, answer);
  };
};

async function status(): Promise<{ status: string | undefined; outputs: Record<string, string | undefined> }> {
  await harness.service.idle();
  const { Stacks } = await harness.client.send(new DescribeStacksCommand({ StackName: STACK }));
  const outputs = Object.fromEntries(
    (Stacks![0]!.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]),
  );
  return { status: Stacks![0]!.StackStatus, outputs };
}

async function reason(resourceStatus: string): Promise<string | undefined> {
  const { StackEvents } = await harness.client.send(new DescribeStackEventsCommand({ StackName: STACK }));
  return StackEvents!.find((event) => event.LogicalResourceId === 'Load' && event.ResourceStatus === resourceStatus)
    ?.ResourceStatusReason;
}

describe('A custom resource', () => {
  it('asks its function, with every scalar as text, and takes attributes from the answer', async () => {
    answering(() => ({ Data: { RunId: 'deploy-1' } }));
    await create(template({ Digest: 'a', Count: 3, Flag: true, Nested: { Items: [1, false] } }));
    expect(await status()).toEqual({ status: 'CREATE_COMPLETE', outputs: { Run: 'deploy-1' } });
    expect(harness.events[0]).toMatchObject({
      functionArn: FUNCTION,
      event: {
        RequestType: 'Create',
        ResourceType: 'Custom::WarehouseLoad',
        LogicalResourceId: 'Load',
        StackId: expect.stringMatching(/^arn:aws:cloudformation:us-west-2:000000000000:stack\/Sparkify-test\//),
        RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        ResponseURL: expect.stringMatching(/^http:.*\/_cloudformation\/response\//),
        ResourceProperties: {
          ServiceToken: FUNCTION,
          Digest: 'a',
          Count: '3',
          Flag: 'true',
          Nested: { Items: ['1', 'false'] },
        },
      },
    });
    expect(harness.events[0]!.event).not.toHaveProperty('PhysicalResourceId');
  });

  it('gets Update with the old properties, and only when its properties change', async () => {
    answering((event) => ({ Data: { RunId: event.RequestType } }));
    await create(template({ Digest: 'a' }));
    await status();
    await update(template({ Digest: 'b' }));
    expect(await status()).toEqual({ status: 'UPDATE_COMPLETE', outputs: { Run: 'Update' } });
    expect(harness.events[1]!.event).toMatchObject({
      PhysicalResourceId: 'the-load',
      ResourceProperties: { Digest: 'b' },
      OldResourceProperties: { Digest: 'a' },
    });
    await expect(update(template({ Digest: 'b' }))).rejects.toThrow('No updates are to be performed.');
    expect(sent()).toEqual(['Create', 'Update']);
  });

  it('is deleted under its old id when an update gives it a new one', async () => {
    answering((event) => ({ PhysicalResourceId: `load-${harness.events.length}`, Data: { RunId: event.RequestType } }));
    await create(template({ Digest: 'a' }));
    await status();
    await update(template({ Digest: 'b' }));
    expect((await status()).status).toBe('UPDATE_COMPLETE');
    expect(sent()).toEqual(['Create', 'Update', 'Delete']);
    expect(harness.events[2]!.event).toMatchObject({
      PhysicalResourceId: 'load-1',
      ResourceProperties: { Digest: 'a' },
    });
  });

  it('fails the stack with the reason it answers, and gets Delete in the rollback, before what it needs goes', async () => {
    answering((event) =>
      event.RequestType === 'Create'
        ? { Status: 'FAILED', Reason: 'line 17, column userid', PhysicalResourceId: 'x' }
        : {},
    );
    await create(template({ Of: { Ref: 'Thing' } }, { Thing: { Type: 'Test::Thing', Properties: {} } }));
    expect((await status()).status).toBe('ROLLBACK_COMPLETE');
    expect(await reason('CREATE_FAILED')).toBe(
      `Received response status [FAILED] from custom resource. Message returned: line 17, column userid (RequestId: ${harness.events[0]!.event.RequestId})`,
    );
    expect(harness.events[1]!.event).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'x' });
    const { StackEvents } = await harness.client.send(new DescribeStackEventsCommand({ StackName: STACK }));
    const deleted = StackEvents!.filter((event) => event.ResourceStatus === 'DELETE_COMPLETE');
    expect(deleted.map((event) => event.LogicalResourceId)).toEqual(['Thing', 'Load']);
  });

  it('gets an Update back to its old properties when its update fails', async () => {
    answering((event) =>
      event.ResourceProperties.Digest === 'bad' ? { Status: 'FAILED', Reason: 'no' } : { Data: { RunId: 'r' } },
    );
    await create(template({ Digest: 'good' }));
    await status();
    await update(template({ Digest: 'bad' }));
    expect(await status()).toEqual({ status: 'UPDATE_ROLLBACK_COMPLETE', outputs: { Run: 'r' } });
    expect(sent()).toEqual(['Create', 'Update', 'Update']);
    expect(harness.events[2]!.event).toMatchObject({
      ResourceProperties: { Digest: 'good' },
      OldResourceProperties: { Digest: 'bad' },
    });
  });

  it('gets the same Update again when the same template is deployed after one that was rolled back', async () => {
    let broken = true;
    answering((event) =>
      event.ResourceProperties.Digest === 'new' && broken ? { Status: 'FAILED' } : { Data: { RunId: 'r' } },
    );
    await create(template({ Digest: 'old' }));
    await status();
    for (const outcome of ['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE']) {
      harness.events.length = 0;
      await update(template({ Digest: 'new' }));
      expect((await status()).status).toBe(outcome);
      expect(harness.events[0]!.event).toMatchObject({
        RequestType: 'Update',
        ResourceProperties: { Digest: 'new' },
        OldResourceProperties: { Digest: 'old' },
      });
      broken = false;
    }
    await expect(update(template({ Digest: 'new' }))).rejects.toThrow('No updates are to be performed.');
  });

  it('can be rolled back again, or skipped, when the Update back fails too', async () => {
    let broken = true;
    answering((event) =>
      event.RequestType === 'Update' && broken ? { Status: 'FAILED', Reason: 'no' } : { Data: { RunId: 'r' } },
    );
    await create(template({ Digest: 'a' }));
    await status();
    await update(template({ Digest: 'b' }));
    expect((await status()).status).toBe('UPDATE_ROLLBACK_FAILED');
    await expect(update(template({ Digest: 'c' }))).rejects.toThrow(
      'UPDATE_ROLLBACK_FAILED state and can not be updated',
    );
    await harness.continueRollback({ StackName: STACK, ResourcesToSkip: ['Load'] });
    expect((await status()).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await reason('UPDATE_COMPLETE')).toBe('Resource skipped during UpdateRollback');
    await update(template({ Digest: 'b' }));
    expect((await status()).status).toBe('UPDATE_ROLLBACK_FAILED');
    broken = false;
    await harness.continueRollback({ StackName: STACK });
    expect((await status()).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(harness.events.at(-1)!.event).toMatchObject({ RequestType: 'Update', ResourceProperties: { Digest: 'a' } });
  });

  it('takes the first answer over HTTP and ignores later ones, but refuses tokens nobody was given', async () => {
    const event = await new Promise<Event>((resolve) => {
      harness.onEvent = resolve;
      void create(template({}));
    });
    const put = (body: object, url = event.ResponseURL) =>
      fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(body) });
    const answer = { ...event, Status: 'SUCCESS', PhysicalResourceId: 'p', Data: { RunId: 'first' } };
    const slim = { ...answer, ResourceProperties: undefined, ResponseURL: undefined };
    expect((await put(slim)).status).toBe(200);
    expect((await put({ ...slim, Status: 'FAILED', Reason: 'second' })).status).toBe(200);
    expect(await status()).toEqual({ status: 'CREATE_COMPLETE', outputs: { Run: 'first' } });
    expect((await put(slim, `${harness.url}/_cloudformation/response/made-up`)).status).toBe(403);
  });

  it('fails when no answer comes within ServiceTimeout', async () => {
    answering((event) => (event.RequestType === 'Create' ? undefined : {}));
    await create(template({ ServiceTimeout: '60' }));
    harness.clock.advance(59_999);
    expect(sent()).toEqual(['Create']);
    harness.clock.advance(1);
    expect((await status()).status).toBe('ROLLBACK_COMPLETE');
    expect(await reason('CREATE_FAILED')).toBe(
      `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${harness.events[0]!.event.RequestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`,
    );
  });

  it.each<[string, (event: Event) => Record<string, unknown>, string]>([
    ['too long', () => ({ Data: { RunId: 'x'.repeat(4096) } }), 'Response object is too long.'],
    ['to another request', () => ({ RequestId: 'other' }), 'RequestId is "other"'],
    ['without a physical id', () => ({ PhysicalResourceId: '' }), 'Invalid PhysicalResourceId'],
    ['with an unknown status', () => ({ Status: 'MAYBE' }), 'Status is "MAYBE"'],
  ])('fails on an answer %s', async (_name, fields, message) => {
    answering((event) => (event.RequestType === 'Create' ? fields(event) : {}));
    await create(template({}));
    expect((await status()).status).toBe('ROLLBACK_COMPLETE');
    expect(await reason('CREATE_FAILED')).toContain(message);
  });

  it('fails the stack when an output asks for an attribute that the answer lacks', async () => {
    answering(() => ({}));
    await create(template({}));
    expect((await status()).status).toBe('ROLLBACK_COMPLETE');
  });

  it('is given up when another resource fails, and told to delete', async () => {
    answering((event) => (event.RequestType === 'Create' ? undefined : {}));
    await create(template({}, { Bad: { Type: 'Test::Thing', Properties: { Hold: true, Fail: 'create' } } }));
    harness.things.release();
    expect((await status()).status).toBe('ROLLBACK_COMPLETE');
    expect(await reason('CREATE_FAILED')).toBe('Resource creation cancelled');
    expect(sent()).toEqual(['Create', 'Delete']);
    expect(harness.events[1]!.event.PhysicalResourceId).toMatch(/^Sparkify-test-Load-[A-Z0-9]{12}$/);
  });

  it('is made again after a failure that was not rolled back, and not deleted when it keeps its id', async () => {
    answering(() => (harness.events.length === 1 ? { Status: 'FAILED', Reason: 'no' } : { Data: { RunId: 'r' } }));
    const stack = { StackName: STACK, TemplateBody: template({}), DisableRollback: true };
    await harness.client.send(new CreateStackCommand(stack));
    expect((await status()).status).toBe('CREATE_FAILED');
    await harness.client.send(new UpdateStackCommand(stack));
    expect((await status()).status).toBe('UPDATE_COMPLETE');
    expect(sent()).toEqual(['Create', 'Create']);
  });

  it('ends in DELETE_FAILED when it cannot be deleted', async () => {
    answering((event) =>
      event.RequestType === 'Delete' ? { Status: 'FAILED', Reason: 'busy' } : { Data: { RunId: 'r' } },
    );
    await create(template({}));
    await status();
    await harness.client.send(new DeleteStackCommand({ StackName: STACK }));
    expect((await status()).status).toBe('DELETE_FAILED');
    expect(await reason('DELETE_FAILED')).toContain('Message returned: busy');
  });

  it('is told to delete after a restart when its creation was cut off', async () => {
    await create(template({}));
    const second = await startHarness({ folder: (harness as Harness & { folder: string }).folder });
    second.onEvent = (event) => second.answer(event, {});
    second.service.recover();
    await second.service.idle();
    expect(second.events.map(({ event }) => event.RequestType)).toEqual(['Delete']);
    const { Stacks } = await second.client.send(new DescribeStacksCommand({ StackName: STACK }));
    expect(Stacks![0]!.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(second.answer(harness.events[0]!.event, {})).toBe(200);
    await second.close();
  });
});
