import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { type RunningServer, startServer } from '../../../local/aws/server';
import { type AlarmStore, type MetricAlarm, openAlarmStore } from '../../../local/cloudwatch/alarm-store';
import { createCloudWatchService } from '../../../local/cloudwatch/cloudwatch-service';
import { evaluateRule } from '../../../local/cloudwatch/composite-rule';
import { openMetricStore } from '../../../local/cloudwatch/metric-store';
import { queueMetrics } from '../../../local/cloudwatch/queue-metrics';
import { createIdentityStore } from '../../../local/iam/disk-identity-store';
import { createQueueStore, type DiskQueueStore } from '../../../local/sqs/disk-queue-store';
import { randomIds, systemClock } from '../../../local/system-clock';
import { ACCOUNT, ManualClock, REGION } from '../cloudformation/harness';

const MINUTE = 60_000;
let folder: string;
let logs: string;
let clock: ManualClock;
let alarms: AlarmStore;
let queues: DiskQueueStore;
let server: RunningServer;
let client: CloudWatchClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudwatch-'));
  logs = join(folder, 'logs');
  mkdirSync(join(logs, 'aws', 'lambda', 'etl'), { recursive: true });
  clock = new ManualClock();
  alarms = openAlarmStore(folder);
  queues = createQueueStore({
    folder: join(folder, 'sqs'),
    account: ACCOUNT,
    region: REGION,
    clock,
    ids: randomIds,
    endpointUrl: () => 'http://127.0.0.1',
  });
  const metrics = openMetricStore({ folder, logs, services: () => queueMetrics(queues, clock) });
  const service = createCloudWatchService({ account: ACCOUNT, region: REGION, clock, metrics, alarms });
  const identities = createIdentityStore({ folder, account: ACCOUNT, clock: systemClock, ids: randomIds });
  server = await startServer({ port: 0, services: [service], keys: identities, clock: systemClock, ids: randomIds });
  const credentials = identities.operatorCredentials();
  client = new CloudWatchClient({ region: REGION, endpoint: server.url, credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const log = (text: string) => appendFileSync(join(logs, 'aws', 'lambda', 'etl', 'stream.log'), text);
/** A line as a function writes it for CloudWatch to find metrics in. */
const line = (values: Record<string, number | number[]>, time = clock.now(), dimensions = { Environment: 'local' }) =>
  `${JSON.stringify({
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        {
          Namespace: 'Sparkify',
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.keys(values).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
    ...dimensions,
    ...values,
  })}\n`;
const DIMENSIONS = [{ Name: 'Environment', Value: 'local' }];

async function listed(): Promise<string[]> {
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Sparkify' }));
  return Metrics!.map(
    ({ MetricName, Dimensions }) => `${MetricName} ${Dimensions!.map(({ Name, Value }) => `${Name}=${Value}`).join()}`,
  );
}

describe('Metrics', () => {
  it('are what functions wrote into their logs, lines that come later too', async () => {
    log(line({ Rows: 5 }));
    expect(await listed()).toEqual(['Rows Environment=local']);
    const cut = line({ Files: 2 });
    log(cut.slice(0, 30));
    expect(await listed()).toEqual(['Rows Environment=local']);
    log(cut.slice(30));
    expect(await listed()).toEqual(['Files Environment=local', 'Rows Environment=local']);
  });

  it('are not found in lines that are not wholly JSON, or whose dimension has no value', async () => {
    log(`2018-11-30T00:00:00.000Z\tid\tINFO\t${line({ Rows: 5 })}`);
    log(line({ Rows: 1 }).replace('"Environment":"local",', ''));
    log('{"_aws": nothing}\n');
    expect(await listed()).toEqual([]);
  });

  it('have statistics by period', async () => {
    const start = clock.now();
    log(line({ Rows: [1, 2] }, start) + line({ Rows: 6 }, start + 30_000) + line({ Rows: 10 }, start + 5 * MINUTE));
    const range = { StartTime: new Date(start), EndTime: new Date(start + 10 * MINUTE) };
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        ...range,
        Namespace: 'Sparkify',
        MetricName: 'Rows',
        Dimensions: DIMENSIONS,
        Period: 60,
        Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
        ExtendedStatistics: ['p50'],
      }),
    );
    expect(Datapoints).toMatchObject([
      { Timestamp: new Date(start), Sum: 9, Average: 3, Minimum: 1, Maximum: 6, SampleCount: 3, Unit: 'Count' },
      { Timestamp: new Date(start + 5 * MINUTE), Sum: 10 },
    ]);
    expect(Datapoints![0]!.ExtendedStatistics).toEqual({ p50: 2 });
    const Metric = { Namespace: 'Sparkify', MetricName: 'Rows', Dimensions: DIMENSIONS };
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [{ Id: 'rows', MetricStat: { Metric, Period: 300, Stat: 'Sum' } }],
      }),
    );
    expect(MetricDataResults).toMatchObject([{ Id: 'rows', Values: [10, 9], StatusCode: 'Complete' }]);
  });

  it('can be put, and are still there after a restart', async () => {
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Own',
        MetricData: [{ MetricName: 'M', Value: 3, Dimensions: DIMENSIONS }],
      }),
    );
    expect(openMetricStore({ folder, logs }).all()).toMatchObject([{ namespace: 'Own', name: 'M', values: [3] }]);
    await expect(
      client.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'M', Value: 3 }] })),
    ).rejects.toThrow('Namespace is invalid');
  });
});

