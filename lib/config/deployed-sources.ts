import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSources, refuseOverlap, type Source } from '../../statements/sources';
import { didYouMean } from '../../statements/suggest';
import { readSqlTree } from '../../statements/tree';
import type { EnvironmentConfig } from './environment';
import { ConfigurationError } from './validate';

const SQL = join(__dirname, '..', '..', 'sql');
let declared: readonly Source[] | undefined;

/** What sql/sources.yaml declares, read once a process. @throws StatementsError for what may not stand there */
function declaredSources(): readonly Source[] {
  declared ??= parseSources(readFileSync(join(SQL, 'sources.yaml'), 'utf8'));
  return declared;
}

/** Judges the SQL that is to be deployed. @throws StatementsError for what cannot be deployed */
export function judgeDeployedSql(): void {
  readSqlTree(SQL);
}

/**
 * The sources as an environment has them: what sql/sources.yaml declares, with what the environment says otherwise.
 * @throws ConfigurationError for a source that is not declared, a prefix that lies in another, or a JSONPaths key that
 * is data
 */
export function sourcesOf(
  config: Pick<EnvironmentConfig, 'name' | 'sources' | 'rejects'>,
  declared: readonly Source[] = declaredSources(),
): readonly Source[] {
  const { prefixes = {}, jsonPathsKeys = {} } = config.sources;
  const given = { 'sources.prefixes': prefixes, 'sources.jsonPathsKeys': jsonPathsKeys, rejects: config.rejects };
  for (const [field, record] of Object.entries(given)) refuseUndeclared(config.name, field, record, declared);
  for (const { name, jsonPaths } of declared)
    if (jsonPathsKeys[name] !== undefined && (jsonPaths === undefined || !('key' in jsonPaths)))
      throw new ConfigurationError(
        config.name,
        `sources.jsonPathsKeys.${name}`,
        jsonPathsKeys[name],
        `none: sql/sources.yaml gives ${name} no key of a JSONPaths file in the source bucket`,
      );
  const sources = declared.map((source) => ({
    ...source,
    prefix: prefixes[source.name] ?? source.prefix,
    rejects: config.rejects[source.name] ?? source.rejects,
    ...(jsonPathsKeys[source.name] !== undefined && { jsonPaths: { key: String(jsonPathsKeys[source.name]) } }),
  }));
  refuseOverlap(sources, (name, problem) => {
    const field = /JSONPaths/.test(problem) ? 'jsonPathsKeys' : 'prefixes';
    const value = (field === 'prefixes' ? prefixes : jsonPathsKeys)[name];
    return new ConfigurationError(config.name, `sources.${field}.${name}`, value, `apart from the others (${problem})`);
  });
  return sources;
}

function refuseUndeclared(
  environment: string,
  field: string,
  record: Readonly<Record<string, unknown>>,
  declared: readonly Source[],
): void {
  const names = declared.map(({ name }) => name);
  const unknown = Object.keys(record).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const allowed = `the sources that sql/sources.yaml declares: ${names.join(', ')}${didYouMean(unknown, names)}`;
  throw new ConfigurationError(environment, `${field}.${unknown}`, record[unknown], allowed);
}

/** The keys of the source bucket that hold data, as patterns of a policy. */
export function dataKeys(sources: readonly Source[]): readonly string[] {
  return sources.map(({ prefix }) => `${prefix}*`);
}

/** The keys of JSONPaths files in the source bucket. */
export function jsonPathsKeys(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ jsonPaths }) => (jsonPaths !== undefined && 'key' in jsonPaths ? [jsonPaths.key] : []));
}
