import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  type StackEvent,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  GetDurableExecutionCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { RESPONSE_PATH } from '../../../local/answer-urls';
import { type RunningServer, startServer } from '../../../local/aws/server';
import { BOOTSTRAP_BUCKET, composeServices, type LocalServices } from '../../../local/compose';
import { LOCAL_REGION, localHome } from '../../../local/home';
import { localRoutes } from '../../../local/local-routes';
import type { CellValue, Session } from '../../../local/redshift/warehouse';
import { randomIds, systemClock } from '../../../local/system-clock';
import { FastClock } from './fast-clock';
import { CountingProxy, type Passing } from './proxy';
import { type Assembly, STACK, type StackTemplate } from './stack';

export interface WorldOptions {
  readonly home: string;
  /** The folder that is the source bucket. */
  readonly source: string;
  /** How much faster than the machine's own its time goes by. */
  readonly speed?: number;
  readonly log?: (line: string) => void;
}

export const SOURCE_BUCKET = 'sparkify-test';

/**
 * The whole local AWS in this process, its services as `local/main.ts` wires them, but for the time, which goes by
 * faster, and for a proxy through which functions reach it.
 */
export class LocalWorld {
  readonly proxy: CountingProxy;
  readonly cloudFormation: CloudFormationClient;
  private readonly lambdaClient: LambdaClient;

  private constructor(
    private readonly options: WorldOptions,
    readonly services: LocalServices,
    private readonly server: RunningServer,
    proxy: CountingProxy,
    private readonly clock: FastClock,
  ) {
    this.proxy = proxy;
    const connection = {
      endpoint: server.url,
      region: LOCAL_REGION,
      credentials: services.identities.operatorCredentials(),
    };
    this.cloudFormation = new CloudFormationClient(connection);
    this.lambdaClient = new LambdaClient(connection);
  }

  /** @param prepare changes the services before anything runs on them */
  static async open(
    options: WorldOptions,
    prepare: (services: LocalServices, clock: FastClock) => void = () => {},
  ): Promise<LocalWorld> {
    const { home, source, speed = 30, log = () => {} } = options;
    const clock = new FastClock(speed, stoppedAt(home));
    let server: RunningServer | undefined;
    const proxy = new CountingProxy(() => server?.url ?? '');
    await proxy.start();
    const endpointUrl = () => proxy.url;
    const services = composeServices({ home: localHome(home), clock, ids: randomIds, log, endpointUrl });
    prepare(services, clock);
    services.objects.mount(SOURCE_BUCKET, source, LOCAL_REGION);
    server = await startServer({
      port: 0,
      services: services.services,
      keys: services.keys,
      clock: systemClock,
      ids: randomIds,
      // Functions sign by a time of their own that goes by faster.
      skewMilliseconds: Number.MAX_SAFE_INTEGER,
      routes: localRoutes(services, {
        home,
        pid: process.pid,
        token: 'none',
        environmentOf: () => ({}),
        shutdown: () => {},
      }),
      log,
    });
    services.resume();
    return new LocalWorld(options, services, server, proxy, clock);
  }

  async close(): Promise<void> {
    this.cloudFormation.destroy();
    this.lambdaClient.destroy();
    await this.services.close();
    await this.server.close(100);
    await this.proxy.stop();
    rememberTime(this.options.home, this.clock);
  }

