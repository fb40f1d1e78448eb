import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { type LocalAws, startLocalAws } from '../../local/main';

const CDK = require.resolve('aws-cdk/bin/cdk');
const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];

let folder: string;
let aws: LocalAws;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cdk-accounts-'));
  aws = await startLocalAws({ home: join(folder, 'home') });
});

afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One app with a warehouse in each of three accounts. */
function assembly(): string {
  const app = new App({ builtinCloudFormationValidation: false, outdir: join(folder, 'cdk.out') });
  for (const account of ACCOUNTS) {
    const stack = new Stack(app, `Warehouse-${account}`, { env: { account, region: 'us-west-2' } });
    const cluster = new CfnCluster(stack, 'Cluster', {
      clusterType: 'single-node',
      dbName: 'dev',
      masterUsername: 'admin1',
      manageMasterPassword: true,
      nodeType: 'ra3.large',
    });
    new CfnOutput(stack, 'Where', { value: `${stack.account}/${cluster.ref}` });
  }
  return app.synth().directory;
}

function cdk(...args: readonly string[]): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CDK, ...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        ...aws.environment,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        NODE_NO_WARNINGS: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

it('deploys one app into three accounts with the keys of a fourth, by the roles that cdk bootstrap makes', async () => {
  const app = assembly();
  const deployed = await cdk('deploy', '--all', '--app', app, '--require-approval', 'never', '--no-notices');
  expect({ ...deployed, output: deployed.exitCode === 0 ? '' : deployed.output.slice(-3_000) }).toEqual({
    exitCode: 0,
    output: '',
  });
  const places = [...deployed.output.matchAll(/\.Where = (\d{12})\/(\S+)/g)].map(([, account, id]) => ({
    account,
    id,
  }));
  expect(places.map(({ account }) => account).sort()).toEqual(ACCOUNTS);
  expect(new Set(places.map(({ id }) => id)).size).toBe(3);
  const destroyed = await cdk('destroy', 'Warehouse-222222222222', '--app', app, '--force', '--no-notices');
  expect(destroyed.exitCode).toBe(0);
  const again = await cdk('deploy', '--all', '--app', app, '--require-approval', 'never', '--no-notices');
  expect(again.output.match(/\(no changes\)/g)).toHaveLength(2);
});
