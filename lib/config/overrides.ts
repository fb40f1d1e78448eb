import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EnvironmentName } from './environment';
import { ConfigurationError } from './validate';

/**
 * Reads a file of fields that an environment has otherwise than in lib/config: JSON or YAML (JSON is YAML too).
 * @throws ConfigurationError when there is no such file or it holds no fields
 */
export function readOverrides(file: string, name: EnvironmentName): Readonly<Record<string, unknown>> {
  const fields = readFields(file, name);
  if ('name' in fields && fields.name !== name) {
    throw new ConfigurationError(name, 'name', fields.name, `${name}, or none (-c env=... chooses)`, file);
  }
  return fields;
}

/** The fields of a JSON or YAML file. @throws ConfigurationError when there is no such file or it holds no fields */
export function readFields(file: string, name: string): Readonly<Record<string, unknown>> {
  const fields = parsed(file, name);
  if (!isRecord(fields)) throw new ConfigurationError(name, 'config', file, 'a JSON or YAML file of fields');
  return fields;
}

function parsed(file: string, name: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { prettyErrors: true });
  } catch (error) {
    throw new ConfigurationError(name, 'config', file, `a readable JSON or YAML file (${(error as Error).message})`);
  }
}

/**
 * Lays fields over a configuration: records are merged field by field, lists and single values replaced. A record of
 * another `kind` replaces the one below it, for their fields have nothing in common.
 */
export function mergeOverrides(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over;
  if ('kind' in over && over.kind !== base.kind) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [field, value] of Object.entries(over)) merged[field] = mergeOverrides(base[field], value);
  return merged;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
