import type { EnvironmentName } from './environment';
import { type FieldsFile, isRecord, readFieldsFile } from './fields-file';
import { ConfigurationError } from './validate';

/**
 * Reads a file of fields that an environment has otherwise than in its own file: JSON or YAML.
 * @throws ConfigurationError when there is no such file, it holds no fields, or it is another environment's
 */
export function readOverrides(file: string, name: EnvironmentName): FieldsFile {
  return refuseAnothers(readFieldsFile(file, name), name);
}

/** A file's fields, its `name` being none or this one. @throws ConfigurationError for another environment's */
export function refuseAnothers(file: FieldsFile, name: EnvironmentName): FieldsFile {
  const { fields } = file;
  if ('name' in fields && fields.name !== name) {
    throw new ConfigurationError(
      name,
      'name',
      fields.name,
      `${name}, or none (-c env=... chooses)`,
      file.where(['name']),
    );
  }
  return file;
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
