import type { Principal } from '../aws/service';
import type { Authorizer } from '../iam/authorizer';
import type { DataApiAccess } from '../redshift/data-api/access';
import type { Target } from '../redshift/data-api/target';
import { arnIn, type Need, type Place } from './need';
import { secretNeeds } from './secrets';

/**
 * The Data API's questions, answered by the deployed policies. Source: Management Guide, "Authorizing access to the
 * Amazon Redshift Data API"; Service Authorization Reference, "Amazon Redshift" and "Amazon Redshift Data API".
 */
export function dataApiAccess(authorizer: Authorizer, place: Place): DataApiAccess {
  const authorize = (principal: Principal, { context = {}, ...need }: Need) =>
    authorizer.authorize({ ...need, principal, context, answeredBy: 'redshift-data' });
  return {
    authorize: (principal, action, resource, context) =>
      authorize(principal, { action: `redshift-data:${action}`, resource, ...(context && { context }) }),
    authorizeSignIn(principal, target) {
      for (const need of signInNeeds(target, place)) authorize(principal, need);
    },
  };
}

function signInNeeds(target: Target, place: Place): readonly Need[] {
  if (target.secretArn !== undefined) return secretNeeds(target.secretArn, target.secretKeyArn, place);
  const { arn, clusterIdentifier, database, dbUser } = target;
  if (/^arn:[^:]+:redshift-serverless:/.test(arn))
    return [{ action: 'redshift-serverless:GetCredentials', resource: arn }];
  const dbName = arnIn(place, 'redshift', `dbname:${clusterIdentifier}/${database}`);
  if (!target.namesUser) {
    const context = { 'redshift:DbName': database };
    return [{ action: 'redshift:GetClusterCredentialsWithIAM', resource: dbName, context }];
  }
  const context = { 'redshift:DbName': database, 'redshift:DbUser': dbUser };
  return [arnIn(place, 'redshift', `dbuser:${clusterIdentifier}/${dbUser}`), dbName].map((resource) => ({
    action: 'redshift:GetClusterCredentials',
    resource,
    context,
  }));
}
