import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  ListDatabasesCommand,
  ListStatementsCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type LocalAws, startLocalAws } from '../../../local/main';

const HERE = '000000000000';
const BUCKET = 'reports-of-access-test';

const allow = (Action: unknown, Resource: unknown = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const inline = (...statements: readonly object[]) => ({
  Policies: [{ PolicyName: 'own', PolicyDocument: document(...statements) }],
});
const trusting = (Principal: object, Condition?: object) => ({
  AssumeRolePolicyDocument: document({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal,
    ...(Condition && { Condition }),
  }),
});
const role = (name: string, properties: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: name, ...trusting({ AWS: HERE }), ...properties },
});
const objects = (prefix: string) => `arn:aws:s3:::${BUCKET}/${prefix}*`;
const key = { 'Fn::GetAtt': ['Key', 'Arn'] };
const cluster = `arn:aws:redshift:us-west-2:${HERE}:cluster:wh`;
const ownStatements = allow(
  ['redshift-data:DescribeStatement', 'redshift-data:CancelStatement', 'redshift-data:ListStatements'],
  '*',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, resolved by IAM
  { StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' } },
);
const credentials = (user: string) =>
  allow('redshift:GetClusterCredentials', [
    `arn:aws:redshift:us-west-2:${HERE}:dbuser:wh/${user}`,
    `arn:aws:redshift:us-west-2:${HERE}:dbname:wh/dev`,
  ]);
const execute = allow('redshift-data:ExecuteStatement', cluster);

const TEMPLATE = {
  Resources: {
    Key: { Type: 'AWS::KMS::Key', Properties: {} },
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: BUCKET,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } },
          ],
        },
      },
    },
    BucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: document({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:DeleteObject',
          Resource: objects('kept/'),
        }),
      },
    },
    Cluster: {
      Type: 'AWS::Redshift::Cluster',
      Properties: {
        ClusterIdentifier: 'wh',
        ClusterType: 'single-node',
        DBName: 'dev',
        MasterUsername: 'admin1',
        ManageMasterPassword: true,
        MasterPasswordSecretKmsKeyId: key,
        NodeType: 'ra3.large',
      },
    },
    Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/app/one', Type: 'String', Value: '1' } },
    Boundary: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { ManagedPolicyName: 'boundary', PolicyDocument: document(allow('s3:ListBucket')) },
    },
    Reader: role(
      'reader',
      inline(
        allow('s3:GetObject', objects('')),
        allow('s3:ListBucket', `arn:aws:s3:::${BUCKET}`, { StringLike: { 's3:prefix': 'open/*' } }),
        allow('kms:Decrypt', key, { StringEquals: { 'kms:ViaService': 's3.us-west-2.amazonaws.com' } }),
      ),
    ),
    Keyless: role('keyless', inline(allow(['s3:GetObject', 's3:PutObject'], objects('')))),
    Writer: role(
      'writer',
      inline(
        allow(['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'], objects('')),
        allow('kms:GenerateDataKey', key),
        allow('ssm:GetParameter', `arn:aws:ssm:us-west-2:${HERE}:parameter/app/*`),
        allow('cloudwatch:PutMetricData', '*', { StringEquals: { 'cloudwatch:namespace': 'App' } }),
      ),
    ),
    Bounded: role('bounded', { ...inline(allow('s3:*')), PermissionsBoundary: { Ref: 'Boundary' } }),
    External: role('external', trusting({ AWS: HERE }, { StringEquals: { 'sts:ExternalId': 'x1' } })),
    OfLambda: role('of-lambda', trusting({ Service: 'lambda.amazonaws.com' })),
    Runner: role('runner', inline(execute, credentials('admin1'), ownStatements)),
    Other: role('other', inline(execute, credentials('nobody'), ownStatements)),
    Itself: role(
      'itself',
      inline(
        execute,
        allow('redshift:GetClusterCredentialsWithIAM', `arn:aws:redshift:us-west-2:${HERE}:dbname:wh/dev`),
        allow('redshift-data:ListDatabases', cluster),
      ),
    ),
    Secretive: role('secretive', inline(execute, allow('secretsmanager:GetSecretValue'), allow('kms:Decrypt', key))),
    HalfSecretive: role('half-secretive', inline(execute, allow('secretsmanager:GetSecretValue'))),
    Executor: role('executor', {
      ...inline(allow('redshift:*')),
      ...trusting({ Service: 'cloudformation.amazonaws.com' }),
    }),
    Passer: role('passer', inline(allow('cloudformation:*'))),
  },
  Outputs: { SecretArn: { Value: { 'Fn::GetAtt': ['Cluster', 'MasterPasswordSecretArn'] } } },
};

