import type { OperationNeeds } from './guard';
import { arnIn, type Need, type Place, textOf } from './need';

type Needs = OperationNeeds<Readonly<Record<string, unknown>>>;
type Input = Readonly<Record<string, unknown>>;

/** One permission of the operation's own name on `*`. */
function onEverything(action: string, context?: Need['context']): readonly Need[] {
  return [{ action, resource: '*', ...(context && { context }) }];
}

function listOf(input: Input, name: string): readonly string[] {
  const value = input[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function parameterArn(place: Place, name: string): string {
  return arnIn(place, 'ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
}

/** Source: Service Authorization Reference, "AWS Systems Manager". */
export const SSM_NEEDS: Needs = {
  GetParameter: (input, place) => [
    { action: 'ssm:GetParameter', resource: parameterArn(place, textOf(input, 'Name')) },
  ],
  GetParameters: (input, place) =>
    listOf(input, 'Names').map((name) => ({ action: 'ssm:GetParameters', resource: parameterArn(place, name) })),
  GetParametersByPath: (input, place) => [
    {
      action: 'ssm:GetParametersByPath',
      resource: parameterArn(place, textOf(input, 'Path')),
      context: { 'ssm:Recursive': String(input.Recursive === true) },
    },
  ],
  PutParameter: (input, place) => [
    {
      action: 'ssm:PutParameter',
      resource: parameterArn(place, textOf(input, 'Name')),
      context: { 'ssm:Overwrite': String(input.Overwrite === true) },
    },
  ],
  DeleteParameter: (input, place) => [
    { action: 'ssm:DeleteParameter', resource: parameterArn(place, textOf(input, 'Name')) },
  ],
};

function onQueue(action: string, nameOf: (input: Input) => string): Needs[string] {
  return (input, place) => [{ action, resource: arnIn(place, 'sqs', nameOf(input)) }];
}

/** The last segment of QueueUrl is the queue's name, whatever host and port the URL was made under. */
const byUrl = (input: Input) => textOf(input, 'QueueUrl').split('/').at(-1) ?? '';

/** Source: Service Authorization Reference, "Amazon SQS". */
export const SQS_NEEDS: Needs = {
  GetQueueUrl: onQueue('sqs:GetQueueUrl', (input) => textOf(input, 'QueueName')),
  ListQueues: () => onEverything('sqs:ListQueues'),
  GetQueueAttributes: onQueue('sqs:GetQueueAttributes', byUrl),
  SendMessage: onQueue('sqs:SendMessage', byUrl),
  ReceiveMessage: onQueue('sqs:ReceiveMessage', byUrl),
  DeleteMessage: onQueue('sqs:DeleteMessage', byUrl),
};

const groupArn = (input: Input, place: Place) => arnIn(place, 'logs', `log-group:${textOf(input, 'logGroupName')}`);

/** IAM knows a group by its ARN with `:*` behind it, but for tags. Source: CloudWatch Logs User Guide, "Log group ARNs". */
const wholeGroup = (input: Input, place: Place) => `${groupArn(input, place)}:*`;

/** Source: Service Authorization Reference, "Amazon CloudWatch Logs". */
export const LOGS_NEEDS: Needs = {
  FilterLogEvents: (input, place) => [{ action: 'logs:FilterLogEvents', resource: wholeGroup(input, place) }],
  GetLogEvents: (input, place) => [
    {
      action: 'logs:GetLogEvents',
      resource: `${groupArn(input, place)}:log-stream:${textOf(input, 'logStreamName')}`,
    },
  ],
  DescribeLogStreams: (input, place) => [{ action: 'logs:DescribeLogStreams', resource: wholeGroup(input, place) }],
};

const alarmArn = (place: Place, name: string) => arnIn(place, 'cloudwatch', `alarm:${name}`);

/** Source: Service Authorization Reference, "Amazon CloudWatch". */
export const CLOUDWATCH_NEEDS: Needs = {
  ListMetrics: () => onEverything('cloudwatch:ListMetrics'),
  GetMetricStatistics: () => onEverything('cloudwatch:GetMetricStatistics'),
  GetMetricData: () => onEverything('cloudwatch:GetMetricData'),
  PutMetricData: (input) =>
    onEverything('cloudwatch:PutMetricData', { 'cloudwatch:namespace': textOf(input, 'Namespace') }),
  DescribeAlarms: (_input, place) => [{ action: 'cloudwatch:DescribeAlarms', resource: alarmArn(place, '*') }],
  SetAlarmState: (input, place) => [
    { action: 'cloudwatch:SetAlarmState', resource: alarmArn(place, textOf(input, 'AlarmName')) },
  ],
  DeleteAlarms: (input, place) =>
    listOf(input, 'AlarmNames').map((name) => ({ action: 'cloudwatch:DeleteAlarms', resource: alarmArn(place, name) })),
  ListDashboards: () => onEverything('cloudwatch:ListDashboards'),
  GetDashboard: (input, { account }) => [
    {
      action: 'cloudwatch:GetDashboard',
      resource: `arn:aws:cloudwatch::${account}:dashboard/${textOf(input, 'DashboardName')}`,
    },
  ],
};

/**
 * Lists and usage limits take no resource. Of one workgroup or namespace only the service knows the ARN, which its name
 * is not in: it asks itself. Source: Service Authorization Reference, "Amazon Redshift Serverless".
 */
export const SERVERLESS_NEEDS: Needs = {
  ...Object.fromEntries(
    [
      'ListNamespaces',
      'ListWorkgroups',
      'ListUsageLimits',
      'CreateUsageLimit',
      'UpdateUsageLimit',
      'DeleteUsageLimit',
    ].map((operation) => [operation, () => onEverything(`redshift-serverless:${operation}`)]),
  ),
  GetNamespace: () => [],
  GetWorkgroup: () => [],
};
