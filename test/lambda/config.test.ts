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
  SOURCES: JSON.stringify({
    songs: { url: 's3://udacity-dend/song_data/', rejects: 0 },
    events: { url: 's3://udacity-dend/log_data/', jsonPaths: 's3://udacity-dend/log_json_path.json', rejects: 0 },
  }),
  WORK_BUCKET: 'sparkify-dev-work',
  ENVIRONMENT_NAME: 'dev',
  LOAD_DEADLINE_SECONDS: '3300',
};

/** The variable SOURCES with one source that has other settings. */
const sources = (more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ songs: { url: 's3://udacity-dend/song_data/', rejects: 0, ...more } });

describe('the configuration', () => {
  it('is read from the environment variables', () => {
    expect(readConfig(environment)).toMatchObject({ database: 'sparkify', loadDeadlineSeconds: 3300 });
  });

  it('names everything that is missing or wrong at once', () => {
    const SOURCES = sources({ url: 's3://udacity-dend/song_data' });
    expect(() => readConfig({ ...environment, DATABASE: undefined, SOURCES })).toThrow(
      /DATABASE is missing; SOURCES\.songs\.url is "s3:.*not s3:\/\/bucket\/prefix\//,
    );
    for (const broken of ['{no}', '[]', '', undefined])
      expect(() => readConfig({ ...environment, SOURCES: broken })).toThrow(/SOURCES is/);
  });

  it('allows as many rejects of a source as the template says', () => {
    expect(readConfig({ ...environment, SOURCES: sources({ rejects: 99_999 }) }).sources.songs?.rejects).toBe(99_999);
    for (const rejects of [-1, 100_000, 1.5, 'all', null, undefined])
      expect(() => readConfig({ ...environment, SOURCES: sources({ rejects }) })).toThrow(
        /SOURCES\.songs\.rejects is .*not a number of rows from 0 to 99999/,
      );
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
    for (const wrong of [{ jsonPaths: "s3://b-b/x' json 'auto" }, { url: "s3://b-b/x'/" }])
      expect(() => readConfig({ ...environment, SOURCES: sources(wrong) })).toThrow(
        /SOURCES\.songs\.(jsonPaths|url) is/,
      );
    const SOURCES = JSON.stringify({ "songs'": { url: 's3://b-b/x/', rejects: 0 } });
    expect(() => readConfig({ ...environment, SOURCES })).toThrow(/which is no name of a source/);
  });
});
