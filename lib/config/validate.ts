import type { z } from 'zod';
import type { EnvironmentConfig } from './environment';
import { environmentSchema } from './schema';

/** An environment's configuration is not usable; says which field, which value, and what would be allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** @param origin where the value stands: a file, with the line where it is known */
  constructor(environment: string, field: string, value: unknown, allowed: string, origin?: string) {
    const where = origin === undefined ? '' : ` (${origin})`;
    const is = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
    super(`Environment "${environment}"${where}: ${field} ${is}; allowed: ${allowed}.`);
  }
}

/** A field that is not usable. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  /** Undefined where it is missing. */
  readonly value: unknown;
  /** What would be usable. */
  readonly allowed: string;
}

/** All fields of an environment's configuration that are not usable; none where it is right. */
export function findingsIn(config: unknown): readonly Finding[] {
  const { error } = environmentSchema.safeParse(config);
  return (error?.issues ?? []).map((issue) => findingOf(issue, config));
}

function findingOf(issue: z.core.$ZodIssue, config: unknown): Finding {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0] as string];
    const known = Object.keys((valueAt(config, issue.path) ?? {}) as object).filter((key) => !issue.keys.includes(key));
    return { path, value: valueAt(config, path), allowed: known.join(', ') };
  }
  const allowed = issue.message.replace(/^Invalid input: /, '');
  return { path: issue.path, value: valueAt(config, issue.path), allowed };
}

/**
 * Checks one environment's configuration.
 * @param where the place that a field's value comes from, for the error's text
 * @returns the same configuration
 * @throws ConfigurationError for the first field that is not usable
 */
export function validateEnvironment(
  config: unknown,
  name: string,
  where?: (path: readonly PropertyKey[]) => string | undefined,
): EnvironmentConfig {
  const [finding] = findingsIn(config);
  if (finding === undefined) return config as EnvironmentConfig;
  const { path, value, allowed } = finding;
  throw new ConfigurationError(name, path.join('.'), value, allowed, where?.(path));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
