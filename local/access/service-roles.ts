import { AwsError, type Principal } from '../aws/service';
import type { AccountIdentities, Authorizer } from '../iam/authorizer';
import { roleSession, servicePrincipal } from '../iam/principals';

/** How an AWS service works as the roles that it is given. */
export interface ServiceRoles {
  /**
   * Takes a role on, as the role's trust policy allows it.
   * @param sourceArn for whose sake the service acts: the value of `aws:SourceArn`
   * @throws AwsError AccessDenied
   */
  take(roleArn: string, sessionName: string, sourceArn?: string): Principal;
  /** The same; undefined where the role is not there or does not trust the service. */
  takeIfTrusted(roleArn: string, sessionName: string, sourceArn?: string): Principal | undefined;
}

/**
 * @param service for example `lambda.amazonaws.com`
 * @param account in which the service works: the value of `aws:SourceAccount`
 */
export function serviceRoles(
  service: string,
  account: string,
  options: {
    readonly authorizer: Authorizer;
    identitiesOf(account: string): AccountIdentities | undefined;
  },
): ServiceRoles {
  const roleOf = (roleArn: string) => options.identitiesOf(roleArn.split(':')[4] ?? '')?.role(roleArn);
  const request = (resource: string, sessionName: string, sourceArn?: string) => ({
    principal: servicePrincipal(service),
    action: 'sts:AssumeRole',
    resource,
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': sourceArn ?? [],
      'sts:RoleSessionName': sessionName,
    },
  });
  return {
    take(roleArn, sessionName, sourceArn) {
      const role = roleOf(roleArn);
      if (role === undefined) {
        throw new AwsError('AccessDenied', `${service} cannot assume the role ${roleArn}: there is no such role.`, 403);
      }
      options.authorizer.authorize(request(roleArn, sessionName, sourceArn));
      return roleSession(role, sessionName);
    },
    takeIfTrusted(roleArn, sessionName, sourceArn) {
      const role = roleOf(roleArn);
      const trusted = role && options.authorizer.allows(request(roleArn, sessionName, sourceArn)).allowed;
      return trusted ? roleSession(role, sessionName) : undefined;
    },
  };
}
