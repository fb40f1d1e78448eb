import { optionalText, parseQuery } from '../aws/protocols/query';
import { AwsError, type AwsRequest, type AwsService } from '../aws/service';
import type { AccountIdentities, Authorizer } from '../iam/authorizer';
import { cloudFormationNeeds } from './cloudformation';
import { guarded, jsonNeeds, queryNeeds, UnguardedOperationError } from './guard';
import { CLOUDWATCH_NEEDS, LOGS_NEEDS, SERVERLESS_NEEDS, SQS_NEEDS, SSM_NEEDS } from './json-services';
import { arnIn, type NeedsOf } from './need';
import type { BucketFacts } from './s3';
import { serviceRoles } from './service-roles';

/** These ask IAM themselves: what a call takes depends on what they know of it. */
const ASKING_THEMSELVES = ['lambda', 'redshift-data', 'secretsmanager'];

const JSON_NEEDS = {
  ssm: SSM_NEEDS,
  sqs: SQS_NEEDS,
  logs: LOGS_NEEDS,
  monitoring: CLOUDWATCH_NEEDS,
  'redshift-serverless': SERVERLESS_NEEDS,
};

/** A service of an account, which hears only what the policies allow. @throws UnguardedOperationError */
export function behindIam(service: AwsService, options: IamOptions): AwsService {
  const { signingName } = service;
  if (ASKING_THEMSELVES.includes(signingName)) return service;
  const inner = signingName === 'cloudformation' ? tryingRoles(service, options) : service;
  return guarded(inner, needsOf(service, options), options.authorizer);
}

export interface IamOptions {
  readonly authorizer: Authorizer;
  readonly buckets: BucketFacts;
  readonly region: string;
  identitiesOf(account: string): AccountIdentities | undefined;
}

/** CloudFormation, which takes no role that it may not take on. */
function tryingRoles(service: AwsService, options: IamOptions): AwsService {
  return {
    ...service,
    async handle(request) {
      const roleArn = optionalText(parseQuery(request.body), 'RoleARN');
      const roles = serviceRoles('cloudformation.amazonaws.com', request.principal.account, options);
      if (roleArn !== undefined && roles.takeIfTrusted(roleArn, 'AWSCloudFormation') === undefined) {
        throw new AwsError('ValidationError', `Role ${roleArn} is invalid or cannot be assumed`);
      }
      return service.handle(request);
    },
  };
}

function needsOf(
  service: AwsService,
  { buckets, region }: { readonly buckets: BucketFacts; readonly region: string },
): NeedsOf {
  const { signingName, operations = [] } = service;
  if (signingName === 'cloudformation') {
    return queryNeeds(service, region, cloudFormationNeeds(operations, buckets));
  }
  if (signingName === 'scheduler') return (request) => schedulerNeeds(request, region);
  const needs = Object.entries(JSON_NEEDS).find(([name]) => name === signingName)?.[1];
  if (needs === undefined) throw new UnguardedOperationError(signingName, operations);
  return jsonNeeds(service, region, needs);
}

/** Source: Service Authorization Reference, "Amazon EventBridge Scheduler". */
function schedulerNeeds({ rawPath, query, principal }: AwsRequest, region: string): ReturnType<NeedsOf> {
  const [, , name] = rawPath.split('/');
  if (!name) return [{ action: 'scheduler:ListSchedules', resource: '*' }];
  const path = `schedule/${query.get('groupName') ?? 'default'}/${decodeURIComponent(name)}`;
  return [
    { action: 'scheduler:GetSchedule', resource: arnIn({ account: principal.account, region }, 'scheduler', path) },
  ];
}
