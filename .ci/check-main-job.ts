/** After `npm start`: the warehouse holds what the generator says it wrote, and an idle night changes nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BucketSummary } from '../dataset/generate';
import { counts, expectCounts, sparkify } from './sparkify';

const home = process.env.SPARKIFY_HOME ?? join(__dirname, '..', '.sparkify');
const made = readFileSync(join(home, 'sources', 'sparkify-generated.json'), 'utf8');
const { summary } = JSON.parse(made) as { summary: BucketSummary };

expectCounts({
  staging_events: summary.events,
  staging_songs: summary.songs,
  songplays: summary.plays,
  users: summary.users,
  songs: summary.songs,
  artists: summary.artists,
  time: summary.startTimes,
});

const before = counts();
const [run] = JSON.parse(sparkify('tick', '--format', 'json')) as { files: number; status: string }[];
if (run?.files !== 0 || run.status !== 'succeeded')
  throw new Error(`an idle night loaded something: ${JSON.stringify(run)}`);
const after = counts();
for (const table of ['songplays', 'users', 'songs', 'artists', 'time']) {
  if (before[table] !== after[table]) throw new Error(`an idle night changed ${table}`);
}
console.log('an idle night loads nothing');
