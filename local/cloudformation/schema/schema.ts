/** A property's type: a scalar by name, anything (`json`), or something of other types. */
export type TypeSchema =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'json'
  | { readonly oneOf: readonly string[] }
  | { readonly list: TypeSchema }
  | { readonly map: TypeSchema }
  | { readonly any: readonly TypeSchema[] }
  /** Key of a structure. */
  | { readonly ref: string };

export interface PropertySchema {
  readonly type: TypeSchema;
  readonly required?: true;
  /** A change of it means another resource. */
  readonly replaces?: true;
}

export type PropertiesSchema = Readonly<Record<string, PropertySchema>>;

/** `resource-types.json`, made by `node --import tsx local/cloudformation/schema/generate.ts`. */
export interface SchemaFile {
  readonly resources: Readonly<Record<string, PropertiesSchema>>;
  readonly structures: Readonly<Record<string, PropertiesSchema>>;
}
