import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Route, startServer } from '../../../local/aws/server';
import type { AwsService } from '../../../local/aws/service';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../../local/home';
import { createIdentityStore } from '../../../local/iam/disk-identity-store';
import { randomIds, systemClock } from '../../../local/system-clock';

/** A local endpoint with a few services, in a folder of its own. */
export async function startTestEndpoint(
  services: (folder: string, identities: ReturnType<typeof createIdentityStore>) => readonly AwsService[],
  routes: readonly Route[] = [],
) {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-'));
  const identities = createIdentityStore({
    folder: join(folder, 'iam'),
    account: LOCAL_ACCOUNT,
    clock: systemClock,
    ids: randomIds,
  });
  const server = await startServer({
    port: 0,
    services: services(folder, identities),
    keys: identities,
    clock: systemClock,
    ids: randomIds,
    routes,
  });
  return {
    folder,
    identities,
    url: server.url,
    /** What an SDK client's constructor takes. */
    client: {
      endpoint: server.url,
      region: LOCAL_REGION,
      credentials: identities.operatorCredentials(),
      maxAttempts: 1,
    },
    async stop() {
      await server.close(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TestEndpoint = Awaited<ReturnType<typeof startTestEndpoint>>;
