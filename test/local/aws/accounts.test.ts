import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ensureLocalAws } from '../../../local/client';
import { type LocalAws, startLocalAws } from '../../../local/main';

const REGION = 'us-west-2';
const TOOLS = '000000000000';
const DEV = '111111111111';
const PROD = '333333333333';

let home: string;
let aws: LocalAws;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'local-aws-accounts-'));
  aws = await startLocalAws({ home });
});

afterAll(async () => {
  await aws.stop();
  rmSync(home, { recursive: true, force: true });
});

function options(environment: Readonly<Record<string, string>>) {
  return {
    endpoint: environment.AWS_ENDPOINT_URL!,
    region: REGION,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
      ...(environment.AWS_SESSION_TOKEN && { sessionToken: environment.AWS_SESSION_TOKEN }),
    },
    maxAttempts: 1,
  };
}

const bootstrapRole = (account: string, kind: string) =>
  `arn:aws:iam::${account}:role/cdk-hnb659fds-${kind}-role-${account}-${REGION}`;

/** What the CDK CLI does before it deploys: takes on a role of the target account. */
async function deployerIn(account: string) {
  const sts = new STSClient(options(aws.environment));
  const answer = await sts.send(
    new AssumeRoleCommand({ RoleArn: bootstrapRole(account, 'deploy'), RoleSessionName: 'cdk' }),
  );
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
  return options({
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  });
}

/** The operator's keys of an account, as our own CLI gets them. */
async function operatorOf(account: string) {
  const handle = await ensureLocalAws({ home });
  return options(await handle.environmentOf(account));
}

const TEMPLATE = JSON.stringify({
  Resources: {
    Cluster: {
      Type: 'AWS::Redshift::Cluster',
      Properties: {
        ClusterIdentifier: 'warehouse',
        ClusterType: 'single-node',
        DBName: 'dev',
        MasterUsername: 'admin1',
        ManageMasterPassword: true,
        NodeType: 'ra3.large',
      },
    },
  },
  Outputs: { Account: { Value: { Ref: 'AWS::AccountId' } } },
});

describe('accounts', () => {
  it('come to be when the CDK deploys into them, each with stacks and warehouses of its own', async () => {
    for (const account of [TOOLS, DEV, PROD]) {
      const cloudFormation = new CloudFormationClient(await deployerIn(account));
      await cloudFormation.send(
        new CreateStackCommand({
          StackName: 'Warehouse',
          TemplateBody: TEMPLATE,
          RoleARN: bootstrapRole(account, 'cfn-exec'),
        }),
      );
      await waitUntilStackCreateComplete(
        { client: cloudFormation, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.05 },
        { StackName: 'Warehouse' },
      );
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'Warehouse' }));
      expect(Stacks.map(({ Outputs }) => Outputs?.map(({ OutputValue }) => OutputValue))).toEqual([[account]]);
      expect(Stacks[0]?.StackId).toContain(`:${account}:stack/Warehouse/`);
      cloudFormation.destroy();
    }
    const clustersOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'redshift/clusters.json'), 'utf8'));
    expect(clustersOf(home)).toHaveLength(1);
    for (const account of [DEV, PROD]) expect(clustersOf(join(home, 'accounts', account))).toHaveLength(1);
  });

  it('are bootstrapped by the template of the CDK that is installed', async () => {
    const template = readFileSync(require.resolve('aws-cdk/lib/api/bootstrap/bootstrap-template.yaml'), 'utf8');
    const ssm = new SSMClient(await operatorOf(DEV));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }));
    ssm.destroy();
    expect(template).toContain(`Value: '${Parameter?.Value}'`);
    const s3 = new S3Client({ ...(await operatorOf(DEV)), forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual([`cdk-hnb659fds-assets-${DEV}-${REGION}`]);
    await expect(
      s3.send(new ListObjectsV2Command({ Bucket: `cdk-hnb659fds-assets-${DEV}-${REGION}`, ExpectedBucketOwner: PROD })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(
      s3.send(new CreateBucketCommand({ Bucket: `cdk-hnb659fds-assets-${TOOLS}-${REGION}` })),
    ).rejects.toMatchObject({ name: 'BucketAlreadyExists' });
    s3.destroy();
  });

  it('have an operator each, whose keys stay the same', async () => {
    const first = await operatorOf(DEV);
    const sts = new STSClient(first);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: DEV,
      Arn: `arn:aws:iam::${DEV}:user/operator`,
    });
    sts.destroy();
    expect((await operatorOf(DEV)).credentials.secretAccessKey).toBe(first.credentials.secretAccessKey);
    expect((await operatorOf(PROD)).credentials.accessKeyId).not.toBe(first.credentials.accessKeyId);
  });

  it('do not come to be by a role that nobody made, nor under a number that is none', async () => {
    const sts = new STSClient(options(aws.environment));
    const other = 'arn:aws:iam::444444444444:role/nobody';
    await expect(sts.send(new AssumeRoleCommand({ RoleArn: other, RoleSessionName: 'cdk' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    sts.destroy();
    expect(existsSync(join(home, 'accounts/444444444444'))).toBe(false);
    await expect(operatorOf('44')).rejects.toThrow('44 is not the number of an account: it has twelve digits.');
  });

  it('are all there after a restart, and a home of an earlier version goes on', async () => {
    await aws.stop();
    // As it was before there were accounts: buckets without owners, sessions without secrets.
    const registry = join(home, 's3/.local/buckets.json');
    const buckets = JSON.parse(readFileSync(registry, 'utf8')) as { name: string; owner?: string }[];
    writeFileSync(
      registry,
      JSON.stringify(buckets.map((one) => (one.owner === TOOLS ? { ...one, owner: undefined } : one))),
    );
    aws = await startLocalAws({ home });
    for (const account of [TOOLS, PROD]) {
      const cloudFormation = new CloudFormationClient(await deployerIn(account));
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
      expect(Stacks.map(({ StackName }) => StackName)).toEqual(['Warehouse']);
      cloudFormation.destroy();
    }
    const s3 = new S3Client(options(aws.environment));
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual([`cdk-hnb659fds-assets-${TOOLS}-${REGION}`]);
    s3.destroy();
  });
});
