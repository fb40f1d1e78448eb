import type { CreatedResource, Properties, ResourceContext, ResourceProvider } from '../resource-provider';

/**
 * A resource type with nothing behind it but CloudFormation's own record: it has an id and attributes that look as
 * in AWS, and does nothing. What it answers follows from its properties and its id.
 */
export function recordProvider(options: {
  readonly replaceOn: readonly string[];
  /** The id, made once. */
  id(context: ResourceContext, properties: Properties): string;
  attributes?(context: ResourceContext, physicalId: string, properties: Properties): Readonly<Record<string, unknown>>;
}): ResourceProvider {
  const described = (context: ResourceContext, physicalId: string, properties: Properties): CreatedResource => ({
    physicalId,
    attributes: options.attributes?.(context, physicalId, properties) ?? {},
  });
  return {
    replaceOn: options.replaceOn,
    create: async (context, properties) => described(context, options.id(context, properties), properties),
    update: async (context, physicalId, properties) => described(context, physicalId, properties),
    delete: async () => {},
  };
}

/** `arn:aws:service:region:account:rest` of the local account. */
export function arn(context: ResourceContext, service: string, rest: string): string {
  return `arn:aws:${service}:${context.region}:${context.account}:${rest}`;
}

/** A key's ARN from its ARN or its id. */
export function keyArn(context: ResourceContext, key: string): string {
  return key.startsWith('arn:') ? key : arn(context, 'kms', `key/${key}`);
}
