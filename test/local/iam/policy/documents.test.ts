import type { PolicyKind } from '../../../../local/iam/policy/document';
import { MalformedPolicyError } from '../../../../local/iam/policy/errors';
import { parsePolicy } from '../../../../local/iam/policy/parse';
import { validatePolicy } from '../../../../local/iam/policy/validate';
import { allow, catalogue, type StatementJson, to } from './harness';

const V = '2012-10-17';
const BUCKET = 'arn:aws:s3:::example_bucket';
const statement = (more: StatementJson = {}) => ({
  Effect: 'Allow',
  Action: 's3:ListBucket',
  Resource: BUCKET,
  ...more,
});
const policy = (...statements: unknown[]) => ({ Version: V, Statement: statements });

function refusal(document: unknown, kind: PolicyKind): string {
  try {
    parsePolicy(document, kind);
  } catch (error) {
    if (error instanceof MalformedPolicyError) return error.sentence;
    throw error;
  }
  return 'taken';
}

const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';
const ACTIONS = 'Policy statement must contain actions.';
const RESOURCES = 'Policy statement must contain resources.';
const VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';

/** What CreatePolicy answers, sentence by sentence. */
const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ['text that is no JSON', 'This is not a json document', SYNTAX],
  ['no version', { Statement: statement() }, 'Policy document must be version 2012-10-17 or greater.'],
  [
    'the old version',
    { Version: '2008-10-17', Statement: statement() },
    'Policy document must be version 2012-10-17 or greater.',
  ],
  ['a version that is none', { Version: '2013-10-17', Statement: statement() }, SYNTAX],
  ['no statement', { Version: V }, SYNTAX],
  ['an empty list of statements', policy(), SYNTAX],
  ['a statement that is text', policy('afd'), SYNTAX],
  ['an unknown element of the policy', { Version: V, Statement: statement(), Extra: 1 }, SYNTAX],
  ['an unknown element of a statement', policy(statement({ Extra: 1 })), SYNTAX],
  ['an Id that is no text', { Version: V, Id: {}, Statement: statement() }, SYNTAX],
  ['a Sid that is no text', policy(statement({ Sid: [] })), SYNTAX],
  ['no Effect', policy({ Action: 's3:ListBucket', Resource: BUCKET }), SYNTAX],
  ['an Effect that is none', policy(statement({ Effect: 'invalid' })), SYNTAX],
  ['an Effect in other letters', policy(statement({ Effect: 'denY' })), LEGACY],
  ['an Action without a service', policy(statement({ Action: 'invalid' })), VENDOR],
  ['an empty Action', policy(statement({ Action: '' })), VENDOR],
  ['an Action with a space in its service', policy(statement({ Action: 'a a:ListBucket' })), 'Vendor a a is not valid'],
  [
    'an Action with two colons',
    policy(statement({ Action: 's3:List:Bucket' })),
    'Actions/Condition can contain only one colon.',
  ],
  ['an Action that is an object', policy(statement({ Action: {} })), SYNTAX],
  ['an Action in a list in a list', policy(statement({ Action: [[]] })), SYNTAX],
  ['no Action', policy({ Effect: 'Allow', Resource: BUCKET }), ACTIONS],
  ['an empty list of Actions', policy(statement({ Action: [] })), ACTIONS],
  ['Action and NotAction', policy(statement({ NotAction: 'iam:x' })), SYNTAX],
  [
    'a Resource that is no ARN',
    policy(statement({ Resource: 'invalid resource' })),
    'Resource invalid resource must be in ARN format or "*".',
  ],
  ['an empty Resource', policy(statement({ Resource: '' })), 'Resource  must be in ARN format or "*".'],
  [
    'a bad Resource before a bad Action',
    policy(statement({ Action: 's:3:L', Resource: 'sdf' })),
    'Resource sdf must be in ARN format or "*".',
  ],
  [
    'an unknown partition',
    policy(statement({ Resource: 'arn:error:s3:::example_bucket' })),
    'Partition "error" is not valid for resource "arn:error:s3:::example_bucket".',
  ],
  [
    'an ARN that lacks arn',
    policy(statement({ Resource: 'aws:s3:::example_bucket' })),
    'Partition "s3" is not valid for resource "arn:s3:::example_bucket:*".',
  ],
  [
    'an ARN without a service',
    policy(statement({ Resource: 'arn:aws' })),
    'Resource vendor must be fully qualified and cannot contain regexes.',
  ],
  ['an S3 ARN with a colon too few', policy(statement({ Resource: 'arn:aws:s3::example_bucket' })), LEGACY],
  ['an ARN with an empty service', policy(statement({ Resource: 'arn:aws::::example_bucket' })), LEGACY],
  [
    'an S3 ARN with a region',
    policy(statement({ Resource: 'arn:aws:s3:us-east-1::b' })),
    'Resource arn:aws:s3:us-east-1::b can not contain region information.',
  ],
  [
    'an IAM ARN with a region',
    policy(statement({ Resource: 'arn:aws:iam:us-east-1::b' })),
    'IAM resource arn:aws:iam:us-east-1::b cannot contain region information.',
  ],
  [
    'an IAM ARN of no known kind',
    policy(statement({ Resource: 'arn:aws:iam:::b' })),
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
  ],
  ['no Resource', policy({ Effect: 'Allow', Action: 's3:ListBucket' }), RESOURCES],
  ['an empty list of Resources', policy(statement({ Resource: [] })), RESOURCES],
  ['a Resource that is an object', policy(statement({ Resource: { a: BUCKET } })), SYNTAX],
  ['Resource and NotResource', policy(statement({ NotResource: '*' })), SYNTAX],
  ['a Condition that is a list', policy(statement({ Condition: [] })), SYNTAX],
  ['a Condition operator without keys', policy(statement({ Condition: { StringEquals: 'b' } })), SYNTAX],
  ['a Condition value that is an object', policy(statement({ Condition: { StringEquals: { a: {} } } })), SYNTAX],
  ['an unknown Condition operator', policy(statement({ Condition: { x: { a: '1' } } })), SYNTAX],
  ['a misspelt set operator', policy(statement({ Condition: { 'ForAnyValue::StringEquals': { a: '1' } } })), SYNTAX],
  ['Null with IfExists', policy(statement({ Condition: { NullIfExists: { a: 'true' } } })), SYNTAX],
  ['a date that is none', policy(statement({ Condition: { DateGreaterThan: { a: 'sdfdsf' } } })), LEGACY],
  ['a date out of range', policy(statement({ Condition: { DateLessThan: { a: '9223372036854775808' } } })), LEGACY],
  ['a number that is none', policy(statement({ Condition: { NumericEquals: { a: 'ten' } } })), LEGACY],
  ['a network that is none', policy(statement({ Condition: { IpAddress: { a: '10.0.0.0/33' } } })), LEGACY],
  [
    'one Sid twice',
    policy(statement({ Sid: 'a' }), { Sid: 'a', Effect: 'Allow' }),
    'Statement IDs (SID) in a single policy must be unique.',
  ],
  ['a Principal', policy(statement(to('*'))), 'Policy document should not specify a principal.'],
];

