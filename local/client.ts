import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { compile } from '../build/compile.cjs';
import { LOCAL_ACCOUNT, LOCAL_REGION, localHome } from './home';
import { type RunningLocalAws, runningOn } from './home-lock';
import type { RoleUsage } from './iam/usage-report';
import type { TickResult } from './scheduler/scheduler-control';

/** The local AWS could not be started, or it refused one of the CLI's own calls. */
export class LocalAwsError extends Error {
  override readonly name = 'LocalAwsError';
}

/** A fired schedule; the time is ISO 8601. */
export type FiredSchedule = Omit<TickResult, 'scheduledTime'> & { readonly scheduledTime: string };

/** A running local AWS, started by us or found running. */
export interface LocalAwsHandle {
  readonly url: string;
  readonly port: number;
  readonly accountId: string;
  readonly region: string;
  /** What AWS clients and the CDK CLI need to be set. */
  readonly environment: Readonly<Record<string, string>>;
  /** True when this process started it. */
  readonly startedHere: boolean;
  /**
   * What AWS clients need to be set to work as the operator of another account. The account comes to be, bootstrapped
   * for the CDK and trusting the home's own one, when it is asked for the first time. @throws LocalAwsError
   */
  environmentOf(account: string): Promise<Readonly<Record<string, string>>>;
  /** Lets the schedule (or every enabled one) of an account, else of the home's own, fire once. @throws LocalAwsError */
  tick(schedule?: string, account?: string): Promise<readonly FiredSchedule[]>;
  /** Serves a folder of this machine as a bucket, read-only. @throws LocalAwsError */
  mountSource(bucket: string, folder: string): Promise<void>;
  /** What the roles of an account, else of the home's own, were used for. @throws LocalAwsError */
  iamUsage(account?: string): Promise<readonly RoleUsage[]>;
  /** CPU that its process has taken so far, in milliseconds, and its peak memory in bytes. @throws LocalAwsError */
  usage(): Promise<{ readonly cpuMilliseconds: number; readonly maxRssBytes: number }>;
  /** Stops it when this process started it; otherwise it goes on. */
  stop(): Promise<void>;
}

/** The local AWS that is running on a home, if any. */
export function runningLocalAws(home: string): { readonly pid: number; readonly url: string } | undefined {
  return runningOn(resolve(home));
}

/**
 * Connects to the local AWS of a home or starts it as a child process. A child keeps this process alive until `stop`,
 * and ends with it in any case.
 * @throws LocalAwsError with its reason when it does not start
 */
export async function ensureLocalAws(options: {
  readonly home: string;
  readonly port?: number;
}): Promise<LocalAwsHandle> {
  const home = resolve(options.home);
  const running = runningOn(home);
  if (running) {
    if (options.port !== undefined && options.port !== running.port) {
      throw new LocalAwsError(
        `The local AWS of ${home} is running on port ${running.port} already (process ${running.pid}), not on ${options.port}.`,
      );
    }
    return handle(running, undefined);
  }
  const child = await startDaemon(home, options.port);
  const started = runningOn(home);
  if (!started) {
    throw new LocalAwsError(`The local AWS of ${home} started and ended at once; see ${logFile(home)}.`);
  }
  return handle(started, child);
}

function handle(running: RunningLocalAws, child: ChildProcess | undefined): LocalAwsHandle {
  return {
    url: running.url,
    port: running.port,
    accountId: LOCAL_ACCOUNT,
    region: LOCAL_REGION,
    environment: running.environment,
    startedHere: child !== undefined,
    async environmentOf(account) {
      const { environment } = await post(running, '/_local/account', { account });
      return environment as Readonly<Record<string, string>>;
    },
    async tick(schedule, account) {
      const answer = await post(running, '/_local/scheduler/tick', { schedule, account });
      return answer.fired as readonly FiredSchedule[];
    },
    async mountSource(bucket, folder) {
      await post(running, '/_local/source', { bucket, folder: resolve(folder) });
    },
    async iamUsage(account) {
      const { roles } = await post(running, '/_local/iam/usage', { account });
      return roles as readonly RoleUsage[];
    },
    async usage() {
      const { usage } = await call(running, 'GET', '/_local/status');
      return usage as { cpuMilliseconds: number; maxRssBytes: number };
    },
    stop: async () => {
      if (child) {
        await stopChild(child);
      }
    },
  };
}

function post(running: RunningLocalAws, path: string, body: object): Promise<Record<string, unknown>> {
  return call(running, 'POST', path, body);
}

async function call(
  running: RunningLocalAws,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(running.url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-sparkify-token': running.token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new LocalAwsError(`The local AWS at ${running.url} does not answer: ${(error as Error).message}`);
  }
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) {
    throw new LocalAwsError(`The local AWS refused ${method} ${path}: ${String(answer.message)}`);
  }
  return answer;
}

/** Starts the daemon in a process group of its own: Ctrl-C is for the CLI, which stops it in good order. */
async function startDaemon(home: string, port: number | undefined): Promise<ChildProcess> {
  const program = await compile('local/daemon.ts').catch((error: Error) => {
    throw new LocalAwsError(`The local AWS cannot be compiled into dist/: ${error.message}`);
  });
  const args = ['--enable-source-maps', program, '--home', home, '--stop-with-parent'];
  const child = spawn(process.execPath, port === undefined ? args : [...args, '--port', String(port)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // libuv's pool does DuckDB's and the file system's work: five long queries must not make the sixth wait.
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  const { line, errors } = await firstLine(child);
  const started = parseLine(line);
  if (started?.url === undefined) {
    child.kill('SIGTERM');
    const why = started?.error ?? (errors.trim() || 'it ended without a word');
    throw new LocalAwsError(`The local AWS did not start: ${why} (log: ${logFile(home)})`);
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.resume();
  }
  return child;
}

function firstLine(child: ChildProcess): Promise<{ readonly line: string; readonly errors: string }> {
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4_000);
    });
    child.once('error', (error) => reject(new LocalAwsError(`The local AWS did not start: ${error.message}`)));
    createInterface({ input: child.stdout! }).once('line', (line) => resolve({ line, errors }));
    child.once('close', () => resolve({ line: '', errors }));
  });
}

function parseLine(line: string): { readonly url?: string; readonly error?: string } | undefined {
  try {
    return JSON.parse(line) as { url?: string; error?: string };
  } catch {
    return undefined;
  }
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function logFile(home: string): string {
  return join(localHome(home).logs, 'local-aws.log');
}
