import type { Ids } from '../../clock';
import { randomTail } from '../engine/names';
import type { ResourceProvider } from '../resource-provider';
import { requiredText, text } from './names';
import { arn, recordProvider } from './record';

/** Types of which nothing works locally but their names: aliases of keys, log groups, topics, secrets, budgets. */
export function recordProviders(ids: Ids): Record<string, ResourceProvider> {
  return {
    'AWS::CDK::Metadata': recordProvider({ replaceOn: [], id: () => ids.uuid() }),
    'AWS::CloudFormation::WaitConditionHandle': recordProvider({
      replaceOn: [],
      id: (context) => context.generateName(128),
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
    'AWS::Budgets::Budget': recordProvider({
      replaceOn: ['NotificationsWithSubscribers'],
      id: () => ids.uuid(),
      attributes: (_context, physicalId) => ({ Id: physicalId }),
    }),
    'AWS::Events::Rule': recordProvider({
      replaceOn: ['Name', 'EventBusName'],
      id: (context, properties) => text(properties, 'Name') ?? context.generateName(64),
      attributes: (context, name) => ({ Arn: arn(context, 'events', `rule/${name}`) }),
    }),

    // Nothing pauses here: time passes only when somebody ticks.
    'AWS::Redshift::ScheduledAction': recordProvider({
      replaceOn: ['ScheduledActionName'],
      id: (_context, properties) => requiredText(properties, 'ScheduledActionName'),
      attributes: (_context, _name) => ({ State: 'ACTIVE' }),
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
