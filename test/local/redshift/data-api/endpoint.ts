import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { startServer } from '../../../../local/aws/server';
import type { Principal } from '../../../../local/aws/service';
import type { AccessKey } from '../../../../local/iam/identity-store';
import type { ClusterControl } from '../../../../local/redshift/cluster-control';
import { createClusterControl } from '../../../../local/redshift/clusters';
import { createDataApiService } from '../../../../local/redshift/data-api/data-api-service';
import { warehouseEndpoints } from '../../../../local/redshift/data-api/endpoint';
import { openWarehouse } from '../../../../local/redshift/open-warehouse';
import { randomIds, systemClock } from '../../../../local/system-clock';
import { FolderStore, ROLE } from '../copy/harness';

export const TARGET = { ClusterIdentifier: 'sparkify', Database: 'sparkify', DbUser: 'sparkify_admin' };

const SECRET = 'secret';

const SPEC = {
  clusterIdentifier: 'sparkify',
  database: 'sparkify',
  masterUsername: 'sparkify_admin',
  port: 5439,
  nodeType: 'ra3.xlplus',
  numberOfNodes: 1,
  clusterViews: true,
  roleArns: [ROLE],
  manageMasterPassword: true,
};

/** A clock that stands still until it is moved on; timers fire when their time has come. */
export class TestClock {
  private time = Date.UTC(2026, 0, 2, 3, 4, 5);
  private timers: { readonly at: number; readonly callback: () => void }[] = [];
  now = (): number => this.time;
  after = (milliseconds: number, callback: () => void): (() => void) => {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };
  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { callback } of due) {
      callback();
    }
  }
}

const ROLE_ARN = 'arn:aws:iam::000000000000:role/etl';

/** Access keys are `<role>-<session>` or the name of a user. */
/** Everybody signs with the same secret; the key's name says who it is. */
function accessKey(accessKeyId: string): AccessKey {
  return { principal: principalOf(accessKeyId), secretAccessKey: SECRET };
}

function principalOf(accessKeyId: string): Principal {
  const [role, session] = accessKeyId.split('-');
  return session === undefined
    ? {
        arn: `arn:aws:iam::000000000000:user/${accessKeyId}`,
        account: '000000000000',
        userId: `AIDA${accessKeyId}`,
      }
    : {
        arn: `arn:aws:sts::000000000000:assumed-role/${role}/${session}`,
        account: '000000000000',
        userId: `AROA${role}:${session}`,
        roleArn: ROLE_ARN.replace('etl', role ?? ''),
      };
}

export interface Endpoint {
  readonly client: RedshiftDataClient;
  readonly clock: TestClock;
  readonly clusters: ClusterControl;
  readonly files: FolderStore;
  clientAs(accessKeyId: string): RedshiftDataClient;
  /** Stops the service and starts it again on the same folders. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The Data API with one cluster, behind a real HTTP endpoint. The engine's timers run on the machine's clock. */
export async function startEndpoint(): Promise<Endpoint> {
  const root = mkdtempSync(join(tmpdir(), 'data-api-test-'));
  const files = new FolderStore();
  const clock = new TestClock();
  const clients: RedshiftDataClient[] = [];
  const open = async (port: number) => {
    const clusters = createClusterControl({
      home: { redshift: join(root, 'redshift'), snapshots: join(root, 'snapshots') },
      clock: systemClock,
      ids: randomIds,
      objects: files.store(),
      openWarehouse,
    });
    if (clusters.list().length === 0) {
      await clusters.create(SPEC);
    }
    const service = createDataApiService({
      warehouses: warehouseEndpoints(clusters),
      clock,
      ids: randomIds,
      folder: join(root, 'statements'),
    });
    const server = await startServer({
      port,
      services: [service],
      keys: { accessKey },
      clock: systemClock,
      ids: randomIds,
    });
    return { clusters, service, server };
  };
  let running = await open(0);
  const { port, url } = running.server;
  const stop = async (): Promise<void> => {
    await running.service.close();
    await running.server.close(0);
    await running.clusters.close();
  };
  const clientAs = (accessKeyId: string): RedshiftDataClient => {
    const client = new RedshiftDataClient({
      endpoint: url,
      region: 'us-west-2',
      credentials: { accessKeyId, secretAccessKey: SECRET },
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  return {
    client: clientAs('operator'),
    clock,
    get clusters() {
      return running.clusters;
    },
    files,
    clientAs,
    restart: async () => {
      await stop();
      running = await open(port);
    },
    close: async () => {
      for (const client of clients) {
        client.destroy();
      }
      await stop();
      files.close();
      rmSync(root, { recursive: true });
    },
  };
}
