import { jsonService } from '../aws/protocols/json';
import { AwsError, type AwsService } from '../aws/service';
import type { Clock } from '../clock';
import type { Alarm, AlarmState, AlarmStore, MetricAlarm } from './alarm-store';
import { evaluateAlarm } from './evaluate';
import { type Datum, type Dimension, type Metric, metricKey, sortedDimensions } from './metric';
import type { MetricStore } from './metric-store';
import { periods, statistic } from './statistics';

type Input = Readonly<Record<string, unknown>>;

export interface CloudWatchOptions {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly metrics: MetricStore;
  readonly alarms: AlarmStore;
}

const STATES: readonly string[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/**
 * CloudWatch over what the functions of an account wrote into their logs in the embedded metric format, and over
 * PutMetricData: metrics, statistics, alarms with their states, dashboards. Of AWS services it has SQS's count of
 * messages only.
 */
export function createCloudWatchService(options: CloudWatchOptions): AwsService {
  return jsonService({
    signingName: 'monitoring',
    version: '1.0',
    operations: { ...metricOperations(options), ...alarmOperations(options), ...dashboardOperations(options) },
  });
}

function metricOperations({ metrics, clock }: CloudWatchOptions) {
  const dataOf = (metric: Metric) => {
    const key = metricKey(metric);
    return metrics.all().filter((datum) => metricKey(datum) === key);
  };
  return {
    ListMetrics(input: Input) {
      const wanted = dimensionsOf(input.Dimensions, { valueOptional: true });
      const found = new Map<string, Metric>();
      for (const datum of metrics.all()) {
        if (matches(datum, input, wanted)) found.set(metricKey(datum), datum);
      }
      const list = [...found.entries()].sort(([left], [right]) => (left < right ? -1 : 1));
      return { Metrics: list.map(([, metric]) => described(metric)) };
    },
    GetMetricStatistics(input: Input) {
      const metric = metricOf(input);
      const names = [...textsOf(input.Statistics), ...textsOf(input.ExtendedStatistics)];
      const { from, end } = timeRange(input);
      const found = periods(dataOf(metric), from, end, numberOf(input, 'Period'));
      const Datapoints = found.map(({ start, values, unit }) => {
        const entries = names.map((name) => [name, statistic(name, values)] as const);
        const extended = entries.filter(([name]) => name.startsWith('p'));
        return {
          Timestamp: new Date(start),
          Unit: unit,
          ...Object.fromEntries(entries.filter(([name]) => !name.startsWith('p'))),
          ...(extended.length > 0 && { ExtendedStatistics: Object.fromEntries(extended) }),
        };
      });
      return { Label: metric.name, Datapoints };
    },
    GetMetricData(input: Input) {
      const { from, end } = timeRange(input);
      const ascending = input.ScanBy === 'TimestampAscending';
      const results = objectsOf(input.MetricDataQueries)
        .filter((query) => query.ReturnData !== false)
        .map((query) => {
          const stat = query.MetricStat as Input | undefined;
          if (stat === undefined) {
            throw new AwsError('ValidationError', 'The local CloudWatch does not evaluate metric math (Expression).');
          }
          const metric = metricOf(stat.Metric as Input);
          const found = periods(dataOf(metric), from, end, numberOf(stat, 'Period'));
          if (!ascending) found.reverse();
          return {
            Id: query.Id,
            Label: query.Label ?? metric.name,
            Timestamps: found.map(({ start }) => new Date(start)),
            Values: found.map(({ values }) => statistic(String(stat.Stat), values)),
            StatusCode: 'Complete',
          };
        });
      return { MetricDataResults: results, Messages: [] };
    },
    PutMetricData(input: Input, request: { readonly requestId: string }) {
      const namespace = textOf(input, 'Namespace');
      if (namespace.startsWith('AWS/')) {
        throw new AwsError('InvalidParameterValue', `The value AWS/ for parameter Namespace is invalid.`);
      }
      const now = clock.now();
      metrics.put(objectsOf(input.MetricData).map((datum) => putDatum(namespace, datum, now, request.requestId)));
      return {};
    },
  };
}

function putDatum(namespace: string, datum: Input, now: number, requestId: string): Datum {
  const values = Array.isArray(datum.Values) ? datum.Values.map(Number) : [Number(datum.Value)];
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) {
    throw new AwsError('InvalidParameterValue', `MetricData without Value or Values (request ${requestId})`);
  }
  return {
    namespace,
    name: textOf(datum, 'MetricName'),
    dimensions: dimensionsOf(datum.Dimensions),
    time: datum.Timestamp === undefined ? now : milliseconds(datum.Timestamp),
    values,
    unit: typeof datum.Unit === 'string' ? datum.Unit : 'None',
  };
}

