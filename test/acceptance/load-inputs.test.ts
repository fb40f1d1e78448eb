import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { ensureLocalAws, type LocalAwsHandle } from '../../local/client';
import { Checkout, type CommandEnd } from '../support/checkout';

/**
 * What was deployed against what would be: CloudFormation's detection of drift does not look at custom resources (nor
 * does it here), so the inputs of the load are compared by `cdk diff` and `sparkify plan`. One story in order.
 */
describe('The inputs of the load', () => {
  const checkout = new Checkout();
  const app = join(checkout.folder, 'other.out');
  let aws: LocalAwsHandle;
  let context: readonly string[];
  const cdk = (...args: readonly string[]) =>
    checkout.run(join('node_modules', 'aws-cdk', 'bin', 'cdk'), args, {
      ...aws.environment,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_VALIDATION: 'false',
      NO_COLOR: '1',
    });
  const text = ({ stdout, stderr }: CommandEnd) => `${stdout}\n${stderr}`;
  const diff = () => cdk('diff', 'Sparkify-local', '--fail', ...context);
  const plan = async () => {
    const end = await checkout.sparkify('plan', '--env', 'local', '--app', app, '--format', 'json');
    if (end.exitCode !== 0) throw new Error(end.stderr);
    return JSON.parse(end.stdout) as { readonly infrastructure: readonly object[]; readonly load: object };
  };

  beforeAll(async () => {
    await generateBucket({ folder: checkout.bucket, seed: 5, songs: 10, events: 60, users: 5, days: 2 });
    aws = await ensureLocalAws({ home: checkout.home });
    const end = await checkout.sparkify('start', '--source', checkout.bucket, '--format', 'json');
    if (end.exitCode !== 0) throw new Error(end.stderr);
    const { outputs } = JSON.parse(end.stdout) as { readonly outputs: Readonly<Record<string, string>> };
    context = ['-c', 'env=local', '-c', 'allowDataLoss=local', '-c', `sourceBucket=${outputs.SourceBucketName}`];
  });
  afterAll(async () => {
    await aws.stop();
    checkout.remove();
  });

  it('are those of the checkout after a deploy', async () => {
    const end = await diff();
    expect({ exitCode: end.exitCode, output: text(end) }).toEqual({
      exitCode: 0,
      output: expect.stringContaining('There were no differences'),
    });
  });

  it('are not checked for drift, as on AWS', async () => {
    const end = await cdk('drift', 'Sparkify-local', '--fail', '--verbose', ...context);
    expect(end.exitCode).toBe(0);
    expect(text(end)).toMatch(/Unchecked Resources[\s\S]*Custom::WarehouseLoad/);
  });

  it('differ by the digest of what was changed, and the plan says what that costs', async () => {
    appendFileSync(join(checkout.folder, 'sql', 'load', '044_songs.sql'), '-- other songs\n');
    const end = await diff();
    expect(end.exitCode).toBe(1);
    const [, load] = /Custom::WarehouseLoad[^\n]*\n([\s\S]*?)\n(?=\[|\n)/.exec(text(end))!;
    expect(load!.match(/\w+(Digest|Arn)\b/g)).toEqual(['LoadDigest']);
    expect(load).toMatch(/LoadDigest\n.*\[-\] [0-9a-f]{64}\n.*\[\+\] [0-9a-f]{64}\n/);
    expect((await cdk('synth', '--quiet', '--output', app, ...context)).exitCode).toBe(0);
    expect(await plan()).toMatchObject({
      infrastructure: expect.arrayContaining([
        expect.objectContaining({ type: 'Custom::WarehouseLoad', properties: ['LoadDigest'] }),
      ]),
      load: { mode: 'refresh', why: ['the SQL of the load has changed'] },
    });
  });
});
