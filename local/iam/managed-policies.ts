/** A policy of AWS's own, with the version that stands here. */
interface ManagedPolicy {
  /** As IAM shows it: version, date of creation. */
  readonly version: string;
  readonly document: unknown;
}

const allow = (actions: string | readonly string[], sid?: string) => ({
  Version: '2012-10-17',
  Statement: [{ ...(sid !== undefined && { Sid: sid }), Effect: 'Allow', Action: actions, Resource: '*' }],
});

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** AWS managed policies by their path below `arn:aws:iam::aws:policy/`. Source: AWS Managed Policy Reference Guide. */
const POLICIES: Readonly<Record<string, ManagedPolicy>> = {
  AdministratorAccess: { version: 'v1, 2015-02-06', document: allow('*') },
  'service-role/AWSLambdaBasicExecutionRole': { version: 'v1, 2015-04-09', document: allow(LOGS) },
  'service-role/AWSLambdaBasicDurableExecutionRolePolicy': {
    version: 'v1, 2025-12-02',
    document: allow([...LOGS, 'lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState']),
  },
  'service-role/AWSLambdaVPCAccessExecutionRole': {
    version: 'v3, 2024-01-05',
    document: allow(
      [
        ...LOGS,
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      'AWSLambdaVPCAccessExecutionPermissions',
    ),
  },
  AWSXRayDaemonWriteAccess: {
    version: 'v2, 2024-02-13',
    document: allow(
      [
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:GetSamplingStatisticSummaries',
      ],
      'AWSXRayDaemonWriteAccess',
    ),
  },
  AWSCloudFormationReadOnlyAccess: {
    version: 'v7, 2026-02-12',
    document: allow([
      'cloudformation:Describe*',
      'cloudformation:BatchDescribe*',
      'cloudformation:EstimateTemplateCost',
      'cloudformation:Get*',
      'cloudformation:List*',
      'cloudformation:ValidateTemplate',
      'cloudformation:Detect*',
    ]),
  },
  // Narrower than AWS's, which names some hundred services more: of these the local AWS has one at least in part.
  ReadOnlyAccess: {
    version: 'v178, 2026-02-12, local services only',
    document: allow([
      'cloudformation:BatchDescribeTypeConfigurations',
      'cloudformation:Describe*',
      'cloudformation:Detect*',
      'cloudformation:Estimate*',
      'cloudformation:Get*',
      'cloudformation:List*',
      'cloudformation:ValidateTemplate',
      'cloudwatch:Describe*',
      'cloudwatch:Get*',
      'cloudwatch:List*',
      'ec2:Describe*',
      'ec2:Get*',
      'ecr:BatchCheck*',
      'ecr:BatchGet*',
      'ecr:Describe*',
      'ecr:Get*',
      'ecr:List*',
      'iam:Generate*',
      'iam:Get*',
      'iam:List*',
      'iam:Simulate*',
      'kms:Describe*',
      'kms:Get*',
      'kms:List*',
      'lambda:Get*',
      'lambda:List*',
      'logs:Describe*',
      'logs:FilterLogEvents',
      'logs:Get*',
      'logs:ListTagsForResource',
      'logs:StartQuery',
      'logs:StopQuery',
      'redshift:Describe*',
      'redshift:ListRecommendations',
      'redshift:View*',
      'redshift-serverless:GetNamespace',
      'redshift-serverless:GetUsageLimit',
      'redshift-serverless:GetWorkgroup',
      'redshift-serverless:ListNamespaces',
      'redshift-serverless:ListUsageLimits',
      'redshift-serverless:ListWorkgroups',
      's3:DescribeJob',
      's3:Get*',
      's3:List*',
      'scheduler:GetSchedule',
      'scheduler:GetScheduleGroup',
      'scheduler:ListScheduleGroups',
      'scheduler:ListSchedules',
      'scheduler:ListTagsForResource',
      'secretsmanager:Describe*',
      'secretsmanager:GetResourcePolicy',
      'secretsmanager:List*',
      'sns:Check*',
      'sns:Get*',
      'sns:List*',
      'sqs:Get*',
      'sqs:List*',
      'sqs:Receive*',
      'ssm:Describe*',
      'ssm:Get*',
      'ssm:List*',
      'sts:GetAccessKeyInfo',
      'sts:GetCallerIdentity',
      'sts:GetSessionToken',
    ]),
  },
};

const ARN = /^arn:aws[\w-]*:iam::aws:policy\//;

/** Whether the ARN is one of AWS's own policies, known here or not. */
export function isAwsManaged(arn: string): boolean {
  return ARN.test(arn);
}

/** The document of an AWS managed policy; undefined for one that is not written down here. */
export function awsManagedPolicy(arn: string): unknown {
  return isAwsManaged(arn) ? POLICIES[arn.replace(ARN, '')]?.document : undefined;
}

/** Those that are written down, by ARN. */
export function knownManagedPolicies(): readonly string[] {
  return Object.keys(POLICIES).map((path) => `arn:aws:iam::aws:policy/${path}`);
}