describe('An alarm', () => {
  const alarm = (changes: Partial<MetricAlarm> = {}): MetricAlarm => ({
    kind: 'metric',
    name: 'rejects',
    actionsEnabled: true,
    alarmActions: ['arn:aws:sns:us-west-2:000000000000:t'],
    okActions: [],
    insufficientDataActions: [],
    metric: { namespace: 'Sparkify', name: 'Rejects', dimensions: [{ name: 'Environment', value: 'local' }] },
    statistic: 'Sum',
    period: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    threshold: 10,
    comparison: 'GreaterThanThreshold',
    treatMissingData: 'missing',
    ...changes,
  });
  const state = async () => {
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['rejects'] }));
    return MetricAlarms![0]!.StateValue;
  };

  // The last three periods, oldest first; null has no data. Source: the user guide's table on missing data.
  it.each<[string, (number | null)[], string]>([
    ['missing', [null, null, null], 'INSUFFICIENT_DATA'],
    ['missing', [null, 11, 12], 'ALARM'],
    ['missing', [1, 11, null], 'OK'],
    ['notBreaching', [null, null, null], 'OK'],
    ['notBreaching', [11, null, 11], 'ALARM'],
    ['breaching', [null, null, 1], 'ALARM'],
    ['breaching', [1, 1, null], 'OK'],
    ['ignore', [11, 11, 1], 'ALARM'],
  ])('that takes missing data as %s is, after %j, %s', async (treatMissingData, values, expected) => {
    alarms.put(alarm({ treatMissingData }));
    for (const [index, value] of values.entries()) {
      if (value !== null) log(line({ Rejects: value }, clock.now() - (3 - index) * MINUTE));
    }
    expect(await state()).toBe(expected);
  });

  it('keeps its state without data when it ignores that, and remembers since when', async () => {
    alarms.put(alarm({ treatMissingData: 'ignore', evaluationPeriods: 1, datapointsToAlarm: 1 }));
    log(line({ Rejects: 11 }, clock.now() - MINUTE));
    expect(await state()).toBe('ALARM');
    clock.advance(60 * MINUTE);
    expect(await state()).toBe('ALARM');
    expect(openAlarmStore(folder).stateOf('rejects')?.since).toBe(clock.now() - 60 * MINUTE);
  });

  it('sees only its own metric', async () => {
    alarms.put(alarm({ evaluationPeriods: 1, datapointsToAlarm: 1 }));
    log(line({ Rejects: 11 }, clock.now() - MINUTE, { Environment: 'prod' }));
    expect(await state()).toBe('INSUFFICIENT_DATA');
  });

  it('rings while a message waits in a queue', async () => {
    const { arn } = queues.create('dead-letters');
    const dimensions = [{ name: 'QueueName', value: 'dead-letters' }];
    const metric = { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions };
    alarms.put(
      alarm({ metric, statistic: 'Maximum', threshold: 0, period: 300, evaluationPeriods: 1, datapointsToAlarm: 1 }),
    );
    expect(await state()).toBe('OK');
    const { messageId } = queues.send(arn, 'lost');
    clock.advance(5 * MINUTE);
    expect(await state()).toBe('ALARM');
    queues.remove(arn, messageId);
    expect(await state()).toBe('OK');
  });

  it('can be composed of others', async () => {
    alarms.put(alarm({ treatMissingData: 'breaching' }));
    const { name: _, ...rest } = alarm();
    alarms.put({ ...rest, kind: 'composite', name: 'any', rule: 'ALARM("rejects") AND NOT OK(rejects)' });
    const { CompositeAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmTypes: ['CompositeAlarm'] }));
    expect(CompositeAlarms).toMatchObject([{ AlarmName: 'any', StateValue: 'ALARM' }]);
  });

  it('can be set by hand only when there is one', async () => {
    const set = (AlarmName: string) =>
      client.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'a drill' }));
    await expect(set('rejects')).rejects.toThrow('Alarm rejects does not exist');
    alarms.put(alarm());
    await set('rejects');
    expect(alarms.stateOf('rejects')).toMatchObject({ state: 'ALARM', reason: 'a drill' });
  });
});

