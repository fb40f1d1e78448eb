import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  type ContinueUpdateRollbackCommandInput,
  RollbackStackCommand,
  type RollbackStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { type RunningServer, startServer } from '../../../local/aws/server';
import type { Clock, Ids } from '../../../local/clock';
import type { Properties, ResourceProvider } from '../../../local/cloudformation/resource-provider';
import { type CloudFormationService, createCloudFormationService } from '../../../local/cloudformation/service';
import { type LocalHome, localHome } from '../../../local/home';
import { createIdentityStore } from '../../../local/iam/disk-identity-store';
import { createObjectStore } from '../../../local/s3/disk-object-store';
import type { ObjectStore } from '../../../local/s3/object-store';
import { systemClock } from '../../../local/system-clock';

export const ACCOUNT = '000000000000';
export const REGION = 'us-west-2';

/** A clock that stands still until told, whose timers fire when told. */
export class ManualClock implements Clock {
  private time = Date.UTC(2018, 10, 30);
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  now(): number {
    return this.time;
  }
  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }
  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.timers]) {
      if (timer.at > this.time) continue;
      this.timers.delete(timer);
      timer.callback();
    }
  }
}

export function countingIds(): Ids {
  let count = 0;
  return { uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}` };
}

/**
 * A resource type for tests: `Name` replaces, `Fail: "create" | "update" | "delete"` fails, `Hold: true` waits for
 * release(). All calls are noted as `create A`, `update A`, `delete A`.
 */
export class TestThings implements ResourceProvider {
  readonly replaceOn = ['Name'];
  readonly calls: string[] = [];
  readonly living = new Map<string, Properties>();
  /** `A Size 1`: A can no longer be given this size. */
  readonly broken = new Set<string>();
  private readonly held: (() => void)[] = [];
  private made = 0;

  private async act(what: string, logicalId: string, properties: Properties): Promise<void> {
    this.calls.push(`${what} ${logicalId}`);
    if (properties.Hold === true && what !== 'delete') await new Promise<void>((resolve) => this.held.push(resolve));
    const broken = `${logicalId} Size ${properties.Size}`;
    if (what === 'update' && this.broken.has(broken)) throw new Error(`${broken} is broken`);
    if (properties.Fail === what) throw new Error(`the ${what} was told to fail`);
  }

  release(): void {
    for (const go of this.held.splice(0)) go();
  }

  readonly create: ResourceProvider['create'] = async (context, properties) => {
    await this.act('create', context.logicalId, properties);
    this.made += 1;
    const physicalId = `${context.logicalId}-${this.made}`;
    this.living.set(physicalId, properties);
    return { physicalId, attributes: { Arn: `arn:thing:${physicalId}`, Size: properties.Size } };
  };
  readonly update: ResourceProvider['update'] = async (context, physicalId, properties) => {
    await this.act('update', context.logicalId, properties);
    this.living.set(physicalId, properties);
    return { physicalId, attributes: { Arn: `arn:thing:${physicalId}`, Size: properties.Size } };
  };
  readonly delete: ResourceProvider['delete'] = async (context, physicalId, properties) => {
    await this.act('delete', context.logicalId, properties);
    this.living.delete(physicalId);
  };
  /** What `living` says, which tests change as somebody at the service's own API would. */
  readonly read: NonNullable<ResourceProvider['read']> = async (_context, physicalId) => this.living.get(physicalId);
}

export interface Event {
  readonly RequestType: string;
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Record<string, unknown>;
  readonly OldResourceProperties?: Record<string, unknown>;
}

export interface Harness {
  readonly client: CloudFormationClient;
  readonly service: CloudFormationService;
  readonly things: TestThings;
  readonly clock: ManualClock;
  readonly objects: ObjectStore;
  readonly url: string;
  /** Custom resource events sent so far, with the function they went to. */
  readonly events: { readonly functionArn: string; readonly event: Event }[];
  /** Called for each custom resource event; answers it or not. */
  onEvent: (event: Event) => unknown;
  /** ContinueUpdateRollback, and the second after which the rollback begins. */
  continueRollback(input: ContinueUpdateRollbackCommandInput): Promise<void>;
  /** RollbackStack, likewise. */
  rollBack(input: RollbackStackCommandInput): Promise<void>;
  /** Answers a custom resource event. */
  answer(event: Event, fields: Record<string, unknown>): number;
  close(): Promise<void>;
}

/** The service on an HTTP endpoint, with a real SDK client, on a folder of its own or on one that is there. */
export async function startHarness(options: { readonly folder?: string } = {}): Promise<Harness & { folder: string }> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cloudformation-'));
  const home: LocalHome = localHome(folder);
  const clock = new ManualClock();
  const ids = countingIds();
  const things = new TestThings();
  const objects = createObjectStore({ folder: home.s3, clock, ids });
  const identities = createIdentityStore({ folder: home.iam, account: ACCOUNT, clock, ids });
  let server: RunningServer | undefined;
  const events: Harness['events'] = [];
  const service = createCloudFormationService({
    home,
    account: ACCOUNT,
    region: REGION,
    clock,
    ids,
    objects,
    providers: new Map<string, ResourceProvider>([['Test::Thing', things]]),
    customResources: {
      async invoke(functionArn, payload) {
        const event = JSON.parse(payload) as Event;
        events.push({ functionArn, event });
        await harness.onEvent(event);
      },
      responseUrl: (token) => `${server?.url}/_cloudformation/response/${token}`,
    },
    ssmParameter: (name) => (name === '/cdk-bootstrap/hnb659fds/version' ? '30' : undefined),
  });
  server = await startServer({
    port: 0,
    services: [service],
    keys: identities,
    // Requests are signed by the machine's time.
    clock: systemClock,
    ids,
    routes: [
      {
        method: 'PUT',
        path: '/_cloudformation/response/',
        handle: async (request) => service.acceptResponse(request.rawPath.split('/').at(-1)!, request.body),
      },
    ],
  });
  const client = new CloudFormationClient({
    region: REGION,
    endpoint: server.url,
    credentials: identities.operatorCredentials(),
    maxAttempts: 1,
  });
  const running = server;
  const harness: Harness & { folder: string } = {
    folder,
    client,
    service,
    things,
    clock,
    objects,
    url: running.url,
    events,
    onEvent: () => undefined,
    answer: (event, fields) =>
      service.acceptResponse(
        event.ResponseURL.split('/').at(-1)!,
        JSON.stringify({
          Status: 'SUCCESS',
          PhysicalResourceId: event.PhysicalResourceId ?? 'the-load',
          StackId: event.StackId,
          RequestId: event.RequestId,
          LogicalResourceId: event.LogicalResourceId,
          ...fields,
        }),
      ).status,
    async continueRollback(input) {
      await client.send(new ContinueUpdateRollbackCommand(input));
      clock.advance(1_000);
    },
    async rollBack(input) {
      await client.send(new RollbackStackCommand(input));
      clock.advance(1_000);
    },
    async close() {
      client.destroy();
      await running.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
  return harness;
}