const folder = mkdtempSync(join(tmpdir(), 'access-'));
let aws: LocalAws;
let operator: ReturnType<typeof clients>;
const opened: { destroy(): void }[] = [];

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function clients(keys: Keys) {
  const connection = { endpoint: aws.url, region: aws.region, credentials: keys, maxAttempts: 1 };
  const made = {
    s3: new S3Client({ ...connection, forcePathStyle: true }),
    sts: new STSClient(connection),
    ssm: new SSMClient(connection),
    cloudFormation: new CloudFormationClient(connection),
    cloudWatch: new CloudWatchClient(connection),
    data: new RedshiftDataClient(connection),
  };
  opened.push(...Object.values(made));
  return made;
}

async function as(roleName: string, from = operator, ExternalId?: string): Promise<ReturnType<typeof clients>> {
  const { Credentials } = await from.sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${HERE}:role/${roleName}`, RoleSessionName: 'test', ExternalId }),
  );
  return clients({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken,
  });
}

async function createStack(client: CloudFormationClient, StackName: string, template: object, RoleARN?: string) {
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      RoleARN,
    }),
  );
  for (;;) {
    const { Stacks = [] } = await operator.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const [stack] = Stacks;
    if (!stack?.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Why resources of a stack failed. */
async function reasons(StackName: string): Promise<string> {
  const { StackEvents = [] } = await operator.cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  const failed = StackEvents.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED'));
  return failed.map(({ ResourceStatusReason }) => ResourceStatusReason).join('\n');
}

/** Name and message of the refusal; undefined where the call went through. */
async function refusal(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

let secretArn: string;

beforeAll(async () => {
  aws = await startLocalAws({ home: join(folder, 'home') });
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = aws.environment;
  operator = clients({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY });
  const stack = await createStack(operator.cloudFormation, 'world', TEMPLATE);
  expect(await reasons('world')).toBe('');
  secretArn = stack?.Outputs?.[0]?.OutputValue ?? '';
  for (const Key of ['open/a', 'kept/a']) {
    await operator.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
  }
});
afterAll(async () => {
  for (const client of opened) client.destroy();
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

const Bucket = BUCKET;
const named = (roleName: string) => `User: arn:aws:sts::${HERE}:assumed-role/${roleName}/test is not authorized`;

describe('S3', () => {
  it.each<[string, string, (s3: S3Client) => Promise<unknown>, RegExp | undefined]>([
    ['reader', 'read with the key', (s3) => s3.send(new GetObjectCommand({ Bucket, Key: 'open/a' })), undefined],
    [
      'reader',
      'list a prefix that it may',
      (s3) => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'open/x' })),
      undefined,
    ],
    [
      'reader',
      'list another prefix',
      (s3) => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'kept/' })),
      /^AccessDenied: .*s3:ListBucket on resource: arn:aws:s3:::reports-of-access-test because no identity-based policy.*StringLike s3:prefix \[open\/\*\], the request has kept\/\)/,
    ],
    ['reader', 'list all', (s3) => s3.send(new ListObjectsV2Command({ Bucket })), /the request has none/],
    [
      'reader',
      'write',
      (s3) => s3.send(new PutObjectCommand({ Bucket, Key: 'open/b', Body: 'x' })),
      /s3:PutObject on resource: arn:aws:s3:::reports-of-access-test\/open\/b/,
    ],
    [
      'reader',
      'hear that an object is not there',
      (s3) => s3.send(new GetObjectCommand({ Bucket, Key: 'none' })),
      /^AccessDenied: .*s3:ListBucket/,
    ],
    [
      'keyless',
      'read without the key',
      (s3) => s3.send(new GetObjectCommand({ Bucket, Key: 'open/a' })),
      /^AccessDenied: .*kms:Decrypt on resource: arn:aws:kms:us-west-2:000000000000:key\//,
    ],
    [
      'keyless',
      'write without the key',
      (s3) => s3.send(new PutObjectCommand({ Bucket, Key: 'open/b', Body: 'x' })),
      /kms:GenerateDataKey/,
    ],
    ['writer', 'write', (s3) => s3.send(new PutObjectCommand({ Bucket, Key: 'open/b', Body: 'x' })), undefined],
    [
      'writer',
      'abort an upload',
      async (s3) => {
        const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'open/c' }));
        await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'open/c', UploadId }));
      },
      undefined,
    ],
    ['writer', 'delete', (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'open/b' })), undefined],
    [
      'writer',
      'delete what the bucket policy keeps',
      (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'kept/a' })),
      /s3:DeleteObject .* with an explicit deny in a resource-based policy/,
    ],
    ['bounded', 'see the bucket', (s3) => s3.send(new HeadBucketCommand({ Bucket })), undefined],
    [
      'bounded',
      'read beyond its boundary',
      (s3) => s3.send(new GetObjectCommand({ Bucket, Key: 'open/a' })),
      /because no permissions boundary allows/,
    ],
  ])('decides whether %s may %s', async (roleName, _what, call, wanted) => {
    const { s3 } = await as(roleName);
    const refused = await refusal(call(s3));
    if (wanted === undefined) expect(refused).toBeUndefined();
    else expect(refused).toMatch(wanted);
    if (wanted !== undefined) expect(refused).toContain(named(roleName));
  });
});

describe('STS', () => {
  it('gives a role only to whom it trusts and who may take it on', async () => {
    expect(await refusal(as('of-lambda'))).toMatch(
      /^AccessDenied: User: arn:aws:iam::000000000000:user\/operator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role\/of-lambda because no role trust policy/,
    );
    expect(await refusal(as('writer', await as('reader')))).toMatch(/because no identity-based policy allows/);
  });

  it('minds the external id that a trust policy asks for', async () => {
    expect(await refusal(as('external'))).toMatch(/sts:ExternalId \[x1\], the request has none/);
    expect(await refusal(as('external', operator, 'x1'))).toBeUndefined();
  });

  it('tells everybody who they are', async () => {
    const { sts } = await as('bounded');
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${HERE}:assumed-role/bounded/test`,
    );
  });
});

