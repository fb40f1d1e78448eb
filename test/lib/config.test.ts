import { ConfigurationError, selectEnvironments } from '../../lib/config';
import type { EnvironmentConfig } from '../../lib/config/environment';
import { validateEnvironment } from '../../lib/config/validate';

function devWith(change: Partial<EnvironmentConfig>): EnvironmentConfig {
  const [dev] = selectEnvironments({ env: 'dev' });
  return { ...(dev as EnvironmentConfig), ...change };
}

describe('the environments', () => {
  it('are all chosen when none is named', () => {
    expect(selectEnvironments({}).map((config) => config.name)).toEqual(['dev', 'staging', 'prod', 'local']);
  });

  it('refuse an unknown name and say which there are', () => {
    expect(() => selectEnvironments({ env: 'production' })).toThrow(
      'Environment "production": env is "production"; allowed: dev, staging, prod, local.',
    );
  });

  it('take another source bucket for the local one only', () => {
    expect(selectEnvironments({ env: 'local', sourceBucket: 'my-bucket' })[0]?.sources.bucket).toBe('my-bucket');
    expect(selectEnvironments({ env: 'prod', sourceBucket: 'my-bucket' })[0]?.sources.bucket).toBe('udacity-dend');
  });

  it('refuse a source bucket that could not be one', () => {
    expect(() => selectEnvironments({ env: 'local', sourceBucket: 'Not A Bucket' })).toThrow(
      /sources\.bucket is "Not A Bucket"/,
    );
  });
});

describe('an environment is refused, the field, the value and the allowed ones named, when', () => {
  const [base] = selectEnvironments({ env: 'dev' }) as [EnvironmentConfig];
  it.each<[string, Partial<EnvironmentConfig>, RegExp]>([
    ['the account is not twelve digits', { account: '42' }, /account is "42"; allowed: twelve digits/],
    ['a zone is of another region', { availabilityZones: ['us-west-2a', 'eu-west-1a'] }, /availabilityZones/],
    ['one zone is given twice', { availabilityZones: ['us-west-2a', 'us-west-2a'] }, /availabilityZones/],
    [
      'the node type is retired',
      { warehouse: { ...base.warehouse, nodeType: 'dc2.large' } },
      /warehouse\.nodeType is "dc2\.large"; allowed: ra3\.large/,
    ],
    [
      'there are no nodes',
      { warehouse: { ...base.warehouse, numberOfNodes: 0 } },
      /numberOfNodes is 0; allowed: a whole number from 1 to 100/,
    ],
    [
      'more rejects are allowed than COPY can count',
      { rejects: { songs: 0, events: 100_000 } },
      /rejects\.events is 100000; allowed: a whole number from 0 to 99999/,
    ],
    ['fewer than no rejects are allowed', { rejects: { songs: -1, events: 0 } }, /rejects\.songs is -1/],
    [
      'a prefix has no slash at its end',
      { sources: { ...base.sources, songPrefix: 'song_data' } },
      /songPrefix is "song_data"/,
    ],
    [
      'the JSONPaths file would be loaded as data',
      { sources: { ...base.sources, logJsonPathsKey: 'log_data/paths.json' } },
      /logJsonPathsKey/,
    ],
    [
      'the load would outlive the deploy',
      { loadDeadlineSeconds: 3600 },
      /loadDeadlineSeconds is 3600; allowed: a whole number from 60 to 3300/,
    ],
  ])('%s', (_, change, message) => {
    expect(() => validateEnvironment(devWith(change))).toThrow(ConfigurationError);
    expect(() => validateEnvironment(devWith(change))).toThrow(message);
  });
});
