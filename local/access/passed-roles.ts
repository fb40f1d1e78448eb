import type { Properties, ResourceContext, ResourceProvider } from '../cloudformation/resource-provider';
import { isObject } from '../cloudformation/values';

/** A role that a resource hands to a service, which will work as it. */
interface PassedRole {
  readonly roleArn: string;
  /** The value of `iam:PassedToService`. */
  readonly service: string;
}

type Path = readonly [property: string, ...inner: string[]];

/** Where resources name roles, and to whom these go. Source: each service's reference, "iam:PassRole". */
const ROLES: Readonly<Record<string, { readonly at: Path; readonly service: string }>> = {
  'AWS::EC2::FlowLog': { at: ['DeliverLogsPermissionArn'], service: 'vpc-flow-logs.amazonaws.com' },
  'AWS::Events::Rule': { at: ['RoleArn'], service: 'events.amazonaws.com' },
  'AWS::Lambda::Function': { at: ['Role'], service: 'lambda.amazonaws.com' },
  'AWS::Redshift::Cluster': { at: ['IamRoles'], service: 'redshift.amazonaws.com' },
  'AWS::Redshift::ScheduledAction': { at: ['IamRole'], service: 'scheduler.redshift.amazonaws.com' },
  'AWS::Scheduler::Schedule': { at: ['Target', 'RoleArn'], service: 'scheduler.amazonaws.com' },
};

/**
 * A provider that hands no role over which the stack's role may not pass on. Of what CloudFormation does with resources
 * this alone is decided: it is how a deploy could give itself rights.
 * @param authorize as the stack's role; throws when it may not
 */
export function passingRoles(
  type: string,
  provider: ResourceProvider,
  authorize: (stackRoleArn: string, passed: PassedRole) => void,
): ResourceProvider {
  const check = ({ roleArn: stackRole }: ResourceContext, properties: Properties) => {
    if (stackRole === undefined) return;
    for (const passed of passedRoles(type, properties)) authorize(stackRole, passed);
  };
  return {
    ...provider,
    async create(context, properties) {
      check(context, properties);
      return provider.create(context, properties);
    },
    async update(context, physicalId, properties, oldProperties) {
      check(context, properties);
      return provider.update(context, physicalId, properties, oldProperties);
    },
  };
}

function passedRoles(type: string, properties: Properties): readonly PassedRole[] {
  const known = ROLES[type];
  if (known === undefined) return [];
  const value = known.at.reduce<unknown>((outer, name) => (isObject(outer) ? outer[name] : undefined), properties);
  return [value]
    .flat()
    .filter((each): each is string => typeof each === 'string')
    .map((roleArn) => ({ roleArn, service: known.service }));
}
