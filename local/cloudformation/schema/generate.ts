import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertySchema, SchemaFile, TypeSchema } from './schema';
import { SCHEMA_TYPES } from './types';

/** What this reads of the specification; its own types are more than is needed here. */
interface SpecType {
  readonly type: string;
  readonly element?: SpecType;
  readonly types?: readonly SpecType[];
  readonly allowedValues?: readonly string[];
  readonly reference?: { readonly $ref: string };
}
interface SpecProperty {
  readonly type: SpecType;
  readonly required?: boolean;
  readonly causesReplacement?: 'yes' | 'no' | 'maybe';
}
type SpecProperties = Readonly<Record<string, SpecProperty>>;

/**
 * The properties of the resource types in `SCHEMA_TYPES`, taken out of the specification that the CDK ships (half a
 * second to read and 180 MB in memory, which a running local AWS should not pay).
 */
export function generateSchema(): SchemaFile {
  const db = loadAwsServiceSpecSync();
  const structures: Record<string, Record<string, PropertySchema>> = {};

  function typeOf(type: SpecType): TypeSchema {
    switch (type.type) {
      case 'array':
        return { list: typeOf(type.element!) };
      case 'map':
        return { map: typeOf(type.element!) };
      case 'union':
        return { any: type.types!.map(typeOf) };
      case 'ref':
        return { ref: structure(type.reference!.$ref) };
      case 'string':
        return type.allowedValues === undefined ? 'string' : { oneOf: type.allowedValues };
      case 'integer':
      case 'number':
      case 'boolean':
        return type.type;
      case 'date-time':
        return 'string';
      default:
        return 'json';
    }
  }

  function structure(id: string): string {
    if (structures[id] === undefined) {
      structures[id] = {};
      structures[id] = propertiesOf(db.get('typeDefinition', id).properties as SpecProperties);
    }
    return id;
  }

  function propertiesOf(properties: SpecProperties): Record<string, PropertySchema> {
    return Object.fromEntries(
      Object.entries(properties)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, property]) => [
          name,
          {
            type: typeOf(property.type),
            ...(property.required === true && { required: true as const }),
            ...(property.causesReplacement === 'yes' && { replaces: true as const }),
          },
        ]),
    );
  }

  const resources = Object.fromEntries(
    SCHEMA_TYPES.map((name) => {
      const resource = db.lookup('resource', 'cloudFormationType', 'equals', name).only();
      return [name, propertiesOf(resource.properties as SpecProperties)];
    }),
  );
  return renumbered({ resources, structures });
}

/** Structures by their place in the file, so that another release of the specification changes little. */
function renumbered(schema: SchemaFile): SchemaFile {
  const names = new Map(Object.keys(schema.structures).map((id, index) => [id, String(index)]));
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === 'ref' && typeof value === 'string' ? names.get(value) : value,
  );
  const { resources, structures } = JSON.parse(text) as SchemaFile;
  return {
    resources,
    structures: Object.fromEntries(Object.entries(structures).map(([id, value]) => [names.get(id)!, value])),
  };
}

if (require.main === module) {
  writeFileSync(join(__dirname, 'resource-types.json'), `${JSON.stringify(generateSchema())}\n`);
}
