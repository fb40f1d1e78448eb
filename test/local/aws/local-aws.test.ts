import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ensureLocalAws, runningLocalAws } from '../../../local/client';
import { startLocalAws } from '../../../local/main';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'local-aws-home-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function s3For(environment: Readonly<Record<string, string>>): S3Client {
  return new S3Client({
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
    },
    maxAttempts: 1,
  });
}

describe('the local AWS in this process', () => {
  it('answers on 127.0.0.1 as a bootstrapped account, and keeps its port from start to start', async () => {
    const first = await startLocalAws({ home });
    const s3 = s3For(first.environment);
    await s3.send(new HeadBucketCommand({ Bucket: 'cdk-hnb659fds-assets-000000000000-us-west-2' }));
    s3.destroy();
    expect(await (await fetch(`${first.url}/_local/health`)).json()).toEqual({ status: 'ok', pid: process.pid });
    await first.stop();
    const second = await startLocalAws({ home });
    expect([second.port, second.environment]).toEqual([first.port, first.environment]);
    await second.stop();
    await second.stopped;
  });

  it('is alone on its home, and takes over a lock whose process is gone', async () => {
    writeFileSync(join(home, 'local-aws.lock'), JSON.stringify({ pid: 2 ** 22 - 1, started: '1' }));
    const first = await startLocalAws({ home });
    await expect(startLocalAws({ home })).rejects.toThrow(`already running as process ${process.pid}`);
    expect(runningLocalAws(home)).toMatchObject({ pid: process.pid, url: first.url });
    await first.stop();
    expect(runningLocalAws(home)).toBeUndefined();
  });

  it('says so when the port asked for is taken, and takes another when it was only the last one', async () => {
    const other = mkdtempSync(join(tmpdir(), 'local-aws-home-'));
    const first = await startLocalAws({ home });
    await expect(startLocalAws({ home: other, port: first.port })).rejects.toThrow(/is taken by another program/);
    writeFileSync(join(other, 'local-aws.json'), JSON.stringify({ port: first.port }));
    const second = await startLocalAws({ home: other });
    expect(second.port).not.toBe(first.port);
    await second.stop();
    await first.stop();
    rmSync(other, { recursive: true });
  });

  it('lets only the holder of the token call the routes of the CLI, and stops when told to', async () => {
    const aws = await startLocalAws({ home });
    const shutdown = (headers: Record<string, string>) =>
      fetch(`${aws.url}/_local/shutdown`, { method: 'POST', headers, body: '{}' });
    expect((await shutdown({})).status).toBe(403);
    expect((await shutdown({ 'x-sparkify-token': 'x'.repeat(36) })).status).toBe(403);
    const { token } = JSON.parse(readFileSync(join(home, 'local-aws.json'), 'utf8')) as { token: string };
    expect(statSync(join(home, 'local-aws.json')).mode & 0o077).toBe(0);
    expect((await shutdown({ 'x-sparkify-token': token })).status).toBe(200);
    await aws.stopped;
  });
});

describe('the local AWS as a child process', () => {
  it('is started once, serves a mounted folder, ticks, and is stopped by whoever started it', async () => {
    const source = join(home, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'log.json'), '{}');
    const started = await ensureLocalAws({ home });
    try {
      const found = await ensureLocalAws({ home });
      expect([found.url, found.startedHere, started.startedHere]).toEqual([started.url, false, true]);
      await found.mountSource('source-bucket', source);
      const s3 = s3For(found.environment);
      const object = await s3.send(new GetObjectCommand({ Bucket: 'source-bucket', Key: 'log.json' }));
      expect(await object.Body!.transformToString()).toBe('{}');
      s3.destroy();
      expect(await found.tick()).toEqual([]);
      await expect(found.mountSource('source-bucket', join(home, 'none'))).rejects.toThrow(/not a folder/);
      await found.stop();
      expect(runningLocalAws(home)).toMatchObject({ url: started.url });
    } finally {
      await started.stop();
    }
    expect(runningLocalAws(home)).toBeUndefined();
  });

  it('says why it does not start', async () => {
    mkdirSync(join(home, 'iam'));
    writeFileSync(join(home, 'iam/identities.json'), '{');
    await expect(ensureLocalAws({ home })).rejects.toThrow(/identities.json can't be read/);
  });
});
