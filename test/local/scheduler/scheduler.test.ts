import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError, type AwsRequest } from '../../../local/aws/service';
import { localHome } from '../../../local/home';
import type { LambdaControl } from '../../../local/lambda/lambda-control';
import type { SchedulerAccess } from '../../../local/scheduler/delivery';
import type { ScheduleSpec } from '../../../local/scheduler/scheduler-control';
import { createSchedulerService } from '../../../local/scheduler/scheduler-service';
import { createQueueStore } from '../../../local/sqs/disk-queue-store';
import { JumpingClock } from '../lambda/support/jumping-clock';

const FUNCTION = 'arn:aws:lambda:us-west-2:000000000000:function:etl:live';
const ARN = 'arn:aws:scheduler:us-west-2:000000000000:schedule/default/nightly';
const NOON = Date.UTC(2018, 10, 30, 12);

let folder: string;
let clock: JumpingClock;
let invoked: { arn: string; payload: string }[];
let failures: Error[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scheduler-'));
  clock = new JumpingClock(120_000, NOON);
  invoked = [];
  failures = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A Lambda that takes every event, but for the failures it was told to answer first. */
const lambda = {
  invokeAsync: async (arn: string, payload: string) => {
    const failure = failures.shift();
    if (failure) throw failure;
    invoked.push({ arn, payload });
    return { durableExecutionArn: `${arn}/durable-execution/${invoked.length}` };
  },
} as LambdaControl;

function open(access?: SchedulerAccess) {
  const home = localHome(folder);
  const base = { account: '000000000000', region: 'us-west-2', clock, ids: { uuid: () => 'an-id' } };
  const queues = createQueueStore({ ...base, folder: home.sqs, endpointUrl: () => 'http://127.0.0.1' });
  const log = () => {};
  return {
    queues,
    ...createSchedulerService({ ...base, home, lambda, queues, log, ...(access ? { access } : {}) }),
  };
}

function spec(changes: Partial<ScheduleSpec> = {}, target: Partial<ScheduleSpec['target']> = {}): ScheduleSpec {
  return {
    name: 'nightly',
    groupName: 'default',
    scheduleExpression: 'cron(0 3 * * ? *)',
    timezone: 'UTC',
    state: 'ENABLED',
    target: {
      arn: FUNCTION,
      roleArn: 'arn:aws:iam::000000000000:role/scheduler',
      input: '{"trigger":"schedule","scheduledTime":"<aws.scheduler.scheduled-time>"}',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      ...target,
    },
    ...changes,
  };
}

const throttled = () => new AwsError('TooManyRequestsException', 'Rate exceeded', 429);

describe('a tick', () => {
  it('fires the next occurrence after now, with its time in the input', async () => {
    const { control } = open();
    expect(control.put(spec())).toBe(ARN);
    expect(await control.tick('nightly')).toEqual([
      {
        schedule: 'nightly',
        scheduledTime: new Date('2018-12-01T03:00:00Z'),
        targetArn: FUNCTION,
        durableExecutionArn: `${FUNCTION}/durable-execution/1`,
      },
    ]);
    expect(invoked).toEqual([
      { arn: FUNCTION, payload: '{"trigger":"schedule","scheduledTime":"2018-12-01T03:00:00Z"}' },
    ]);
  });

  it('never fires a time twice, a restart and an update between or not', async () => {
    const times: (string | undefined)[] = [];
    const tick = async (control: ReturnType<typeof open>['control']) =>
      times.push((await control.tick())[0]?.scheduledTime.toISOString());
    const first = open().control;
    first.put(spec());
    await tick(first);
    await tick(first);
    const second = open().control;
    await tick(second);
    second.put(spec({}, { input: '{}' }));
    await tick(second);
    expect(times).toEqual([1, 2, 3, 4].map((day) => `2018-12-0${day}T03:00:00.000Z`));
  });

  it('fills in every context attribute', async () => {
    const { control } = open();
    const input =
      '["<aws.scheduler.schedule-arn>","<aws.scheduler.execution-id>",<aws.scheduler.attempt-number>,"<b>"]';
    control.put(spec({}, { input }));
    await control.tick('nightly');
    expect(JSON.parse(invoked[0]!.payload)).toEqual([ARN, 'an-id', 1, '<b>']);
  });

  it('sends an event of its own when the target has no input', async () => {
    const { control } = open();
    const { input: _none, ...target } = spec().target;
    control.put({ ...spec(), target });
    await control.tick('nightly');
    expect(JSON.parse(invoked[0]!.payload)).toMatchObject({
      source: 'aws.scheduler',
      time: '2018-12-01T03:00:00Z',
      resources: [ARN],
    });
  });

  it('without a name fires every enabled schedule', async () => {
    const { control } = open();
    control.put(spec({ name: 'a' }));
    control.put(spec({ name: 'b', state: 'DISABLED' }));
    control.put(spec({ name: 'c', scheduleExpression: 'rate(1 hour)' }));
    control.put(spec({ name: 'd', scheduleExpression: 'at(2018-01-01T00:00:00)' }));
    expect((await control.tick()).map(({ schedule }) => schedule)).toEqual(['a', 'c']);
  });

  it.each([
    ['nothing', {}, 'Schedule nothing does not exist'],
    ['off', { name: 'off', state: 'DISABLED' }, 'Schedule off is DISABLED'],
    ['past', { name: 'past', scheduleExpression: 'at(2018-01-01T00:00:00)' }, 'has no occurrence left'],
  ] as const)('says why %s cannot fire', async (name, changes, message) => {
    const { control } = open();
    control.put(spec(changes));
    await expect(control.tick(name)).rejects.toThrow(message);
  });
});

describe('a delivery that fails', () => {
  it('is tried again when that may help', async () => {
    const { control } = open();
    control.put(spec({}, { input: '{"attempt":"<aws.scheduler.attempt-number>"}' }));
    failures = [throttled(), throttled()];
    const [result] = await control.tick('nightly');
    expect(result?.error).toBeUndefined();
    expect(invoked[0]?.payload).toBe('{"attempt":"3"}');
    expect(clock.now() - NOON).toBe(3000);
  });

  it('goes to the dead-letter queue when its retries are used up', async () => {
    const { control, queues } = open();
    const deadLetterArn = queues.create('undelivered').arn;
    control.put(spec({}, { deadLetterArn }));
    failures = [throttled(), throttled(), throttled()];
    const [result] = await control.tick('nightly');
    expect(result?.error).toBe('TooManyRequestsException: Rate exceeded');
    expect(queues.messages(deadLetterArn)).toMatchObject([
      {
        body: '{"trigger":"schedule","scheduledTime":"2018-12-01T03:00:00Z"}',
        attributes: { ERROR_CODE: 'TooManyRequestsException', RETRY_ATTEMPTS: '2', TARGET_ARN: FUNCTION },
      },
    ]);
  });

  it('is not tried again when the target is not there or not allowed', async () => {
    const { control, queues } = open({
      trusts: () => true,
      authorizeRole(roleArn, group, action, resource) {
        expect(group).toBe('arn:aws:scheduler:us-west-2:000000000000:schedule-group/default');
        if (action === 'lambda:InvokeFunction')
          throw new AwsError('AccessDeniedException', `${roleArn} ${resource}`, 403);
      },
    });
    const deadLetterArn = queues.create('undelivered').arn;
    control.put(spec({}, { deadLetterArn }));
    const [result] = await control.tick('nightly');
    expect(result?.error).toContain('AccessDeniedException');
    expect(queues.messages(deadLetterArn)[0]?.attributes.RETRY_ATTEMPTS).toBe('0');
    expect(invoked).toEqual([]);
  });
});

describe('a schedule', () => {
  it('is refused with a role that Scheduler may not take on', () => {
    const { control } = open({ trusts: () => false, authorizeRole: () => {} });
    expect(() => control.put(spec())).toThrow(
      'The execution role you provide must allow AWS EventBridge Scheduler to assume the role (arn:aws:iam::000000000000:role/scheduler).',
    );
    expect(control.list()).toEqual([]);
  });

  it.each([
    ['a target that is no function', {}, { arn: 'arn:aws:sqs:us-west-2:000000000000:q' }, /Lambda functions only/],
    ['an input that is no JSON', {}, { input: 'go' }, /must be JSON/],
    ['too many retries', {}, { maximumRetryAttempts: 186 }, /from 0 to 185/],
    ['a wrong expression', { scheduleExpression: 'cron(* * *)' }, {}, /3 fields/],
    ['a name with a slash', { name: '../x' }, {}, /is not a name/],
  ])('is refused with %s', (_what, changes, target, message) => {
    expect(() => open().control.put(spec(changes, target))).toThrow(message);
  });

  it('is told by the API, and gone after its deletion', async () => {
    const { control, service } = open();
    control.put(spec());
    const get = async (path: string, query = '') => {
      const request = { method: 'GET', rawPath: path, query: new URLSearchParams(query) } as AwsRequest;
      return JSON.parse(String((await service.handle(request)).body));
    };
    expect(await get('/schedules/nightly', 'groupName=default')).toMatchObject({
      Arn: ARN,
      ScheduleExpression: 'cron(0 3 * * ? *)',
      State: 'ENABLED',
      Target: { Arn: FUNCTION, RetryPolicy: { MaximumRetryAttempts: 2 } },
    });
    expect(await get('/schedules')).toMatchObject({ Schedules: [{ Name: 'nightly', Target: { Arn: FUNCTION } }] });
    control.delete('default', 'nightly');
    await expect(get('/schedules/nightly')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(open().control.list()).toEqual([]);
  });
});
