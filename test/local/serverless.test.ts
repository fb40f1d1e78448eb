import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListSchemasCommand,
  ListStatementsCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import {
  CreateUsageLimitCommand,
  DeleteUsageLimitCommand,
  GetNamespaceCommand,
  GetWorkgroupCommand,
  ListUsageLimitsCommand,
  RedshiftServerlessClient,
  UpdateUsageLimitCommand,
} from '@aws-sdk/client-redshift-serverless';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type LocalAws, startLocalAws } from '../../local/main';
import { signedRequest } from './aws/signed-request';

const HERE = '000000000000';
const SECRET = 'redshift!plays-chief';
const workgroupArn = { 'Fn::GetAtt': ['Workgroup', 'Workgroup.WorkgroupArn'] };

const role = (name: string, ...statements: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: name,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: HERE } },
    },
    Policies: [
      {
        PolicyName: 'own',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [allow('redshift-data:ExecuteStatement', workgroupArn), ...statements],
        },
      },
    ],
  },
});
const allow = (Action: string, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });

function template(workgroup: object = {}, namespace: object = {}): string {
  return JSON.stringify({
    Resources: {
      Key: { Type: 'AWS::KMS::Key', Properties: {} },
      Namespace: {
        Type: 'AWS::RedshiftServerless::Namespace',
        Properties: {
          NamespaceName: 'plays',
          DbName: 'dev',
          AdminUsername: 'chief',
          ManageAdminPassword: true,
          AdminPasswordSecretKmsKeyId: { Ref: 'Key' },
          FinalSnapshotName: 'plays-final',
          ...namespace,
        },
      },
      Workgroup: {
        Type: 'AWS::RedshiftServerless::Workgroup',
        Properties: {
          WorkgroupName: 'plays',
          NamespaceName: { Ref: 'Namespace' },
          BaseCapacity: 8,
          MaxCapacity: 16,
          ...workgroup,
        },
      },
      Asker: role('asker', allow('redshift-serverless:GetCredentials', workgroupArn)),
      Looker: role('looker', allow('redshift-serverless:GetWorkgroup', workgroupArn)),
      Nobody: role('nobody'),
      Reader: role(
        'reader',
        allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-west-2:${HERE}:secret:${SECRET}-??????`),
        allow('kms:Decrypt', { 'Fn::GetAtt': ['Key', 'Arn'] }),
      ),
      HalfReader: role('half-reader', allow('secretsmanager:GetSecretValue', '*')),
    },
  });
}

/** One story in order: made, used, restored, deleted. */
describe('Redshift Serverless of the local AWS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'serverless-'));
  let aws: LocalAws;
  let operator: ReturnType<typeof clients>;
  const opened: { destroy(): void }[] = [];

  interface Keys {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }

  function clients(credentials: Keys) {
    const connection = { endpoint: aws.url, region: aws.region, credentials, maxAttempts: 1 };
    const made = {
      sts: new STSClient(connection),
      cloudFormation: new CloudFormationClient(connection),
      data: new RedshiftDataClient(connection),
      serverless: new RedshiftServerlessClient(connection),
    };
    opened.push(...Object.values(made));
    return { ...made, credentials };
  }

  async function as(roleName: string): Promise<ReturnType<typeof clients>> {
    const { Credentials } = await operator.sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${HERE}:role/${roleName}`, RoleSessionName: 'test' }),
    );
    return clients({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    });
  }

  async function settled(): Promise<string> {
    for (;;) {
      const { Stacks } = await operator.cloudFormation
        .send(new DescribeStacksCommand({ StackName: 'plays' }))
        .catch(() => ({ Stacks: [{ StackStatus: 'DELETED' }] }));
      const status = Stacks?.[0]?.StackStatus ?? '';
      if (!status.endsWith('_IN_PROGRESS')) return status;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const body = (TemplateBody: string) => ({
    StackName: 'plays',
    TemplateBody,
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  });
  async function create(text: string): Promise<string> {
    await operator.cloudFormation.send(new CreateStackCommand(body(text)));
    return settled();
  }
  async function update(text: string): Promise<string> {
    await operator.cloudFormation.send(new UpdateStackCommand(body(text)));
    return settled();
  }
  async function remove(): Promise<string> {
    await operator.cloudFormation.send(new DeleteStackCommand({ StackName: 'plays' }));
    return settled();
  }
  async function reasons(): Promise<string> {
    const { StackEvents = [] } = await operator.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: 'plays' }),
    );
    return StackEvents.map(({ ResourceStatusReason = '' }) => ResourceStatusReason).join('\n');
  }

  /** The statement's end, as its caller is told by the operator. */
  async function run({ data }: ReturnType<typeof clients>, Sql: string, more: object = {}) {
    const { Id } = await data.send(
      new ExecuteStatementCommand({ WorkgroupName: 'plays', Database: 'dev', Sql, ...more }),
    );
    return operator.data.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 20 }));
  }
  const asAdmin = (sql: string) => run(operator, sql, { SecretArn: SECRET });
  async function number(sql: string): Promise<number | undefined> {
    const { Id } = await asAdmin(sql);
    const { Records } = await operator.data.send(new GetStatementResultCommand({ Id }));
    return Records?.[0]?.[0]?.longValue;
  }

  async function secrets(operation: string, credentials: Keys, SecretId = SECRET): Promise<Record<string, unknown>> {
    const { url, init } = await signedRequest(aws.url, {
      service: 'secretsmanager',
      credentials,
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `secretsmanager.${operation}` },
      body: JSON.stringify({ SecretId }),
    });
    return (await (await fetch(url, init)).json()) as Record<string, unknown>;
  }

  beforeAll(async () => {
    aws = await startLocalAws({ home: join(folder, 'home') });
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = aws.environment;
    operator = clients({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY });
    expect(await create(template())).toBe('CREATE_COMPLETE');
  });
  afterAll(async () => {
    for (const client of opened) client.destroy();
    await aws.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('describes what CloudFormation made', async () => {
    const { namespace } = await operator.serverless.send(new GetNamespaceCommand({ namespaceName: 'plays' }));
    expect(namespace).toMatchObject({
      dbName: 'dev',
      adminUsername: 'chief',
      status: 'AVAILABLE',
      adminPasswordSecretArn: expect.stringMatching(/:secret:redshift!plays-chief-.{6}$/),
    });
    const { workgroup } = await operator.serverless.send(new GetWorkgroupCommand({ workgroupName: 'plays' }));
    expect(workgroup).toMatchObject({ namespaceName: 'plays', baseCapacity: 8, maxCapacity: 16 });
    const other = operator.serverless.send(new GetWorkgroupCommand({ workgroupName: 'other' }));
    await expect(other).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('describes them to whoever may look', async () => {
    const looker = (await as('looker')).serverless;
    expect(await looker.send(new GetWorkgroupCommand({ workgroupName: 'plays' }))).toHaveProperty('workgroup');
    await expect(looker.send(new GetNamespaceCommand({ namespaceName: 'plays' }))).rejects.toThrow(
      /redshift-serverless:GetNamespace on resource: arn:aws:redshift-serverless:.*:namespace\//,
    );
  });

  it('runs statements as the admin by the secret, and as the IAM role of whoever may have credentials', async () => {
    expect(await asAdmin('create table t as select 7 as n')).toMatchObject({
      Status: 'FINISHED',
      DbUser: 'chief',
      WorkgroupName: 'plays',
    });
    const asker = await as('asker');
    expect(await run(asker, 'select 1')).toMatchObject({ Status: 'FINISHED', DbUser: 'IAMR:asker' });
    expect(await run(asker, 'select n from t')).toMatchObject({
      Status: 'FAILED',
      Error: 'ERROR: permission denied for relation t',
    });
    expect(await run(await as('reader'), 'select n from t', { SecretArn: SECRET })).toMatchObject({
      Status: 'FINISHED',
    });
  });

  it('takes a workgroup by its ARN, and lists under its name', async () => {
    const { workgroup } = await operator.serverless.send(new GetWorkgroupCommand({ workgroupName: 'plays' }));
    const WorkgroupName = workgroup?.workgroupArn;
    const ran = await run(operator, 'select 2', { WorkgroupName, StatementName: 'by-arn' });
    expect(ran).toMatchObject({ Status: 'FINISHED', WorkgroupName: 'plays' });
    const { Statements } = await operator.data.send(
      new ListStatementsCommand({ WorkgroupName: 'plays', StatementName: 'by-arn' }),
    );
    expect(Statements?.map(({ Id }) => Id)).toEqual([ran.Id]);
    const { Schemas } = await operator.data.send(
      new ListSchemasCommand({ WorkgroupName, Database: 'dev', SecretArn: SECRET }),
    );
    expect(Schemas).toContain('public');
  });

  it('refuses who may not sign in, with what is missing', async () => {
    const nobody = await as('nobody');
    await expect(run(nobody, 'select 1')).rejects.toThrow(
      /redshift-serverless:GetCredentials on resource: .*workgroup/,
    );
    await expect(run(nobody, 'select 1', { SecretArn: SECRET })).rejects.toThrow(/secretsmanager:GetSecretValue/);
    await expect(run(await as('half-reader'), 'select 1', { SecretArn: SECRET })).rejects.toThrow(/kms:Decrypt/);
    await expect(run(operator, 'select 1', { WorkgroupName: 'other' })).rejects.toThrow(/doesn't exist/);
  });

  it('gives the admin’s password to whoever may read and decrypt it, always the same', async () => {
    const { credentials } = await as('reader');
    const secret = await secrets('GetSecretValue', credentials);
    const { username, password } = JSON.parse(String(secret.SecretString)) as Record<string, string>;
    expect(username).toBe('chief');
    expect(password).toMatch(/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{8,64}$/);
    expect(secret).toMatchObject({ Name: SECRET, VersionStages: ['AWSCURRENT'] });
    expect(await secrets('GetSecretValue', credentials, String(secret.ARN))).toEqual(secret);
    expect(await secrets('DescribeSecret', operator.credentials)).toMatchObject({
      ARN: secret.ARN,
      OwningService: 'redshift',
      VersionIdsToStages: { [String(secret.VersionId)]: ['AWSCURRENT'] },
    });
  });

  it('keeps it from everybody else', async () => {
    const refused = async (who: string, operation = 'GetSecretValue', id = SECRET) => {
      const { credentials } = await as(who);
      return secrets(operation, credentials, id);
    };
    const text = expect.objectContaining({ __type: expect.stringContaining('AccessDeniedException') });
    expect(await refused('nobody')).toEqual(text);
    expect(await refused('half-reader')).toEqual(text);
    expect(await refused('reader', 'DescribeSecret')).toEqual(text);
    expect(await refused('reader', 'GetSecretValue', 'another')).toEqual(text);
    expect(await secrets('GetSecretValue', operator.credentials, 'another')).toMatchObject({
      __type: expect.stringContaining('ResourceNotFoundException'),
    });
  });

  it('keeps usage limits, one a period and breach action', async () => {
    const { serverless } = operator;
    const { workgroup } = await serverless.send(new GetWorkgroupCommand({ workgroupName: 'plays' }));
    const limit = {
      resourceArn: workgroup?.workgroupArn,
      usageType: 'serverless-compute' as const,
      amount: 5,
      period: 'daily' as const,
      breachAction: 'log' as const,
    };
    const { usageLimit } = await serverless.send(new CreateUsageLimitCommand(limit));
    const usageLimitId = usageLimit?.usageLimitId;
    await expect(serverless.send(new CreateUsageLimitCommand(limit))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    await serverless.send(new UpdateUsageLimitCommand({ usageLimitId, amount: 9 }));
    const { usageLimits } = await serverless.send(new ListUsageLimitsCommand({ resourceArn: limit.resourceArn }));
    expect(usageLimits).toEqual([expect.objectContaining({ ...limit, amount: 9 })]);
    await serverless.send(new DeleteUsageLimitCommand({ usageLimitId }));
    await expect(serverless.send(new DeleteUsageLimitCommand({ usageLimitId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('has no STL views', async () => {
    expect(await asAdmin('select * from stl_load_errors')).toMatchObject({
      Status: 'FAILED',
      Error: 'ERROR: permission denied for relation stl_load_errors',
    });
  });

  it('leaves its final snapshot, from which another one begins', async () => {
    expect(await remove()).toBe('DELETED');
    expect(await create(template({ SnapshotName: 'plays-final' }, { FinalSnapshotName: undefined }))).toBe(
      'CREATE_COMPLETE',
    );
    expect(await number('select n from t')).toBe(7);
  });

  it('is restored in place when a snapshot appears in an update, and only then', async () => {
    const made = (more: object) => template({ SnapshotName: 'plays-final', ...more }, { FinalSnapshotName: undefined });
    await asAdmin('update t set n = 8');
    expect(await update(made({ BaseCapacity: 16 }))).toBe('UPDATE_COMPLETE');
    expect(await number('select n from t')).toBe(8);
    expect(await update(template({}, { FinalSnapshotName: undefined }))).toBe('UPDATE_COMPLETE');
    expect(await number('select n from t')).toBe(8);
    expect(await update(made({}))).toBe('UPDATE_COMPLETE');
    expect(await number('select n from t')).toBe(7);
  });

  it('loses nothing by a snapshot that there is none of, and refuses what it cannot restore from', async () => {
    for (const [workgroup, text] of [
      [{ SnapshotName: 'nowhere' }, /Snapshot not found: nowhere/],
      [{ RecoveryPointId: 'x' }, /neither recovery points nor snapshots of another account/],
      [{ SnapshotName: 'plays-final', SnapshotOwnerAccount: '111111111111' }, /snapshots of another account/],
      [{ SnapshotArn: `arn:aws:redshift-serverless:us-west-2:${HERE}:snapshot/1` }, /by SnapshotName only/],
    ] as const) {
      expect(await update(template(workgroup, { FinalSnapshotName: undefined }))).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await reasons()).toMatch(text);
      expect(await number('select n from t')).toBe(7);
    }
  });

  it('is not deleted where its final snapshot would take the place of another', async () => {
    expect(await update(template({ SnapshotName: 'plays-final' }))).toBe('UPDATE_COMPLETE');
    expect(await remove()).toBe('DELETE_FAILED');
    expect(await reasons()).toMatch(/Snapshot already exists: plays-final/);
  });
});
