import type { IdentityStore } from '../../iam/identity-store';
import { ResourceFailedError } from '../errors';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { isObject } from '../values';
import { list, object, requiredText, text, texts } from './names';

/** IAM roles and policies, kept in the local identity store. */
export function iamProviders(identities: IdentityStore): Record<string, ResourceProvider> {
  return {
    'AWS::IAM::Role': roleProvider(identities),
    'AWS::IAM::Policy': policyProvider(identities, 'PolicyName', () => ({})),
    'AWS::IAM::ManagedPolicy': managedPolicyProvider(identities),
  };
}

function roleArn(context: ResourceContext, roleName: string, path = '/'): string {
  return `arn:aws:iam::${context.account}:role${path}${roleName}`;
}

function roleProvider(identities: IdentityStore): ResourceProvider {
  const arnOf = (context: ResourceContext, roleName: string, properties: Properties) =>
    roleArn(context, roleName, text(properties, 'Path') ?? '/');

  function put(context: ResourceContext, roleName: string, properties: Properties, old: Properties) {
    const arn = arnOf(context, roleName, properties);
    // Policies that AWS::IAM::Policy attached stay; those of the role's own Policies property are replaced.
    const attached = { ...identities.role(arn)?.inlinePolicies };
    for (const name of Object.keys(ownPolicies(old))) delete attached[name];
    const role = identities.putRole({
      arn,
      roleName,
      trustPolicy: object(properties, 'AssumeRolePolicyDocument'),
      managedPolicyArns: texts(properties, 'ManagedPolicyArns'),
      inlinePolicies: { ...attached, ...ownPolicies(properties) },
    });
    return { physicalId: roleName, attributes: { Arn: arn, RoleId: role.roleId } };
  }

  return {
    replaceOn: ['RoleName', 'Path'],
    async create(context, properties) {
      const roleName = text(properties, 'RoleName') ?? context.generateName(64);
      if (identities.role(arnOf(context, roleName, properties)) !== undefined) {
        throw new ResourceFailedError(`${roleName} already exists in the local account`);
      }
      return put(context, roleName, properties, {});
    },
    update: async (context, roleName, properties, old) => put(context, roleName, properties, old),
    async delete(context, roleName, properties) {
      identities.deleteRole(arnOf(context, roleName, properties));
    },
  };
}

function ownPolicies(properties: Properties): Record<string, unknown> {
  return Object.fromEntries(
    list(properties, 'Policies')
      .filter(isObject)
      .map((policy) => [requiredText(policy, 'PolicyName'), policy.PolicyDocument]),
  );
}

/** A policy document attached to the roles it lists. Users and groups do not exist locally. */
function policyProvider(
  identities: IdentityStore,
  nameProperty: string,
  attributes: (context: ResourceContext, name: string) => Readonly<Record<string, unknown>>,
): ResourceProvider {
  function attach(context: ResourceContext, name: string, properties: Properties): void {
    for (const kind of ['Users', 'Groups']) {
      if (list(properties, kind).length > 0) {
        throw new ResourceFailedError(
          `The local IAM has no ${kind.toLowerCase()}: the policy ${name} can be attached to roles only.`,
        );
      }
    }
    for (const roleName of texts(properties, 'Roles')) {
      const arn = roleArn(context, roleName);
      if (identities.role(arn) === undefined) {
        throw new ResourceFailedError(
          `The role with name ${roleName} cannot be found. (the local CloudFormation looks for ${arn})`,
        );
      }
      identities.putInlinePolicy(arn, name, properties.PolicyDocument);
    }
  }

  function detach(context: ResourceContext, name: string, properties: Properties, keep: readonly string[]): void {
    for (const roleName of texts(properties, 'Roles')) {
      const arn = roleArn(context, roleName);
      if (!keep.includes(roleName) && identities.role(arn) !== undefined) identities.deleteInlinePolicy(arn, name);
    }
  }

  return {
    replaceOn: [nameProperty],
    async create(context, properties) {
      const name = text(properties, nameProperty) ?? context.generateName(128);
      attach(context, name, properties);
      return { physicalId: name, attributes: attributes(context, name) };
    },
    async update(context, name, properties, old) {
      detach(context, name, old, texts(properties, 'Roles'));
      attach(context, name, properties);
      return { physicalId: name, attributes: attributes(context, name) };
    },
    async delete(context, name, properties) {
      detach(context, name, properties, []);
    },
  };
}

function managedPolicyProvider(identities: IdentityStore): ResourceProvider {
  const arnOf = (context: ResourceContext, name: string) => `arn:aws:iam::${context.account}:policy/${name}`;
  const inner = policyProvider(identities, 'ManagedPolicyName', (context, name) => ({
    PolicyArn: arnOf(context, name),
  }));
  const nameOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
  const byArn = (context: ResourceContext, name: string, attributes: Readonly<Record<string, unknown>>) => ({
    physicalId: arnOf(context, name),
    attributes,
  });
  return {
    replaceOn: ['ManagedPolicyName', 'Path', 'Description'],
    async create(context, properties) {
      const made = await inner.create(context, properties);
      return byArn(context, made.physicalId, made.attributes);
    },
    async update(context, physicalId, properties, old) {
      const made = await inner.update(context, nameOf(physicalId), properties, old);
      return byArn(context, made.physicalId, made.attributes);
    },
    delete: (context, physicalId, properties, options) =>
      inner.delete(context, nameOf(physicalId), properties, options),
  };
}
