import type { SchedulerControl, ScheduleSpec } from '../../scheduler/scheduler-control';
import { ResourceFailedError } from '../errors';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { number, object, requiredText, text } from './names';
import { arn, recordProvider } from './record';

/** Schedules of the local EventBridge Scheduler. */
export function schedulerProviders(scheduler: SchedulerControl): Record<string, ResourceProvider> {
  return {
    'AWS::Scheduler::ScheduleGroup': recordProvider({
      replaceOn: ['Name'],
      id: (context, properties) => text(properties, 'Name') ?? context.generateName(64),
      attributes: (context, name) => ({ Arn: arn(context, 'scheduler', `schedule-group/${name}`), State: 'ACTIVE' }),
    }),
    'AWS::Scheduler::Schedule': scheduleProvider(scheduler),
  };
}

function scheduleProvider(scheduler: SchedulerControl): ResourceProvider {
  const put = (name: string, properties: Properties) => ({
    physicalId: name,
    attributes: { Arn: scheduler.put(spec(name, properties)) },
  });
  return {
    replaceOn: ['Name'],
    create: async (context: ResourceContext, properties) =>
      put(text(properties, 'Name') ?? context.generateName(64), properties),
    update: async (_context, name, properties, old) => {
      const group = groupOf(old);
      if (group !== groupOf(properties)) scheduler.delete(group, name);
      return put(name, properties);
    },
    async delete(_context, name, properties) {
      scheduler.delete(groupOf(properties), name);
    },
    async read(_context, name, properties) {
      const now = scheduler.list().find((one) => one.name === name && one.groupName === groupOf(properties));
      if (now === undefined) return undefined;
      const values = {
        ScheduleExpression: now.scheduleExpression,
        ScheduleExpressionTimezone: now.timezone,
        State: now.state,
        Target: { ...object(properties, 'Target'), Arn: now.target.arn, RoleArn: now.target.roleArn },
      };
      const given = Object.entries(values).filter(([property]) => properties[property] !== undefined);
      return { ...properties, ...Object.fromEntries(given) };
    },
  };
}

function groupOf(properties: Properties): string {
  return text(properties, 'GroupName') ?? 'default';
}

function spec(name: string, properties: Properties): ScheduleSpec {
  const target = object(properties, 'Target');
  const retry = object(target, 'RetryPolicy');
  const state = text(properties, 'State') ?? 'ENABLED';
  if (state !== 'ENABLED' && state !== 'DISABLED') {
    throw new ResourceFailedError(`Schedule ${name}: State must be ENABLED or DISABLED, not ${state}.`);
  }
  const window = text(object(properties, 'FlexibleTimeWindow'), 'Mode');
  if (window === undefined) {
    throw new ResourceFailedError('Properties validation failed: required key [FlexibleTimeWindow] not found');
  }
  return {
    name,
    groupName: groupOf(properties),
    scheduleExpression: requiredText(properties, 'ScheduleExpression'),
    timezone: text(properties, 'ScheduleExpressionTimezone') ?? 'UTC',
    state,
    target: {
      arn: requiredText(target, 'Arn'),
      roleArn: requiredText(target, 'RoleArn'),
      input: text(target, 'Input'),
      deadLetterArn: text(object(target, 'DeadLetterConfig'), 'Arn'),
      maximumRetryAttempts: number(retry, 'MaximumRetryAttempts', 185),
      maximumEventAgeInSeconds: number(retry, 'MaximumEventAgeInSeconds', 86_400),
    },
  };
}
