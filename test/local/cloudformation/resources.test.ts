import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../../../local/aws/service';
import { generatedName } from '../../../local/cloudformation/engine/names';
import type { Properties, ResourceContext } from '../../../local/cloudformation/resource-provider';
import { createResourceProviders, type ResourceDeps } from '../../../local/cloudformation/resources';
import schema from '../../../local/cloudformation/schema/resource-types.json';
import { SCHEMA_TYPES } from '../../../local/cloudformation/schema/types';
import { openAlarmStore } from '../../../local/cloudwatch/alarm-store';
import { createIdentityStore } from '../../../local/iam/disk-identity-store';
import { openResourcePolicies } from '../../../local/iam/resource-policies';
import type { FunctionConfiguration } from '../../../local/lambda/lambda-control';
import type { ClusterSpec } from '../../../local/redshift/cluster-control';
import { openWarehouse } from '../../../local/redshift/open-warehouse';
import { openServerless } from '../../../local/redshift/serverless/disk-serverless';
import { createObjectStore } from '../../../local/s3/disk-object-store';
import type { ScheduleSpec } from '../../../local/scheduler/scheduler-control';
import { createQueueStore } from '../../../local/sqs/disk-queue-store';
import { synthesized } from '../../lib/synthesized';
import { ACCOUNT, countingIds, ManualClock, REGION } from './harness';

