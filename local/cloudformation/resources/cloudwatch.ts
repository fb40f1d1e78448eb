import type { Alarm, AlarmStore } from '../../cloudwatch/alarm-store';
import { evaluateRule } from '../../cloudwatch/composite-rule';
import { sortedDimensions } from '../../cloudwatch/metric';
import { ResourceFailedError } from '../errors';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { isObject } from '../values';
import { boolean, list, number, requiredText, text, texts } from './names';
import { arn } from './record';

/** Alarms and dashboards of the local CloudWatch. */
export function cloudWatchProviders(alarms: AlarmStore): Record<string, ResourceProvider> {
  return {
    'AWS::CloudWatch::Alarm': alarmProvider(alarms, metricAlarm),
    'AWS::CloudWatch::CompositeAlarm': alarmProvider(alarms, compositeAlarm),
    'AWS::CloudWatch::Dashboard': dashboardProvider(alarms),
  };
}

function alarmProvider(alarms: AlarmStore, define: (name: string, properties: Properties) => Alarm): ResourceProvider {
  function put(context: ResourceContext, name: string, properties: Properties) {
    alarms.put(define(name, properties));
    return { physicalId: name, attributes: { Arn: arn(context, 'cloudwatch', `alarm:${name}`) } };
  }
  return {
    replaceOn: ['AlarmName'],
    create: async (context, properties) =>
      put(context, text(properties, 'AlarmName') ?? context.generateName(255), properties),
    update: async (context, name, properties) => put(context, name, properties),
    delete: async (_context, name) => alarms.delete(name),
    read: async (_context, name, properties) => (alarms.find(name) === undefined ? undefined : properties),
  };
}

function shared(name: string, properties: Properties) {
  return {
    name,
    description: text(properties, 'AlarmDescription'),
    actionsEnabled: boolean(properties, 'ActionsEnabled', true),
    alarmActions: texts(properties, 'AlarmActions'),
    okActions: texts(properties, 'OKActions'),
    insufficientDataActions: texts(properties, 'InsufficientDataActions'),
  };
}

function metricAlarm(name: string, properties: Properties): Alarm {
  const metricName = text(properties, 'MetricName');
  const math = list(properties, 'Metrics').length > 0;
  if ((metricName !== undefined) === math) {
    throw new ResourceFailedError(`Alarm ${name} must have exactly one of MetricName and Metrics.`);
  }
  const evaluationPeriods = number(properties, 'EvaluationPeriods', 1);
  const dimensions = list(properties, 'Dimensions')
    .filter(isObject)
    .map((dimension) => [requiredText(dimension, 'Name'), requiredText(dimension, 'Value')]);
  return {
    ...shared(name, properties),
    kind: 'metric',
    ...(metricName !== undefined && {
      metric: {
        namespace: requiredText(properties, 'Namespace'),
        name: metricName,
        dimensions: sortedDimensions(Object.fromEntries(dimensions)),
      },
    }),
    statistic: text(properties, 'ExtendedStatistic') ?? text(properties, 'Statistic') ?? 'Average',
    period: number(properties, 'Period', 60),
    evaluationPeriods,
    datapointsToAlarm: number(properties, 'DatapointsToAlarm', evaluationPeriods),
    threshold: number(properties, 'Threshold', 0),
    comparison: requiredText(properties, 'ComparisonOperator'),
    treatMissingData: text(properties, 'TreatMissingData') ?? 'missing',
    unit: text(properties, 'Unit'),
  };
}

function compositeAlarm(name: string, properties: Properties): Alarm {
  const rule = requiredText(properties, 'AlarmRule');
  evaluateRule(rule, () => 'OK');
  return { ...shared(name, properties), kind: 'composite', rule };
}

function dashboardProvider(alarms: AlarmStore): ResourceProvider {
  function put(name: string, properties: Properties) {
    const body = requiredText(properties, 'DashboardBody');
    try {
      JSON.parse(body);
    } catch (error) {
      throw new ResourceFailedError(`The dashboard ${name} is not JSON: ${(error as Error).message}`);
    }
    alarms.putDashboard(name, body);
    return { physicalId: name, attributes: {} };
  }
  return {
    replaceOn: ['DashboardName'],
    create: async (context, properties) =>
      put(text(properties, 'DashboardName') ?? context.generateName(255), properties),
    update: async (_context, name, properties) => put(name, properties),
    delete: async (_context, name) => alarms.deleteDashboard(name),
    async read(_context, name, properties) {
      const body = alarms.dashboards()[name];
      return body === undefined ? undefined : { ...properties, DashboardBody: body };
    },
  };
}
