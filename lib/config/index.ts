import { dev } from './dev';
import { ENVIRONMENT_NAMES, type EnvironmentConfig, type EnvironmentName } from './environment';
import { local } from './local';
import { prod } from './prod';
import { staging } from './staging';
import { ConfigurationError, validateEnvironment } from './validate';

export type { EnvironmentConfig, EnvironmentName } from './environment';
export { ConfigurationError } from './validate';

const ENVIRONMENTS: Readonly<Record<EnvironmentName, EnvironmentConfig>> = { dev, staging, prod, local };

/** What the command line may change: `-c env=NAME` and, for the local environment, `-c sourceBucket=NAME`. */
export interface Selection {
  readonly env?: string;
  readonly sourceBucket?: string;
}

function isEnvironmentName(name: string): name is EnvironmentName {
  return (ENVIRONMENT_NAMES as readonly string[]).includes(name);
}

/**
 * The environments to synthesize, validated: the one that is selected, or all.
 * @throws ConfigurationError for an unknown name or a field that is not usable
 */
export function selectEnvironments(selection: Selection): readonly EnvironmentConfig[] {
  const { env, sourceBucket } = selection;
  if (env !== undefined && !isEnvironmentName(env)) {
    throw new ConfigurationError(env, 'env', env, ENVIRONMENT_NAMES.join(', '));
  }
  const names = env === undefined ? ENVIRONMENT_NAMES : [env];
  return names.map((name) => {
    const config = ENVIRONMENTS[name];
    const named = name === 'local' && sourceBucket !== undefined;
    return validateEnvironment(named ? { ...config, sources: { ...config.sources, bucket: sourceBucket } } : config);
  });
}
