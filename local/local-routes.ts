import { timingSafeEqual } from 'node:crypto';
import { jsonResponse, parseJsonObject } from './aws/protocols/json';
import type { RawRequest } from './aws/request';
import type { Route } from './aws/server';
import { AwsError, type AwsResponse } from './aws/service';
import { type LocalServices, RESPONSE_PATH } from './compose';
import { LOCAL_REGION } from './home';

/** What the routes say of the process they run in. */
export interface LocalProcess {
  readonly home: string;
  readonly pid: number;
  /** Admits to all routes under /_local/ but health. */
  readonly token: string;
  /** Called after the answer to a shutdown is on its way. */
  shutdown(): void;
}

/**
 * Routes without AWS signatures: CloudFormation's response URL (its path is the secret, as a presigned URL is) and
 * our own CLI's calls, which carry the token of `local-aws.json`.
 */
export function localRoutes(services: LocalServices, local: LocalProcess): readonly Route[] {
  const guarded = (handle: (request: RawRequest) => Promise<object> | object) => async (request: RawRequest) => {
    checkToken(request, local.token);
    return jsonResponse(await handle(request));
  };
  return [
    { method: 'PUT', path: RESPONSE_PATH, handle: (request) => takeAnswer(request, services) },
    { method: 'GET', path: '/_local/health', handle: async () => jsonResponse({ status: 'ok', pid: local.pid }) },
    { method: 'GET', path: '/_local/status', handle: guarded(() => status(services, local)) },
    { method: 'POST', path: '/_local/scheduler/tick', handle: guarded((request) => tick(request, services)) },
    { method: 'POST', path: '/_local/source', handle: guarded((request) => mount(request, services)) },
    {
      method: 'POST',
      path: '/_local/shutdown',
      handle: guarded(() => {
        setImmediate(local.shutdown);
        return {};
      }),
    },
  ];
}

async function takeAnswer(request: RawRequest, services: LocalServices): Promise<AwsResponse> {
  const token = request.rawPath.slice(RESPONSE_PATH.length);
  return services.cloudFormation.acceptResponse(token, request.body);
}

async function tick(request: RawRequest, services: LocalServices): Promise<object> {
  const { schedule } = parseJsonObject(request.body);
  const fired = await services.scheduler.tick(typeof schedule === 'string' ? schedule : undefined);
  return { fired: fired.map((result) => ({ ...result, scheduledTime: result.scheduledTime.toISOString() })) };
}

function mount(request: RawRequest, services: LocalServices): object {
  const { bucket, folder } = parseJsonObject(request.body);
  if (typeof bucket !== 'string' || typeof folder !== 'string') {
    throw new AwsError('ValidationException', 'Mounting a source needs the members bucket and folder, both text.');
  }
  services.objects.mount(bucket, folder, LOCAL_REGION);
  return { bucket, folder };
}

function status(services: LocalServices, local: LocalProcess): object {
  return {
    pid: local.pid,
    home: local.home,
    services: services.services.map((service) => service.signingName).sort(),
    buckets: services.objects.buckets().map(({ name, mounted }) => ({ name, mounted })),
    clusters: services.clusters
      .list()
      .map(({ clusterIdentifier, status: state }) => ({ clusterIdentifier, status: state })),
    schedules: services.scheduler
      .list()
      .map(({ name, scheduleExpression, state }) => ({ name, scheduleExpression, state })),
    usage: usage(),
  };
}

/** What this process has taken since it began: CPU of both kinds in milliseconds, peak memory in bytes. */
function usage(): object {
  const { user, system } = process.cpuUsage();
  return { cpuMilliseconds: (user + system) / 1000, maxRssBytes: process.resourceUsage().maxRSS * 1024 };
}

function checkToken(request: RawRequest, token: string): void {
  const given = Buffer.from(request.headers['x-sparkify-token'] ?? '');
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new AwsError(
      'AccessDeniedException',
      'This route is for the CLI of this local AWS: it needs the token of local-aws.json in X-Sparkify-Token.',
      403,
    );
  }
}
