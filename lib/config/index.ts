import { sourcesOf } from './deployed-sources';
import { ENVIRONMENT_NAMES, type EnvironmentConfig, type EnvironmentName } from './environment';
import { environmentOf, readEnvironmentFile } from './environment-file';
import type { FieldsFile } from './fields-file';
import { LOCAL_WAREHOUSES, local } from './local';
import { mergeOverrides, readOverrides } from './overrides';
import { ConfigurationError, validateEnvironment } from './validate';

export type { EnvironmentConfig, EnvironmentName } from './environment';
export { ConfigurationError } from './validate';

/** What the command line may say, each as `-c FIELD=VALUE`. */
export interface Selection {
  /** One environment; without it, all. */
  readonly env?: string;
  /** A JSON or YAML file laid over that environment's fields. */
  readonly config?: string;
  /** The local environment's source bucket. */
  readonly sourceBucket?: string;
  /** The local environment's kind of warehouse: provisioned or serverless. */
  readonly warehouse?: string;
  /** The second opt-in to `onRemoval: 'destroy'`: the environment's name again. */
  readonly allowDataLoss?: string;
}

function nameOf(name: string): EnvironmentName {
  const known = ENVIRONMENT_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw new ConfigurationError(name, 'env', name, ENVIRONMENT_NAMES.join(', '));
  return known;
}

/**
 * The environments to synthesize, validated: the one that is selected, or all.
 * @throws ConfigurationError for an unknown name, a field that is not usable, or opt-ins that do not go together
 * @throws StatementsError for a sql/sources.yaml that cannot be used
 */
export function selectEnvironments(selection: Selection): readonly EnvironmentConfig[] {
  const names = selection.env === undefined ? ENVIRONMENT_NAMES : [nameOf(selection.env)];
  if (selection.config !== undefined && selection.env === undefined) {
    throw new ConfigurationError('all', 'config', selection.config, 'a file together with -c env=NAME');
  }
  const configs = names.map((name) => configured(name, selection));
  refuseLoneOptIn(configs, selection.allowDataLoss);
  return configs.map((config) => withoutLoneOptIn(config, selection.allowDataLoss));
}

function configured(name: EnvironmentName, selection: Selection): EnvironmentConfig {
  const own = name === 'local' ? undefined : readEnvironmentFile(name);
  const base = own === undefined || name === 'local' ? localWith(selection) : environmentOf(name, own);
  const over = selection.config === undefined ? undefined : readOverrides(selection.config, name);
  const whole = over === undefined ? base : mergeOverrides(base, over.fields);
  const config = validateEnvironment(whole, name, (path) => placeOf(path, over, own));
  sourcesOf(config);
  return config;
}

/** The file that has the field's value: the one laid over first. A field that neither has is owed by the one or other. */
function placeOf(
  path: readonly PropertyKey[],
  over: FieldsFile | undefined,
  own: FieldsFile | undefined,
): string | undefined {
  return ([over, own].find((file) => file?.has(path)) ?? over ?? own)?.where(path);
}

function localWith({ sourceBucket, warehouse }: Selection): EnvironmentConfig {
  const kinds = Object.keys(LOCAL_WAREHOUSES);
  if (warehouse !== undefined && !kinds.includes(warehouse)) {
    throw new ConfigurationError('local', 'warehouse', warehouse, kinds.join(', '));
  }
  return {
    ...local,
    ...(warehouse === undefined ? {} : { warehouse: LOCAL_WAREHOUSES[warehouse as keyof typeof LOCAL_WAREHOUSES] }),
    sources: { ...local.sources, bucket: sourceBucket ?? local.sources.bucket },
  };
}

/** Data goes with the stack only where the environment's file and the command line both say so. */
function withoutLoneOptIn(config: EnvironmentConfig, allowed: string | undefined): EnvironmentConfig {
  return config.onRemoval === 'destroy' && allowed !== config.name ? { ...config, onRemoval: 'retain' } : config;
}

function refuseLoneOptIn(configs: readonly EnvironmentConfig[], allowed: string | undefined): void {
  if (allowed === undefined) return;
  const config = configs.find(({ name }) => name === allowed);
  if (config?.onRemoval === 'destroy') return;
  const names = configs.filter(({ onRemoval }) => onRemoval === 'destroy').map(({ name }) => name);
  const may = names.length === 0 ? 'none of the selected environments' : names.join(', ');
  throw new ConfigurationError(allowed, 'allowDataLoss', allowed, `${may} (onRemoval must be destroy as well)`);
}
