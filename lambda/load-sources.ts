import type { SqlTree } from '../statements/tree';
import type { FunctionConfig } from './config';
import { ConfigurationError } from './errors';
import type { SourceSettings } from './source-settings';
import type { Listing } from './state';

/** A source as a run loads it: what sql/sources.yaml declares and what the environment says of it. */
export interface LoadSource extends SourceSettings {
  readonly name: string;
  /** Pattern of a url whose first group is the day of the file; without it a file is of every day. */
  readonly day?: string;
  /** Text of the JSONPaths file that lies beside the SQL. */
  readonly jsonPathsText?: string;
}

/**
 * The sources in the order in which they are declared.
 * @throws ConfigurationError where the template and the SQL beside the bundle do not name the same ones
 */
export function loadSources(
  tree: Pick<SqlTree, 'sources' | 'jsonPaths'>,
  config: Pick<FunctionConfig, 'sources'>,
): readonly LoadSource[] {
  const declared = tree.sources.map(({ name }) => name);
  const given = Object.keys(config.sources);
  if ([...declared].sort().join() !== [...given].sort().join())
    throw new ConfigurationError(
      `sql/sources.yaml declares ${declared.join(', ')}, but SOURCES names ${given.join(', ') || 'none'}`,
      'Template and function are of different deploys: deploy again.',
    );
  return tree.sources.map(({ name, day, jsonPaths }) => ({
    ...(config.sources[name] as SourceSettings),
    name,
    ...(day !== undefined && { day }),
    ...(jsonPaths !== undefined && 'file' in jsonPaths && { jsonPathsText: tree.jsonPaths[jsonPaths.file] }),
  }));
}

/**
 * Addresses of sources below which no file lies, where others have files: a wrong prefix more often than a source that is
 * still to come, so that it is told. That no source has any is an error (discovery.ts).
 */
export function emptySources(listing: Listing | undefined, sources: readonly LoadSource[]): readonly string[] {
  const { files = 0, bySource = {} } = listing?.total ?? {};
  return files === 0 ? [] : sources.filter(({ name }) => (bySource[name] ?? 0) === 0).map(({ url }) => url);
}
