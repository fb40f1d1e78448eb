import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { generateBucket } from '../../dataset/generate';
import { localAssembly } from '../support/local-world/assembly';
import { LocalWorld } from '../support/local-world/local-world';
import { referenceStar } from '../support/reference-star';

const BUCKET = 'sparkify-made';

/** One story in order: a deploy into an account without data, then the data. */
describe('a source bucket that the stack makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-made-'));
  const files = join(folder, 'files');
  let world: LocalWorld;

  beforeAll(async () => {
    mkdirSync(files);
    await generateBucket({ folder: files, seed: 8, songs: 5, events: 60, users: 6, days: 2 });
    world = await LocalWorld.open({ home: join(folder, 'home'), source: files });
  });
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is there after the deploy, which finds nothing in it to load', async () => {
    const config = join(folder, 'made.yaml');
    writeFileSync(config, `sources: { origin: made, bucket: ${BUCKET} }\n`);
    const assembly = localAssembly(BUCKET, 1, { config });
    await world.publish(assembly);
    expect(await world.create(assembly.template)).toBe('CREATE_COMPLETE');
    expect(await world.output('SourceBucketName')).toBe(BUCKET);
    expect(await world.rows('select count(*)::int from songplays')).toEqual([[0]]);
  });

  it('is loaded by the next run once the data is in it', async () => {
    const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = world.environment;
    const s3 = new S3Client({
      endpoint: AWS_ENDPOINT_URL,
      region: AWS_REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
    });
    for (const entry of readdirSync(files, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: relative(files, path), Body: readFileSync(path) }));
    }
    s3.destroy();
    const end = await world.ended(await world.invoke({ trigger: 'operator', run: 'first-data' }));
    expect(end.status).toBe('SUCCEEDED');
    const expected = referenceStar(files);
    expect(await world.rows('select (select count(*) from songplays)::int, (select count(*) from songs)::int')).toEqual(
      [[expected.songplays, expected.songs]],
    );
  });
});
