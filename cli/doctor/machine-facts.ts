import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GitState, MachineFacts } from './machine';

const run = promisify(execFile);

/** Looks at the machine. @param root the checkout */
export async function machineFacts(root: string, home: string, environment: NodeJS.ProcessEnv): Promise<MachineFacts> {
  const there = nearestExisting(home);
  const { bavail, bsize } = await statfs(there);
  return {
    node: process.versions.node,
    strayPackages: strayPackages(root),
    platform: `${process.platform}-${process.arch}`,
    duckdb: await duckdb(),
    freeDisk: bavail * bsize,
    freeMemory: process.availableMemory(),
    threadPool: environment.UV_THREADPOOL_SIZE,
    git: await gitState(root),
    home,
    homeWritable: isWritable(there),
  };
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly inBundle?: boolean;
}

/** `name 1.2.3`, once for each package that is missing or has another version; those for other platforms may. Undefined without a lock file. */
export function strayPackages(root: string): readonly string[] | undefined {
  if (!existsSync(join(root, 'package-lock.json'))) return undefined;
  const lock = readPackages(join(root, 'package-lock.json'));
  return Object.entries(lock).flatMap(([path, { version, optional, devOptional, inBundle }]) => {
    if (path === '' || inBundle === true) return [];
    const file = join(root, path, 'package.json');
    const there = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LockedPackage).version : undefined;
    if (there === version || (there === undefined && (optional === true || devOptional === true))) return [];
    return [`${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)} ${version}`];
  });
}

function readPackages(file: string): Readonly<Record<string, LockedPackage>> {
  return (JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> }).packages;
}

async function duckdb(): Promise<MachineFacts['duckdb']> {
  try {
    const { version } = await import('@duckdb/node-api');
    return { version: version() };
  } catch (error) {
    return { error: (error as Error).message.split('\n')[0] ?? '' };
  }
}

async function gitState(root: string): Promise<GitState | undefined> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: root })).stdout.trim();
  try {
    const branch = await git('branch', '--show-current');
    const changed = await git('status', '--porcelain');
    return {
      branch: branch === '' ? undefined : branch,
      commit: await git('rev-parse', '--short', 'HEAD'),
      changedFiles: changed === '' ? 0 : changed.split('\n').length,
    };
  } catch {
    // No git, or no repository: nothing depends on either.
    return undefined;
  }
}