const folder = mkdtempSync(join(tmpdir(), 'resources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = new ManualClock();
const ids = countingIds();
const calls: unknown[] = [];
const note =
  <T>(name: string, result: T) =>
  async (...parameters: unknown[]): Promise<T> => {
    calls.push([name, ...parameters]);
    return result;
  };
const cluster = async (spec: ClusterSpec) => ({
  ...spec,
  status: 'available' as const,
  arn: `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:${spec.clusterIdentifier}`,
  endpoint: { address: 'localhost', port: 15439 },
  masterPasswordSecretArn: 'arn:secret',
});

const deps: ResourceDeps = {
  ids,
  serverless: openServerless({
    home: { redshift: join(folder, 'redshift'), snapshots: join(folder, 'snapshots') },
    account: ACCOUNT,
    region: REGION,
    clock,
    ids,
    objects: createObjectStore({ folder: join(folder, 's3-of-copy'), clock, ids }),
    openWarehouse,
  }),
  objects: createObjectStore({ folder: join(folder, 's3'), clock, ids }),
  identities: createIdentityStore({ folder: join(folder, 'iam'), account: ACCOUNT, clock, ids }),
  queues: createQueueStore({
    folder: join(folder, 'sqs'),
    account: ACCOUNT,
    region: REGION,
    clock,
    ids,
    endpointUrl: () => 'http://127.0.0.1:1',
  }),
  lambda: {
    createFunction: async (configuration: FunctionConfiguration) => {
      calls.push(['createFunction', configuration]);
      return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${configuration.functionName}`;
    },
    updateFunction: note('updateFunction', undefined),
    describeFunction: () => undefined,
    deleteFunction: async () => {
      throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
    },
    publishVersion: note('publishVersion', '7'),
    deleteVersion: note('deleteVersion', undefined),
    putAlias: note('putAlias', 'arn:aws:lambda:us-west-2:000000000000:function:etl:live'),
    deleteAlias: note('deleteAlias', undefined),
    putEventInvokeConfig: note('putEventInvokeConfig', undefined),
    deleteEventInvokeConfig: note('deleteEventInvokeConfig', undefined),
    invokeAsync: note('invokeAsync', {}),
  },
  clusters: {
    create: cluster,
    modify: cluster,
    restore: () => Promise.reject(new Error('not here')),
    delete: note('deleteCluster', undefined),
    describe: () => undefined,
    list: () => [],
    warehouse: () => Promise.reject(new Error('not here')),
    close: async () => {},
  },
  scheduler: {
    put: (spec: ScheduleSpec) => {
      calls.push(['putSchedule', spec]);
      return `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${spec.groupName}/${spec.name}`;
    },
    delete: () => {},
    list: () => [],
    tick: async () => [],
  },
  parameters: { put: () => undefined, get: () => undefined, delete: () => undefined },
  policies: openResourcePolicies(join(folder, 'iam')),
  alarms: openAlarmStore(join(folder, 'cloudwatch')),
};
const providers = createResourceProviders(deps);

const context = (resourceType: string): ResourceContext => ({
  stackId: 'arn:aws:cloudformation:us-west-2:000000000000:stack/Sparkify-local/1',
  stackName: 'Sparkify-local',
  logicalId: 'WarehouseCluster7B91A95E',
  resourceType,
  account: ACCOUNT,
  region: REGION,
  generateName: (maxLength) => generatedName('Sparkify-local', 'WarehouseCluster7B91A95E', ids.uuid(), maxLength),
});
const create = (type: string, properties: Properties) => providers.get(type)!.create(context(type), properties);

beforeEach(() => {
  calls.length = 0;
});

describe('Generated names', () => {
  it('name stack and resource, end in a random tail, and fit', () => {
    expect(generatedName('Sparkify-local', 'Work', 'x', 63)).toMatch(/^Sparkify-local-Work-[A-Z0-9]{12}$/);
    const short = generatedName('Sparkify-local', 'WarehouseClusterWithAVeryLongLogicalId7B91A95E', 'x', 40);
    expect(short).toMatch(/^[A-Z][A-Za-z-]+-[A-Z0-9]{12}$/);
    expect(short).toHaveLength(40);
    expect(generatedName('S', 'W', 'x', 63)).not.toBe(generatedName('S', 'W', 'y', 63));
  });
});

describe('Resource types', () => {
  it.each(['local', 'staging', 'prod'] as const)('are there for everything that %s deploys', (name) => {
    const types = Object.values(synthesized(name).toJSON().Resources as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );
    const missing = types.filter((type) => !type.startsWith('Custom::') && !providers.has(type));
    expect(missing).toEqual([]);
  });

  it('are checked by their specification, but for what the CDK adds', () => {
    const unchecked = [...providers.keys()].filter((type) => !SCHEMA_TYPES.includes(type));
    expect(unchecked).toEqual(['AWS::CDK::Metadata']);
    expect(Object.keys(schema.resources)).toEqual(SCHEMA_TYPES);
  });

  it.each<[string, Properties, RegExp, Record<string, unknown>]>([
    [
      'AWS::EC2::VPC',
      { CidrBlock: '10.0.0.0/16' },
      /^vpc-0[0-9a-f]{16}$/,
      { CidrBlock: '10.0.0.0/16', VpcId: expect.any(String) },
    ],
    [
      'AWS::EC2::SecurityGroup',
      { VpcId: 'vpc-1' },
      /^sg-0/,
      { GroupId: expect.stringMatching(/^sg-/), VpcId: 'vpc-1' },
    ],
    [
      'AWS::KMS::Key',
      {},
      /^[0-9a-f-]{36}$/,
      { Arn: expect.stringMatching(/^arn:aws:kms:us-west-2:000000000000:key\//) },
    ],
    [
      'AWS::Logs::LogGroup',
      { LogGroupName: '/a' },
      /^\/a$/,
      { Arn: 'arn:aws:logs:us-west-2:000000000000:log-group:/a:*' },
    ],
    ['AWS::SNS::Topic', { TopicName: 't' }, /^arn:aws:sns:us-west-2:000000000000:t$/, { TopicName: 't' }],
    [
      'AWS::SQS::Queue',
      { QueueName: 'q' },
      /^http.*\/000000000000\/q$/,
      { Arn: 'arn:aws:sqs:us-west-2:000000000000:q', QueueName: 'q' },
    ],
    [
      'AWS::S3::Bucket',
      {},
      /^sparkify-local-[a-z0-9-]+$/,
      { Arn: expect.stringMatching(/^arn:aws:s3:::sparkify-local-/) },
    ],
    [
      'AWS::SecretsManager::Secret',
      { Name: 's' },
      /^arn:aws:secretsmanager:us-west-2:000000000000:secret:s-[A-Z0-9]{6}$/,
      {},
    ],
    [
      'AWS::CloudWatch::Alarm',
      { AlarmName: 'a', Namespace: 'N', MetricName: 'M', ComparisonOperator: 'GreaterThanThreshold' },
      /^a$/,
      { Arn: 'arn:aws:cloudwatch:us-west-2:000000000000:alarm:a' },
    ],
    [
      'AWS::CloudWatch::CompositeAlarm',
      { AlarmName: 'c', AlarmRule: 'ALARM("a")' },
      /^c$/,
      { Arn: 'arn:aws:cloudwatch:us-west-2:000000000000:alarm:c' },
    ],
    ['AWS::Budgets::Budget', { Budget: {} }, /^[0-9a-f-]{36}$/, {}],
    ['AWS::Events::Rule', { Name: 'r' }, /^r$/, { Arn: 'arn:aws:events:us-west-2:000000000000:rule/r' }],
    ['AWS::SSM::Parameter', { Name: '/p', Type: 'String', Value: 'v' }, /^\/p$/, { Type: 'String', Value: 'v' }],
    [
      'AWS::Scheduler::ScheduleGroup',
      { Name: 'g' },
      /^g$/,
      { Arn: 'arn:aws:scheduler:us-west-2:000000000000:schedule-group/g' },
    ],
  ])('%s has the Ref and the attributes that CloudFormation documents', async (type, properties, ref, attributes) => {
    const created = await create(type, properties);
    expect(created.physicalId).toMatch(ref);
    expect(created.attributes).toMatchObject(attributes);
  });

  it('say which property is missing or of the wrong kind', async () => {
    await expect(create('AWS::EC2::VPC', {})).rejects.toThrow('required key [CidrBlock] not found');
    await expect(create('AWS::Logs::LogGroup', { LogGroupName: {} })).rejects.toThrow(
      '#/LogGroupName: expected a string',
    );
  });

  it('count as deleted when they are gone already', async () => {
    const options = { snapshot: false };
    await providers.get('AWS::Lambda::Function')!.delete(context('AWS::Lambda::Function'), 'gone', {}, options);
    await providers.get('AWS::S3::Bucket')!.delete(context('AWS::S3::Bucket'), 'gone', {}, options);
  });
});

describe('Policies on things', () => {
  const statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  const PolicyDocument = { Version: '2012-10-17', Statement: [statement] };

  it('are kept by the ARN of what they stand on, and go with their resource', async () => {
    const made = await create('AWS::S3::BucketPolicy', { Bucket: 'b', PolicyDocument });
    await create('AWS::SQS::QueuePolicy', { Queues: ['http://127.0.0.1:1/000000000000/q'], PolicyDocument });
    await create('AWS::SNS::TopicPolicy', { Topics: ['arn:aws:sns:us-west-2:000000000000:t'], PolicyDocument });
    const key = await create('AWS::KMS::Key', { KeyPolicy: PolicyDocument });
    const managed = await create('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'm', PolicyDocument });
    for (const arn of [
      'arn:aws:s3:::b',
      `arn:aws:sqs:${REGION}:${ACCOUNT}:q`,
      `arn:aws:sns:${REGION}:${ACCOUNT}:t`,
      key.attributes.Arn as string,
      managed.physicalId,
    ]) {
      expect(deps.policies.of(arn)).toEqual([PolicyDocument]);
    }
    const properties = { Bucket: 'b', PolicyDocument };
    const policy = providers.get('AWS::S3::BucketPolicy')!;
    await policy.delete(context('AWS::S3::BucketPolicy'), made.physicalId, properties, { snapshot: false });
    expect(deps.policies.of('arn:aws:s3:::b')).toEqual([]);
    expect(openResourcePolicies(join(folder, 'iam')).list()).toContain(managed.physicalId);
  });

  it('tell when somebody changed or removed them', async () => {
    const properties = { Bucket: 'drifting', PolicyDocument };
    const { physicalId } = await create('AWS::S3::BucketPolicy', properties);
    const about = context('AWS::S3::BucketPolicy');
    const read = () => providers.get('AWS::S3::BucketPolicy')!.read!(about, physicalId, properties);
    expect(await read()).toEqual(properties);
    deps.policies.put('arn:aws:s3:::drifting', about.logicalId, { Statement: [] });
    expect(await read()).toEqual({ ...properties, PolicyDocument: { Statement: [] } });
    deps.policies.delete('arn:aws:s3:::drifting', about.logicalId);
    expect(await read()).toBeUndefined();
  });

  it('of keys without one are what KMS gives them', async () => {
    const { attributes } = await create('AWS::KMS::Key', {});
    expect(deps.policies.of(attributes.Arn as string)).toMatchObject([
      { Statement: [{ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*' }] },
    ]);
  });

  it('of functions are what AddPermission makes of its parameters', async () => {
    const FunctionName = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:etl:live`;
    const Principal = 'scheduler.amazonaws.com';
    const SourceArn = 'arn:aws:scheduler:us-west-2:000000000000:schedule/default/nightly';
    await create('AWS::Lambda::Permission', {
      FunctionName,
      Action: 'lambda:InvokeFunction',
      Principal,
      SourceArn,
      SourceAccount: ACCOUNT,
    });
    expect(deps.policies.of(FunctionName)).toMatchObject([
      {
        Statement: [
          {
            Principal: { Service: Principal },
            Action: 'lambda:InvokeFunction',
            Resource: FunctionName,
            Condition: {
              ArnLike: { 'AWS:SourceArn': SourceArn },
              StringEquals: { 'AWS:SourceAccount': ACCOUNT },
            },
          },
        ],
      },
    ]);
  });

  it('are refused in the words of IAM when they are none', async () => {
    await expect(create('AWS::S3::BucketPolicy', { Bucket: 'b', PolicyDocument: {} })).rejects.toMatchObject({
      code: 'MalformedPolicyDocument',
    });
  });
});

describe('AWS::Lambda', () => {
  const properties = {
    Role: 'arn:aws:iam::000000000000:role/etl',
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Code: { S3Bucket: 'assets', S3Key: 'a.zip' },
    Environment: { Variables: { DEADLINE: 3300 } },
    DurableConfig: { ExecutionTimeout: 3540, RetentionPeriodInDays: 14 },
    FunctionName: 'etl',
  };

  it('functions get the defaults of Lambda and text for variables', async () => {
    const { attributes } = await create('AWS::Lambda::Function', properties);
    expect(attributes.Arn).toBe('arn:aws:lambda:us-west-2:000000000000:function:etl');
    expect(calls[0]).toEqual([
      'createFunction',
      {
        functionName: 'etl',
        roleArn: 'arn:aws:iam::000000000000:role/etl',
        handler: 'index.handler',
        runtime: 'nodejs22.x',
        timeout: 3,
        memorySize: 128,
        environment: { DEADLINE: '3300' },
        code: { bucket: 'assets', key: 'a.zip' },
        deadLetterQueueArn: undefined,
        logGroupName: undefined,
        durable: { executionTimeout: 3540, retentionPeriodInDays: 14 },
      },
    ]);
  });

  it('functions are replaced when they become durable', () => {
    const provider = providers.get('AWS::Lambda::Function')!;
    const { DurableConfig: _, ...plain } = properties;
    expect(provider.replacedBy?.(plain, properties)).toEqual(['DurableConfig']);
    expect(provider.replacedBy?.(properties, { ...properties, Timeout: 9 })).toEqual([]);
  });

  it('functions with inline code are refused', async () => {
    await expect(create('AWS::Lambda::Function', { ...properties, Code: { ZipFile: 'x' } })).rejects.toThrow(
      'not inline',
    );
  });

  it('versions and aliases refer by ARN', async () => {
    const version = await create('AWS::Lambda::Version', { FunctionName: 'etl' });
    expect(version).toEqual({
      physicalId: 'arn:aws:lambda:us-west-2:000000000000:function:etl:7',
      attributes: { Version: '7', FunctionArn: 'arn:aws:lambda:us-west-2:000000000000:function:etl:7' },
    });
    const arn = 'arn:aws:lambda:us-west-2:000000000000:function:etl';
    await create('AWS::Lambda::Alias', { FunctionName: arn, FunctionVersion: '7', Name: 'live' });
    expect(calls.at(-1)).toEqual(['putAlias', 'etl', 'live', '7']);
  });
});

describe('AWS::IAM', () => {
  const trust = { Statement: [] };
  const document = (name: string) => ({ Statement: [{ Sid: name }] });

  it('roles keep what policies attached when they are updated', async () => {
    const type = 'AWS::IAM::Role';
    const old = {
      RoleName: 'r',
      AssumeRolePolicyDocument: trust,
      Policies: [{ PolicyName: 'own', PolicyDocument: document('own') }],
    };
    const { attributes } = await create(type, old);
    const arn = String(attributes.Arn);
    const policy = await create('AWS::IAM::Policy', { PolicyName: 'p', PolicyDocument: document('p'), Roles: ['r'] });
    await providers.get(type)!.update(context(type), 'r', { ...old, Policies: [] }, old);
    expect(deps.identities.role(arn)?.inlinePolicies).toEqual({ p: document('p') });
    await providers
      .get('AWS::IAM::Policy')!
      .delete(context('AWS::IAM::Policy'), policy.physicalId, { Roles: ['r'] }, { snapshot: false });
    expect(deps.identities.role(arn)?.inlinePolicies).toEqual({});
  });

  it('tell what somebody changed since', async () => {
    const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [] };
    const PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const properties = {
      RoleName: 'drifting',
      AssumeRolePolicyDocument,
      Policies: [{ PolicyName: 'p', PolicyDocument }],
    };
    const { physicalId, attributes } = await create('AWS::IAM::Role', properties);
    const read = () => providers.get('AWS::IAM::Role')!.read!(context('AWS::IAM::Role'), physicalId, properties);
    expect(await read()).toEqual(properties);
    deps.identities.putInlinePolicy(attributes.Arn as string, 'p', { Statement: [] });
    expect(await read()).toEqual({ ...properties, Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [] } }] });
    deps.identities.deleteRole(attributes.Arn as string);
    expect(await read()).toBeUndefined();
  });

  it('policies need their roles', async () => {
    await expect(create('AWS::IAM::Policy', { PolicyName: 'p', Roles: ['nobody'] })).rejects.toThrow(
      'nobody cannot be found',
    );
    await expect(create('AWS::IAM::Policy', { PolicyName: 'p', Users: ['u'] })).rejects.toThrow('no users');
  });
});

