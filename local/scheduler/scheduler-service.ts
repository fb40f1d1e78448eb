import type { AwsRequest, AwsResponse, AwsService } from '../aws/service';
import type { Clock, Ids } from '../clock';
import type { LocalHome } from '../home';
import type { LambdaControl } from '../lambda/lambda-control';
import type { QueueStore } from '../sqs/queue-store';
import { fillContextAttributes } from './context-attributes';
import { deliver, groupArn, type SchedulerAccess } from './delivery';
import { scheduleNotFound, validationError } from './errors';
import { parseScheduleExpression } from './schedule-expression';
import { type ScheduleRecord, ScheduleStore } from './schedule-store';
import { answerSchedulerRequest } from './scheduler-api';
import type { SchedulerControl, ScheduleSpec, TickResult } from './scheduler-control';

export interface SchedulerServiceOptions {
  readonly home: LocalHome;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly lambda: LambdaControl;
  readonly queues: QueueStore;
  readonly log: (line: string) => void;
  /** What Scheduler does as a schedule's role; without it all is allowed. */
  readonly access?: SchedulerAccess;
}

/** The local EventBridge Scheduler, state under `home.scheduler`. Only `control.tick` makes anything fire. */
export function createSchedulerService(options: SchedulerServiceOptions): {
  readonly service: AwsService;
  readonly control: SchedulerControl;
} {
  const store = new ScheduleStore(options.home.scheduler);
  const arnOf = (spec: ScheduleSpec) =>
    `arn:aws:scheduler:${options.region}:${options.account}:schedule/${spec.groupName}/${spec.name}`;
  return {
    service: {
      signingName: 'scheduler',
      handle: async (request: AwsRequest): Promise<AwsResponse> => answerSchedulerRequest(store, arnOf, request),
    },
    control: {
      put: (spec) => {
        checkRole(options, spec);
        return put(store, options.clock, spec, arnOf(spec));
      },
      delete: (groupName, name) => store.remove(groupName, name),
      list: () => store.all().map(({ spec }) => spec),
      tick: async (name) => {
        const records = name === undefined ? enabled(store) : [named(store, name)];
        const due = records.flatMap((record) => nextOf(record, options.clock.now()) ?? []);
        if (name !== undefined && due.length === 0) {
          throw validationError(`Schedule ${name} has no occurrence left: ${records[0]?.spec.scheduleExpression}.`);
        }
        return Promise.all(due.map(({ record, time }) => fire(store, options, record, time, arnOf(record.spec))));
      },
    },
  };
}

/** Source: EventBridge Scheduler, CreateSchedule: the role is tried when it is given. */
function checkRole(options: SchedulerServiceOptions, spec: ScheduleSpec): void {
  const { access } = options;
  if (access === undefined || access.trusts(spec.target.roleArn, groupArn(options, spec))) return;
  throw validationError(
    `The execution role you provide must allow AWS EventBridge Scheduler to assume the role (${spec.target.roleArn}).`,
  );
}

function put(store: ScheduleStore, clock: Clock, spec: ScheduleSpec, arn: string): string {
  checkSpec(spec, arn, clock.now());
  const before = store.find(spec.groupName, spec.name);
  const now = clock.now();
  store.save({ ...before, spec, createdAt: before?.createdAt ?? now, modifiedAt: now });
  return arn;
}

function checkSpec(spec: ScheduleSpec, scheduleArn: string, now: number): void {
  for (const name of [spec.name, spec.groupName]) {
    if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(name)) throw validationError(`'${name}' is not a name: [0-9a-zA-Z-_.]{1,64}.`);
  }
  parseScheduleExpression(spec.scheduleExpression, spec.timezone, now);
  const { arn, input, maximumRetryAttempts, maximumEventAgeInSeconds } = spec.target;
  if (!/^arn:[^:]+:lambda:[^:]+:\d{12}:function:/.test(arn)) {
    throw validationError(`The local Scheduler delivers to Lambda functions only, not to ${arn}.`);
  }
  if (!(maximumRetryAttempts >= 0 && maximumRetryAttempts <= 185)) {
    throw validationError(`MaximumRetryAttempts must be from 0 to 185, not ${maximumRetryAttempts}.`);
  }
  if (!(maximumEventAgeInSeconds >= 60 && maximumEventAgeInSeconds <= 86_400)) {
    throw validationError(`MaximumEventAgeInSeconds must be from 60 to 86400, not ${maximumEventAgeInSeconds}.`);
  }
  if (input !== undefined) checkInput(input, scheduleArn, now);
}

function checkInput(input: string, scheduleArn: string, now: number): void {
  try {
    JSON.parse(fillContextAttributes(input, { scheduleArn, scheduledTime: now, executionId: 'id', attempt: 1 }));
  } catch (error) {
    throw validationError(`Invalid Target Input: it must be JSON for a Lambda function (${(error as Error).message}).`);
  }
}

function enabled(store: ScheduleStore): readonly ScheduleRecord[] {
  return store.all().filter(({ spec }) => spec.state === 'ENABLED');
}

/** @param name a schedule's name, or `group/name` where two groups have the same */
function named(store: ScheduleStore, name: string): ScheduleRecord {
  const found = store.all().filter(({ spec }) => spec.name === name || `${spec.groupName}/${spec.name}` === name);
  const [record, another] = found;
  if (!record) throw scheduleNotFound(name);
  if (another) throw validationError(`Several groups have a schedule ${name}: name it as group/name.`);
  if (record.spec.state === 'DISABLED') throw validationError(`Schedule ${name} is DISABLED: it does not fire.`);
  return record;
}

function nextOf(record: ScheduleRecord, now: number): { record: ScheduleRecord; time: number } | undefined {
  const { spec, createdAt, lastFired } = record;
  const occurrences = parseScheduleExpression(spec.scheduleExpression, spec.timezone, createdAt);
  const time = occurrences.after(lastFired ?? now);
  return time === undefined ? undefined : { record, time };
}

async function fire(
  store: ScheduleStore,
  options: SchedulerServiceOptions,
  record: ScheduleRecord,
  time: number,
  scheduleArn: string,
): Promise<TickResult> {
  const { spec } = record;
  // First on disk, so that a tick after a crash never repeats a scheduled time.
  store.save({ ...record, lastFired: time });
  const result = await deliver(options, { spec, scheduleArn, scheduledTime: time });
  return { schedule: spec.name, scheduledTime: new Date(time), targetArn: spec.target.arn, ...result };
}
