import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file';

/** Another local AWS works on the same state. */
export class HomeInUseError extends Error {
  override readonly name = 'HomeInUseError';
  constructor(
    readonly home: string,
    readonly pid: number,
  ) {
    super(
      `The local AWS of ${home} is already running as process ${pid}, and two may not share one state. Stop that one first, or choose another folder with SPARKIFY_HOME.`,
    );
  }
}

/** Where a running local AWS is reached; kept in `local-aws.json` of its home, readable by its owner only. */
export interface RunningLocalAws {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Admits to the routes under /_local/. */
  readonly token: string;
  /** What AWS clients and the CDK CLI need to be set. */
  readonly environment: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly pid: number;
  /** Tells a process from a later one with the same number; absent where the system doesn't say. */
  readonly started?: string;
}

const lockFile = (home: string) => join(home, 'local-aws.lock');
const stateFile = (home: string) => join(home, 'local-aws.json');

/**
 * Takes the home for this process. A lock whose process is gone (killed, machine restarted) is taken over.
 * @returns gives the home back
 * @throws HomeInUseError
 */
export function lockHome(home: string): () => void {
  mkdirSync(home, { recursive: true });
  const file = lockFile(home);
  const mine: LockFile = { pid: process.pid, started: processState(process.pid)?.started };
  while (!createExclusively(file, JSON.stringify(mine))) {
    const text = readOrNothing(file);
    const holder = parseLock(text);
    if (holder && isAlive(holder)) {
      throw new HomeInUseError(home, holder.pid);
    }
    removeStale(file, text);
  }
  return () => rmSync(file, { force: true });
}

/** The local AWS that is running on a home; undefined when none is. */
export function runningOn(home: string): RunningLocalAws | undefined {
  const holder = parseLock(readOrNothing(lockFile(home)));
  const state = readJsonFile<RunningLocalAws | { readonly port: number }>(stateFile(home));
  const announced = state && 'pid' in state ? state : undefined;
  return holder && isAlive(holder) && announced?.pid === holder.pid ? announced : undefined;
}

/** The process that holds the home, also while it is still starting. */
export function holderOf(home: string): number | undefined {
  const holder = parseLock(readOrNothing(lockFile(home)));
  return holder && isAlive(holder) ? holder.pid : undefined;
}

/** The port used last, so that URLs stay the same from start to start. */
export function lastPort(home: string): number | undefined {
  return readJsonFile<Partial<RunningLocalAws>>(stateFile(home))?.port;
}

export function announce(home: string, running: RunningLocalAws): void {
  writeJsonFile(stateFile(home), running, 0o600);
}

/** Keeps the port only. */
export function withdraw(home: string, port: number): void {
  writeJsonFile(stateFile(home), { port }, 0o600);
}

function createExclusively(file: string, content: string): boolean {
  // Linked into place when whole: nobody ever reads an empty lock.
  const draft = `${file}.${randomUUID()}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, content);
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
}

/** Removes the lock when it is still the stale one; one that somebody else made meanwhile is put back. */
function removeStale(file: string, stale: string | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  try {
    if (readFileSync(aside, 'utf8') !== stale) {
      linkSync(aside, file);
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function parseLock(text: string | undefined): LockFile | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as LockFile);
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: LockFile): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = processState(pid);
  // A killed process that its parent has not waited for still has its number.
  const ended = now?.state === 'Z' || now?.state === 'X';
  return !ended && (started === undefined || now === undefined || started === now.started);
}

/** State letter and start time (clock ticks since boot) of a process on Linux; undefined elsewhere. */
function processState(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold spaces; the start time is the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, started: fields[19]! };
  } catch {
    return undefined;
  }
}
