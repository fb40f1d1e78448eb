import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { AwsEnvironment } from '../environments';
import { CliError } from '../errors';
import { PROJECT } from '../home';

/** The program that judges environments ended without an answer. */
export class RulesError extends CliError {
  override readonly name = 'RulesError';
  readonly exitCode = 1;
}

/** A field that is not usable. */
export interface Refusal {
  /** Empty where the file as a whole is refused. */
  readonly path: readonly string[];
  readonly allowed: string;
  /** The whole sentence, with file, line and value. */
  readonly message: string;
}

/** A record of fields, as JSON has them. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Judgement {
  /** All fields of the environment; null where the file cannot be read. */
  readonly config: Fields | null;
  readonly refusals: readonly Refusal[];
  /** Where the files of each source lie in its bucket; none while something is refused. */
  readonly sourcePrefixes: readonly string[];
}

/**
 * Asks the app itself what it takes: its rules run in a process of their own (bin/environment-rules.ts), for the command
 * line may not import them, and a second copy of them would one day be another. To be closed.
 */
export class Rules {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  private said = '';

  constructor(root = PROJECT) {
    this.child = spawn(process.execPath, ['--require', 'tsx/cjs', join('bin', 'environment-rules.ts')], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift()?.resolve(line));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    // Its end is told by `close`; a write into a closed pipe is no second failure.
    this.child.stdin.on('error', () => undefined);
    this.child.on('close', (code) => {
      const error = new RulesError(`The rules of the environments ended with exit code ${code}:\n${this.said}`);
      for (const { reject } of this.waiting.splice(0)) reject(error);
    });
  }

  /** Judges the text of an environment's file. @throws RulesError */
  async judge(environment: AwsEnvironment, text: string): Promise<Judgement> {
    if (this.child.exitCode !== null) throw new RulesError(`The rules of the environments have ended:\n${this.said}`);
    const answer = await new Promise<string>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ environment, text })}\n`);
    });
    return JSON.parse(answer) as Judgement;
  }

  close(): void {
    this.child.stdin.end();
  }
}
