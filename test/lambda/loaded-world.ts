import { join } from 'node:path';
import { sourceDigest } from '../../lambda/batches';
import { readConfig } from '../../lambda/config';
import { loadSources } from '../../lambda/load-sources';
import { sourcesVariable } from '../../statements/sources';
import { readSqlTree } from '../../statements/tree';
import { FakeWorld } from './fake-world';

const tree = readSqlTree(join(__dirname, '..', '..', 'sql'));

/** The environment variables of a function that works. */
export const ENVIRONMENT = {
  CLUSTER_IDENTIFIER: 'sparkify-dev',
  DATABASE: 'sparkify',
  DATABASE_USER: 'sparkify_admin',
  LOADER_USER: 'loader',
  ANALYST_USER: 'analyst',
  OPERATOR_USER: 'operator',
  COPY_ROLE_ARN: 'arn:aws:iam::000000000000:role/copy',
  SOURCE_REGION: 'us-west-2',
  SOURCES: sourcesVariable(tree.sources, 'source', 0),
  WORK_BUCKET: 'work-bucket',
  ENVIRONMENT_NAME: 'dev',
  LOAD_DEADLINE_SECONDS: '3300',
};

/** A deploy's request. */
export const REQUEST = {
  RequestType: 'Create',
  ResponseURL: 'https://example.test/put',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'WarehouseLoad',
  ResourceProperties: {},
};

/** The sources as that function has them. */
export const SOURCES = loadSources(tree, readConfig(ENVIRONMENT));

/** A warehouse that has been loaded before by the same code, and a new file. */
export function loadedWorld(): FakeWorld {
  const fake = new FakeWorld();
  const applied = tree.migrations.map(({ version, name, checksum }) => ({ version, name, checksum }));
  fake.results['run/prepare/030_applied.sql'] = applied;
  const lastRun = { load_digest: tree.loadDigest, source_digest: sourceDigest(readConfig(ENVIRONMENT)) };
  fake.results['run/compare/050_last_run.sql'] = [lastRun];
  fake.results['run/compare/070_new_files.sql'] = [
    { url: 's3://source/log_data/2.json', etag: 'e2', size_bytes: 9, source: 'events' },
  ];
  return fake;
}

/** The variable SOURCES in which every source may leave out so many rows. */
export function allowing(rejects: number): string {
  return sourcesVariable(tree.sources, 'source', rejects);
}