describe('the Data API', () => {
  const target = { ClusterIdentifier: 'wh', Database: 'dev' };
  const run = (data: RedshiftDataClient, more: object = { DbUser: 'admin1' }) =>
    data.send(new ExecuteStatementCommand({ ...target, Sql: 'select 1', ...more }));

  it('runs a statement as a database user whose credentials the caller may get, and as no other', async () => {
    const runner = await as('runner');
    expect(await refusal(run(runner.data))).toBeUndefined();
    expect(await refusal(run(runner.data, { DbUser: 'other1' }))).toMatch(
      /^AccessDeniedException: User: .*\/runner\/test is not authorized to perform: redshift:GetClusterCredentials on resource: arn:aws:redshift:us-west-2:000000000000:dbuser:wh\/other1 /,
    );
    expect(await refusal(run(runner.data, {}))).toMatch(/redshift:GetClusterCredentialsWithIAM .*dbname:wh\/dev/);
  });

  it('runs one as the caller itself, and lists the databases, where these are allowed', async () => {
    const { data } = await as('itself');
    expect(await refusal(run(data, {}))).toBeUndefined();
    expect(await refusal(data.send(new ListDatabasesCommand(target)))).toBeUndefined();
    expect(await refusal(run(data))).toMatch(/redshift:GetClusterCredentials on/);
  });

  it('runs one with a secret that the caller may read and decrypt', async () => {
    expect(await refusal(run((await as('secretive')).data, { SecretArn: secretArn }))).toBeUndefined();
    expect(await refusal(run((await as('half-secretive')).data, { SecretArn: secretArn }))).toMatch(
      /kms:Decrypt on resource: arn:aws:kms/,
    );
    expect(await refusal(run((await as('runner')).data, { SecretArn: secretArn }))).toMatch(
      /secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager/,
    );
  });

  it('shows and cancels statements as far as the condition on their owner goes', async () => {
    const runner = await as('runner');
    const { Id } = await run(runner.data);
    expect(await refusal(runner.data.send(new DescribeStatementCommand({ Id })))).toBeUndefined();
    expect(await refusal(runner.data.send(new ListStatementsCommand({})))).toBeUndefined();
    const other = await as('other');
    for (const command of [new DescribeStatementCommand({ Id }), new CancelStatementCommand({ Id })]) {
      expect(await refusal(other.data.send(command as DescribeStatementCommand))).toMatch(
        /^AccessDeniedException: .*\/other\/test is not authorized to perform: redshift-data:\w+Statement on resource: \*.*statement-owner-iam-userid/,
      );
    }
  });
});

