import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../../aws/service';
import type { Clock, Ids } from '../../clock';
import type { IdentityStore } from '../../iam/identity-store';
import type { LambdaAccess } from '../access';
import type { FunctionVersion } from '../function-record';
import { environmentVariables, logGroupOf } from './environment-variables';
import { ExecutionEnvironment, type InvocationCall, type InvocationOutcome } from './execution-environment';
import { LogStream, logStreamName } from './log-stream';

export interface PoolOptions {
  readonly logs: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly identities: IdentityStore;
  readonly account: string;
  readonly access?: LambdaAccess;
  endpointUrl(): string;
}

/** An invocation's outcome with the tail of what it logged. */
export type LoggedOutcome = InvocationOutcome & { readonly logTail: Buffer };

/** How long an idle environment is kept warm, milliseconds. AWS does not say; minutes is what is seen. */
const IDLE_MS = 10 * 60_000;

/** How long an environment's keys last: AWS does not say; a role session lasts twelve hours at most. */
const SESSION_SECONDS = 12 * 3_600;

const TRACING_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** The environments of all functions: a warm one is used again, concurrent invocations get one each. */
export class EnvironmentPool {
  private readonly idle = new Map<string, ExecutionEnvironment[]>();
  private readonly all = new Map<ExecutionEnvironment, () => void>();
  private closed = false;

  constructor(private readonly options: PoolOptions) {}

  async invoke(version: FunctionVersion, call: InvocationCall): Promise<LoggedOutcome> {
    const environment = this.take(version);
    const offset = environment.log.size();
    const outcome = await environment.invoke(call);
    const logTail = environment.log.tail(offset);
    await this.giveBack(environment);
    return { ...outcome, logTail };
  }

  /** Kills every environment of a function, busy ones too. */
  async stopFunction(functionName: string): Promise<void> {
    const doomed = [...this.all.keys()].filter((one) => one.version.configuration.functionName === functionName);
    await Promise.all(doomed.map((environment) => this.discard(environment)));
  }

  /** Kills every environment, busy ones too: their invocations fail, later ones start in new environments. */
  async crash(): Promise<void> {
    await Promise.all([...this.all.keys()].map((environment) => this.discard(environment)));
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all.keys()].map((environment) => this.discard(environment)));
  }

  private take(version: FunctionVersion): ExecutionEnvironment {
    if (this.closed) throw new Error('The local Lambda service is closed: no invocation can start');
    const waiting = this.idle.get(version.revisionId) ?? [];
    for (let environment = waiting.pop(); environment; environment = waiting.pop()) {
      this.all.get(environment)?.();
      if (environment.alive && this.credentialsLast(environment)) return environment;
      void this.discard(environment);
    }
    return this.start(version);
  }

  private start(version: FunctionVersion): ExecutionEnvironment {
    const { clock, ids, identities, region, access } = this.options;
    const { configuration } = version;
    if (access?.trusts(configuration.roleArn) === false) {
      throw new AwsError(
        'AccessDeniedException',
        'The role defined for the function cannot be assumed by Lambda.',
        403,
      );
    }
    // Traces go nowhere here; a role that may not send them loses nothing else, as in AWS.
    if (configuration.tracing === 'Active') {
      for (const action of TRACING_ACTIONS) access?.roleMay(configuration.roleArn, action, '*');
    }
    const credentials = identities.assumeRole(configuration.roleArn, configuration.functionName, SESSION_SECONDS);
    const stream = logStreamName(clock.now(), version.version, ids.uuid());
    const log = this.openLog(version, stream);
    const endpointUrl = this.options.endpointUrl();
    const sources = { version, region, credentials, logGroup: log.group, logStream: log.name, endpointUrl };
    const environment = new ExecutionEnvironment({
      version,
      variables: environmentVariables(sources),
      log,
      credentials,
    });
    this.all.set(environment, () => undefined);
    return environment;
  }

  /** A role that may not write logs has none: the function runs, and nobody hears of it. */
  private openLog(version: FunctionVersion, stream: string): LogStream {
    const { access, account, region, logs } = this.options;
    const { roleArn, logGroupName } = version.configuration;
    const group = logGroupOf(version);
    const groupArn = `arn:aws:logs:${region}:${account}:log-group:${group}`;
    const streamArn = `${groupArn}:log-stream:${stream}`;
    const may = (action: string, resource: string) => access?.roleMay(roleArn, action, resource) ?? true;
    // A group that the function names is there; Lambda makes only the one named after the function.
    const exists = logGroupName !== undefined || existsSync(join(logs, group));
    const kept =
      (exists || may('logs:CreateLogGroup', groupArn)) &&
      may('logs:CreateLogStream', streamArn) &&
      may('logs:PutLogEvents', streamArn);
    return kept ? LogStream.open(logs, group, stream) : LogStream.nowhere(group, stream);
  }

  private credentialsLast(environment: ExecutionEnvironment): boolean {
    const until = this.options.clock.now() + environment.version.configuration.timeout * 1000;
    return environment.credentials.expiration.getTime() > until;
  }

  private async giveBack(environment: ExecutionEnvironment): Promise<void> {
    if (!environment.alive || this.closed || !this.all.has(environment)) {
      await this.discard(environment);
      return;
    }
    const key = environment.version.revisionId;
    this.idle.set(key, [...(this.idle.get(key) ?? []), environment]);
    this.all.set(
      environment,
      this.options.clock.after(IDLE_MS, () => void this.discard(environment)),
    );
  }

  private async discard(environment: ExecutionEnvironment): Promise<void> {
    const cancelIdleTimer = this.all.get(environment);
    if (!cancelIdleTimer) return;
    this.all.delete(environment);
    cancelIdleTimer();
    const key = environment.version.revisionId;
    const left = (this.idle.get(key) ?? []).filter((one) => one !== environment);
    if (left.length > 0) this.idle.set(key, left);
    else this.idle.delete(key);
    await environment.stop();
  }
}
