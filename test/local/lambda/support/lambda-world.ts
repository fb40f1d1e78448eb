import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { type RunningServer, startServer } from '../../../../local/aws/server';
import type { Clock } from '../../../../local/clock';
import { localHome } from '../../../../local/home';
import { createIdentityStore } from '../../../../local/iam/disk-identity-store';
import type { IdentityStore } from '../../../../local/iam/identity-store';
import type { FunctionConfiguration } from '../../../../local/lambda/lambda-control';
import { createLambdaService, type LambdaServiceHandle } from '../../../../local/lambda/lambda-service';
import { NoSuchKeyError } from '../../../../local/s3/errors';
import type { ObjectStore } from '../../../../local/s3/object-store';
import { createQueueStore } from '../../../../local/sqs/disk-queue-store';
import type { QueueStore } from '../../../../local/sqs/queue-store';
import { JumpingClock } from './jumping-clock';

export const ACCOUNT = '000000000000';
export const REGION = 'us-west-2';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/etl`;

const realClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

let bundle: Promise<Buffer> | undefined;

/** The handlers as one deployment package, bundled once a test file. */
export function handlersZip(): Promise<Buffer> {
  bundle ??= build({
    entryPoints: [join(__dirname, 'handlers.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  }).then(({ outputFiles }) => zipOf({ 'index.js': outputFiles[0]!.text }));
  return bundle;
}

export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(entries), { level: 0 }));
}

/** A local Lambda behind the real HTTP endpoint, with its own folder, clock and keys. */
export class LambdaWorld {
  readonly folder: string;
  readonly lines: string[] = [];
  /** Actions that no function's role is allowed. */
  readonly roleMayNot = new Set<string>();
  readonly objects = new Map<string, Buffer>();
  queues!: QueueStore;
  identities!: IdentityStore;
  lambda!: LambdaServiceHandle;
  client!: LambdaClient;
  private server!: RunningServer;

  private constructor(readonly clock: JumpingClock) {
    this.folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  }

  static async start(clock = new JumpingClock()): Promise<LambdaWorld> {
    const world = new LambdaWorld(clock);
    world.objects.set('handlers.zip', await handlersZip());
    await world.open(clock);
    world.identities.putRole({
      arn: ROLE,
      roleName: 'etl',
      trustPolicy: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      managedPolicyArns: [],
      inlinePolicies: {},
    });
    return world;
  }

  /** Ends the service as a stopped process would and starts another one on the same folder. */
  async restart(clock: JumpingClock): Promise<void> {
    await this.close();
    await this.open(clock);
  }

  async stop(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Creates a function from one of the handlers, publishes it and points the alias `live` at it. */
  async deploy(handler: string, changes: Partial<FunctionConfiguration> = {}): Promise<string> {
    const configuration = this.configuration(handler, changes);
    const { functionName } = configuration;
    await this.lambda.control.createFunction(configuration);
    const version = await this.lambda.control.publishVersion(functionName);
    await this.lambda.control.putAlias(functionName, 'live', version);
    return functionName;
  }

  /** As `deploy`, durable, one hour at most. */
  deployDurable(handler: string, changes: Partial<FunctionConfiguration> = {}): Promise<string> {
    return this.deploy(handler, { durable: { executionTimeout: 900, retentionPeriodInDays: 1 }, ...changes });
  }

  configuration(handler: string, changes: Partial<FunctionConfiguration> = {}): FunctionConfiguration {
    return {
      functionName: `${handler}-${randomUUID().slice(0, 8)}`,
      roleArn: ROLE,
      handler: `index.${handler}`,
      runtime: 'nodejs22.x',
      timeout: 60,
      memorySize: 256,
      environment: {},
      code: { bucket: 'assets', key: 'handlers.zip' },
      ...changes,
    };
  }

  /** Everything that was logged to one log group, stream after stream. */
  logOf(group: string): string {
    const folder = join(localHome(this.folder).logs, group);
    const names = readdirSync(folder, { recursive: true }) as string[];
    return names
      .filter((name) => name.endsWith('.log'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  }

  file(): string {
    return join(this.folder, randomUUID());
  }

  private async open(clock: JumpingClock): Promise<void> {
    const home = localHome(this.folder);
    const ids = { uuid: () => randomUUID() };
    const endpointUrl = () => this.server.url;
    this.identities = createIdentityStore({ folder: home.iam, account: ACCOUNT, clock, ids });
    this.queues = createQueueStore({ folder: home.sqs, account: ACCOUNT, region: REGION, clock, ids, endpointUrl });
    this.lambda = createLambdaService({
      home,
      account: ACCOUNT,
      region: REGION,
      clock,
      ids,
      objects: this.objectStore(),
      identities: this.identities,
      queues: this.queues,
      log: (line) => this.lines.push(line),
      access: {
        authorize: () => {},
        authorizeRole: () => {},
        roleMay: (_roleArn, action) => !this.roleMayNot.has(action),
        trusts: (roleArn) => this.identities.role(roleArn) !== undefined,
      },
      endpointUrl,
    });
    const { identities } = this;
    const services = [this.lambda.service];
    // Keys expire by the clock that jumps; signatures are of the real time.
    const serverClock: Clock = { now: () => clock.now(), after: realClock.after };
    const skewMilliseconds = Number.MAX_SAFE_INTEGER;
    this.server = await startServer({ port: 0, services, keys: identities, clock: serverClock, ids, skewMilliseconds });
    const credentials = this.identities.operatorCredentials();
    this.client = new LambdaClient({ endpoint: this.server.url, region: REGION, credentials, maxAttempts: 1 });
    this.lambda.resume();
  }

  private async close(): Promise<void> {
    this.client.destroy();
    await this.lambda.close();
    await this.server.close(100);
  }

  private objectStore(): ObjectStore {
    const read = async (bucket: string, key: string) => {
      const body = this.objects.get(key);
      if (!body) throw new NoSuchKeyError(bucket, key);
      return body;
    };
    return { read } as unknown as ObjectStore;
  }
}

/** Waits for something that another process does. */
export async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