describe('AWS::CloudWatch', () => {
  it('alarms are defined as the template says, with the defaults of CloudWatch', async () => {
    await create('AWS::CloudWatch::Alarm', {
      AlarmName: 'late',
      Namespace: 'Sparkify',
      MetricName: 'Freshness',
      Dimensions: [
        { Name: 'Z', Value: '1' },
        { Name: 'A', Value: '2' },
      ],
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: '3',
      Threshold: 5,
      ExtendedStatistic: 'p90',
      AlarmActions: ['arn:aws:sns:us-west-2:000000000000:t'],
    });
    expect(deps.alarms.find('late')).toMatchObject({
      metric: { dimensions: [{ name: 'A' }, { name: 'Z' }] },
      statistic: 'p90',
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      treatMissingData: 'missing',
      actionsEnabled: true,
      alarmActions: ['arn:aws:sns:us-west-2:000000000000:t'],
    });
  });

  it.each<[string, Properties, string]>([
    ['AWS::CloudWatch::Alarm', { ComparisonOperator: 'x' }, 'exactly one of MetricName and Metrics'],
    ['AWS::CloudWatch::CompositeAlarm', { AlarmRule: 'ALARM(' }, 'AlarmRule is not valid'],
    ['AWS::CloudWatch::Dashboard', { DashboardBody: '{' }, 'is not JSON'],
  ])('%s with %j is refused', async (type, properties, message) => {
    await expect(create(type, properties)).rejects.toThrow(message);
  });
});

