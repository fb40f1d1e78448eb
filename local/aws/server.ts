import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Ids } from '../clock';
import type { AccessKeys } from '../iam/identity-store';
import { type Log, silentLog } from '../log';
import { authenticate, credentialScope } from './authentication';
import { errorProtocol, errorResponse } from './protocols/errors';
import { InvalidRequestError, type RawRequest, readRequest, writeResponse } from './request';
import { AwsError, type AwsResponse, type AwsService } from './service';

/** A route without a signature, for use inside this machine: CloudFormation's answers, the CLI's own calls. */
export interface Route {
  readonly method: string;
  /** The path must be this or, with a slash at the end, start with it. */
  readonly path: string;
  handle(request: RawRequest): Promise<AwsResponse>;
}

export interface ServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: '127.0.0.1';
  readonly services: readonly AwsService[];
  readonly keys: AccessKeys;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly routes?: readonly Route[];
  /** How far a request's time may be from the clock's, milliseconds; AWS and without it here: 15 minutes. */
  readonly skewMilliseconds?: number;
  readonly log?: Log;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Takes no more requests, lets running ones end for `graceMilliseconds` (1,000), then cuts them off. */
  close(graceMilliseconds?: number): Promise<void>;
}

/**
 * The one HTTP endpoint of the local AWS. Requests are told apart by the service in their credential scope, as
 * real clients sign them whatever the endpoint's name.
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const services = new Map(options.services.map((service) => [service.signingName, service]));
  const server = createServer((request, response) => {
    void answer(request, response, services, options);
  });
  // Clients keep sockets in a pool: a server that closes idle ones early makes them meet a reset.
  server.keepAliveTimeout = 65_000;
  await listen(server, options.port, options.host ?? '127.0.0.1');
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, close: (grace = 1_000) => close(server, options.clock, grace) };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server, clock: Clock, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(grace, () => server.closeAllConnections());
    server.close(() => {
      cancel();
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  services: ReadonlyMap<string, AwsService>,
  options: ServerOptions,
): Promise<void> {
  const requestId = options.ids.uuid();
  const log = options.log ?? silentLog;
  const started = options.clock.now();
  let request: RawRequest | undefined;
  let response: AwsResponse;
  try {
    request = await readRequest(incoming, outgoing);
    response = await dispatch(request, requestId, services, options);
  } catch (error) {
    response = failure(error, request, incoming, requestId, log);
  }
  try {
    await writeResponse(outgoing, response, requestId, incoming.method === 'HEAD');
  } catch (error) {
    log(`${requestId} answer cut off: ${(error as Error).message}`);
    outgoing.destroy();
  }
  const what = request ? describe(request) : `${incoming.method} ${incoming.url}`;
  log(`${requestId} ${response.status} ${what} ${options.clock.now() - started} ms`);
}

function dispatch(
  request: RawRequest,
  requestId: string,
  services: ReadonlyMap<string, AwsService>,
  options: ServerOptions,
): Promise<AwsResponse> {
  const route = options.routes?.find((candidate) => matches(candidate, request));
  if (route) {
    return route.handle(request);
  }
  const { scope, principal } = authenticate(request, options);
  const service = services.get(scope.service);
  if (!service) {
    throw new AwsError(
      'UnknownOperationException',
      `The local AWS does not have the service ${scope.service} (${request.headers['x-amz-target'] ?? `${request.method} ${request.rawPath}`}). It has ${[...services.keys()].sort().join(', ')}.`,
      501,
    );
  }
  return service.handle({ ...request, principal, region: scope.region, service: scope.service, requestId });
}

function matches(route: Route, request: RawRequest): boolean {
  const path = route.path.endsWith('/') ? request.rawPath.startsWith(route.path) : request.rawPath === route.path;
  return path && route.method === request.method;
}

function failure(
  error: unknown,
  request: RawRequest | undefined,
  incoming: IncomingMessage,
  requestId: string,
  log: Log,
): AwsResponse {
  const contentType = incoming.headers['content-type'];
  const service = request ? credentialScope(request)?.service : undefined;
  const looksLikeS3 = service === undefined && contentType === undefined && !incoming.headers['x-amz-target'];
  const protocol = looksLikeS3 ? 's3' : errorProtocol(service, contentType);
  return errorResponse(protocol, asAwsError(error, requestId, log), requestId, request?.rawPath);
}

function asAwsError(error: unknown, requestId: string, log: Log): AwsError {
  if (error instanceof AwsError) {
    return error;
  }
  if (error instanceof InvalidRequestError) {
    return new AwsError('InvalidRequest', error.message, error.status);
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  log(`${requestId} failed inside: ${cause.stack ?? cause.message}`);
  return new AwsError('InternalFailure', `The local AWS failed inside: ${cause.message}`, 500);
}

function describe(request: RawRequest): string {
  const service = credentialScope(request)?.service ?? '-';
  const target = request.headers['x-amz-target']?.split('.').at(-1);
  const action = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? /(?:^|&)Action=([A-Za-z]+)/.exec(request.body.toString('latin1', 0, 200))?.[1]
    : undefined;
  return `${service} ${target ?? action ?? `${request.method} ${request.rawPath}`}`;
}
