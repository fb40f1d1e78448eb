import { sourcesOf } from './deployed-sources';
import { dev } from './dev';
import { ENVIRONMENT_NAMES, type EnvironmentConfig, type EnvironmentName } from './environment';
import { LOCAL_WAREHOUSES, local } from './local';
import { mergeOverrides, readOverrides } from './overrides';
import { prod } from './prod';
import { staging } from './staging';
import { ConfigurationError, validateEnvironment } from './validate';

export type { EnvironmentConfig, EnvironmentName } from './environment';
export { ConfigurationError } from './validate';

const ENVIRONMENTS: Readonly<Record<EnvironmentName, EnvironmentConfig>> = { dev, staging, prod, local };

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
 * @throws StatementsError for SQL that cannot be deployed
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
  const { config: file } = selection;
  const own = name === 'local' ? localWith(selection) : ENVIRONMENTS[name];
  const merged = file === undefined ? own : mergeOverrides(own, readOverrides(file, name));
  const config = validateEnvironment(merged, name, file);
  sourcesOf(config);
  return config;
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