describe('other services', () => {
  it('give out the parameters that a role may read', async () => {
    const { ssm } = await as('writer');
    expect(await refusal(ssm.send(new GetParameterCommand({ Name: '/app/one' })))).toBeUndefined();
    expect(await refusal(ssm.send(new GetParameterCommand({ Name: '/other' })))).toMatch(
      /^AccessDeniedException: .*ssm:GetParameter on resource: arn:aws:ssm:us-west-2:000000000000:parameter\/other/,
    );
  });

  it('take metrics of the namespaces that a role may write', async () => {
    const { cloudWatch } = await as('writer');
    const put = (Namespace: string) =>
      cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1 }] }));
    expect(await refusal(put('App'))).toBeUndefined();
    expect(await refusal(put('Other'))).toMatch(/cloudwatch:PutMetricData/);
  });

  it('let CloudFormation work as a role only where the caller may pass it on and the role trusts CloudFormation', async () => {
    const { cloudFormation } = await as('passer');
    const template = { Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } };
    const exec = `arn:aws:iam::${HERE}:role/cdk-hnb659fds-cfn-exec-role-${HERE}-us-west-2`;
    expect(await refusal(createStack(cloudFormation, 'passed', template, exec))).toMatch(
      /^AccessDenied: .*\/passer\/test is not authorized to perform: iam:PassRole on resource: arn:aws:iam::/,
    );
    const reader = `arn:aws:iam::${HERE}:role/reader`;
    expect(await refusal(createStack(operator.cloudFormation, 'untrusting', template, reader))).toMatch(
      /^ValidationError: Role arn:aws:iam::000000000000:role\/reader is invalid or cannot be assumed/,
    );
    expect(await refusal(createStack(operator.cloudFormation, 'passed', template, exec))).toBeUndefined();
  });

  it('encrypt log groups with a key only where its policy lets CloudWatch Logs use it for them', async () => {
    const logs = (prefix: string) => ({
      Effect: 'Allow',
      Principal: { Service: 'logs.us-west-2.amazonaws.com' },
      Action: 'kms:*',
      Resource: '*',
      Condition: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:us-west-2:${HERE}:log-group:${prefix}-*` },
      },
    });
    const template = {
      Resources: {
        LogsKey: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(logs('keyed')) } },
        Group: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: { 'Fn::GetAtt': ['LogsKey', 'Arn'] } } },
      },
    };
    const create = (name: string) => createStack(operator.cloudFormation, name, template);
    expect((await create('keyed'))?.StackStatus).toBe('CREATE_COMPLETE');
    expect((await create('otherwise'))?.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await reasons('otherwise')).toContain(
      `is not allowed to be used with Arn 'arn:aws:logs:us-west-2:${HERE}:log-group:otherwise-Group-`,
    );
  });

  it('hand no role to a service that the role of the stack may not pass on', async () => {
    const { Cluster } = TEMPLATE.Resources;
    const Properties = {
      ...Cluster.Properties,
      ClusterIdentifier: 'another',
      MasterPasswordSecretKmsKeyId: undefined,
      IamRoles: [`arn:aws:iam::${HERE}:role/reader`],
    };
    const template = { Resources: { Cluster: { ...Cluster, Properties } } };
    const stack = await createStack(
      operator.cloudFormation,
      'escalating',
      template,
      `arn:aws:iam::${HERE}:role/executor`,
    );
    expect(stack?.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await reasons('escalating')).toMatch(
      /executor\/AWSCloudFormation is not authorized to perform: iam:PassRole on resource: arn:aws:iam::000000000000:role\/reader .*HandlerErrorCode: AccessDenied/,
    );
  });
});
