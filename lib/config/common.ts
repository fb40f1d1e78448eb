import type { EnvironmentConfig } from './environment';

/** What the environments on AWS have in common: the public Sparkify bucket and its region. */
export const COMMON = {
  region: 'us-west-2',
  availabilityZones: ['us-west-2a', 'us-west-2b', 'us-west-2c'],
  s3PrefixListId: 'pl-68a54001',
  sources: {
    bucket: 'udacity-dend',
    region: 'us-west-2',
    songPrefix: 'song_data/',
    logPrefix: 'log_data/',
    logJsonPathsKey: 'log_json_path.json',
  },
  schedule: { expression: 'cron(0 3 * * ? *)', timezone: 'UTC' },
  loadDeadlineSeconds: 3300,
  rejects: { songs: 0, events: 0 },
} as const satisfies Partial<EnvironmentConfig>;
