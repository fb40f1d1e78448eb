import { optionalText, type QueryStructure } from '../aws/protocols/query';
import { s3Location } from '../cloudformation/api/input';
import type { OperationNeeds } from './guard';
import { arnIn, type Need, type Place } from './need';
import { type BucketFacts, readNeeds } from './s3';

/** Operations that are granted on stacks. */
const ON_STACKS = [
  'CancelUpdateStack',
  'ContinueUpdateRollback',
  'CreateChangeSet',
  'CreateStack',
  'DeleteChangeSet',
  'DeleteStack',
  'DescribeChangeSet',
  'DescribeEvents',
  'DescribeStackEvents',
  'DescribeStackResource',
  'DescribeStackResourceDrifts',
  'DescribeStackResources',
  'DescribeStacks',
  'DetectStackDrift',
  'DetectStackResourceDrift',
  'ExecuteChangeSet',
  'GetStackPolicy',
  'GetTemplate',
  'GetTemplateSummary',
  'ListChangeSets',
  'ListStackResources',
  'RollbackStack',
  'SetStackPolicy',
  'UpdateStack',
  'UpdateTerminationProtection',
];

/** Operations that take no resource, and those that name none. */
const ON_EVERYTHING = [
  'DescribeStackDriftDetectionStatus',
  'ListExports',
  'ListHookResults',
  'ListImports',
  'ListStacks',
  'ValidateTemplate',
];

/**
 * CloudFormation's operations by name. A template's URL is read as the caller, and a role that is handed over is passed.
 * Source: Service Authorization Reference, "AWS CloudFormation"; User Guide, "CloudFormation service role".
 */
export function cloudFormationNeeds(
  operations: readonly string[],
  buckets: BucketFacts,
): OperationNeeds<QueryStructure> {
  const known = [...ON_STACKS, ...ON_EVERYTHING];
  return Object.fromEntries(
    operations
      .filter((operation) => known.includes(operation))
      .map((operation) => [
        operation,
        (input: QueryStructure, place: Place) => [
          own(operation, input, place),
          ...template(input, buckets),
          ...passedRole(input),
        ],
      ]),
  );
}

function own(operation: string, input: QueryStructure, place: Place): Need {
  const action = `cloudformation:${operation}`;
  const roleArn = optionalText(input, 'RoleARN');
  return {
    action,
    resource: ON_EVERYTHING.includes(operation) ? '*' : stackArn(operation, input, place),
    context: {
      ...(roleArn !== undefined && { 'cloudformation:RoleArn': roleArn }),
      'cloudformation:ChangeSetName': optionalText(input, 'ChangeSetName') ?? [],
      'cloudformation:TemplateUrl': optionalText(input, 'TemplateURL') ?? [],
    },
  };
}

/** A stack that is named without its id is meant whatever its id is. */
function stackArn(operation: string, input: QueryStructure, place: Place): string {
  const name = optionalText(input, 'StackName');
  if (name?.startsWith('arn:')) return name;
  const changeSet = optionalText(input, 'ChangeSetName');
  // A change set's ARN does not tell its stack.
  if (name === undefined && operation === 'DescribeEvents' && changeSet?.startsWith('arn:')) return changeSet;
  return arnIn(place, 'cloudformation', `stack/${name ?? '*'}/*`);
}

function template(input: QueryStructure, buckets: BucketFacts): readonly Need[] {
  const url = optionalText(input, 'TemplateURL');
  if (url === undefined || !URL.canParse(url)) return [];
  const { bucket, key } = s3Location(url);
  return buckets.bucketExists(bucket) ? readNeeds(bucket, key, buckets, 'cloudformation') : [];
}

function passedRole(input: QueryStructure): readonly Need[] {
  const roleArn = optionalText(input, 'RoleARN');
  if (roleArn === undefined) return [];
  const context = { 'iam:PassedToService': 'cloudformation.amazonaws.com' };
  return [{ action: 'iam:PassRole', resource: roleArn, context, answeredBy: 'cloudformation' }];
}