  /** What AWS clients need to be set to speak to this world. */
  get environment(): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = this.services.identities.operatorCredentials();
    return {
      AWS_ENDPOINT_URL: this.server.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: LOCAL_REGION,
      AWS_DEFAULT_REGION: LOCAL_REGION,
    };
  }

  async publish({ assets }: Assembly): Promise<void> {
    for (const { key, body } of assets) await this.services.objects.put(BOOTSTRAP_BUCKET, key, body);
  }

  async beginCreate(template: StackTemplate): Promise<void> {
    await this.cloudFormation.send(new CreateStackCommand(await this.stackInput(template)));
  }

  async beginUpdate(template: StackTemplate): Promise<void> {
    await this.cloudFormation.send(new UpdateStackCommand(await this.stackInput(template)));
  }

  async beginDelete(): Promise<void> {
    await this.stackId();
    await this.cloudFormation.send(new DeleteStackCommand({ StackName: STACK }));
  }

  async create(template: StackTemplate): Promise<string> {
    await this.beginCreate(template);
    return this.stackSettled();
  }

  async update(template: StackTemplate): Promise<string> {
    await this.beginUpdate(template);
    return this.stackSettled();
  }

  /** Waits until no operation of CloudFormation runs. @returns the stack's status */
  async stackSettled(): Promise<string> {
    await this.services.cloudFormation.idle();
    const { Stacks = [] } = await this.cloudFormation.send(
      new DescribeStacksCommand({ StackName: await this.stackId() }),
    );
    return Stacks[0]?.StackStatus ?? 'NONE';
  }

  async stackEvents(): Promise<readonly StackEvent[]> {
    const StackName = await this.stackId();
    const newestFirst: StackEvent[] = [];
    for await (const page of paginateDescribeStackEvents({ client: this.cloudFormation }, { StackName })) {
      newestFirst.push(...(page.StackEvents ?? []));
    }
    return newestFirst.reverse();
  }

  /** Sends an event to the function's alias. @returns the durable execution's ARN */
  async invoke(event: unknown): Promise<string> {
    const alias = await this.output('FunctionAliasArn');
    const { durableExecutionArn } = await this.services.lambda.control.invokeAsync(alias, JSON.stringify(event));
    if (durableExecutionArn === undefined) throw new Error('the function is not durable');
    return durableExecutionArn;
  }

  /** Waits for an execution's end. @returns its status and what it left */
  async ended(DurableExecutionArn: string): Promise<{ readonly status: string; readonly result: string }> {
    for (;;) {
      const it = await this.lambdaClient.send(new GetDurableExecutionCommand({ DurableExecutionArn }));
      if (it.Status !== 'RUNNING')
        return { status: it.Status ?? '', result: it.Result ?? it.Error?.ErrorMessage ?? '' };
      // Each look is a signed request: a hundred a second cost a sweep a sixth of its time.
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }

  /** The durable executions of the function that have not ended. */
  async running(): Promise<readonly string[]> {
    const [FunctionName = ''] = (await this.output('FunctionAliasArn')).split(':live');
    const { DurableExecutions = [] } = await this.lambdaClient.send(
      new ListDurableExecutionsByFunctionCommand({ FunctionName, Statuses: ['RUNNING'] }),
    );
    return DurableExecutions.map(({ DurableExecutionArn = '' }) => DurableExecutionArn);
  }

  /**
   * Lets functions wait at the first request that a test chooses, as a slow network would.
   * @returns when it is reached, and what lets it go on
   */
  hold(chosen: (passing: Passing) => boolean): { readonly reached: Promise<void>; release(): void } {
    let release = () => {};
    let arrive = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    let held = false;
    this.proxy.watch = async (passing, when) => {
      if (held || when !== 'before' || !chosen(passing)) return false;
      held = true;
      arrive();
      await released;
      return false;
    };
    return { reached, release };
  }

  /** Lets time pass at once, for all but the functions, which live in the machine's. */
  leap(seconds: number): void {
    this.clock.leap(seconds * 1000);
  }

  /** Waits until no stack operation and no execution runs. @returns the stack's status */
  async quiet(): Promise<string> {
    const status = await this.stackSettled();
    for (const arn of await this.running()) await this.ended(arn);
    return status;
  }

  async output(name: string): Promise<string> {
    const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
    const value = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (value === undefined) throw new Error(`the stack has no output ${name}`);
    return value;
  }

  private async connect(): Promise<Session> {
    const { clusters, serverless } = this.services;
    const [cluster] = clusters.list();
    if (cluster !== undefined) {
      const warehouse = await clusters.warehouse(cluster.clusterIdentifier);
      return warehouse.connect({ database: cluster.database, user: cluster.masterUsername });
    }
    const [workgroup] = serverless.workgroups();
    const namespace = serverless.namespaces().find(({ namespaceName }) => namespaceName === workgroup?.namespaceName);
    if (workgroup === undefined || namespace === undefined) throw new Error('there is no warehouse');
    const warehouse = await serverless.warehouse(workgroup.workgroupName);
    return warehouse.connect({ database: namespace.database, user: namespace.adminUsername });
  }

  /** Runs a query straight on the engine of the one warehouse, as its admin. */
  async rows(sql: string): Promise<readonly (readonly CellValue[])[]> {
    const session = await this.connect();
    const rows: (readonly CellValue[])[] = [];
    try {
      for await (const chunk of (await session.execute(sql)).rows) rows.push(...chunk);
    } finally {
      await session.close();
    }
    return rows;
  }

  /** The answers to CloudFormation that functions have sent since the proxy was reset. */
  get answers(): readonly Passing[] {
    return this.proxy.seen.filter(({ path }) => path.startsWith(RESPONSE_PATH));
  }

  private async stackInput(template: StackTemplate) {
    const key = 'template-under-test.json';
    await this.services.objects.put(BOOTSTRAP_BUCKET, key, Buffer.from(JSON.stringify(template)));
    return {
      StackName: STACK,
      TemplateURL: `${this.server.url}/${BOOTSTRAP_BUCKET}/${key}`,
      Capabilities: ['CAPABILITY_IAM' as const],
    };
  }

  /** Another stack of the same name is to come. */
  forgetStack(): void {
    this.knownId = undefined;
  }

  /** A deleted stack is found by its id only. */
  private knownId: string | undefined;
  private async stackId(): Promise<string> {
    if (this.knownId !== undefined) return this.knownId;
    const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
    this.knownId = Stacks[0]?.StackId;
    return this.knownId ?? STACK;
  }
}

/** So that the next world on this home does not live before this one. */
export function rememberTime(home: string, clock: FastClock): void {
  writeFileSync(join(home, 'stopped-at'), String(clock.now()));
}

function stoppedAt(home: string): number | undefined {
  const file = join(home, 'stopped-at');
  return existsSync(file) ? Math.max(Number(readFileSync(file, 'utf8')), Date.now()) : undefined;
}
