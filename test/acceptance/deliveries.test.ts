import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { runCdk } from '../../cli/cdk';
import type { LocalServices } from '../../local/compose';
import { withLoadProperty } from '../support/local-world/assembly';
import { LocalWorld, SOURCE_BUCKET } from '../support/local-world/local-world';
import { STACK, type StackTemplate } from '../support/local-world/stack';
import { differences, starDump } from '../support/local-world/star-dump';
import { round } from '../sweep/kill-function';
import { copyOf, type Scenario, Scenarios } from '../sweep/scenario';

const isLoadBatch = ({ what, body }: { what: string; body: string }) =>
  what === 'BatchExecuteStatement' && body.includes('file=run/finish');

/** What CloudFormation sends may come twice, late, or while something else still runs. */
describe('a deploy whose requests are delivered as CloudFormation may deliver them', () => {
  // A Delete waits some seconds until nothing of the runs it stopped can come any more.
  const scenarios = new Scenarios(8);
  const { template } = scenarios.assembly;
  let scenario: Scenario;
  let clean: Awaited<ReturnType<typeof round>>;
  let world: LocalWorld;
  let done: () => void;
  let sent: { readonly arn: string; readonly payload: string }[];
  let times: number;
  /** When the resource fails that stands beside the load. */
  let failing: Promise<void>;

  /** CloudFormation's own deliveries, noted, and each of them made as often as the test says. */
  function watchDeliveries({ lambda: { control } }: LocalServices): void {
    const invoke = control.invokeAsync.bind(control);
    control.invokeAsync = async (arn, payload) => {
      if (payload.includes('"LogicalResourceId":"Broken"')) await failing;
      else if (payload.includes('"RequestType"')) sent.push({ arn, payload });
      const first = await invoke(arn, payload);
      for (let more = 1; more < times; more += 1) await invoke(arn, payload);
      return first;
    };
  }

  const loadEvents = async (status: string) =>
    (await world.stackEvents()).filter(
      ({ ResourceType, ResourceStatus }) => ResourceType === 'Custom::WarehouseLoad' && ResourceStatus === status,
    ).length;
  const lost = async () => differences(clean.star, await starDump(world));

  beforeAll(async () => {
    scenario = await scenarios.firstLoad();
    clean = await round(scenario);
  });
  afterAll(() => scenarios.remove());
  beforeEach(async () => {
    const copy = copyOf(scenario);
    done = copy.done;
    sent = [];
    times = 1;
    failing = Promise.resolve();
    world = await LocalWorld.open({ home: copy.home, source: scenario.source }, watchDeliveries);
  });
  afterEach(async () => {
    await world.close();
    done();
  });

  it('takes a Create that comes twice at the same moment for one', async () => {
    times = 2;
    expect(await world.update(template)).toBe('UPDATE_COMPLETE');
    await world.quiet();
    expect(await lost()).toEqual([]);
    expect(await loadEvents('CREATE_COMPLETE')).toBe(1);
    expect(world.answers.map(({ body }) => (JSON.parse(body) as { Status: string }).Status)).toEqual([
      'SUCCESS',
      'SUCCESS',
    ]);
    expect(await world.rows('select run_id from etl.runs')).toHaveLength(1);
  });

  it('does nothing again when the Create comes once more after an Update', async () => {
    await world.update(template);
    await world.update(withLoadProperty(template, 'ChecksDigest', 'another'));
    const before = await world.rows('select run_id, finished_at from etl.runs order by run_id');
    const create = sent.find(({ payload }) => payload.includes('"RequestType":"Create"'));
    expect(await world.ended(await world.invoke(JSON.parse(create?.payload ?? '')))).toMatchObject({
      status: 'SUCCEEDED',
    });
    expect(await world.rows('select run_id, finished_at from etl.runs order by run_id')).toEqual(before);
    expect(await lost()).toEqual([]);
  });

  it('rolls back when another resource fails while the load runs, and loads at the next deploy', async () => {
    const held = world.hold(isLoadBatch);
    failing = held.reached;
    await world.beginUpdate(withBrokenResource(template));
    expect(await world.stackSettled()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.answers.map(({ body }) => body)).toEqual([expect.stringContaining('1 runs stopped')]);
    held.release();
    expect(await deployedAgain()).toEqual([]);
  });

  it('answers the Delete of a Create that never comes to its end, and loads at the next deploy', async () => {
    const held = world.hold(isLoadBatch);
    await world.beginUpdate(withLoadProperty(template, 'ServiceTimeout', '1800'));
    await held.reached;
    world.leap(1800);
    expect(await world.stackSettled()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(requestTypes()).toEqual(['Create', 'Delete']);
    expect(world.answers.map(({ body }) => body)).toEqual([expect.stringContaining('1 runs stopped')]);
    held.release();
    expect(await deployedAgain()).toEqual([]);
  });

  it('starts no statement after a Delete was answered, whatever the process of the stopped run still has in mind', async () => {
    const held = world.hold(({ what }) => /^PUT .*manifest/.test(what));
    failing = held.reached;
    await world.beginUpdate(withBrokenResource(template));
    await world.quiet();
    const before = world.proxy.seen.length;
    held.release();
    const since = () => world.proxy.seen.slice(before).map(({ what }) => what);
    await waitFor(() => since().some((what) => /checkpoint$|ExecuteStatement$/.test(what)));
    expect(since().filter((what) => /ExecuteStatement$/.test(what))).toEqual([]);
  });

  it('deletes the stack also when its cluster is gone already', async () => {
    await world.update(template);
    for (const { clusterIdentifier } of world.services.clusters.list())
      await world.services.clusters.delete(clusterIdentifier, { snapshot: false });
    await world.beginDelete();
    expect(await world.stackSettled()).toBe('DELETE_COMPLETE');
    expect(await loadEvents('DELETE_FAILED')).toBe(0);
  });

  it('goes with cdk destroy while the first load still runs, after cdk deploy was killed', async () => {
    await world.beginDelete();
    await world.stackSettled();
    world.forgetStack();
    world.proxy.reset();
    const held = world.hold(isLoadBatch);
    const deploy = cdkDeploy(join(scenarios.folder, 'cdk.out'), world.environment);
    await held.reached;
    deploy.kill('SIGKILL');
    const args = [
      'destroy',
      STACK,
      '-c',
      'env=local',
      '-c',
      'allowDataLoss=local',
      '-c',
      `sourceBucket=${SOURCE_BUCKET}`,
      '--force',
    ];
    const destroyed = await runCdk(args, world.environment, () => {});
    expect({ ...destroyed, output: destroyed.output.slice(-500) }).toMatchObject({ exitCode: 0 });
    held.release();
    expect(world.services.clusters.list()).toEqual([]);
    expect(requestTypes()).toEqual(['Create', 'Delete']);
  });

  const requestTypes = () => sent.map(({ payload }) => (JSON.parse(payload) as { RequestType: string }).RequestType);

  /** @returns what is not as after an undisturbed first load */
  async function deployedAgain(): Promise<readonly string[]> {
    const status = await world.update(template);
    await world.quiet();
    return [...(status === 'UPDATE_COMPLETE' ? [] : [status]), ...(await lost())];
  }
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A resource beside the load whose function does not exist. */
function withBrokenResource(template: StackTemplate): StackTemplate {
  const ServiceToken = 'arn:aws:lambda:us-west-2:000000000000:function:nowhere';
  return {
    ...template,
    Resources: { ...template.Resources, Broken: { Type: 'Custom::Broken', Properties: { ServiceToken } } },
  };
}

function cdkDeploy(output: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const root = join(__dirname, '..', '..');
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const args = ['deploy', STACK, '-c', 'env=local', '-c', 'allowDataLoss=local', '-c', `sourceBucket=${SOURCE_BUCKET}`];
  return spawn(process.execPath, [cdk, ...args, '--require-approval', 'never', '--output', output], {
    cwd: root,
    env: { ...process.env, ...environment, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true' },
    stdio: 'ignore',
  });
}
