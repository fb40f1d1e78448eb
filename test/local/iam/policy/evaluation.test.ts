import type { Caller } from '../../../../local/iam/policy/principal';
import {
  type Asked,
  allow,
  decide,
  deny,
  ELSEWHERE,
  type Given,
  HERE,
  JANE,
  OBJECT,
  outcome,
  SESSION,
  to,
} from './harness';

const READ = 's3:GetObject';
/** A policy variable. */
const v = (name: string) => `$\{${name}}`;
const ROOT_HERE = `arn:aws:iam::${HERE}:root`;
const STRANGER: Caller = { ...JANE, arn: `arn:aws:iam::${ELSEWHERE}:user/Jane`, account: ELSEWHERE } as Caller;
const REDSHIFT: Caller = { kind: 'service', name: 'redshift.amazonaws.com' };
const ROOT: Caller = { kind: 'root', arn: ROOT_HERE, account: HERE };
const ANYBODY: Caller = { kind: 'anonymous' };
const KEY = `arn:aws:kms:us-west-2:${HERE}:key/0000`;
const ROLE = `arn:aws:iam::${HERE}:role/Loader`;
const decrypt: Asked = { action: 'kms:Decrypt', resource: KEY };
const assume: Asked = { action: 'sts:AssumeRole', resource: ROLE };
const trusting = (principal: unknown, more = {}) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: principal,
  ...more,
});

type Row = readonly [rule: string, given: Given, asked: Asked, wanted: ReturnType<typeof outcome>];