describe('a managed policy is refused in the words of IAM for', () => {
  it.each(REFUSED)('%s', (_what, document, sentence) => {
    expect(refusal(document, 'managed')).toBe(sentence);
  });
});

describe('a managed policy is taken with', () => {
  it.each([
    ['one statement outside a list', { Version: V, Statement: statement() }],
    ['a list of resources', policy(statement({ Resource: [BUCKET, '*'] }))],
    ['a short ARN, which goes on with *', policy(statement({ Resource: 'arn:aws:codebuild:*' }))],
    ['the asterisk for all actions', policy(statement({ Action: '*' }))],
    ['a service that IAM does not know', policy(statement({ Action: 'service-prefix:action-name' }))],
    ['an empty Condition', policy(statement({ Condition: {} }))],
    ['an operator with no keys', policy(statement({ Condition: { DateGreaterThan: {} } }))],
    ['a key with no values', policy(statement({ Condition: { DateGreaterThan: { a: [] } } }))],
    ['JSON text', JSON.stringify(policy(statement()))],
    [
      'a variable for the user of an IAM ARN',
      policy(statement({ Resource: `arn:aws:iam::*:user/${'$'}{aws:username}` })),
    ],
    [
      'the time zone of a date',
      policy(statement({ Condition: { DateLessThanEquals: { a: '2016-12-13T21:20:37.593194+00:00' } } })),
    ],
  ])('%s', (_what, document) => {
    expect(refusal(document, 'managed')).toBe('taken');
  });
});

