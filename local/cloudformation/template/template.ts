import { TemplateError } from '../errors';
import { isObject, type JsonObject } from '../values';
import { parseYaml } from './yaml';

/** The policies CloudFormation knows for a resource it would otherwise delete. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface TemplateResource {
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly metadata?: unknown;
}

export interface TemplateOutput {
  readonly value: unknown;
  readonly description?: string;
  readonly condition?: string;
  /** Unresolved: may hold intrinsics. */
  readonly exportName?: unknown;
}

export interface TemplateParameter {
  readonly type: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly noEcho: boolean;
  readonly allowedValues?: readonly unknown[];
  readonly allowedPattern?: string;
  readonly constraintDescription?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
}

/** A template's sections, read and checked for shape; intrinsics stand unresolved in it. */
export interface Template {
  readonly description?: string;
  readonly metadata?: unknown;
  /** Transforms; only AWS::LanguageExtensions is known. */
  readonly transforms: readonly string[];
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  readonly mappings: JsonObject;
  readonly conditions: JsonObject;
  readonly rules: JsonObject;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Transform',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Hooks',
  'Resources',
  'Outputs',
]);
const RESOURCE_ATTRIBUTES = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
]);
const POLICIES: readonly string[] = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];

/** A template without resources: what stands for a stack that has none yet. */
export const EMPTY_TEMPLATE: Template = {
  transforms: [],
  parameters: {},
  mappings: {},
  conditions: {},
  rules: {},
  resources: {},
  outputs: {},
};

/**
 * Reads a template: JSON when it begins with a brace, else YAML.
 * @throws TemplateError with CloudFormation's words where it has some
 */
export function parseTemplate(body: string): Template {
  const document = parseDocument(body);
  for (const section of Object.keys(document)) {
    if (!SECTIONS.has(section))
      fail(`Invalid template property or properties [${section}]`, 'Template validation error');
  }
  const version = document.AWSTemplateFormatVersion;
  if (version !== undefined && version !== '2010-09-09') fail(`unsupported value for AWSTemplateFormatVersion.`);
  const resources = mapOf(section(document, 'Resources'), readResource);
  if (Object.keys(resources).length === 0) fail('At least one Resources member must be defined.');
  return {
    description: readDescription(document.Description),
    metadata: document.Metadata,
    transforms: readTransforms(document.Transform),
    parameters: mapOf(section(document, 'Parameters'), readParameter),
    mappings: section(document, 'Mappings'),
    conditions: section(document, 'Conditions'),
    rules: section(document, 'Rules'),
    resources,
    outputs: mapOf(section(document, 'Outputs'), readOutput),
  };
}

function parseDocument(body: string): JsonObject {
  const document = body.trimStart().startsWith('{') ? parseJson(body) : parseYaml(body);
  if (!isObject(document)) fail('unsupported structure.');
  return document;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return fail(`JSON not well-formed. (${detail})`);
  }
}

function fail(message: string, prefix = 'Template format error'): never {
  throw new TemplateError(`${prefix}: ${message}`);
}

function section(document: JsonObject, name: string): JsonObject {
  const value = document[name];
  if (value === undefined) return {};
  if (!isObject(value)) fail(`[/${name}] must be an object.`);
  return value;
}

function mapOf<T>(members: JsonObject, read: (name: string, member: JsonObject) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => {
      if (!/^[A-Za-z0-9]+$/.test(name)) fail(`Logical ID ${name} must be alphanumeric.`);
      if (!isObject(member)) fail(`Every member of a section must be an object; ${name} is not.`);
      return [name, read(name, member)];
    }),
  );
}

function readDescription(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') fail('Description must be a string.');
  if (Buffer.byteLength(value) > 1024) fail('Description is longer than 1024 bytes.');
  return value;
}

function readTransforms(value: unknown): string[] {
  if (value === undefined) return [];
  const transforms = (Array.isArray(value) ? value : [value]).map(String);
  const unknown = transforms.filter((name) => name !== 'AWS::LanguageExtensions');
  if (unknown.length > 0) fail(`The local CloudFormation has no transform ${unknown.join(', ')}.`);
  return transforms;
}

