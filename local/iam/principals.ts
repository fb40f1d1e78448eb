import type { Principal } from '../aws/service';
import type { RoleRecord } from './identity-store';
import type { Caller } from './policy/principal';

/** An AWS service in its own name, as `redshift.amazonaws.com` when it assumes the role it copies with. */
export function servicePrincipal(name: string): Principal {
  return { arn: name, account: '', userId: name };
}

/** A session of a role. */
export function roleSession(role: Pick<RoleRecord, 'arn' | 'roleId'>, sessionName: string): Principal {
  const account = role.arn.split(':')[4]!;
  // A role's path is no part of its sessions' ARNs.
  const roleName = role.arn.slice(role.arn.lastIndexOf('/') + 1);
  return {
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
    account,
    userId: `${role.roleId}:${sessionName}`,
    roleArn: role.arn,
  };
}

/** Nobody: a request without a signature. */
export const ANONYMOUS: Principal = { arn: 'anonymous', account: '', userId: 'anonymous' };

/** The caller as policies see it, told by its ARN. */
export function callerOf({ arn, account, userId, roleArn }: Principal): Caller {
  if (roleArn !== undefined) return { kind: 'role session', arn, account, roleArn, userId };
  if (/\.amazonaws\.com(\.cn)?$/.test(arn) && !arn.startsWith('arn:')) return { kind: 'service', name: arn };
  if (arn === ANONYMOUS.arn) return { kind: 'anonymous' };
  return arn.endsWith(':root') ? { kind: 'root', arn, account } : { kind: 'user', arn, account, userId };
}
