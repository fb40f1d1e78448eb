import type { Principal } from '../aws/service';
import type { AccountIdentities, Authorizer } from '../iam/authorizer';
import type { ContextValues } from '../iam/policy/request-context';
import { servicePrincipal } from '../iam/principals';
import type { LambdaAccess } from '../lambda/access';
import type { CopyAccess } from '../redshift/copy/create-copy-runner';
import type { DataApiAccess } from '../redshift/data-api/access';
import type { SchedulerAccess } from '../scheduler/delivery';
import type { SecretsAccess } from '../secretsmanager/secrets-manager-service';
import { copyAccess } from './copy';
import { dataApiAccess } from './data-api';
import type { Place } from './need';
import type { BucketFacts } from './s3';
import { secretsAccess } from './secrets';
import { type ServiceRoles, serviceRoles } from './service-roles';

/** What the services of one account ask IAM by themselves, besides what a caller's request takes. */
export interface AccountAccess {
  readonly lambda: LambdaAccess;
  readonly scheduler: SchedulerAccess;
  readonly dataApi: DataApiAccess;
  readonly secrets: SecretsAccess;
  /** On one thing that the caller's request names. @throws AwsError AccessDeniedException */
  authorize(principal: Principal, action: string, resource: string): void;
  /** Of one cluster. */
  copy(clusterArn: string): CopyAccess;
  /** Whether CloudFormation, as a stack's role, may do so. @throws AwsError */
  authorizeStackRole(roleArn: string, action: string, resource: string, context?: ContextValues): void;
  /** Whether CloudWatch Logs, as itself, may do so with a key for a log group. */
  logsMayUseKey(action: string, keyArn: string, groupArn: string): boolean;
}

export interface AccountAccessOptions {
  readonly authorizer: Authorizer;
  readonly place: Place;
  readonly buckets: BucketFacts;
  /** Of every account: roles of others can be taken on too. */
  identitiesOf(account: string): AccountIdentities | undefined;
}

/** The names that AWS gives to the sessions in which its services work as a role. */
const SESSIONS = { lambda: 'awslambda', scheduler: 'scheduler', cloudFormation: 'AWSCloudFormation' };

export function accountAccess(options: AccountAccessOptions): AccountAccess {
  const { authorizer, place } = options;
  const roles = (service: string) => serviceRoles(`${service}.amazonaws.com`, place.account, options);
  const authorizeAs =
    (service: ServiceRoles, session: string, source?: string) =>
    (roleArn: string, action: string, resource: string, context: ContextValues = {}) => {
      const principal = service.take(roleArn, session, source);
      authorizer.authorize({ principal, action, resource, context });
    };
  const lambda = roles('lambda');
  const scheduler = roles('scheduler');
  return {
    lambda: {
      authorize: (principal, action, resource, context = {}) =>
        authorizer.authorize({ principal, action, resource, context, answeredBy: 'lambda' }),
      authorizeRole: authorizeAs(lambda, SESSIONS.lambda),
      trusts: (roleArn) => lambda.takeIfTrusted(roleArn, SESSIONS.lambda) !== undefined,
      roleMay(roleArn, action, resource) {
        const principal = lambda.takeIfTrusted(roleArn, SESSIONS.lambda);
        return principal !== undefined && authorizer.allows({ principal, action, resource, context: {} }).allowed;
      },
    },
    scheduler: {
      trusts: (roleArn, groupArn) => scheduler.takeIfTrusted(roleArn, SESSIONS.scheduler, groupArn) !== undefined,
      authorizeRole: (roleArn, groupArn, action, resource) =>
        authorizeAs(scheduler, SESSIONS.scheduler, groupArn)(roleArn, action, resource),
    },
    dataApi: dataApiAccess(authorizer, place),
    secrets: secretsAccess(authorizer, place),
    authorize: (principal, action, resource) => authorizer.authorize({ principal, action, resource, context: {} }),
    copy: (clusterArn) =>
      copyAccess({ ...options, services: [roles('redshift'), roles('redshift-serverless')] }, clusterArn),
    logsMayUseKey: (action, resource, groupArn) =>
      authorizer.allows({
        principal: servicePrincipal(`logs.${place.region}.amazonaws.com`),
        action,
        resource,
        context: { 'kms:EncryptionContextKeys': 'aws:logs:arn', 'kms:EncryptionContext:aws:logs:arn': groupArn },
      }).allowed,
    authorizeStackRole: authorizeAs(roles('cloudformation'), SESSIONS.cloudFormation),
  };
}
