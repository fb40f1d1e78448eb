import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  type Metric,
} from '@aws-sdk/client-cloudwatch';
import { generateBucket } from '../../dataset/generate';
import type { Clock } from '../../local/clock';
import { localAssembly } from '../support/local-world/assembly';
import { LocalWorld, SOURCE_BUCKET } from '../support/local-world/local-world';

const SIZE = { seed: 4, songs: 5, events: 60, users: 6, days: 2 };
const RUNBOOK = readFileSync(join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const HOUR = 3_600_000;
/** Of the alarms that look at single runs. */
const PERIOD = 300_000;
/** `Namespace/Name{Dimension=Value}` */
type MetricId = string;

/**
 * One story in order, on one local AWS: a load, a load that leaves a row out and whose check warns, a load that fails,
 * and two days of silence, seen by the real CloudWatch client.
 */
describe('alarms and dashboard of a deployed environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-operations-'));
  const source = join(folder, 'source');
  const november = (day: string) => join(source, `log_data/2018/11/2018-11-${day}-events.json`);
  let world: LocalWorld;
  let cloudWatch: CloudWatchClient;
  let clock: Clock;
  /** A play, to be spoiled. */
  let play: string;

  beforeAll(async () => {
    mkdirSync(source);
    await generateBucket({ folder: source, ...SIZE });
    play =
      readFileSync(november('01'), 'utf8')
        .split('\n')
        .find((line) => line.includes('"NextSong"')) ?? '';
    const allowed = join(folder, 'rejects.yaml');
    writeFileSync(allowed, 'rejects: { songs: 0, events: 1 }\n');
    const assembly = localAssembly(SOURCE_BUCKET, 1, { config: allowed });
    // At the machine's own speed: the function signs its metrics by the machine's time.
    world = await LocalWorld.open({ home: join(folder, 'home'), source, speed: 1 }, (_services, its) => {
      clock = its;
    });
    await world.publish(assembly);
    expect(await world.create(assembly.template)).toBe('CREATE_COMPLETE');
    const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = world.environment;
    cloudWatch = new CloudWatchClient({
      endpoint: AWS_ENDPOINT_URL,
      region: AWS_REGION,
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
    });
  });
  afterAll(async () => {
    cloudWatch?.destroy();
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const alarms = async () => (await cloudWatch.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [];
  /** State by the alarm's section of the runbook. */
  const states = async () =>
    Object.fromEntries(
      (await alarms()).map(({ AlarmDescription = '', StateValue }) => [AlarmDescription.split('#')[1], StateValue]),
    );
  const load = async (run: string) => world.ended(await world.invoke({ trigger: 'operator', run }));
  /** Lets time pass until the period is over in which the last run has spoken. */
  const leapPast = (length: number) => {
    const end = (Math.floor(lastMetrics(join(folder, 'home', 'logs')) / length) + 1) * length;
    world.leap(Math.max(0, end - clock.now()) / 1000);
  };

  it('refer to no metric of the load that the function does not emit, and the dashboard leaves none out', async () => {
    const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'Sparkify/Warehouse' }));
    const emitted = Metrics.map(idOf).sort();
    const { DashboardEntries = [] } = await cloudWatch.send(new ListDashboardsCommand({}));
    expect(DashboardEntries.map(({ DashboardName }) => DashboardName)).toEqual(['Sparkify-local']);
    const { DashboardBody = '' } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: 'Sparkify-local' }));
    const shown = dashboardMetrics(DashboardBody);
    const ofLoad = (id: MetricId) => id.startsWith('Sparkify/');
    expect([...new Set(shown.filter(ofLoad))].sort()).toEqual(emitted);
    const alarming = (await alarms()).map(idOf).filter(ofLoad);
    expect(alarming).toHaveLength(4);
    expect(emitted).toEqual(expect.arrayContaining(alarming));
  });

  it('refer to the queue and the cluster that there are', async () => {
    const { DashboardBody = '' } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: 'Sparkify-local' }));
    const others = [...dashboardMetrics(DashboardBody), ...(await alarms()).map(idOf)].filter((id) =>
      id.startsWith('AWS/'),
    );
    const cluster = await world.output('ClusterIdentifier');
    const { Metrics: queue = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'AWS/SQS' }));
    for (const id of others)
      expect(
        id.startsWith('AWS/SQS') ? queue.map(idOf).includes(id) : id.endsWith(`{ClusterIdentifier=${cluster}}`),
      ).toBe(true);
    expect(others.some((id) => id.startsWith('AWS/SQS'))).toBe(true);
  });

  it('tell the topic in both directions, and nothing is alarming after a load that succeeded', async () => {
    for (const { AlarmActions, OKActions, ActionsEnabled } of await alarms()) {
      expect(ActionsEnabled).toBe(true);
      expect(AlarmActions).toEqual([expect.stringMatching(/^arn:aws:sns:us-west-2:000000000000:Sparkify-local/)]);
      expect(OKActions).toEqual(AlarmActions);
    }
    leapPast(PERIOD);
    expect(await states()).toMatchObject({
      'load-failed': 'OK',
      'dead-letters': 'OK',
      'rows-rejected': 'OK',
      'check-warned': 'OK',
      'cluster-unhealthy': 'OK',
      'disk-full': 'OK',
    });
  });

  it('say that a load has left rows out, and that a check warns', async () => {
    writeFileSync(november('29'), play.replace(/"sessionId":\d+/, '"sessionId":"12x"'));
    expect((await load('leaves-out')).status).toBe('SUCCEEDED');
    leapPast(PERIOD);
    expect(await states()).toMatchObject({ 'load-failed': 'OK', 'rows-rejected': 'ALARM', 'check-warned': 'ALARM' });
  });

  it('say that a load has failed, and keep saying it until one succeeds', async () => {
    const spoilt = play.replace(/"sessionId":\d+/, '"sessionId":"13x"');
    writeFileSync(november('30'), [spoilt, spoilt, spoilt].join('\n'));
    expect((await load('fails')).status).toBe('FAILED');
    leapPast(PERIOD);
    expect(await states()).toMatchObject({ 'load-failed': 'ALARM' });
    leapPast(HOUR);
    expect(await states()).toMatchObject({ 'load-failed': 'ALARM' });
  });

  it('are explained by queries of the runbook that run, and that show what has happened', async () => {
    const sqls = [...RUNBOOK.matchAll(/ask "((?:[^"\\]|\\.)+)"/g)].map(([, sql = '']) => sql.replaceAll('\\"', '"'));
    expect(sqls.length).toBeGreaterThanOrEqual(5);
    const found = new Map<string, number>();
    for (const sql of sqls) found.set(/from ([\w.]+)/.exec(sql)?.[1] ?? '', (await world.rows(sql)).length);
    expect(Object.fromEntries(found)).toMatchObject({
      'etl.runs': 1,
      'etl.rejects': 1,
      'etl.check_results': 1,
      svv_table_info: expect.any(Number),
    });
  });

  it('say that an event was given up, as long as it lies in the queue', async () => {
    // The event comes into the queue after the run has told its metrics, perhaps in the next period already.
    world.leap(PERIOD / 1000);
    expect(await states()).toMatchObject({ 'dead-letters': 'ALARM' });
  });

  it('say that no load has succeeded for a day, and not before', async () => {
    expect(await states()).toMatchObject({ 'load-late': 'OK' });
    world.leap((26 * HOUR) / 1000);
    expect(await states()).toMatchObject({ 'load-late': 'ALARM', 'load-failed': 'ALARM' });
  });
});

/** When the last run told its metrics, from the function's log on disk, in milliseconds since the epoch. */
function lastMetrics(logs: string): number {
  const times = readdirSync(logs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n'))
    .filter((line) => line.includes('CloudWatchMetrics'))
    .map((line) => (JSON.parse(line) as { readonly _aws: { readonly Timestamp: number } })._aws.Timestamp);
  return Math.max(...times);
}

function idOf({ Namespace, MetricName, Dimensions = [] }: Metric): MetricId {
  return `${Namespace}/${MetricName}{${Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join()}}`;
}

interface Widget {
  readonly properties: { readonly metrics?: readonly (readonly (string | object)[])[] };
}

/** A widget's metric is a row: namespace, name, dimensions' names and values in turn, options. */
function dashboardMetrics(body: string): readonly MetricId[] {
  const { widgets } = JSON.parse(body) as { readonly widgets: readonly Widget[] };
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .map((row) => {
      const [Namespace, MetricName, Name, Value] = row.filter((part) => typeof part === 'string');
      return idOf({ Namespace, MetricName, Dimensions: [{ Name, Value }] });
    });
}