/** Each table is one page of the IAM User Guide (the KMS Developer Guide for keys); each row one of its rules. */
const RULES: Readonly<Record<string, readonly Row[]>> = {
  'Policy evaluation logic: the request context and the default': [
    ['by default all requests are implicitly denied', {}, {}, 'implicit deny'],
    ['an explicit allow overrides the default', { identity: [allow(READ, OBJECT)] }, {}, 'allowed'],
    ['an allow of another action allows nothing', { identity: [allow('s3:PutObject')] }, {}, 'implicit deny'],
    ['an explicit deny overrides any allow', { identity: [allow('*'), deny(READ)] }, {}, 'explicit deny'],
    ['an explicit deny wins whatever its place', { identity: [deny(READ), allow('*')] }, {}, 'explicit deny'],
    [
      'a deny whose condition fails denies nothing',
      { identity: [allow('*'), deny(READ, '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] },
      { context: { 'aws:SecureTransport': 'true' } },
      'allowed',
    ],
    ['the root user of an account needs no identity policy', {}, { caller: ROOT }, 'allowed'],
    [
      'the root user too is stopped by an explicit deny of the resource',
      { resource: [deny(READ, OBJECT, to('*'))] },
      { caller: ROOT },
      'explicit deny',
    ],
  ],
  'Policy evaluation logic: identity-based and resource-based policies in one account': [
    [
      'either of them is enough: the identity-based',
      { identity: [allow(READ)], resource: [allow('s3:PutObject', OBJECT, to('*'))] },
      {},
      'allowed',
    ],
    [
      'either of them is enough: the resource-based, naming the user',
      { resource: [allow(READ, OBJECT, to({ AWS: (JANE as { arn: string }).arn }))] },
      {},
      'allowed',
    ],
    ['the resource-based may name everybody', { resource: [allow(READ, OBJECT, to('*'))] }, {}, 'allowed'],
    ['{"AWS": "*"} is everybody too', { resource: [allow(READ, OBJECT, to({ AWS: '*' }))] }, {}, 'allowed'],
    [
      'the resource-based may name the role of a session',
      { resource: [allow(READ, OBJECT, to({ AWS: ROLE }))] },
      { caller: SESSION },
      'allowed',
    ],
    [
      'a deny of the resource overrides an allow of the identity',
      { identity: [allow('*')], resource: [deny('s3:*', '*', to('*'))] },
      {},
      'explicit deny',
    ],
    [
      'a deny of the identity overrides an allow of the resource',
      { identity: [deny(READ)], resource: [allow(READ, OBJECT, to('*'))] },
      {},
      'explicit deny',
    ],
    [
      'naming the account delegates to it and allows nobody',
      { resource: [allow(READ, OBJECT, to({ AWS: HERE }))] },
      {},
      'implicit deny',
    ],
    [
      'naming the account by its root is the same',
      { resource: [allow(READ, OBJECT, to({ AWS: ROOT_HERE }))] },
      {},
      'implicit deny',
    ],
    [
      'a delegated account lets in by identity policy',
      { identity: [allow(READ)], resource: [allow(READ, OBJECT, to({ AWS: HERE }))] },
      {},
      'allowed',
    ],
    [
      'a user of another name is not named',
      { resource: [allow(READ, OBJECT, to({ AWS: `arn:aws:iam::${HERE}:user/Janet` }))] },
      {},
      'implicit deny',
    ],
    [
      'anonymous requests need a resource policy for everybody',
      { resource: [allow(READ, OBJECT, to('*'))] },
      { caller: ANYBODY },
      'allowed',
    ],
    [
      'anonymous requests are not of the account',
      { resource: [allow(READ, OBJECT, to({ AWS: HERE }))] },
      { caller: ANYBODY },
      'implicit deny',
    ],
  ],
  'Policy evaluation logic: across accounts': [
    [
      'the identity-based policy alone is not enough',
      { identity: [allow(READ)] },
      { caller: STRANGER },
      'implicit deny',
    ],
    [
      'the resource-based policy alone is not enough',
      { resource: [allow(READ, OBJECT, to({ AWS: ELSEWHERE }))] },
      { caller: STRANGER },
      'implicit deny',
    ],
    [
      'even one for everybody is not enough',
      { resource: [allow(READ, OBJECT, to('*'))] },
      { caller: STRANGER },
      'implicit deny',
    ],
    [
      'both allow',
      { identity: [allow(READ)], resource: [allow(READ, OBJECT, to({ AWS: ELSEWHERE }))] },
      { caller: STRANGER },
      'allowed',
    ],
    [
      'both allow, the resource naming the user',
      { identity: [allow(READ)], resource: [allow(READ, OBJECT, to({ AWS: `arn:aws:iam::${ELSEWHERE}:user/Jane` }))] },
      { caller: STRANGER },
      'allowed',
    ],
    [
      'a deny on either side wins',
      { identity: [allow(READ)], resource: [allow(READ, OBJECT, to('*')), deny(READ, OBJECT, to({ AWS: ELSEWHERE }))] },
      { caller: STRANGER },
      'explicit deny',
    ],
  ],
  'Permissions boundaries and session policies': [
    ['a boundary grants nothing', { boundary: [allow('*')] }, {}, 'implicit deny'],
    ['identity and boundary must both allow', { identity: [allow('s3:*')], boundary: [allow(READ)] }, {}, 'allowed'],
    [
      'what the boundary leaves out is denied',
      { identity: [allow('*')], boundary: [allow('ec2:*')] },
      {},
      'implicit deny',
    ],
    [
      'a deny in the boundary wins',
      { identity: [allow('*')], boundary: [allow('*'), deny(READ)] },
      {},
      'explicit deny',
    ],
    [
      'a resource policy that names the user is not limited by an implicit deny of the boundary',
      { resource: [allow(READ, OBJECT, to({ AWS: `arn:aws:iam::${HERE}:user/Jane` }))], boundary: [allow('ec2:*')] },
      {},
      'allowed',
    ],
    [
      'a resource policy that names the role is limited by the boundary',
      { resource: [allow(READ, OBJECT, to({ AWS: ROLE }))], boundary: [allow('ec2:*')] },
      { caller: SESSION },
      'implicit deny',
    ],
    [
      'a resource policy that names the role session is not',
      {
        resource: [allow(READ, OBJECT, to({ AWS: `arn:aws:sts::${HERE}:assumed-role/Loader/nightly` }))],
        boundary: [allow('ec2:*')],
      },
      { caller: SESSION },
      'allowed',
    ],
    [
      'a session policy limits the role',
      { identity: [allow('*')], session: [allow('ec2:*')] },
      { caller: SESSION },
      'implicit deny',
    ],
    [
      'role and session policy both allow',
      { identity: [allow('*')], session: [allow(READ)] },
      { caller: SESSION },
      'allowed',
    ],
    [
      'a session policy limits a resource policy that names the role',
      { resource: [allow(READ, OBJECT, to({ AWS: ROLE }))], session: [allow('ec2:*')] },
      { caller: SESSION },
      'implicit deny',
    ],
    ['a session policy grants nothing', { session: [allow('*')] }, { caller: SESSION }, 'implicit deny'],
  ],
  'Service control policies': [
    ['they grant nothing', { guardrails: [[allow('*')]] }, {}, 'implicit deny'],
    ['every level must allow', { identity: [allow('*')], guardrails: [[allow('*')], [allow('s3:*')]] }, {}, 'allowed'],
    [
      'one level that does not allow is enough',
      { identity: [allow('*')], guardrails: [[allow('*')], [allow('ec2:*')]] },
      {},
      'implicit deny',
    ],
    [
      'a deny on any level wins',
      { identity: [allow('*')], guardrails: [[allow('*'), deny('s3:*')], [allow('*')]] },
      {},
      'explicit deny',
    ],
    [
      'they limit resource-based policies too',
      { resource: [allow(READ, OBJECT, to('*'))], guardrails: [[allow('ec2:*')]] },
      {},
      'implicit deny',
    ],
    ['they limit the root user too', { guardrails: [[allow('ec2:*')]] }, { caller: ROOT }, 'implicit deny'],
  ],
  'Key policies in AWS KMS': [
    [
      'without the key policy no identity policy lets in',
      {
        identity: [allow('kms:*')],
        key: true,
        resource: [allow('kms:*', '*', to({ AWS: `arn:aws:iam::${HERE}:user/Someone` }))],
      },
      decrypt,
      'implicit deny',
    ],
    [
      'the default key policy delegates to identity policies',
      { identity: [allow('kms:Decrypt', KEY)], key: true, resource: [allow('kms:*', '*', to({ AWS: ROOT_HERE }))] },
      decrypt,
      'allowed',
    ],
    [
      'the default key policy alone lets nobody in',
      { key: true, resource: [allow('kms:*', '*', to({ AWS: ROOT_HERE }))] },
      decrypt,
      'implicit deny',
    ],
    [
      'a key policy that names the role is enough',
      { key: true, resource: [allow('kms:Decrypt', '*', to({ AWS: ROLE }))] },
      { ...decrypt, caller: SESSION },
      'allowed',
    ],
    ['no key policy at all: nobody', { identity: [allow('*')], key: true }, decrypt, 'implicit deny'],
    [
      'a key of another account needs both',
      { identity: [allow('kms:Decrypt', KEY)], key: true, resource: [allow('kms:*', '*', to({ AWS: ELSEWHERE }))] },
      { ...decrypt, caller: STRANGER },
      'allowed',
    ],
  ],
  'Role trust policies': [
    [
      'a service that is trusted',
      { trust: [trusting({ Service: 'redshift.amazonaws.com' })] },
      { ...assume, caller: REDSHIFT },
      'allowed',
    ],
    [
      'another service',
      { trust: [trusting({ Service: 'lambda.amazonaws.com' })] },
      { ...assume, caller: REDSHIFT },
      'implicit deny',
    ],
    [
      'a service under a condition that holds',
      {
        trust: [
          trusting(
            { Service: 'redshift.amazonaws.com' },
            { Condition: { StringEquals: { 'aws:SourceAccount': HERE } } },
          ),
        ],
      },
      { ...assume, caller: REDSHIFT, context: { 'aws:SourceAccount': HERE } },
      'allowed',
    ],
    [
      'a service on behalf of another account (the confused deputy)',
      {
        trust: [
          trusting(
            { Service: 'redshift.amazonaws.com' },
            { Condition: { StringEquals: { 'aws:SourceAccount': HERE } } },
          ),
        ],
      },
      { ...assume, caller: REDSHIFT, context: { 'aws:SourceAccount': ELSEWHERE } },
      'implicit deny',
    ],
    [
      'a user named by a trust policy of the same account',
      { trust: [trusting({ AWS: `arn:aws:iam::${HERE}:user/Jane` })] },
      assume,
      'allowed',
    ],
    [
      'an account that is trusted, its user being allowed',
      { identity: [allow('sts:AssumeRole', ROLE)], trust: [trusting({ AWS: HERE })] },
      assume,
      'allowed',
    ],
    [
      'an account that is trusted, its user not being allowed',
      { trust: [trusting({ AWS: HERE })] },
      assume,
      'implicit deny',
    ],
    [
      'administrators are not trusted unless the role trusts them',
      { identity: [allow('*')], trust: [trusting({ Service: 'lambda.amazonaws.com' })] },
      assume,
      'implicit deny',
    ],
    [
      'another account with its external id',
      {
        identity: [allow('sts:AssumeRole')],
        trust: [trusting({ AWS: ELSEWHERE }, { Condition: { StringEquals: { 'sts:ExternalId': 'Unique' } } })],
      },
      { ...assume, caller: STRANGER, context: { 'sts:ExternalId': 'Unique' } },
      'allowed',
    ],
    [
      'another account without it',
      {
        identity: [allow('sts:AssumeRole')],
        trust: [trusting({ AWS: ELSEWHERE }, { Condition: { StringEquals: { 'sts:ExternalId': 'Unique' } } })],
      },
      { ...assume, caller: STRANGER },
      'implicit deny',
    ],
    [
      'an identity provider',
      {
        trust: [
          {
            ...trusting({ Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' }),
            Action: 'sts:AssumeRoleWithWebIdentity',
          },
        ],
      },
      {
        action: 'sts:AssumeRoleWithWebIdentity',
        resource: ROLE,
        caller: {
          kind: 'federated',
          provider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
        },
      },
      'allowed',
    ],
  ],
  'JSON policy elements: Principal and NotPrincipal': [
    [
      'a role id in place of the ARN of a role',
      { resource: [allow(READ, OBJECT, to({ AWS: 'AROALOADERLOADER0000' }))] },
      { caller: SESSION },
      'allowed',
    ],
    [
      'a user id in place of the ARN of a user',
      { resource: [allow(READ, OBJECT, to({ AWS: 'AIDAJANEJANEJANEJANE' }))] },
      {},
      'allowed',
    ],
    [
      'another session of the role',
      { resource: [allow(READ, OBJECT, to({ AWS: `arn:aws:sts::${HERE}:assumed-role/Loader/other` }))] },
      { caller: SESSION },
      'implicit deny',
    ],
    [
      'a canonical user',
      { resource: [allow(READ, OBJECT, to({ CanonicalUser: 'a'.repeat(64) }))] },
      { caller: { kind: 'canonical user', id: 'a'.repeat(64) } },
      'allowed',
    ],
    [
      'deny with NotPrincipal spares who is listed with its account',
      {
        identity: [allow(READ)],
        resource: [deny(READ, OBJECT, { NotPrincipal: { AWS: [ROOT_HERE, `arn:aws:iam::${HERE}:user/Jane`] } })],
      },
      {},
      'allowed',
    ],
    [
      'deny with NotPrincipal denies a listed user whose account is not listed',
      {
        identity: [allow(READ)],
        resource: [deny(READ, OBJECT, { NotPrincipal: { AWS: `arn:aws:iam::${HERE}:user/Jane` } })],
      },
      {},
      'explicit deny',
    ],
    [
      'deny with NotPrincipal denies everybody else',
      {
        identity: [allow(READ)],
        resource: [deny(READ, OBJECT, { NotPrincipal: { AWS: [ROOT_HERE, `arn:aws:iam::${HERE}:user/Bob`] } })],
      },
      {},
      'explicit deny',
    ],
    [
      'deny with NotPrincipal wants the role and its session listed',
      {
        identity: [allow(READ)],
        resource: [
          deny(READ, OBJECT, {
            NotPrincipal: { AWS: [ROOT_HERE, ROLE, `arn:aws:sts::${HERE}:assumed-role/Loader/nightly`] },
          }),
        ],
      },
      { caller: SESSION },
      'allowed',
    ],
  ],
  'JSON policy elements: Action and NotAction': [
    ['actions are not case-sensitive', { identity: [allow('S3:getobject')] }, {}, 'allowed'],
    ['an asterisk stands for any characters', { identity: [allow('s3:Get*')] }, {}, 'allowed'],
    ['an asterisk may stand in the middle', { identity: [allow('s3:*Object')] }, {}, 'allowed'],
    ['a question mark stands for one character', { identity: [allow('s3:?etObject')] }, {}, 'allowed'],
    ['a question mark never stands for none', { identity: [allow('s3:GetObject?')] }, {}, 'implicit deny'],
    ['a wildcard stays within its service', { identity: [allow('ec2:*')] }, {}, 'implicit deny'],
    [
      'NotAction with Allow: all but the listed',
      { identity: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] },
      {},
      'allowed',
    ],
    [
      'NotAction with Allow leaves out the listed',
      { identity: [{ Effect: 'Allow', NotAction: ['s3:Get*'], Resource: '*' }] },
      {},
      'implicit deny',
    ],
    [
      'NotAction with Deny denies all but the listed',
      { identity: [allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }] },
      {},
      'allowed',
    ],
    [
      'NotAction with Deny allows nothing by itself',
      { identity: [{ Effect: 'Deny', NotAction: 's3:*', Resource: '*' }] },
      {},
      'implicit deny',
    ],
  ],
  'JSON policy elements: Resource and NotResource': [
    ['resources are case-sensitive', { identity: [allow(READ, 'arn:aws:s3:::Reports/*')] }, {}, 'implicit deny'],
    ['an asterisk crosses slashes', { identity: [allow(READ, 'arn:aws:s3:::reports/*.csv')] }, {}, 'allowed'],
    ['a bucket is not its objects', { identity: [allow(READ, 'arn:aws:s3:::reports')] }, {}, 'implicit deny'],
    [
      'an object pattern is not the bucket',
      { identity: [allow('s3:ListBucket', 'arn:aws:s3:::reports/*')] },
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::reports' },
      'implicit deny',
    ],
    [
      'an asterisk at the end of a part reaches beyond the colon',
      { identity: [allow('lambda:InvokeFunction', `arn:aws:lambda:*:function:Load`)] },
      { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:us-west-2:${HERE}:function:Load` },
      'allowed',
    ],
    [
      'an asterisk within a part does not',
      { identity: [allow('lambda:InvokeFunction', `arn:aws:lambda:us*${HERE}:function:Load`)] },
      { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:us-west-2:${HERE}:function:Load` },
      'implicit deny',
    ],
    ['a list of resources is a choice', { identity: [allow(READ, ['arn:aws:s3:::other/*', OBJECT])] }, {}, 'allowed'],
    [
      'NotResource with Allow: all but the listed',
      { identity: [{ Effect: 'Allow', Action: READ, NotResource: 'arn:aws:s3:::secret/*' }] },
      {},
      'allowed',
    ],
    [
      'NotResource with Deny: nothing but the listed',
      { identity: [allow('*'), { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::hr/*' }] },
      {},
      'explicit deny',
    ],
    [
      'an action without resources is granted on * only',
      { identity: [allow('redshift-data:DescribeStatement', `arn:aws:redshift:us-west-2:${HERE}:cluster:c`)] },
      { action: 'redshift-data:DescribeStatement', resource: '*' },
      'implicit deny',
    ],
    [
      'and * grants it',
      { identity: [allow('redshift-data:DescribeStatement')] },
      { action: 'redshift-data:DescribeStatement', resource: '*' },
      'allowed',
    ],
  ],
  'Policy elements: Variables and tags': [
    [
      'a variable in the resource',
      { identity: [allow(READ, `arn:aws:s3:::${v('aws:username')}/*`)] },
      { context: { 'aws:username': 'reports' } },
      'allowed',
    ],
    [
      'names of keys are not case-sensitive',
      { identity: [allow(READ, `arn:aws:s3:::${v('AWS:UserName')}/*`)] },
      { context: { 'aws:username': 'reports' } },
      'allowed',
    ],
    [
      'a variable without a value is like nothing',
      { identity: [allow(READ, `arn:aws:s3:::${v('aws:username')}/*`)] },
      {},
      'implicit deny',
    ],
    [
      'a tag of the principal',
      { identity: [allow(READ, `arn:aws:s3:::${v('aws:PrincipalTag/team')}/*`)] },
      { context: { 'aws:PrincipalTag/team': 'reports' } },
      'allowed',
    ],
    [
      'a default stands in for a missing value',
      { identity: [allow(READ, `arn:aws:s3:::${v("aws:PrincipalTag/team, 'reports'")}/*`)] },
      {},
      'allowed',
    ],
    [
      'a value comes before the default',
      { identity: [allow(READ, `arn:aws:s3:::${v("aws:PrincipalTag/team, 'reports'")}/*`)] },
      { context: { 'aws:PrincipalTag/team': 'sales' } },
      'implicit deny',
    ],
    [
      'multivalued keys are no variables',
      { identity: [allow(READ, `arn:aws:s3:::${v('aws:TagKeys')}/*`)] },
      { context: { 'aws:TagKeys': ['reports', 'x'] } },
      'implicit deny',
    ],
    [
      'an asterisk in a value is an asterisk',
      { identity: [allow(READ, `arn:aws:s3:::${v('aws:username')}/*`)] },
      { context: { 'aws:username': 'rep*' } },
      'implicit deny',
    ],
    [
      `${v('*')} is an asterisk`,
      { identity: [allow(READ, `arn:aws:s3:::reports/${v('*')}`)] },
      { resource: 'arn:aws:s3:::reports/*' },
      'allowed',
    ],
    [`${v('*')} is no wildcard`, { identity: [allow(READ, `arn:aws:s3:::reports/${v('*')}`)] }, {}, 'implicit deny'],
    [
      `${v('?')} and ${v('$')} are their characters`,
      { identity: [allow(READ, `arn:aws:s3:::reports/${v('?')}${v('$')}`)] },
      { resource: 'arn:aws:s3:::reports/?$' },
      'allowed',
    ],
    [
      'version 2008-10-17 knows no variables',
      { version: '2008-10-17', identity: [allow(READ, `arn:aws:s3:::${v('aws:username')}/*`)] },
      { context: { 'aws:username': 'reports' } },
      'implicit deny',
    ],
    [
      'a variable in a condition',
      {
        identity: [
          allow(READ, '*', {
            Condition: { StringEquals: { 's3:ExistingObjectTag/team': `${v('aws:PrincipalTag/team')}` } },
          }),
        ],
      },
      { context: { 's3:ExistingObjectTag/team': 'a', 'aws:PrincipalTag/team': 'a' } },
      'allowed',
    ],
    [
      'a negated condition matches a variable with no value',
      {
        identity: [
          allow(READ),
          deny(READ, '*', {
            Condition: { StringNotEquals: { 's3:ExistingObjectTag/team': `${v('aws:PrincipalTag/team')}` } },
          }),
        ],
      },
      { context: { 's3:ExistingObjectTag/team': 'a' } },
      'explicit deny',
    ],
    [
      'the id of the session, as the Data API compares it',
      {
        identity: [
          allow('redshift-data:DescribeStatement', '*', {
            Condition: { StringEquals: { 'redshift-data:statement-owner-iam-userid': `${v('aws:userid')}` } },
          }),
        ],
      },
      {
        action: 'redshift-data:DescribeStatement',
        resource: '*',
        caller: SESSION,
        context: { 'aws:userid': 'AROA:nightly', 'redshift-data:statement-owner-iam-userid': 'AROA:nightly' },
      },
      'allowed',
    ],
  ],
  'The request itself': [
    [
      'an action that does not exist fits no policy',
      { identity: [allow('*')] },
      { action: 's3:ReadObject' },
      'invalid request',
    ],
    [
      'a service that does not exist fits no policy',
      { identity: [allow('*')] },
      { action: 's4:GetObject' },
      'invalid request',
    ],
    [
      'a resource that the action does not take fits no policy',
      { identity: [allow('*')] },
      { action: 's3:ListBucket' },
      'invalid request',
    ],
    [
      'an action with a required resource is not asked for on *',
      { identity: [allow('*')] },
      { action: 'kms:Decrypt', resource: '*' },
      'invalid request',
    ],
    [
      'an alias of a function is taken where the function is',
      { identity: [allow('lambda:InvokeFunction')] },
      { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:us-west-2:${HERE}:function:Load:live` },
      'allowed',
    ],
  ],
};

describe.each(Object.entries(RULES))('%s', (_page, rows) => {
  it.each(rows)('%s', (_rule, given, asked, wanted) => {
    expect(outcome(given, asked)).toBe(wanted);
  });
});

describe('a decision', () => {
  it('names every statement that allows', () => {
    const decision = decide({
      identity: [allow('ec2:*'), allow(READ, OBJECT, { Sid: 'Read' })],
      resource: [allow(READ, OBJECT, to({ AWS: HERE }))],
    });
    expect(decision).toEqual({
      allowed: true,
      reason: 'allowed',
      allowedBy: [
        { policyType: 'identity-based policy', policyName: 'Mine', index: 1, sid: 'Read' },
        { policyType: 'resource-based policy', policyName: 'Its', index: 0 },
      ],
    });
  });

  it('names the statement that denies', () => {
    expect(decide({ identity: [allow('*')], resource: [deny('s3:*', '*', { ...to('*'), Sid: 'No' })] })).toMatchObject({
      deniedBy: { policyType: 'resource-based policy', policyName: 'Its', index: 0, sid: 'No' },
    });
  });

  it('tells which conditions of a statement that nearly allowed failed, with both values', () => {
    const decision = decide(
      {
        identity: [
          allow('s3:ListBucket', '*', { Condition: { StringLike: { 's3:prefix': ['song_data/*', 'log_data/*'] } } }),
        ],
      },
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::reports', context: { 's3:prefix': 'runs/' } },
    );
    expect(decision).toMatchObject({
      missing: 'identity-based policy',
      nearMisses: [
        {
          conditions: [
            { operator: 'StringLike', key: 's3:prefix', wanted: ['song_data/*', 'log_data/*'], actual: ['runs/'] },
          ],
        },
      ],
    });
  });

  it.each([
    ['identity-based policy', {}, {}],
    ['resource-based policy', { identity: [allow('*')] }, { caller: STRANGER }],
    ['resource-based policy', { identity: [allow('*')], key: true }, decrypt],
    ['role trust policy', { identity: [allow('*')], trust: [trusting({ AWS: ELSEWHERE })] }, assume],
    ['permissions boundary', { identity: [allow('*')], boundary: [allow('ec2:*')] }, {}],
    ['session policy', { identity: [allow('*')], session: [allow('ec2:*')] }, { caller: SESSION }],
    ['service control policy', { identity: [allow('*')], guardrails: [[allow('ec2:*')]] }, {}],
  ] as const)('says that no %s allows', (missing, given, asked) => {
    expect(decide(given, asked)).toMatchObject({ reason: 'implicit deny', missing });
  });
});
