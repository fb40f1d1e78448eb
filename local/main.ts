import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Account } from './account';
import { type RunningServer, startServer } from './aws/server';
import type { Clock, Ids } from './clock';
import { composeServices, type LocalServices } from './compose';
import { LOCAL_ACCOUNT, LOCAL_REGION, localHome } from './home';
import { announce, lastPort, lockHome, withdraw } from './home-lock';
import { localRoutes } from './local-routes';
import { type Log, silentLog } from './log';
import { randomIds, systemClock } from './system-clock';

/** The port asked for belongs to another program. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  constructor(readonly port: number) {
    super(`Port ${port} of 127.0.0.1 is taken by another program. Choose another with --port, or none for a free one.`);
  }
}

export interface LocalAwsOptions {
  /** Folder of the state; made when missing. */
  readonly home: string;
  /** Without it the port used last, or a free one. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: Log;
}

export interface LocalAws {
  readonly url: string;
  readonly port: number;
  readonly accountId: string;
  readonly region: string;
  /** What AWS SDKs, the CDK CLI and the AWS CLI need to be set to reach it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the whole local AWS in this process on 127.0.0.1.
 * @throws HomeInUseError, PortTakenError, StateFileError
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const root = resolve(options.home);
  const unlock = lockHome(root);
  try {
    return await startLocked(root, unlock, options);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startLocked(root: string, unlock: () => void, options: LocalAwsOptions): Promise<LocalAws> {
  const { clock = systemClock, ids = randomIds, log = silentLog } = options;
  let server: RunningServer | undefined;
  const endpointUrl = () => {
    if (!server) {
      throw new Error('The endpoint was asked for before it listens: a service works during its construction.');
    }
    return server.url;
  };
  const services = composeServices({ home: localHome(root), clock, ids, log, endpointUrl });
  const stopping = once(() => stop(root, server, services, unlock, log));
  const token = randomUUID();
  const routes = localRoutes(services, {
    home: root,
    pid: process.pid,
    token,
    environmentOf: (account) => awsEnvironment(endpointUrl(), account),
    shutdown: () => void stopping.run(),
  });
  try {
    server = await listen(root, options.port, (port) =>
      startServer({ port, services: services.services, keys: services.keys, clock, ids, routes, log }),
    );
  } catch (error) {
    await services.close();
    throw error;
  }
  const { port, url } = server;
  const environment = awsEnvironment(url, services.openAccount(LOCAL_ACCOUNT));
  announce(root, { pid: process.pid, port, url, token, environment });
  services.resume();
  log(`listening on ${url}, state in ${root}`);
  return {
    url,
    port,
    accountId: LOCAL_ACCOUNT,
    region: LOCAL_REGION,
    environment,
    stopped: stopping.done,
    stop: stopping.run,
  };
}

/** The port asked for, or the one used last, or any. */
async function listen(
  root: string,
  asked: number | undefined,
  start: (port: number) => Promise<RunningServer>,
): Promise<RunningServer> {
  const wanted = asked ?? lastPort(root) ?? 0;
  try {
    return await start(wanted);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
      throw error;
    }
    if (asked !== undefined) {
      throw new PortTakenError(asked);
    }
    return start(0);
  }
}

async function stop(
  root: string,
  server: RunningServer | undefined,
  services: LocalServices,
  unlock: () => void,
  log: Log,
): Promise<void> {
  log('stopping');
  try {
    // Functions first: their calls into the endpoint would hold it open.
    await services.close();
    await server?.close();
  } finally {
    if (server) {
      withdraw(root, server.port);
    }
    unlock();
  }
}

/** Runs once however often it is asked to. */
function once(work: () => Promise<void>): { run(): Promise<void>; readonly done: Promise<void> } {
  let started: Promise<void> | undefined;
  let settle: { resolve(): void; reject(error: unknown): void };
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever calls `run` hears of a failure; `done` alone must not end the process.
  done.catch(() => {});
  return {
    done,
    run: () => {
      started ??= work().then(
        () => settle.resolve(),
        (error) => {
          settle.reject(error);
          throw error;
        },
      );
      return started;
    },
  };
}

/** The variables under which AWS clients speak to a local AWS as an account's operator. */
function awsEnvironment(url: string, { identities }: Account): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = identities.operatorCredentials();
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
