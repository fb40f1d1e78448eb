import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

const ROOT = resolve(__dirname, '..', '..');
const COPIED = [
  'bin',
  'cli',
  'dataset',
  'lambda',
  'lib',
  'local',
  'report',
  'sql',
  'statements',
  'cdk.json',
  'package.json',
  'tsconfig.json',
];

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on by itself. */
export interface RunningCommand {
  /** Resolves when its standard error matches. */
  said(pattern: RegExp): Promise<void>;
  /** Ctrl-C. @returns its exit code */
  interrupt(): Promise<number | null>;
}

/** A checkout of its own that a test may change, with a home of its own; the packages are those of the real one. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'sparkify-checkout-'));
  /** Where the state lies; another one may be taken before the first command. */
  home = join(this.folder, 'home');
  readonly bucket = join(this.folder, 'bucket');

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'), 'dir');
    mkdirSync(this.bucket);
  }

  /** Runs `sparkify` as a person would, and waits for its end. */
  sparkify(...args: readonly string[]): Promise<CommandEnd> {
    return ending(this.spawn(args));
  }

  /** Runs another program of Node in it, and waits for its end. */
  run(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<CommandEnd> {
    return ending(this.node([script, ...args], env));
  }

  /** Runs a line of the shell in it, and waits for its end. */
  shell(line: string): Promise<CommandEnd> {
    return ending(spawn('bash', ['-c', line], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Starts `sparkify` and lets it run on. */
  begin(...args: readonly string[]): RunningCommand {
    const child = this.spawn(args);
    let stderr = '';
    const ended = new Promise<number | null>((done) => child.on('close', done));
    const heard = new Set<() => void>();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const listener of [...heard]) listener();
    });
    child.stdout.resume();
    return {
      said: (pattern) =>
        new Promise((done, fail) => {
          const look = () => {
            if (pattern.test(stderr)) done();
          };
          heard.add(look);
          look();
          void ended.then((code) => fail(new Error(`it ended with ${code} and never said ${pattern}:\n${stderr}`)));
        }),
      interrupt: () => {
        child.kill('SIGINT');
        return ended;
      },
    };
  }

  /** The rows of a query. Throws with what the command printed when it fails. */
  async rows<T>(sql: string): Promise<readonly T[]> {
    const end = await this.sparkify('query', sql, '--format', 'json');
    if (end.exitCode !== 0) throw new Error(`query failed (${end.exitCode}): ${end.stderr}`);
    return JSON.parse(end.stdout) as readonly T[];
  }

  private spawn(args: readonly string[]) {
    return this.node(['--import', 'tsx', join('cli', 'main.ts'), ...args], { UV_THREADPOOL_SIZE: '16' });
  }

  private node(args: readonly string[], env: Readonly<Record<string, string>>) {
    return spawn(process.execPath, args, {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SPARKIFY_HOME: this.home,
        NODE_NO_WARNINGS: '1',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function ending(child: ChildProcessByStdio<null, Readable, Readable>): Promise<CommandEnd> {
  return new Promise((done, fail) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', fail);
    child.on('close', (exitCode) => done({ exitCode, stdout, stderr }));
  });
}
