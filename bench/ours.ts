import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { runCdk } from '../cli/cdk';
import { LOCAL_STACK, openStack } from '../cli/local-stack';
import { tableCounts } from '../cli/run-history';
import { optionsFrom } from '../cli/target';
import { ensureLocalAws, type LocalAwsHandle } from '../local/client';
import type { Measured } from './measured';

const BUCKET = 'sparkify-bench';
const ONE_VISIT =
  '{"artist":null,"auth":"Logged Out","firstName":null,"gender":null,"itemInSession":0,"lastName":null,"length":null,' +
  '"level":"free","location":null,"method":"GET","page":"Home","registration":null,"sessionId":0,"song":null,' +
  '"status":200,"ts":1541105830796,"userAgent":null,"userId":""}';

/** Puts all logs aside but one of a single event, so that the deploy itself has next to nothing to load. */
function putLogsAside(bucket: string, aside: string): void {
  renameSync(join(bucket, 'log_data'), aside);
  mkdirSync(join(bucket, 'log_data'));
  writeFileSync(join(bucket, 'log_data', 'first.json'), ONE_VISIT);
}

function bringLogsBack(bucket: string, aside: string): void {
  rmSync(join(bucket, 'log_data'), { recursive: true });
  renameSync(aside, join(bucket, 'log_data'));
  if (readdirSync(join(bucket, 'log_data')).length === 0) throw new Error('the logs are gone');
}

/** Lists every object: S3 makes ETags when objects are put, the local one when it first sees a file. */
async function listAll(aws: LocalAwsHandle): Promise<void> {
  const s3 = new S3Client(optionsFrom(aws.environment));
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: token }));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  s3.destroy();
}

async function deploy(aws: LocalAwsHandle, work: string): Promise<void> {
  const args = [
    'deploy',
    LOCAL_STACK,
    '-c',
    'env=local',
    '-c',
    'allowDataLoss=local',
    '-c',
    `sourceBucket=${BUCKET}`,
    '--require-approval',
    'never',
  ];
  const run = await runCdk([...args, '--output', join(work, 'cdk.out')], aws.environment, () => undefined);
  if (run.exitCode !== 0) throw new Error(`cdk deploy failed:\n${run.output.slice(-3000)}`);
}

/**
 * Deploys, then measures one full refresh from all files: what the process that holds the engine takes for it, with
 * listing, comparing, manifests, COPY, the star, the checks and the ledger.
 */
export async function measureOurs(bucket: string, work: string): Promise<Measured> {
  const aside = join(work, 'log_data');
  putLogsAside(bucket, aside);
  const aws = await ensureLocalAws({ home: join(work, 'home') });
  try {
    await aws.mountSource(BUCKET, bucket);
    await deploy(aws, work);
    bringLogsBack(bucket, aside);
    await listAll(aws);
    const stack = await openStack(aws);
    const before = await aws.usage();
    const begun = performance.now();
    const event = { trigger: 'operator', run: 'bench', mode: 'refresh' };
    const arn = await stack.executions.start(stack.outputs.FunctionAliasArn, 'bench', event);
    const end = await stack.executions.end(arn);
    if (end.status !== 'SUCCEEDED') throw new Error(`the load ended ${end.status}: ${end.error}`);
    const wallMilliseconds = performance.now() - begun;
    const after = await aws.usage();
    const tables = await tableCounts(stack.warehouse);
    stack.close();
    const counts = Object.fromEntries(tables.map(({ table, rows }) => [table, rows]));
    counts.known = Number.parseInt(tables.find(({ table }) => table === 'songplays')?.note ?? '', 10);
    const cpuMilliseconds = after.cpuMilliseconds - before.cpuMilliseconds;
    return { cpuMilliseconds, wallMilliseconds, maxRssBytes: after.maxRssBytes, counts };
  } finally {
    await aws.stop();
  }
}
