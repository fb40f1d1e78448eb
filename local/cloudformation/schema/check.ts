import { KNOWN_AFTER_APPLY } from '../template/intrinsics';
import { isObject, type JsonObject } from '../values';
import file from './resource-types.json';
import type { PropertiesSchema, SchemaFile, TypeSchema } from './schema';

/** Something wrong with a resource's properties. */
export interface PropertyProblem {
  /** Below the properties: '' or `/Code/S3Key`. */
  readonly path: string;
  /** As a resource handler says it: `extraneous key [Nmae] is not permitted`. */
  readonly handlerText: string;
  /** As the validation of a change set says it: `Unsupported property [Nmae]`. */
  readonly validationText: string;
}

const SCHEMA = file as unknown as SchemaFile;

/** Properties of which AWS makes another resource when they change; none for an unknown type. */
export function replacingBySchema(type: string): readonly string[] {
  return Object.entries(SCHEMA.resources[type] ?? {})
    .filter(([, property]) => property.replaces)
    .map(([name]) => name);
}

/**
 * Compares resolved properties with the specification of their type: unknown names, missing required ones, values of
 * another type. Scalars may be text, as CloudFormation takes them. A type without a specification has no problems.
 */
export function propertyProblems(type: string, properties: JsonObject): readonly PropertyProblem[] {
  const schema = SCHEMA.resources[type];
  return schema === undefined ? [] : membersProblems(schema, properties, '');
}

/** The reason of a resource that is refused before its service is asked. */
export function validationReason(logicalId: string, problems: readonly PropertyProblem[]): string {
  const list = problems.map(({ path, handlerText }) => `#${path}: ${handlerText}`).join(', ');
  return `Properties validation failed for resource ${logicalId} with message:\n[${list}]`;
}

function membersProblems(schema: PropertiesSchema, value: JsonObject, path: string): PropertyProblem[] {
  const problems: PropertyProblem[] = [];
  for (const [name, property] of Object.entries(schema)) {
    if (!property.required || value[name] !== undefined) continue;
    const handlerText = `required key [${name}] not found`;
    problems.push({ path, handlerText, validationText: `Required property [${name}] not found` });
  }
  for (const [name, member] of Object.entries(value)) {
    const property = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (property !== undefined) problems.push(...valueProblems(property.type, member, `${path}/${name}`));
    else {
      const handlerText = `extraneous key [${name}] is not permitted`;
      problems.push({ path, handlerText, validationText: `Unsupported property [${name}]` });
    }
  }
  return problems;
}

function valueProblems(type: TypeSchema, value: unknown, path: string): PropertyProblem[] {
  if (type === 'json' || unknownYet(value)) return [];
  if (typeof type === 'string') return acceptsScalar(type, value) ? [] : [wrongType(NAMES[type], value, path)];
  if ('oneOf' in type) return enumProblems(type.oneOf, value, path);
  if ('any' in type) return unionProblems(type.any, value, path);
  if ('list' in type) {
    if (!Array.isArray(value)) return [wrongType('JSONArray', value, path)];
    return value.flatMap((item, index) => valueProblems(type.list, item, `${path}/${index}`));
  }
  if (!isObject(value)) return [wrongType('JSONObject', value, path)];
  if ('map' in type) {
    return Object.entries(value).flatMap(([name, item]) => valueProblems(type.map, item, `${path}/${name}`));
  }
  return membersProblems(SCHEMA.structures[type.ref] ?? {}, value, path);
}

const NAMES = { string: 'String', integer: 'Integer', number: 'Number', boolean: 'Boolean' } as const;

function acceptsScalar(type: keyof typeof NAMES, value: unknown): boolean {
  if (typeof value === 'object' || value === undefined) return false;
  const text = String(value);
  if (type === 'integer') return /^[+-]?\d+$/.test(text);
  if (type === 'number') return text.trim() !== '' && Number.isFinite(Number(text));
  return type === 'string' || text === 'true' || text === 'false';
}

function enumProblems(allowed: readonly string[], value: unknown, path: string): PropertyProblem[] {
  if (typeof value === 'object') return [wrongType('String', value, path)];
  if (allowed.includes(String(value))) return [];
  const handlerText = `${String(value)} is not a valid enum value`;
  return [{ path, handlerText, validationText: `${handlerText} (allowed: ${allowed.join(', ')})` }];
}

/** None when one of the types takes the value; else those of the type that comes nearest. */
function unionProblems(types: readonly TypeSchema[], value: unknown, path: string): PropertyProblem[] {
  const found = types.map((type) => valueProblems(type, value, path));
  return found.reduce((best, problems) => (problems.length < best.length ? problems : best), found[0] ?? []);
}

function wrongType(expected: string, value: unknown, path: string): PropertyProblem {
  const handlerText = `expected type: ${expected}, found: ${nameOf(value)}`;
  return { path, handlerText, validationText: `Expected type: ${expected}, found: ${nameOf(value)}` };
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'object') return 'JSONObject';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  return typeof value === 'boolean' ? 'Boolean' : 'String';
}

/** In a change set, what another resource will give. */
function unknownYet(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(KNOWN_AFTER_APPLY);
  return Array.isArray(value) && value.length === 1 && unknownYet(value[0]);
}
