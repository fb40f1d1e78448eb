/** After a start on the real bucket: exactly the counts that are known of it. Its one argument is the home. */
import { expectCounts } from './sparkify';

process.env.SPARKIFY_HOME = process.argv[2] ?? process.env.SPARKIFY_HOME;
expectCounts({
  staging_events: 8056,
  staging_songs: 14_896,
  songplays: 6820,
  known: 333,
  users: 97,
  songs: 14_896,
  artists: 9553,
  time: 6813,
});
