import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout, type CommandEnd } from '../checkout';
import { ROOT } from './pages';

/**
 * A checkout in which the commands of the docs are typed as they stand, npm and all: its packages are links to the real
 * ones with a stamp of its own, so that `npm start` finds them installed. Its state is in `.sparkify/`.
 */
export class TypedCheckout {
  private readonly checkout = new Checkout();
  private readonly open = new Set<ChildProcess>();
  readonly folder = this.checkout.folder;
  /** What DIR stands for. */
  readonly bucket = this.checkout.bucket;

  constructor() {
    const packages = join(this.folder, 'node_modules');
    rmSync(packages);
    mkdirSync(packages);
    for (const name of readdirSync(join(ROOT, 'node_modules')))
      symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
    for (const name of ['package-lock.json', '.npmrc']) cpSync(join(ROOT, name), join(this.folder, name));
    const stamp = join(packages, '.sparkify-installed');
    rmSync(stamp, { force: true });
    const lock = readFileSync(join(this.folder, 'package-lock.json'));
    writeFileSync(stamp, createHash('sha256').update(lock).digest('hex'));
  }

  /** Types a command and waits for its end. */
  type(command: string): Promise<CommandEnd> {
    const { child, said } = this.start(command);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode, ...said }));
    });
  }

  /** Types a command that goes on by itself, and waits until it has said something. @throws Error when it ends before */
  begin(command: string, until: RegExp): Promise<Begun> {
    const { child, said } = this.start(command);
    return new Promise((resolve, reject) => {
      const ended = new Promise<number | null>((done) =>
        child.on('close', (code, signal) => done(signal === 'SIGINT' ? INTERRUPTED : code)),
      );
      void ended.then((code) => reject(new Error(`${command} ended with ${code}:\n${said.stdout}${said.stderr}`)));
      const look = () => {
        if (!until.test(said.stdout + said.stderr)) return;
        resolve({
          interrupt: () => {
            interrupt(child);
            return ended;
          },
        });
      };
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
    });
  }

  /** Ends what goes on, and forgets all of it. */
  async remove(): Promise<void> {
    const ends = [...this.open].map((child) => new Promise((done) => child.once('close', done)));
    for (const child of this.open) interrupt(child);
    await Promise.all(ends);
    this.checkout.remove();
  }

  private start(command: string) {
    const child = spawn('bash', ['-c', command], {
      cwd: this.folder,
      // A group of its own: Ctrl-C goes to npm and what it has started alike, as in a terminal.
      detached: true,
      env: { PATH: process.env.PATH, HOME: this.folder, TMPDIR: process.env.TMPDIR, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    this.open.add(child);
    child.on('close', () => this.open.delete(child));
    return { child, said };
  }
}

/** What a shell makes of the end by Ctrl-C. */
const INTERRUPTED = 130;

/** A command that has said what it was waited for. */
export interface Begun {
  /** Ctrl-C. @returns its exit code; 130 where npm has ended by the signal itself */
  interrupt(): Promise<number | null>;
}

function interrupt(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
}