describe('AWS::Redshift::Cluster', () => {
  const properties = {
    MasterUsername: 'admin',
    NodeType: 'ra3.large',
    DBName: 'sparkify',
    Port: '5439',
    ManageMasterPassword: true,
  };

  it('gives endpoint and secret', async () => {
    const created = await create('AWS::Redshift::Cluster', properties);
    expect(created.physicalId).toMatch(/^sparkify-local-warehousecluster7b91a95e-[a-z0-9]{12}$/);
    expect(created.attributes).toMatchObject({
      'Endpoint.Address': 'localhost',
      'Endpoint.Port': '15439',
      MasterPasswordSecretArn: 'arn:secret',
    });
  });

  it('needs exactly one kind of password', async () => {
    await expect(create('AWS::Redshift::Cluster', { ...properties, ManageMasterPassword: false })).rejects.toThrow(
      'exactly one of ManageMasterPassword',
    );
  });

  it('is replaced when its database changes', () => {
    expect(providers.get('AWS::Redshift::Cluster')!.replaceOn).toContain('DBName');
  });
});

describe('AWS::Scheduler::Schedule', () => {
  it('gets the defaults of the Scheduler', async () => {
    const { attributes } = await create('AWS::Scheduler::Schedule', {
      Name: 's',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:f', RoleArn: 'arn:r', Input: '{}', RetryPolicy: { MaximumRetryAttempts: '3' } },
    });
    expect(attributes.Arn).toBe('arn:aws:scheduler:us-west-2:000000000000:schedule/default/s');
    expect(calls).toEqual([
      [
        'putSchedule',
        {
          name: 's',
          groupName: 'default',
          scheduleExpression: 'cron(0 3 * * ? *)',
          timezone: 'UTC',
          state: 'ENABLED',
          target: {
            arn: 'arn:f',
            roleArn: 'arn:r',
            input: '{}',
            deadLetterArn: undefined,
            maximumRetryAttempts: 3,
            maximumEventAgeInSeconds: 86_400,
          },
        },
      ],
    ]);
  });
});