describe('the other kinds of policies', () => {
  const trust = (more: StatementJson = {}) =>
    policy({ Effect: 'Allow', Action: 'sts:AssumeRole', ...to({ AWS: '111122223333' }), ...more });

  it.each<readonly [string, PolicyKind, unknown, string]>([
    ['an inline policy may leave its version out', 'inline', { Statement: statement() }, 'taken'],
    [
      'an inline policy has no Principal',
      'inline',
      policy(statement(to('*'))),
      'Policy document should not specify a principal.',
    ],
    ['a resource policy needs a Principal', 'resource', policy(statement()), 'Missing required field Principal'],
    ['a resource policy with one', 'resource', policy(statement(to({ AWS: '*' }))), 'taken'],
    [
      'a resource policy needs a resource',
      'resource',
      policy({ Effect: 'Deny', Action: 's3:*', Principal: '*' }),
      RESOURCES,
    ],
    ['a trust policy', 'trust', trust(), 'taken'],
    ['a trust policy has no Resource', 'trust', trust({ Resource: '*' }), 'Has prohibited field Resource'],
    [
      'a trust policy needs a Principal',
      'trust',
      policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }),
      'Missing required field Principal',
    ],
    [
      'a trust policy is about assuming the role',
      'trust',
      trust({ Action: 's3:GetObject' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'no wildcard in a principal',
      'trust',
      trust(to({ AWS: 'arn:aws:iam::111122223333:role/*' })),
      'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/*"',
    ],
    ['no principal of an unknown type', 'trust', trust(to({ Robot: 'x' })), 'Invalid principal in policy: "Robot":"x"'],
    [
      'no service without its domain',
      'trust',
      trust(to({ Service: 'lambda' })),
      'Invalid principal in policy: "Service":"lambda"',
    ],
    ['no text but the asterisk', 'trust', trust(to('111122223333')), 'Invalid principal in policy: "111122223333"'],
  ])('%s', (_rule, kind, document, answer) => {
    expect(refusal(document, kind)).toBe(answer);
  });

  it('tells where in the document, and which value', () => {
    expect(() => parsePolicy(policy(statement(), statement({ Sid: 'Read', Effect: 'Alow' })), 'inline')).toThrow(
      'Syntax errors in policy. (statement 2 "Read": Effect is "Alow"; it is Allow or Deny)',
    );
  });
});

describe('what IAM takes and never applies is warned of', () => {
  const warnings = (...statements: StatementJson[]) =>
    validatePolicy(policy(...statements), 'inline', catalogue).warnings.map(({ kind, text }) => `${kind}: ${text}`);

  it.each<readonly [string, StatementJson, string]>([
    [
      'an action that does not exist',
      allow(['s3:GetObject', 's3:ReadObject']),
      'unknown action: s3:ReadObject is no action that there is',
    ],
    ['a wildcard that fits no action', allow('s3:Fetch*'), 'unknown action: s3:Fetch* is no action that there is'],
    ['a service that does not exist', allow('s4:*'), 'unknown action: s4:* is no action that there is'],
    [
      'an object action on a bucket',
      allow('s3:GetObject', 'arn:aws:s3:::bucket'),
      'resource not taken: s3:GetObject takes accesspointobject, object, not arn:aws:s3:::bucket',
    ],
    [
      'a bucket action on objects',
      allow('s3:ListBucket', 'arn:aws:s3:::bucket/*'),
      'resource not taken: s3:ListBucket takes accesspoint, bucket, not arn:aws:s3:::bucket/*',
    ],
    [
      'an action that takes none',
      allow('redshift-data:DescribeStatement', 'arn:aws:redshift:us-west-2:111122223333:cluster:c'),
      'resource not taken: redshift-data:DescribeStatement takes no resource, only *, not arn:aws:redshift:us-west-2:111122223333:cluster:c',
    ],
    [
      'a condition key that the action does not give',
      allow('s3:GetObject', '*', { Condition: { StringLike: { 's3:prefix': 'a*' } } }),
      'unknown condition key: none of the actions gives the condition key s3:prefix',
    ],
    [
      'a multivalued key without a set operator',
      allow('s3:PutObject', '*', { Condition: { StringEquals: { 'aws:TagKeys': 'a' } } }),
      'set operator missing: aws:TagKeys has several values: StringEquals needs ForAllValues or ForAnyValue',
    ],
    [
      'a variable where none is read',
      allow('s3:GetObject', '*', {
        Condition: { BinaryEquals: { 'aws:x': '' }, StringLike: { 'aws:y': `${'$'}{aws:userid` } },
      }),
      `broken variable: ${'$'}{aws:userid is read as text, not as a variable`,
    ],
  ])('%s', (_what, given, text) => {
    expect(warnings(given)).toEqual([text]);
  });

  it('but not of what does apply', () => {
    expect(
      warnings(
        allow('*'),
        allow('s3:Get*', 'arn:aws:s3:::bucket'),
        allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*']),
        allow('s3:ListBucket', 'arn:aws:s3:::bucket', { Condition: { StringLike: { 's3:prefix': 'a*' } } }),
        allow('s3:PutObjectTagging', 'arn:aws:s3:::bucket/*', {
          Condition: { StringEquals: { 's3:RequestObjectTag/team': 'a' } },
        }),
        allow('lambda:StopDurableExecution', 'arn:aws:lambda:us-west-2:111122223333:function:load:*'),
        allow('redshift:GetClusterCredentials', 'arn:aws:redshift:us-west-2:111122223333:dbuser:c/etl'),
      ),
    ).toEqual([]);
  });
});
