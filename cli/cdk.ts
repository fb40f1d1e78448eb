import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { DeployError } from './errors';
import { PROJECT } from './home';

const CDK = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** Variables that would lead the CDK CLI to somebody's real account, or to a network. */
const NOT_FOR_LOCAL = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

function localEnvironment(local: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const name of NOT_FOR_LOCAL) delete environment[name];
  return {
    ...environment,
    ...local,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NO_PROXY: '127.0.0.1,localhost',
    // The template's own validation takes five seconds of WASM; CI runs it over every environment.
    CDK_VALIDATION: 'false',
  };
}

/** The person's own AWS, with the profile and the region that the command line names. */
export function awsEnvironment(
  { profile, region }: { readonly profile?: string; readonly region?: string },
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...own,
    ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
    ...(region === undefined ? {} : { AWS_REGION: region }),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

export interface CdkRun {
  readonly exitCode: number;
  /** Set when it was ended by Ctrl-C or a termination, which it is given too. */
  readonly interrupted: boolean;
  /** Everything it printed, both streams in their order. */
  readonly output: string;
}

/**
 * Passes Ctrl-C and termination on to the child, so that it does not outlive us and we can still stop the local AWS.
 * @returns ends that, and says whether a signal came
 */
function passOnSignals(child: ChildProcess): () => boolean {
  let came = false;
  const pass = (signal: NodeJS.Signals) => {
    came = true;
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
    return came;
  };
}

/**
 * Runs the real CDK CLI of this checkout, unmodified, its AWS being the local one.
 * @param onLine is given each line it prints, as it comes
 */
export function runCdk(
  args: readonly string[],
  local: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<CdkRun> {
  return runCdkIn(localEnvironment(local), args, onLine);
}

/** Runs the real CDK CLI of this checkout, unmodified, in a process environment. @param onLine see `runCdk` */
export function runCdkIn(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<CdkRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CDK, ...args], {
      cwd: PROJECT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let rest = '';
    const read = (chunk: string) => {
      output += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    const stopListening = passOnSignals(child);
    child.on('error', reject);
    child.on('close', (code) => {
      const interrupted = stopListening();
      if (rest !== '') onLine(rest);
      resolve({ exitCode: code ?? 1, interrupted, output });
    });
  });
}

/**
 * Synthesizes the checkout's app, which needs no AWS.
 * @param folder where the assembly goes
 * @throws DeployError with what the CDK CLI said
 */
export async function synthesize(folder: string, context: readonly string[] = []): Promise<void> {
  const said: string[] = [];
  const run = await runCdk(['synth', '--quiet', '--output', folder, ...context], {}, (line) => said.push(line));
  if (run.exitCode !== 0) throw new DeployError(`cdk synth ended with exit code ${run.exitCode}:\n${said.join('\n')}`);
}
