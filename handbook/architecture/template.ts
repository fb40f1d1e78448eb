/** A CloudFormation template as far as the picture needs it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** Logical ids that a value refers to, by Ref and Fn::GetAtt, wherever in it. */
export function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return inner.startsWith('AWS::') ? [] : [inner];
    if (key === 'Fn::GetAtt' && Array.isArray(inner)) return [String(inner[0])];
    return references(inner);
  });
}

/** The value at a path of keys; nothing where there is none. Lists are gone through: each element's value is in a list. */
export function valueAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  if (Array.isArray(value)) return value.map((each) => valueAt(each, [key, ...rest]));
  if (typeof value !== 'object' || value === null) return undefined;
  return valueAt((value as Readonly<Record<string, unknown>>)[key], rest);
}

/** Where a resource stands in the app: `Etl/Function`, without the stack before it and CDK's own last step. */
export function pathOf({ Metadata }: Resource): string {
  const whole = String(Metadata?.['aws:cdk:path'] ?? '');
  return whole
    .split('/')
    .slice(1)
    .filter((part) => part !== 'Resource' && part !== 'Default')
    .join('/');
}

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
}

/** What a policy allows. */
export function allowed(policy: Resource): readonly Statement[] {
  const statements = valueAt(policy.Properties, ['PolicyDocument', 'Statement']);
  const list = Array.isArray(statements) ? (statements as readonly Readonly<Record<string, unknown>>[]) : [];
  return list
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Action, Resource: resource }) => ({
      actions: [Action].flat().map(String),
      resources: [resource].flat(),
    }));
}
