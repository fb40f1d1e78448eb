import { join } from 'node:path';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createIdentityStore } from '../../../local/iam/disk-identity-store';
import { createQueueStore, type DiskQueueStore } from '../../../local/sqs/disk-queue-store';
import { createSqsService } from '../../../local/sqs/sqs-service';
import { createParameterStore } from '../../../local/ssm/parameter-store';
import { createSsmService } from '../../../local/ssm/ssm-service';
import { createStsService } from '../../../local/sts/sts-service';
import { randomIds, systemClock } from '../../../local/system-clock';
import { signedRequest } from '../aws/signed-request';
import { startTestEndpoint, type TestEndpoint } from '../aws/test-endpoint';

const account = '000000000000';
const region = 'us-west-2';
const roleArn = `arn:aws:iam::${account}:role/service/Etl`;
let endpoint: TestEndpoint;
let queues: DiskQueueStore;
let sts: STSClient;
let ssm: SSMClient;

const queueStore = (folder: string) =>
  createQueueStore({
    folder: join(folder, 'sqs'),
    account,
    region,
    clock: systemClock,
    ids: randomIds,
    endpointUrl: () => endpoint.url,
  });

beforeAll(async () => {
  endpoint = await startTestEndpoint((folder, identities) => {
    const parameters = createParameterStore({ folder: join(folder, 'ssm'), clock: systemClock });
    queues = queueStore(folder);
    return [
      createStsService({ authorize: () => {}, identitiesOf: (asked) => (asked === account ? identities : undefined) }),
      createSsmService({ parameters, account, region }),
      createSqsService({ queues, clock: systemClock, ids: randomIds }),
    ];
  });
  sts = new STSClient(endpoint.client);
  ssm = new SSMClient(endpoint.client);
});

afterAll(async () => {
  sts.destroy();
  ssm.destroy();
  await endpoint.stop();
});

const assume = (RoleArn: string) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));

describe('roles', () => {
  it('are assumed, and calls with the new keys are made as the role session, also after a restart', async () => {
    const role = endpoint.identities.putRole({
      arn: roleArn,
      roleName: 'Etl',
      trustPolicy: {},
      managedPolicyArns: [],
      inlinePolicies: {},
    });
    const { Credentials, AssumedRoleUser } = await assume(roleArn);
    expect(AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${account}:assumed-role/Etl/session`);
    const session = new STSClient({
      ...endpoint.client,
      credentials: {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      },
    });
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: AssumedRoleUser!.Arn,
      UserId: `${role.roleId}:session`,
      Account: account,
    });
    session.destroy();
    const again = createIdentityStore({
      folder: join(endpoint.folder, 'iam'),
      account,
      clock: systemClock,
      ids: randomIds,
    });
    expect(again.principalOf(Credentials!.AccessKeyId!)).toMatchObject({ roleArn });
    expect(again.operatorCredentials()).toEqual(endpoint.identities.operatorCredentials());
    expect(again.role(roleArn)).toEqual(role);
  });

  it('are refused when nobody made them, in an account that is there or in none', async () => {
    await expect(assume(`arn:aws:iam::${account}:role/nobody`)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume(roleArn.replace(`::${account}`, '::111111111111'))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('keep their id and get and lose inline policies', () => {
    endpoint.identities.putInlinePolicy(roleArn, 'read', { Version: '2012-10-17' });
    expect(endpoint.identities.role(roleArn)!.inlinePolicies).toEqual({ read: { Version: '2012-10-17' } });
    endpoint.identities.deleteInlinePolicy(roleArn, 'read');
    expect(endpoint.identities.role(roleArn)!.inlinePolicies).toEqual({});
    expect(() => endpoint.identities.putInlinePolicy('arn:aws:iam::0:role/none', 'p', {})).toThrow(/cannot be found/);
  });
});

describe('parameters', () => {
  it('are put, read, listed by path and deleted', async () => {
    const put = (more: object = {}) =>
      ssm.send(new PutParameterCommand({ Name: '/a/b', Value: '1', Type: 'String', ...more }));
    await put();
    await expect(put()).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put({ Value: '2', Overwrite: true })).toMatchObject({ Version: 2 });
    const read = await ssm.send(new GetParametersCommand({ Names: ['/a/b', '/a/c'] }));
    expect(read).toMatchObject({ Parameters: [{ Value: '2' }], InvalidParameters: ['/a/c'] });
    const listed = await ssm.send(new GetParametersByPathCommand({ Path: '/a' }));
    expect(listed.Parameters!.map(({ Name }) => Name)).toEqual(['/a/b']);
    await ssm.send(new DeleteParameterCommand({ Name: '/a/b' }));
    await expect(ssm.send(new GetParameterCommand({ Name: '/a/b' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });
});

describe('queues', () => {
  async function call(operation: string, input: object): Promise<Record<string, unknown>> {
    const { url, init } = await signedRequest(endpoint.url, {
      service: 'sqs',
      credentials: endpoint.client.credentials,
      method: 'POST',
      headers: { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(input),
    });
    const response = await fetch(url, init);
    return (await response.json()) as Record<string, unknown>;
  }

  it('keep messages on disk until they are deleted, and hide those that are being worked on', async () => {
    const { arn, url } = queues.create('letters');
    queues.send(arn, 'dead', { ErrorCode: '200' });
    expect(queueStore(endpoint.folder).messages(arn)).toMatchObject([
      { body: 'dead', attributes: { ErrorCode: '200' } },
    ]);
    expect(await call('GetQueueUrl', { QueueName: 'letters' })).toEqual({ QueueUrl: url });
    const { Messages } = (await call('ReceiveMessage', { QueueUrl: url })) as { Messages: { ReceiptHandle: string }[] };
    expect(Messages).toMatchObject([{ Body: 'dead', MessageAttributes: { ErrorCode: { StringValue: '200' } } }]);
    expect(await call('ReceiveMessage', { QueueUrl: url })).toEqual({ Messages: [] });
    expect(await call('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] })).toMatchObject({
      Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' },
    });
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[0]!.ReceiptHandle });
    expect(queues.messages(arn)).toEqual([]);
  });

  it('that do not exist are refused', async () => {
    expect(await call('GetQueueUrl', { QueueName: 'none' })).toMatchObject({
      __type: 'AWS.SimpleQueueService.NonExistentQueue',
    });
    expect(() => queues.send(queues.arnOf('none'), 'x')).toThrow('The specified queue does not exist.');
  });
});