function alarmOperations(options: CloudWatchOptions) {
  const { alarms, metrics, clock } = options;
  const state = (alarm: Alarm, data: readonly Datum[]) => evaluateAlarm(alarm, alarms, data, clock.now());
  return {
    DescribeAlarms(input: Input) {
      const names = textsOf(input.AlarmNames);
      const types = textsOf(input.AlarmTypes);
      const data = metrics.all();
      const chosen = alarms
        .list()
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .filter(({ name }) => name.startsWith(String(input.AlarmNamePrefix ?? '')))
        .map((alarm) => ({ alarm, ...state(alarm, data) }))
        .filter((found) => input.StateValue === undefined || found.state === input.StateValue);
      const metric = chosen.filter(({ alarm }) => alarm.kind === 'metric');
      const composite = chosen.filter(({ alarm }) => alarm.kind === 'composite');
      const describe = (found: (typeof chosen)[number]) => describedAlarm(options, found);
      return {
        // Without AlarmTypes only metric alarms are described, as in AWS.
        MetricAlarms: types.length === 0 || types.includes('MetricAlarm') ? metric.map(describe) : [],
        CompositeAlarms: types.includes('CompositeAlarm') ? composite.map(describe) : [],
      };
    },
    SetAlarmState(input: Input) {
      const name = textOf(input, 'AlarmName');
      const value = textOf(input, 'StateValue');
      if (alarms.find(name) === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`, 404);
      if (!STATES.includes(value))
        throw new AwsError('ValidationError', `StateValue must be one of ${STATES.join(', ')}`);
      alarms.setState(name, {
        state: value as AlarmState,
        reason: String(input.StateReason ?? ''),
        since: clock.now(),
      });
      return {};
    },
    DeleteAlarms(input: Input) {
      for (const name of textsOf(input.AlarmNames)) alarms.delete(name);
      return {};
    },
  };
}

function dashboardOperations({ alarms, account }: CloudWatchOptions) {
  const arn = (name: string) => `arn:aws:cloudwatch::${account}:dashboard/${name}`;
  return {
    ListDashboards: (input: Input) => ({
      DashboardEntries: Object.entries(alarms.dashboards())
        .filter(([name]) => name.startsWith(String(input.DashboardNamePrefix ?? '')))
        .map(([name, body]) => ({ DashboardName: name, DashboardArn: arn(name), Size: Buffer.byteLength(body) })),
    }),
    GetDashboard(input: Input) {
      const name = textOf(input, 'DashboardName');
      const body = alarms.dashboards()[name];
      if (body === undefined) {
        throw new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, 404);
      }
      return { DashboardName: name, DashboardArn: arn(name), DashboardBody: body };
    },
  };
}

function describedAlarm(
  { account, region }: CloudWatchOptions,
  found: { alarm: Alarm; state: AlarmState; reason: string; since: number },
): object {
  const { alarm, state, reason, since } = found;
  return {
    AlarmName: alarm.name,
    AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm.name}`,
    AlarmDescription: alarm.description,
    ActionsEnabled: alarm.actionsEnabled,
    AlarmActions: alarm.alarmActions,
    OKActions: alarm.okActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: new Date(since),
    StateTransitionedTimestamp: new Date(since),
    ...(alarm.kind === 'composite' ? { AlarmRule: alarm.rule } : metricMembers(alarm)),
  };
}

function metricMembers(alarm: MetricAlarm): object {
  const percentile = alarm.statistic.startsWith('p');
  return {
    Namespace: alarm.metric?.namespace,
    MetricName: alarm.metric?.name,
    Dimensions: alarm.metric?.dimensions.map(({ name, value }) => ({ Name: name, Value: value })) ?? [],
    ...(percentile ? { ExtendedStatistic: alarm.statistic } : { Statistic: alarm.statistic }),
    Period: alarm.period,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.treatMissingData,
    Unit: alarm.unit,
  };
}

function matches(datum: Datum, input: Input, wanted: readonly Dimension[]): boolean {
  if (input.Namespace !== undefined && datum.namespace !== input.Namespace) return false;
  if (input.MetricName !== undefined && datum.name !== input.MetricName) return false;
  return wanted.every(({ name, value }) =>
    datum.dimensions.some((own) => own.name === name && (value === '' || own.value === value)),
  );
}

function described({ namespace, name, dimensions }: Metric): object {
  const Dimensions = dimensions.map((dimension) => ({ Name: dimension.name, Value: dimension.value }));
  return { Namespace: namespace, MetricName: name, Dimensions };
}

function metricOf(input: Input): Metric {
  return {
    namespace: textOf(input, 'Namespace'),
    name: textOf(input, 'MetricName'),
    dimensions: dimensionsOf(input.Dimensions),
  };
}

function dimensionsOf(value: unknown, options: { readonly valueOptional?: boolean } = {}): Dimension[] {
  const entries = objectsOf(value).map((dimension) => {
    const text = options.valueOptional ? String(dimension.Value ?? '') : textOf(dimension, 'Value');
    return [textOf(dimension, 'Name'), text] as const;
  });
  return sortedDimensions(Object.fromEntries(entries));
}

function timeRange(input: Input): { readonly from: number; readonly end: number } {
  return { from: milliseconds(input.StartTime), end: milliseconds(input.EndTime) };
}

/** The protocol's timestamps are seconds. @throws AwsError */
function milliseconds(value: unknown): number {
  if (typeof value !== 'number') throw new AwsError('ValidationError', 'StartTime, EndTime and Timestamp are seconds.');
  return value * 1000;
}

function textOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('MissingParameter', `The parameter ${name} is required.`);
}

function numberOf(input: Input, name: string): number {
  const value = Number(input[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new AwsError('InvalidParameterValue', `The parameter ${name} must be a whole number above 0.`);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function objectsOf(value: unknown): Input[] {
  return Array.isArray(value) ? value.filter((item): item is Input => typeof item === 'object' && item !== null) : [];
}
