import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const ROOT = resolve(__dirname, '..', '..');
const COPIED = [
  'bin',
  'build',
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
  'package-lock.json',
  'tsconfig.json',
];

/** What `npx sparkify` runs, in a checkout. */
export const SPARKIFY = join('cli', 'sparkify.mjs');

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on by itself. */
export interface RunningCommand {
  /** Resolves when its standard error matches. */
  said(pattern: RegExp): Promise<void>;
  /** Resolves when its standard output matches. */
  printed(pattern: RegExp): Promise<void>;
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

  /** The same with more in its environment. */
  sparkifyWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandEnd> {
    return ending(this.spawn(args, env));
  }

  /** Runs `sparkify` for a reader that has gone before anything is written, as `head` goes after its lines. */
  sparkifyUnread(...args: readonly string[]): Promise<CommandEnd> {
    const child = this.spawn(args);
    child.stdout.destroy();
    return ending(child);
  }

  /** Runs `sparkify` with a text on its standard input, and waits for its end. */
  piped(input: string, ...args: readonly string[]): Promise<CommandEnd> {
    const child = this.spawn(args, {}, 'pipe');
    child.stdin?.end(input);
    return ending(child);
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
    const ended = new Promise<number | null>((done) => child.on('close', done));
    const listen = (stream: Readable) => {
      let text = '';
      const heard = new Set<() => void>();
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        for (const listener of [...heard]) listener();
      });
      return (pattern: RegExp) =>
        new Promise<void>((done, fail) => {
          const look = () => {
            if (pattern.test(text)) done();
          };
          heard.add(look);
          look();
          void ended.then((code) => fail(new Error(`it ended with ${code} and never said ${pattern}:\n${text}`)));
        });
    };
    return {
      said: listen(child.stderr),
      printed: listen(child.stdout),
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

  private spawn(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    stdin: 'ignore' | 'pipe' = 'ignore',
  ) {
    return this.node([SPARKIFY, ...args], env, stdin);
  }

  private node(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    stdin: 'ignore' | 'pipe' = 'ignore',
  ): ChildProcessByStdio<Writable | null, Readable, Readable> {
    const options: SpawnOptions = {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SPARKIFY_HOME: this.home,
        ...env,
      },
      stdio: [stdin, 'pipe', 'pipe'],
    };
    return spawn(process.execPath, args, options) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function ending(child: ChildProcessByStdio<Writable | null, Readable, Readable>): Promise<CommandEnd> {
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
