import type { Ids } from '../../clock';
import { randomTail } from '../engine/names';
import type { ResourceProvider } from '../resource-provider';
import { requiredText, text } from './names';
import { arn, recordProvider } from './record';

/** Types of which nothing works locally but their names: keys, logs, alarms, topics, secrets, policies on things. */
export function recordProviders(ids: Ids): Record<string, ResourceProvider> {
  return {
    'AWS::CDK::Metadata': recordProvider({ replaceOn: [], id: () => ids.uuid() }),
    'AWS::CloudFormation::WaitConditionHandle': recordProvider({
      replaceOn: [],
      id: (context) => context.generateName(128),
    }),

    'AWS::KMS::Key': recordProvider({
      replaceOn: [],
      id: () => ids.uuid(),
      attributes: (context, keyId) => ({ Arn: arn(context, 'kms', `key/${keyId}`), KeyId: keyId }),
    }),
    'AWS::KMS::Alias': recordProvider({
      replaceOn: ['AliasName'],
      id: (_context, properties) => requiredText(properties, 'AliasName'),
    }),

    'AWS::SecretsManager::Secret': recordProvider({
      replaceOn: ['Name'],
      id: (context, properties) => {
        const name = text(properties, 'Name') ?? context.generateName(64);
        // Secrets Manager puts six more characters behind every name.
        return arn(context, 'secretsmanager', `secret:${name}-${randomTail(ids.uuid()).slice(0, 6)}`);
      },
      attributes: (_context, physicalId) => ({ Id: physicalId }),
    }),
    'AWS::SecretsManager::SecretTargetAttachment': recordProvider({
      replaceOn: ['SecretId'],
      id: (_context, properties) => requiredText(properties, 'SecretId'),
      attributes: (_context, physicalId) => ({ Id: physicalId }),
    }),
    'AWS::SecretsManager::ResourcePolicy': recordProvider({
      replaceOn: ['SecretId'],
      id: (_context, properties) => requiredText(properties, 'SecretId'),
      attributes: (_context, physicalId) => ({ Id: physicalId }),
    }),

    'AWS::Logs::LogGroup': recordProvider({
      replaceOn: ['LogGroupName'],
      id: (context, properties) => text(properties, 'LogGroupName') ?? context.generateName(512),
      attributes: (context, name) => ({ Arn: arn(context, 'logs', `log-group:${name}:*`) }),
    }),
    'AWS::Logs::MetricFilter': recordProvider({
      replaceOn: ['FilterName', 'LogGroupName'],
      id: (context, properties) => text(properties, 'FilterName') ?? context.generateName(512),
    }),
    'AWS::Logs::QueryDefinition': recordProvider({
      replaceOn: [],
      id: () => ids.uuid(),
      attributes: (_context, physicalId) => ({ QueryDefinitionId: physicalId }),
    }),
    'AWS::Logs::ResourcePolicy': recordProvider({
      replaceOn: ['PolicyName'],
      id: (_context, properties) => requiredText(properties, 'PolicyName'),
    }),

    'AWS::CloudWatch::Alarm': recordProvider({
      replaceOn: ['AlarmName'],
      id: (context, properties) => text(properties, 'AlarmName') ?? context.generateName(255),
      attributes: (context, name) => ({ Arn: arn(context, 'cloudwatch', `alarm:${name}`) }),
    }),
    'AWS::CloudWatch::CompositeAlarm': recordProvider({
      replaceOn: ['AlarmName'],
      id: (context, properties) => text(properties, 'AlarmName') ?? context.generateName(255),
      attributes: (context, name) => ({ Arn: arn(context, 'cloudwatch', `alarm:${name}`) }),
    }),
    'AWS::CloudWatch::Dashboard': recordProvider({
      replaceOn: ['DashboardName'],
      id: (context, properties) => text(properties, 'DashboardName') ?? context.generateName(255),
    }),

    'AWS::SNS::Topic': recordProvider({
      replaceOn: ['TopicName', 'FifoTopic'],
      id: (context, properties) => arn(context, 'sns', text(properties, 'TopicName') ?? context.generateName(256)),
      attributes: (_context, topicArn) => ({ TopicArn: topicArn, TopicName: topicArn.split(':').at(-1) }),
    }),
    'AWS::SNS::Subscription': recordProvider({
      replaceOn: ['Endpoint', 'Protocol', 'TopicArn'],
      id: (_context, properties) => `${requiredText(properties, 'TopicArn')}:${ids.uuid()}`,
      attributes: (_context, physicalId) => ({ Arn: physicalId }),
    }),
    'AWS::SNS::TopicPolicy': generated([]),
    'AWS::SQS::QueuePolicy': generated([]),
    'AWS::Lambda::Permission': recordProvider({
      replaceOn: [
        'Action',
        'EventSourceToken',
        'FunctionName',
        'FunctionUrlAuthType',
        'Principal',
        'PrincipalOrgID',
        'SourceAccount',
        'SourceArn',
      ],
      id: (context) => context.generateName(100),
      attributes: (_context, physicalId) => ({ Id: physicalId }),
    }),

    'AWS::S3::BucketPolicy': recordProvider({
      replaceOn: ['Bucket'],
      id: (_context, properties) => requiredText(properties, 'Bucket'),
    }),

    'AWS::Redshift::ClusterSubnetGroup': recordProvider({
      replaceOn: [],
      id: (context) => context.generateName(255).toLowerCase(),
      attributes: (_context, name) => ({ ClusterSubnetGroupName: name }),
    }),
    'AWS::Redshift::ClusterParameterGroup': recordProvider({
      replaceOn: ['ParameterGroupName', 'ParameterGroupFamily', 'Description'],
      id: (context, properties) => (text(properties, 'ParameterGroupName') ?? context.generateName(255)).toLowerCase(),
      attributes: (_context, name) => ({ ParameterGroupName: name }),
    }),
  };
}

function generated(replaceOn: readonly string[]): ResourceProvider {
  return recordProvider({
    replaceOn,
    id: (context) => context.generateName(128),
    attributes: (_context, physicalId) => ({ Id: physicalId }),
  });
}
