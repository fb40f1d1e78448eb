import { AwsError, type AwsRequest, type AwsResponse } from '../aws/service';
import { scheduleNotFound } from './errors';
import type { ScheduleRecord, ScheduleStore } from './schedule-store';
import type { ScheduleSpec } from './scheduler-control';

/** The reading half of Scheduler's API: GetSchedule and ListSchedules. @throws AwsError */
export function answerSchedulerRequest(
  store: ScheduleStore,
  arnOf: (spec: ScheduleSpec) => string,
  { method, rawPath, query }: AwsRequest,
): AwsResponse {
  const [, root, encodedName, ...more] = rawPath.split('/');
  if (method !== 'GET' || root !== 'schedules' || more.length > 0) {
    throw new AwsError('NotImplemented', `The local Scheduler does not implement ${method} ${rawPath}.`, 501);
  }
  if (!encodedName) return json({ Schedules: list(store, query).map((record) => summary(record, arnOf(record.spec))) });
  const name = decodeURIComponent(encodedName);
  const record = store.find(query.get('groupName') ?? 'default', name);
  if (!record) throw scheduleNotFound(name);
  return json(description(record, arnOf(record.spec)));
}

function list(store: ScheduleStore, query: URLSearchParams): readonly ScheduleRecord[] {
  const group = query.get('ScheduleGroup');
  const state = query.get('State');
  const prefix = query.get('NamePrefix') ?? '';
  return store
    .all()
    .filter(({ spec }) => (!group || spec.groupName === group) && (!state || spec.state === state))
    .filter(({ spec }) => spec.name.startsWith(prefix));
}

function summary({ spec, createdAt, modifiedAt }: ScheduleRecord, arn: string): object {
  return {
    Arn: arn,
    Name: spec.name,
    GroupName: spec.groupName,
    State: spec.state,
    CreationDate: createdAt / 1000,
    LastModificationDate: modifiedAt / 1000,
    Target: { Arn: spec.target.arn },
  };
}

function description(record: ScheduleRecord, arn: string): object {
  const { spec } = record;
  const { target } = spec;
  return {
    ...summary(record, arn),
    ScheduleExpression: spec.scheduleExpression,
    ScheduleExpressionTimezone: spec.timezone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      Input: target.input,
      RetryPolicy: {
        MaximumEventAgeInSeconds: target.maximumEventAgeInSeconds,
        MaximumRetryAttempts: target.maximumRetryAttempts,
      },
      ...(target.deadLetterArn ? { DeadLetterConfig: { Arn: target.deadLetterArn } } : {}),
    },
  };
}

function json(body: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
