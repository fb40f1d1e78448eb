import type { EnvironmentConfig } from './environment';

/** What the environments on AWS have in common: the public Sparkify bucket and its region. */
export const COMMON = {
  region: 'us-west-2',
  availabilityZones: ['us-west-2a', 'us-west-2b', 'us-west-2c'],
  s3PrefixListId: 'pl-68a54001',
  sources: {
    origin: 'given',
    bucket: 'udacity-dend',
    region: 'us-west-2',
    account: null,
    kmsKeyArn: null,
  },
  schedule: { expression: 'cron(0 3 * * ? *)', timezone: 'UTC' },
  access: { analysts: [], operators: [] },
  alarms: {
    emails: [],
    rejectsAbove: 0,
    lateAfterHours: 26,
    diskPercent: 80,
    runbookUrl: 'https://example.com/sparkify/docs/runbook.md',
  },
  logRetentionDays: 365,
  reservedConcurrency: 10,
  loadDeadlineSeconds: 3300,
  rejects: {},
} as const satisfies Partial<EnvironmentConfig>;
