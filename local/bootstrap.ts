import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Account } from './account';
import { TemplateError } from './cloudformation/errors';
import { createResolver, type Resolver } from './cloudformation/template/intrinsics';
import { parameterReferences, stackParameters } from './cloudformation/template/parameters';
import { parseTemplate, type Template } from './cloudformation/template/template';
import type { JsonObject } from './cloudformation/values';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './home';
import type { DiskObjectStore } from './s3/disk-object-store';

/** The CDK's asset bucket of an account. */
export function bootstrapBucket(account: string): string {
  return `cdk-hnb659fds-assets-${account}-${LOCAL_REGION}`;
}

/** Whether a role is one of those that `cdk bootstrap` makes. */
export function isBootstrapRole(roleName: string): boolean {
  return /^cdk-hnb659fds-[a-z-]+-role-\d{12}-[a-z0-9-]+$/.test(roleName);
}

/** Changed when the same template is made into something else here: older homes then get it anew. */
const MADE_AS = '2';

/** Where an account notes which bootstrap template it has. */
const TEMPLATE_PARAMETER = '/local-aws/bootstrap-template';

/**
 * Makes in an account what `cdk bootstrap` makes: the asset bucket, the roles with their policies and the version
 * parameter, straight from the template that the installed CDK CLI would deploy. The home's own account is trusted by
 * all others, as `cdk bootstrap --trust` has it. Nothing happens when the account has that template already.
 */
export function bootstrapAccount(
  account: Pick<Account, 'id' | 'identities' | 'parameters'>,
  objects: DiskObjectStore,
): void {
  const { id, identities, parameters } = account;
  const text = readFileSync(require.resolve('aws-cdk/lib/api/bootstrap/bootstrap-template.yaml'), 'utf8');
  const digest = createHash('sha256').update(text).update(MADE_AS).digest('hex');
  if (parameters.get(TEMPLATE_PARAMETER)?.value === digest && objects.bucketExists(bootstrapBucket(id))) {
    return;
  }
  const resources = bootstrapResources(text, digest, id);
  for (const [type, make] of Object.entries(MAKERS)) {
    for (const properties of resources.filter((resource) => resource.type === type)) {
      make(properties.properties, { id, identities, parameters, objects });
    }
  }
  parameters.put(TEMPLATE_PARAMETER, digest);
}

interface Made extends Pick<Account, 'id' | 'identities' | 'parameters'> {
  readonly objects: DiskObjectStore;
}

/** What is made of the template, in this order: policies need their roles. */
const MAKERS: Readonly<Record<string, (properties: JsonObject, account: Made) => void>> = {
  'AWS::S3::Bucket': ({ BucketName }, { id, objects }) => {
    if (!objects.bucketExists(String(BucketName))) {
      objects.createBucket(String(BucketName), LOCAL_REGION, id);
    }
  },
  'AWS::IAM::Role': (properties, { id, identities }) => {
    const roleName = String(properties.RoleName);
    const policies = (properties.Policies ?? []) as readonly { PolicyName: string; PolicyDocument: unknown }[];
    identities.putRole({
      arn: roleArn(id, roleName),
      roleName,
      trustPolicy: properties.AssumeRolePolicyDocument,
      managedPolicyArns: (properties.ManagedPolicyArns ?? []) as readonly string[],
      inlinePolicies: Object.fromEntries(policies.map((policy) => [policy.PolicyName, policy.PolicyDocument])),
    });
  },
  'AWS::IAM::Policy': (properties, { id, identities }) => {
    for (const roleName of properties.Roles as readonly string[]) {
      identities.putInlinePolicy(roleArn(id, roleName), String(properties.PolicyName), properties.PolicyDocument);
    }
  },
  'AWS::SSM::Parameter': ({ Name, Value }, { parameters }) => {
    parameters.put(String(Name), String(Value));
  },
};

function roleArn(account: string, roleName: string): string {
  return `arn:aws:iam::${account}:role/${roleName}`;
}

interface Resource {
  readonly type: string;
  readonly properties: JsonObject;
}

let parsed: { readonly digest: string; readonly template: Template } | undefined;

/** The template's resources as they are in this account, intrinsics resolved. */
function bootstrapResources(text: string, digest: string, account: string): readonly Resource[] {
  if (parsed?.digest !== digest) {
    parsed = { digest, template: parseTemplate(JSON.stringify(parse(text))) };
  }
  const { template } = parsed;
  const given = [
    { key: 'FileAssetsBucketKmsKeyId', value: 'AWS_MANAGED_KEY' },
    { key: 'CloudFormationExecutionPolicies', value: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    { key: 'TrustedAccounts', value: account === LOCAL_ACCOUNT ? '' : LOCAL_ACCOUNT },
  ];
  const parameters = parameterReferences(
    template,
    stackParameters(template, given, [], () => undefined),
  );
  const resolver: Resolver = createResolver({
    template,
    parameters,
    pseudo: {
      'AWS::AccountId': account,
      'AWS::Region': LOCAL_REGION,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
    },
    availabilityZones: [],
    ref: (logicalId) => nameOf(logicalId),
    getAtt: (logicalId, attribute) => attributeOf(logicalId, attribute),
    importValue: (name) => {
      throw new TemplateError(`The bootstrap template imports nothing, yet asks for ${name}.`);
    },
    ssmParameter: (name) => {
      throw new TemplateError(`The bootstrap template reads no parameters, yet asks for ${name}.`);
    },
  });
  const properties = (logicalId: string) =>
    resolver.resolve(template.resources[logicalId]?.properties ?? {}, logicalId) as JsonObject;
  /** What `Ref` gives: the resource's name, for the template names all that it refers to. */
  function nameOf(logicalId: string): string {
    const { type, properties: given } = template.resources[logicalId]!;
    const name = given.BucketName ?? given.RoleName ?? given.RepositoryName ?? given.Name;
    if (name === undefined) throw new TemplateError(`The bootstrap template gives ${logicalId} (${type}) no name.`);
    return String(resolver.resolve(name, logicalId));
  }
  function attributeOf(logicalId: string, attribute: string): string {
    const { type } = template.resources[logicalId]!;
    const name = nameOf(logicalId);
    if (attribute !== 'Arn') {
      throw new TemplateError(`The local bootstrap has no attribute ${attribute} of ${logicalId} (${type}).`);
    }
    switch (type) {
      case 'AWS::S3::Bucket':
        return `arn:aws:s3:::${name}`;
      case 'AWS::IAM::Role':
        return roleArn(account, name);
      case 'AWS::ECR::Repository':
        return `arn:aws:ecr:${LOCAL_REGION}:${account}:repository/${name}`;
      default:
        throw new TemplateError(`The local bootstrap has no ARN of ${logicalId} (${type}).`);
    }
  }
  return Object.entries(template.resources)
    .filter(([, { type, condition }]) => type in MAKERS && (condition === undefined || resolver.condition(condition)))
    .map(([logicalId, { type }]) => ({ type, properties: properties(logicalId) }));
}
