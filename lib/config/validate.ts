import type { z } from 'zod';
import type { EnvironmentConfig } from './environment';
import { environmentSchema } from './schema';

/** An environment's configuration is not usable; says which field, which value, and what would be allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** @param origin the file that the value comes from, where it is not the environment's own in lib/config */
  constructor(environment: string, field: string, value: unknown, allowed: string, origin?: string) {
    const where = origin === undefined ? '' : ` (${origin})`;
    const is = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
    super(`Environment "${environment}"${where}: ${field} ${is}; allowed: ${allowed}.`);
  }
}

/**
 * Checks one environment's configuration.
 * @param origin the file that was merged into it, for the error's text
 * @returns the same configuration
 * @throws ConfigurationError for the first field that is not usable
 */
export function validateEnvironment(config: unknown, name: string, origin?: string): EnvironmentConfig {
  const result = environmentSchema.safeParse(config);
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0] as string];
    const known = Object.keys((valueAt(config, issue.path) ?? {}) as object).filter((key) => !issue.keys.includes(key));
    throw new ConfigurationError(name, path.join('.'), valueAt(config, path), known.join(', '), origin);
  }
  const allowed = issue.message.replace(/^Invalid input: /, '');
  throw new ConfigurationError(name, issue.path.join('.'), valueAt(config, issue.path), allowed, origin);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