function readResource(name: string, member: JsonObject): TemplateResource {
  const at = `resource ${name}`;
  if (typeof member.Type !== 'string') {
    fail(`[/Resources/${name}] Every Resources object must contain a Type member.`);
  }
  for (const attribute of Object.keys(member)) {
    if (!RESOURCE_ATTRIBUTES.has(attribute)) {
      fail(`Invalid template resource property '${attribute}'`, 'Template format error');
    }
  }
  const properties = member.Properties ?? {};
  if (!isObject(properties)) fail(`Properties of ${at} must be an object.`);
  const deletionPolicy = readPolicy(member.DeletionPolicy, 'DeletionPolicy', at) ?? 'Delete';
  const updateReplacePolicy = readPolicy(member.UpdateReplacePolicy, 'UpdateReplacePolicy', at) ?? 'Delete';
  for (const policy of [deletionPolicy, updateReplacePolicy]) checkSnapshot(policy, member.Type);
  return {
    type: member.Type,
    properties,
    dependsOn: readNames(member.DependsOn, `DependsOn of ${at}`),
    condition: readOptionalName(member.Condition, `Condition of ${at}`),
    deletionPolicy,
    updateReplacePolicy,
    metadata: member.Metadata,
  };
}

function readPolicy(value: unknown, attribute: string, at: string): DeletionPolicy | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !POLICIES.includes(value)) {
    fail(`Unrecognized ${attribute} ${JSON.stringify(value)} for ${at}`);
  }
  return value as DeletionPolicy;
}

/** Source: CloudFormation user guide, "DeletionPolicy attribute", the types that support Snapshot. */
const WITH_SNAPSHOTS = [
  'AWS::DocDB::DBCluster',
  'AWS::EC2::Volume',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::Neptune::DBCluster',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
];

function checkSnapshot(policy: DeletionPolicy, type: string): void {
  if (policy !== 'Snapshot' || !type.startsWith('AWS::') || WITH_SNAPSHOTS.includes(type)) return;
  fail(`resource type ${type} does not support deletion policy Snapshot`, 'Template error');
}

function readNames(value: unknown, at: string): string[] {
  if (value === undefined) return [];
  const names = Array.isArray(value) ? value : [value];
  if (!names.every((name) => typeof name === 'string')) fail(`${at} must be a string or a list of strings.`);
  return names;
}

function readOptionalName(value: unknown, at: string): string | undefined {
  if (value !== undefined && typeof value !== 'string') fail(`${at} must be a string.`);
  return value;
}

function readParameter(name: string, member: JsonObject): TemplateParameter {
  if (typeof member.Type !== 'string') fail(`Every Parameters object must contain a Type member; ${name} has none.`);
  const number = (value: unknown) => (value === undefined ? undefined : Number(value));
  return {
    type: member.Type,
    default: member.Default,
    description: typeof member.Description === 'string' ? member.Description : undefined,
    noEcho: member.NoEcho === true || member.NoEcho === 'true',
    allowedValues: Array.isArray(member.AllowedValues) ? member.AllowedValues : undefined,
    allowedPattern: typeof member.AllowedPattern === 'string' ? member.AllowedPattern : undefined,
    constraintDescription: typeof member.ConstraintDescription === 'string' ? member.ConstraintDescription : undefined,
    minLength: number(member.MinLength),
    maxLength: number(member.MaxLength),
    minValue: number(member.MinValue),
    maxValue: number(member.MaxValue),
  };
}

function readOutput(name: string, member: JsonObject): TemplateOutput {
  if (!('Value' in member)) fail(`Output ${name} must have a Value.`);
  const exported = member.Export;
  if (exported !== undefined && (!isObject(exported) || !('Name' in exported))) {
    fail(`Export of output ${name} must have a Name.`);
  }
  return {
    value: member.Value,
    description: typeof member.Description === 'string' ? member.Description : undefined,
    condition: readOptionalName(member.Condition, `Condition of output ${name}`),
    exportName: isObject(exported) ? exported.Name : undefined,
  };
}
