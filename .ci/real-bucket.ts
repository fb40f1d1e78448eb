/** The counts that are known of the real bucket. */
export const REAL_BUCKET = {
  staging_events: 8056,
  staging_songs: 14_896,
  songplays: 6820,
  known: 333,
  users: 97,
  songs: 14_896,
  artists: 9553,
  time: 6813,
} as const;
