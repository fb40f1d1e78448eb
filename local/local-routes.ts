import { timingSafeEqual } from 'node:crypto';
import type { Account } from './account';
import { RESPONSE_PATH } from './answer-urls';
import { jsonResponse, parseJsonObject } from './aws/protocols/json';
import type { RawRequest } from './aws/request';
import type { Route } from './aws/server';
import { AwsError, type AwsResponse } from './aws/service';
import type { LocalServices } from './compose';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './home';
import { usageReport } from './iam/usage-report';

/** What the routes say of the process they run in. */
export interface LocalProcess {
  readonly home: string;
  readonly pid: number;
  /** Admits to all routes under /_local/ but health. */
  readonly token: string;
  /** What AWS clients need to be set to work as an account's operator. */
  environmentOf(account: Account): Readonly<Record<string, string>>;
  /** Called after the answer to a shutdown is on its way. */
  shutdown(): void;
}

/**
 * Routes without AWS signatures: CloudFormation's answer URLs, which are signed in themselves, and our own CLI's calls
 * (time, mounts, state), which no AWS API has; they carry the token of `local-aws.json`, a file that its owner alone
 * can read. Health tells nothing but that somebody is there.
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
    { method: 'POST', path: '/_local/iam/usage', handle: guarded((request) => iamUsage(request, services)) },
    { method: 'POST', path: '/_local/account', handle: guarded((request) => account(request, services, local)) },
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
  const answered = services.answerUrls.read(request);
  return services.openAccount(answered.account).cloudFormation.acceptResponse(answered.token, request.body);
}

/** The account of a request's body; without one the home's own. @throws AwsError */
function accountOf(body: Readonly<Record<string, unknown>>, services: LocalServices): Account {
  return services.openAccount(typeof body.account === 'string' ? body.account : LOCAL_ACCOUNT);
}

function account(request: RawRequest, services: LocalServices, local: LocalProcess): object {
  const opened = accountOf(parseJsonObject(request.body), services);
  return { account: opened.id, environment: local.environmentOf(opened) };
}

function iamUsage(request: RawRequest, services: LocalServices): object {
  const { identities, policies } = accountOf(parseJsonObject(request.body), services);
  return { roles: usageReport(identities.roles(), policies, services.usage) };
}

async function tick(request: RawRequest, services: LocalServices): Promise<object> {
  const body = parseJsonObject(request.body);
  const { schedule } = body;
  const fired = await accountOf(body, services).scheduler.tick(typeof schedule === 'string' ? schedule : undefined);
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
    accounts: services.accounts().map(({ id }) => id),
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
