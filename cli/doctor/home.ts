import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { accountsFolder, localHome } from '../../local/home';
import { holderOf, lastPort, runningOn } from '../../local/home-lock';
import { type Finding, findings } from './finding';
import type { Commands } from './where';

/** What there is to know of a local AWS before anything asks it. */
export interface HomeFacts {
  readonly home: string;
  readonly exists: boolean;
  /** A lock lies there whose process is gone. */
  readonly staleLock: string | undefined;
  readonly holder: HomeHolder | undefined;
  /** The port used last, and whether somebody else has it now. */
  readonly port: { readonly last: number; readonly free: number } | undefined;
  /** State files that are no JSON, with the reason. */
  readonly damaged: readonly string[];
}

export interface HomeHolder {
  readonly pid: number;
  /** Undefined where the process has the home and does not serve. */
  readonly url: string | undefined;
}

const { ok, warn, fail } = findings('local');

/** Judges a home. */
export function homeFindings(facts: HomeFacts): readonly Finding[] {
  if (!facts.exists) return [warn('home', `nothing was started in ${facts.home} yet`, 'npm start')];
  return [state(facts), daemon(facts), port(facts)];
}

/** Whether the local AWS of such a home can be asked, or started to be asked. */
export function mayBeAsked({ exists, holder, damaged }: HomeFacts): boolean {
  return exists && damaged.length === 0 && (holder === undefined || holder.url !== undefined);
}

function state({ home, damaged }: HomeFacts): Finding {
  return damaged.length === 0
    ? ok('home', home)
    : fail('home', `state files cannot be read: ${damaged.join('; ')}`, 'npm start -- --fresh');
}

function daemon({ holder, staleLock }: HomeFacts): Finding {
  if (holder?.url !== undefined) return ok('local AWS', `answers at ${holder.url} (process ${holder.pid})`);
  if (holder !== undefined) {
    return fail('local AWS', `process ${holder.pid} has the home and does not answer`, `kill ${holder.pid}`);
  }
  if (staleLock !== undefined) {
    return warn(
      'local AWS',
      'its process is gone and has left its lock (killed, or the machine restarted)',
      `rm ${staleLock}`,
    );
  }
  return ok('local AWS', 'not running; commands start it and stop it again');
}

function port({ port: taken }: HomeFacts): Finding {
  if (taken === undefined) return ok('port', 'free, or never used');
  if (taken.last === taken.free) return ok('port', `${taken.last}, the one used last, is free`);
  return warn(
    'port',
    `${taken.last}, the one used last, is another program's now: its address will be another`,
    `npx sparkify start --serve --port ${taken.free}`,
  );
}

/** Looks at a home without touching it. */
export async function homeFacts(home: string): Promise<HomeFacts> {
  const exists = existsSync(home);
  const pid = holderOf(home);
  const lock = join(home, 'local-aws.lock');
  const damaged = exists ? await damagedFiles(home) : [];
  const readable = !damaged.some((name) => name.startsWith('local-aws.json'));
  const last = readable && pid === undefined ? lastPort(home) : undefined;
  return {
    home,
    exists,
    staleLock: pid === undefined && existsSync(lock) ? lock : undefined,
    holder: pid === undefined ? undefined : { pid, url: readable ? await answering(home) : undefined },
    port: last === undefined ? undefined : { last, free: (await isFree(last)) ? last : await freePort() },
    damaged,
  };
}

/** The address of a running local AWS, if it answers. */
async function answering(home: string): Promise<string | undefined> {
  const url = runningOn(home)?.url;
  if (url === undefined) return undefined;
  try {
    const { ok: healthy } = await fetch(`${url}/_local/health`, { signal: AbortSignal.timeout(5_000) });
    return healthy ? url : undefined;
  } catch {
    return undefined;
  }
}

/** State of the services in JSON; what is stored in buckets, functions and the engine's files is data, not state. */
async function damagedFiles(home: string): Promise<readonly string[]> {
  const folders = [home, ...(await accountFolders(home))].flatMap((root) => {
    const { iam, cloudformation, scheduler, sqs } = localHome(root);
    return [root, iam, cloudformation, scheduler, sqs];
  });
  const damaged: string[] = [];
  for (const folder of folders) {
    for (const name of (await namesIn(folder)).filter((each) => each.endsWith('.json'))) {
      const reason = notJson(join(folder, name));
      if (reason !== undefined) damaged.push(`${join(folder, name).slice(home.length + 1)} (${reason})`);
    }
  }
  return damaged;
}

async function accountFolders(home: string): Promise<readonly string[]> {
  const folder = accountsFolder(localHome(home));
  return (await namesIn(folder)).map((name) => join(folder, name));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : [];
}

function notJson(file: string): string | undefined {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isFree(wanted: number): Promise<boolean> {
  return listening(wanted).then(
    () => true,
    () => false,
  );
}

const freePort = () => listening(0);

/** Takes a port of 127.0.0.1 for a moment. @returns which it was */
function listening(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted));
    });
  });
}

/** What is said of an environment that no deploy has made on this machine. */
export function neverMade(environment: string, commands: Commands): Finding {
  return warn('account', `${environment} was never made on this machine`, commands.deploy);
}

/** What is said where the local AWS could not be started to be asked. */
export function unstartable(error: Error): Finding {
  return fail('local AWS', error.message, 'npm start -- --fresh');
}
