import { pathOf, type Resource, valueAt } from './template';

/** How resources of a type are drawn. */
export interface Kind {
  /** What people call it. */
  readonly service: string;
  /** Where not by its place in the app. */
  readonly title?: (resource: Resource) => string;
  /** What is worth knowing of it. */
  readonly note?: (resource: Resource) => string;
  /** Several of them in one group are one box. */
  readonly together?: string;
  /** What the picture is about. */
  readonly isMain?: boolean;
}

const text = (resource: Resource, ...path: readonly string[]): string =>
  String(valueAt(resource.Properties, path) ?? '');

/** Types that are boxes. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::Budgets::Budget': {
    service: 'Budgets',
    note: (it) => `${text(it, 'Budget', 'BudgetLimit', 'Amount')} ${text(it, 'Budget', 'BudgetLimit', 'Unit')}`,
  },
  'AWS::CloudWatch::Alarm': { service: 'CloudWatch', together: 'alarms' },
  'AWS::CloudWatch::Dashboard': { service: 'CloudWatch' },
  'AWS::EC2::VPCEndpoint': {
    service: 'VPC',
    title: (it) => `S3 by ${text(it, 'VpcEndpointType').toLowerCase()} endpoint`,
  },
  'AWS::IAM::Role': { service: 'IAM role', title: (it) => `${lastOf(it)}s`, note: multiFactor },
  'AWS::KMS::Key': { service: 'KMS', title: () => 'KMS key' },
  'AWS::Lambda::Function': {
    service: 'Lambda',
    isMain: true,
    title: (it) => (pathOf(it).startsWith('Etl/') ? 'ETL function' : wordsOf(it)),
    note: (it) => (valueAt(it.Properties, ['DurableConfig']) === undefined ? '' : 'durable, alias live'),
  },
  'AWS::Logs::LogGroup': { service: 'CloudWatch', note: (it) => `${text(it, 'RetentionInDays')} days` },
  'AWS::Redshift::Cluster': {
    service: 'Redshift',
    isMain: true,
    note: (it) => `${text(it, 'NumberOfNodes') || 1} × ${text(it, 'NodeType')}`,
  },
  'AWS::Redshift::ScheduledAction': { service: 'Redshift', note: (it) => inWords(text(it, 'Schedule'), 'UTC') },
  'AWS::RedshiftServerless::Workgroup': {
    service: 'Redshift',
    isMain: true,
    note: (it) => `from ${text(it, 'BaseCapacity')} RPUs`,
  },
  'AWS::S3::Bucket': { service: 'S3', note: daysKept },
  'AWS::SNS::Topic': { service: 'SNS', note: () => 'mails' },
  'AWS::SQS::Queue': { service: 'SQS', note: (it) => `${Number(text(it, 'MessageRetentionPeriod')) / 86_400} days` },
  'AWS::Scheduler::Schedule': {
    service: 'Scheduler',
    note: (it) => inWords(text(it, 'ScheduleExpression'), text(it, 'ScheduleExpressionTimezone')),
  },
  'Custom::UsageLimits': { service: 'in each deploy' },
  'Custom::WarehouseLoad': { service: 'in each deploy' },
};

/** Types that a box has for its own: they are folded into it. Policies become lines. */
export const PARTS: ReadonlySet<string> = new Set([
  'AWS::EC2::EIP',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::ManagedPolicy',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Version',
  'AWS::Redshift::ClusterParameterGroup',
  'AWS::Redshift::ClusterSubnetGroup',
  'AWS::RedshiftServerless::Namespace',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Steps of the app that say nothing to a reader: the frame has said them, or the service does. */
const SAID: ReadonlySet<string> = new Set(['Etl', 'Monitoring', 'Network', 'Bucket', 'Topic', 'FlowLog', 'Vpc']);

/** `Nightly schedule` of Nightly/Schedule; a step that the one before has said is left out too. */
export function wordsOf(resource: Resource): string {
  const steps = pathOf(resource).split('/');
  const words = steps
    .filter((step, index) => step !== steps[index - 1] && !SAID.has(step))
    .join(' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\blogs logs$/, 'logs');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function lastOf(resource: Resource): string {
  return pathOf(resource).split('/').at(-1) ?? '';
}

function daysKept(resource: Resource): string {
  const rules = valueAt(resource.Properties, ['LifecycleConfiguration', 'Rules', 'ExpirationInDays']);
  const days = [rules].flat().filter((each) => typeof each === 'number');
  return days.length === 0 ? '' : `${Math.max(...days)} days`;
}

function multiFactor(resource: Resource): string {
  return JSON.stringify(resource.Properties ?? {}).includes('aws:MultiFactorAuthPresent') ? 'with MFA' : '';
}

/** `03:00 UTC` of a cron expression that says no more than that; others as they are. */
function inWords(expression: string, zone: string): string {
  const [, minute = '', hour = ''] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(expression) ?? [];
  if (hour === '') return `${expression} ${zone}`;
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')} ${zone}`;
}
