import type { IdentityStore } from '../../iam/identity-store';
import type { ResourcePolicies } from '../../iam/resource-policies';
import { ResourceFailedError } from '../errors';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { isObject, sameValue } from '../values';
import { list, object, requiredText, text, texts } from './names';

/** IAM roles and policies, kept in the local identity store; managed policies' documents under their ARNs. */
export function iamProviders(identities: IdentityStore, policies: ResourcePolicies): Record<string, ResourceProvider> {
  return {
    'AWS::IAM::Role': roleProvider(identities),
    'AWS::IAM::Policy': policyProvider(identities, 'PolicyName', () => ({})),
    'AWS::IAM::ManagedPolicy': managedPolicyProvider(identities, policies),
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
      permissionsBoundaryArn: text(properties, 'PermissionsBoundary'),
      tags: tagsOf(properties),
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
    async read(context, roleName, properties) {
      const role = identities.role(arnOf(context, roleName, properties));
      if (role === undefined) return undefined;
      const own = list(properties, 'Policies').filter(isObject);
      return {
        ...properties,
        AssumeRolePolicyDocument: role.trustPolicy,
        ...(properties.ManagedPolicyArns !== undefined && { ManagedPolicyArns: role.managedPolicyArns }),
        ...(properties.Policies !== undefined && {
          Policies: own.flatMap((policy) => {
            const document = role.inlinePolicies[requiredText(policy, 'PolicyName')];
            return document === undefined ? [] : [{ ...policy, PolicyDocument: document }];
          }),
        }),
      };
    },
  };
}

function tagsOf(properties: Properties): Record<string, string> {
  const tags = list(properties, 'Tags').filter(isObject);
  return Object.fromEntries(tags.map((tag) => [requiredText(tag, 'Key'), text(tag, 'Value') ?? '']));
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
    async read(context, name, properties) {
      const documents = texts(properties, 'Roles').map(
        (roleName) => identities.role(roleArn(context, roleName))?.inlinePolicies[name],
      );
      if (documents.length > 0 && documents.every((document) => document === undefined)) return undefined;
      // A document that differs at one role is the one to show.
      const other = documents.find((document) => !sameValue(document, properties.PolicyDocument));
      return { ...properties, PolicyDocument: other ?? properties.PolicyDocument };
    },
  };
}

/** Name under which a managed policy's document is kept. */
const DOCUMENT = 'document';

function managedPolicyProvider(identities: IdentityStore, policies: ResourcePolicies): ResourceProvider {
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
      policies.put(arnOf(context, made.physicalId), DOCUMENT, properties.PolicyDocument);
      return byArn(context, made.physicalId, made.attributes);
    },
    async update(context, physicalId, properties, old) {
      const made = await inner.update(context, nameOf(physicalId), properties, old);
      policies.put(physicalId, DOCUMENT, properties.PolicyDocument);
      return byArn(context, made.physicalId, made.attributes);
    },
    async delete(context, physicalId, properties, options) {
      policies.delete(physicalId, DOCUMENT);
      await inner.delete(context, nameOf(physicalId), properties, options);
    },
    async read(_context, physicalId, properties) {
      const [document] = policies.of(physicalId);
      return document === undefined ? undefined : { ...properties, PolicyDocument: document };
    },
  };
}
