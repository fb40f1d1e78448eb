import { createHash } from 'node:crypto';
import type { Ids } from '../../clock';
import { ResourceFailedError } from '../errors';
import type { Properties } from '../resource-provider';

/** An id in EC2's manner: prefix and 17 hexadecimal digits. */
export function ec2Id(prefix: string, ids: Ids): string {
  return `${prefix}-0${createHash('sha256').update(ids.uuid()).digest('hex').slice(0, 16)}`;
}

/** A property as text; numbers and booleans become text as CloudFormation has it. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw wrongType(name, 'a string', value);
  return String(value);
}

/** @throws ResourceFailedError when the property is missing */
export function requiredText(properties: Properties, name: string): string {
  const value = text(properties, name);
  if (value === undefined || value === '')
    throw new ResourceFailedError(`Properties validation failed: required key [${name}] not found`);
  return value;
}

export function number(properties: Properties, name: string, otherwise: number): number {
  const value = text(properties, name);
  if (value === undefined) return otherwise;
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw wrongType(name, 'a number', properties[name]);
  return parsed;
}

export function boolean(properties: Properties, name: string, otherwise: boolean): boolean {
  const value = text(properties, name);
  if (value === undefined) return otherwise;
  if (value !== 'true' && value !== 'false') throw wrongType(name, 'true or false', properties[name]);
  return value === 'true';
}

/** A nested object; empty when absent. */
export function object(properties: Properties, name: string): Properties {
  const value = properties[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(name, 'an object', value);
  return value as Properties;
}

/** A list; empty when absent. */
export function list(properties: Properties, name: string): readonly unknown[] {
  const value = properties[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(name, 'a list', value);
  return value;
}

export function texts(properties: Properties, name: string): string[] {
  return list(properties, name).map((item) => {
    if (typeof item === 'object') throw wrongType(name, 'a list of strings', item);
    return String(item);
  });
}

function wrongType(name: string, expected: string, value: unknown): ResourceFailedError {
  return new ResourceFailedError(
    `Properties validation failed: #/${name}: expected ${expected}, found ${JSON.stringify(value)}`,
  );
}