describe('The rule of a composite alarm', () => {
  const states = { a: 'ALARM', b: 'OK', c: 'INSUFFICIENT_DATA' } as const;
  const evaluate = (rule: string) => evaluateRule(rule, (name) => states[name as keyof typeof states]);

  it.each<[string, boolean]>([
    ['ALARM(a)', true],
    ['ALARM(b)', false],
    ['NOT ALARM(b) AND OK("b")', true],
    ['ALARM(b) AND ALARM(b) OR TRUE', true],
    ['ALARM(b) AND (ALARM(b) OR TRUE)', false],
    ['not not insufficient_data(c)', true],
  ])('%s is %s', (rule, expected) => {
    expect(evaluate(rule)).toBe(expected);
  });

  it.each(['', 'ALARM', 'ALARM(a', 'ALARM(a) OR', 'MAYBE(a)', 'ALARM(a) ALARM(b)'])('%j is none', (rule) => {
    expect(() => evaluate(rule)).toThrow('AlarmRule is not valid');
  });

  it('binds NOT before AND before OR', () => {
    const term = fc.constantFrom('TRUE', 'FALSE');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('AND', 'OR'), fc.boolean(), term), { maxLength: 6 }), (rest) => {
        const rule = `TRUE${rest.map(([join, not, value]) => ` ${join} ${not ? 'NOT ' : ''}${value}`).join('')}`;
        const script = rule.replaceAll('AND', '&&').replaceAll('OR', '||').replaceAll('NOT ', '!').toLowerCase();
        expect(evaluate(rule)).toBe(new Function(`return ${script};`)());
      }),
    );
  });
});

it('A dashboard is given back as it was made', async () => {
  alarms.putDashboard('load', '{"widgets":[]}');
  const { DashboardEntries } = await client.send(new ListDashboardsCommand({}));
  expect(DashboardEntries).toMatchObject([{ DashboardName: 'load', Size: 14 }]);
  expect(await client.send(new GetDashboardCommand({ DashboardName: 'load' }))).toMatchObject({
    DashboardBody: '{"widgets":[]}',
  });
  await expect(client.send(new GetDashboardCommand({ DashboardName: 'other' }))).rejects.toThrow('does not exist');
});
