import { spawn } from 'node:child_process';
import { join } from 'node:path';
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

export interface CdkRun {
  readonly exitCode: number;
  /** Everything it printed, both streams in their order. */
  readonly output: string;
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
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CDK, ...args], {
      cwd: PROJECT,
      env: localEnvironment(local),
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
    child.on('error', reject);
    child.on('close', (code) => {
      if (rest !== '') onLine(rest);
      resolve({ exitCode: code ?? 1, output });
    });
  });
}
