import { readConfig } from '../../lambda/config';

const environment = {
  CLUSTER_IDENTIFIER: 'sparkify-dev',
  DATABASE: 'sparkify',
  DATABASE_USER: 'sparkify_admin',
  LOADER_USER: 'loader',
  ANALYST_USER: 'analyst',
  OPERATOR_USER: 'operator',
  COPY_ROLE_ARN: 'arn:aws:iam::000000000000:role/copy',
  SOURCE_REGION: 'us-west-2',
  SONG_DATA_URL: 's3://udacity-dend/song_data/',
  LOG_DATA_URL: 's3://udacity-dend/log_data/',
  LOG_JSONPATHS_URL: 's3://udacity-dend/log_json_path.json',
  WORK_BUCKET: 'sparkify-dev-work',
  ENVIRONMENT_NAME: 'dev',
  LOAD_DEADLINE_SECONDS: '3300',
};

describe('the configuration', () => {
  it('is read from the environment variables', () => {
    expect(readConfig(environment)).toMatchObject({ database: 'sparkify', loadDeadlineSeconds: 3300 });
  });

  it('names everything that is missing or wrong at once', () => {
    const wrong = { ...environment, DATABASE: undefined, SONG_DATA_URL: 's3://udacity-dend/song_data' };
    expect(() => readConfig(wrong)).toThrow(/DATABASE is missing; SONG_DATA_URL is 's3:.*not s3:\/\/bucket\/prefix\//);
  });

  it('allows no rejects unless the template says how many', () => {
    expect(readConfig(environment).maxRejects).toEqual({ songs: 0, events: 0 });
    const allowing = { ...environment, MAX_REJECTED_SONGS: '5', MAX_REJECTED_EVENTS: '99999' };
    expect(readConfig(allowing).maxRejects).toEqual({ songs: 5, events: 99_999 });
    for (const wrong of ['-1', '100000', '1.5', 'all', ''])
      expect(() => readConfig({ ...environment, MAX_REJECTED_EVENTS: wrong })).toThrow(/MAX_REJECTED_EVENTS is '/);
  });

  it('is of one kind of warehouse, with what that kind needs', () => {
    expect(readConfig({ ...environment, MULTI_AZ: 'true' }).warehouse).toMatchObject({
      kind: 'provisioned',
      multiAz: true,
    });
    const { CLUSTER_IDENTIFIER, DATABASE_USER: _user, ...others } = environment;
    const workgroup = {
      ...others,
      WORKGROUP_NAME: 'sparkify-dev',
      ADMIN_SECRET: 'redshift!sparkify-dev-sparkify_admin',
    };
    expect(readConfig(workgroup).warehouse).toMatchObject({ kind: 'serverless', workgroupName: 'sparkify-dev' });
    expect(() => readConfig({ ...workgroup, CLUSTER_IDENTIFIER })).toThrow(/a warehouse is one of both/);
    expect(() => readConfig({ ...workgroup, ADMIN_SECRET: undefined })).toThrow(/ADMIN_SECRET is missing/);
  });

  it('lets nothing through that could end a string in SQL', () => {
    expect(() => readConfig({ ...environment, LOG_JSONPATHS_URL: "s3://b-b/x' json 'auto" })).toThrow(
      /LOG_JSONPATHS_URL/,
    );
  });
});
