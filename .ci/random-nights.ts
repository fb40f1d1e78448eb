/**
 * The real bucket, its files arriving in random order over 31 nights, each of them twice: the counts are the same as
 * those of one load. Its arguments are a folder to work in and the archive.
 */
import { join } from 'node:path';
import { prepareSource } from '../cli/source';
import { randomNights } from '../test/sweep/nights';
import { REAL_BUCKET } from './real-bucket';

async function main(): Promise<void> {
  const [folder, archive] = process.argv.slice(2);
  if (folder === undefined || archive === undefined) throw new Error('usage: random-nights.ts FOLDER ARCHIVE [SEED]');
  const seed = Number(process.argv[4] ?? 31);
  const source = await prepareSource({ kind: 'archive', path: archive }, join(folder, 'sources'), () => {});
  const begun = Date.now();
  const result = await randomNights({ bucket: source.folder, folder: join(folder, 'nights'), nights: 31, seed });
  const { staging_events: _events, staging_songs: _songs, ...expected } = REAL_BUCKET;
  const found: Readonly<Record<string, number | undefined>> = {
    songplays: result.plays.all,
    known: result.plays.known,
    users: result.star.users?.length,
    songs: result.star.songs?.length,
    artists: result.star.artists?.length,
    time: result.star.time?.length,
  };
  const wrong = Object.entries(expected)
    .filter(([name, count]) => found[name] !== count)
    .map(([name, count]) => `${name}: expected ${count}, found ${found[name]}`);
  const refresh = result.changedByRefresh.map((each) => `a full refresh changed it: ${each}`);
  for (const each of [...wrong, ...refresh, ...result.problems]) console.error(each);
  if (wrong.length + refresh.length + result.problems.length > 0)
    throw new Error(`wrong after 31 nights (seed ${seed})`);
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(`31 random nights (seed ${seed}), every file delivered twice: ${JSON.stringify(found)} (${seconds} s)`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
