import type { Ids } from '../../clock';
import { parsePolicy } from '../../iam/policy/parse';
import type { ResourcePolicies } from '../../iam/resource-policies';
import type { Properties, ResourceContext, ResourceProvider } from '../resource-provider';
import { sameValue } from '../values';
import { requiredText, text, texts } from './names';
import { arn } from './record';

/** Name of a key's one policy, as KMS has it. */
const KEY_POLICY = 'default';

/** Types that put a policy on something; the documents are kept where those that decide on access find them. */
export function policyProviders(policies: ResourcePolicies, ids: Ids): Record<string, ResourceProvider> {
  const on = (options: PolicyOptions) => policyProvider(policies, options);
  const generatedId = (context: ResourceContext) => context.generateName(128);
  return {
    'AWS::S3::BucketPolicy': on({
      replaceOn: ['Bucket'],
      id: (_context, properties) => requiredText(properties, 'Bucket'),
      on: (_context, properties) => [`arn:aws:s3:::${requiredText(properties, 'Bucket')}`],
    }),
    'AWS::SQS::QueuePolicy': on({
      replaceOn: [],
      id: generatedId,
      on: (context, properties) => texts(properties, 'Queues').map((url) => arn(context, 'sqs', lastPart(url, '/'))),
    }),
    'AWS::SNS::TopicPolicy': on({
      replaceOn: [],
      id: generatedId,
      on: (_context, properties) => texts(properties, 'Topics'),
    }),
    'AWS::SecretsManager::ResourcePolicy': on({
      replaceOn: ['SecretId'],
      id: (_context, properties) => requiredText(properties, 'SecretId'),
      on: (_context, properties) => [requiredText(properties, 'SecretId')],
      property: 'ResourcePolicy',
      document: (_context, properties) => properties.ResourcePolicy,
    }),
    'AWS::Lambda::Permission': on({
      // Lambda cannot change a statement: every change means another one.
      replaceOn: [
        'Action',
        'EventSourceToken',
        'FunctionName',
        'FunctionUrlAuthType',
        'InvokedViaFunctionUrl',
        'Principal',
        'PrincipalOrgID',
        'SourceAccount',
        'SourceArn',
      ],
      id: (context) => context.generateName(100),
      on: (context, properties) => [functionArn(context, properties)],
      document: permission,
    }),
    'AWS::KMS::Key': keyProvider(policies, ids),
  };
}

interface PolicyOptions {
  /** The property that holds the document as it stands, where there is one. */
  readonly property?: string;
  readonly replaceOn: readonly string[];
  id(context: ResourceContext, properties: Properties): string;
  /** ARNs of what the policy stands on. */
  on(context: ResourceContext, properties: Properties): readonly string[];
  /** The property PolicyDocument when not given. */
  document?(context: ResourceContext, properties: Properties): unknown;
}

function policyProvider(policies: ResourcePolicies, options: PolicyOptions): ResourceProvider {
  const { document = (_context: ResourceContext, properties: Properties) => properties.PolicyDocument } = options;
  const put = (context: ResourceContext, physicalId: string, properties: Properties) => {
    const wanted = checked(document(context, properties));
    for (const resource of options.on(context, properties)) policies.put(resource, context.logicalId, wanted);
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    replaceOn: options.replaceOn,
    create: async (context, properties) => put(context, options.id(context, properties), properties),
    async update(context, physicalId, properties, old) {
      const kept = options.on(context, properties);
      for (const resource of options.on(context, old)) {
        if (!kept.includes(resource)) policies.delete(resource, context.logicalId);
      }
      return put(context, physicalId, properties);
    },
    async delete(context, _physicalId, properties) {
      for (const resource of options.on(context, properties)) policies.delete(resource, context.logicalId);
    },
    async read(context, _physicalId, properties) {
      const found = options.on(context, properties).map((resource) => policies.find(resource, context.logicalId));
      if (found.length > 0 && found.every((present) => present === undefined)) return undefined;
      const wanted = document(context, properties);
      const other = found.find((present) => !sameValue(present, wanted));
      return other === undefined ? properties : { ...properties, [options.property ?? 'PolicyDocument']: other };
    },
  };
}

/** A key; the local AWS encrypts nothing with it, but asks its policy. */
function keyProvider(policies: ResourcePolicies, ids: Ids): ResourceProvider {
  const arnOf = (context: ResourceContext, keyId: string) => arn(context, 'kms', `key/${keyId}`);
  function put(context: ResourceContext, keyId: string, properties: Properties) {
    const keyArn = arnOf(context, keyId);
    policies.put(keyArn, KEY_POLICY, checked(properties.KeyPolicy ?? defaultKeyPolicy(context)));
    return { physicalId: keyId, attributes: { Arn: keyArn, KeyId: keyId } };
  }
  return {
    replaceOn: [],
    create: async (context, properties) => put(context, ids.uuid(), properties),
    update: async (context, keyId, properties) => put(context, keyId, properties),
    delete: async (context, keyId) => policies.delete(arnOf(context, keyId), KEY_POLICY),
    async read(context, keyId, properties) {
      const [document] = policies.of(arnOf(context, keyId));
      return document === undefined ? undefined : { ...properties, KeyPolicy: document };
    },
  };
}

/** Source: KMS developer guide, "Default key policy" of keys made without one. */
function defaultKeyPolicy(context: ResourceContext): object {
  return {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${context.account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
}

/** The statement that AddPermission makes of its parameters. */
function permission(context: ResourceContext, properties: Properties): object {
  const principal = requiredText(properties, 'Principal');
  const conditions: readonly (readonly [string, string, string | undefined])[] = [
    ['ArnLike', 'AWS:SourceArn', text(properties, 'SourceArn')],
    ['StringEquals', 'AWS:SourceAccount', text(properties, 'SourceAccount')],
    ['StringEquals', 'aws:PrincipalOrgID', text(properties, 'PrincipalOrgID')],
  ];
  const condition: Record<string, Record<string, string>> = {};
  for (const [operator, key, value] of conditions) {
    if (value !== undefined) condition[operator] = { ...condition[operator], [key]: value };
  }
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: context.logicalId,
        Effect: 'Allow',
        Principal: grantee(principal),
        Action: requiredText(properties, 'Action'),
        Resource: functionArn(context, properties),
        ...(Object.keys(condition).length > 0 && { Condition: condition }),
      },
    ],
  };
}

function grantee(principal: string): object | string {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function functionArn(context: ResourceContext, properties: Properties): string {
  const given = requiredText(properties, 'FunctionName');
  return given.startsWith('arn:') ? given : arn(context, 'lambda', `function:${given}`);
}

/** @throws MalformedPolicyError in IAM's words */
function checked(document: unknown): unknown {
  parsePolicy(document, 'resource');
  return document;
}

function lastPart(value: string, separator: string): string {
  return value.slice(value.lastIndexOf(separator) + 1);
}
