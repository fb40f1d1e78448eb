import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateBucket } from '../../dataset/generate';
import { referenceStar } from '../support/reference-star';
import { type NightsResult, randomNights } from '../sweep/nights';

describe('a bucket whose files arrive in random order over six nights, each file and each event twice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparkify-nights-'));
  const bucket = join(folder, 'bucket');
  let result: NightsResult;

  beforeAll(async () => {
    await generateBucket({ folder: bucket, seed: 11, songs: 60, events: 600, users: 12, days: 10 });
    result = await randomNights({ bucket, folder: join(folder, 'nights'), nights: 6, seed: 6 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has no night that fails, and no run that counts twice', () => {
    expect(result.problems).toEqual([]);
  });

  it('ends in the star that the files make', () => {
    const expected = referenceStar(bucket);
    expect(result.plays).toEqual({ all: expected.songplays, known: expected.known });
    expect(result.plays.known).toBeGreaterThan(0);
    for (const table of ['users', 'songs', 'artists', 'time'] as const)
      expect({ [table]: result.star[table]?.length }).toEqual({ [table]: expected[table] });
  });

  it('ends in the star that a full refresh makes, row by row', () => {
    expect(result.changedByRefresh).toEqual([]);
  });
});
