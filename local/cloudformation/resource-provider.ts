/** A resource's properties after all intrinsics are resolved. */
export type Properties = Readonly<Record<string, unknown>>;

/** What one CRUD call on a resource is told besides the properties. */
export interface ResourceContext {
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly resourceType: string;
  readonly account: string;
  readonly region: string;
  /** The role that CloudFormation works as on this stack, where it was given one. */
  readonly roleArn?: string;
  /** A name in CloudFormation's manner (stack, logical id, random tail), at most `maxLength` characters. */
  generateName(maxLength: number): string;
  /** Aborted when CloudFormation gives the call up because another resource failed. */
  readonly signal?: AbortSignal;
}

export interface CreatedResource {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives; nested names are dotted (`Endpoint.Address`). */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Creates, updates and deletes the resources of one type, as CloudFormation's own handler for it would. */
export interface ResourceProvider {
  /** Properties of which a change means a new resource, then a Delete of the old one. Top-level names. */
  readonly replaceOn: readonly string[];
  /** Further properties that mean a new resource in this change only (a durable configuration that appears). */
  replacedBy?(oldProperties: Properties, properties: Properties): readonly string[];
  create(context: ResourceContext, properties: Properties): Promise<CreatedResource>;
  /** The physical id may change (custom resources); then CloudFormation deletes the old one in its clean-up. */
  update(
    context: ResourceContext,
    physicalId: string,
    properties: Properties,
    oldProperties: Properties,
  ): Promise<CreatedResource>;
  /** Must succeed when the resource is already gone. `snapshot` is true under DeletionPolicy Snapshot. */
  delete(
    context: ResourceContext,
    physicalId: string,
    properties: Properties,
    options: { readonly snapshot: boolean },
  ): Promise<void>;
  /**
   * What the resource is now, for drift: the given properties with the values that the service has; undefined when the
   * resource is gone. A type without it is not checked for drift.
   */
  read?(context: ResourceContext, physicalId: string, properties: Properties): Promise<Properties | undefined>;
}
