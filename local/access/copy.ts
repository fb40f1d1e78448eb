import type { Principal } from '../aws/service';
import type { AccountIdentities, Authorizer } from '../iam/authorizer';
import { roleSession } from '../iam/principals';
import type { CopyAccess, RoleReads } from '../redshift/copy/create-copy-runner';
import type { Need } from './need';
import { type BucketFacts, listNeed, readNeeds } from './s3';
import type { ServiceRoles } from './service-roles';

/** How Redshift calls its sessions of a role. */
const SESSION_NAME = 'RedshiftIamRoleSession';

export interface CopyAccessOptions {
  readonly authorizer: Authorizer;
  /** Redshift's: one that the role trusts is enough. */
  readonly services: readonly ServiceRoles[];
  readonly buckets: BucketFacts;
  identitiesOf(account: string): AccountIdentities | undefined;
}

/**
 * COPY's reads, decided by the policies of the role that it names. Source: Developer Guide, "Authorizing COPY, UNLOAD
 * … using IAM roles"; Management Guide, "Chaining IAM roles".
 */
export function copyAccess(options: CopyAccessOptions, clusterArn: string): CopyAccess {
  return {
    takeRoles([first = '', ...chained]) {
      let principal = takenByRedshift(first, options.services, clusterArn);
      if (principal === undefined) return { notTaken: first };
      for (const roleArn of chained) {
        principal = takenByRole(principal, roleArn, options);
        if (principal === undefined) return { notTaken: roleArn };
      }
      return roleReads(principal, options);
    },
  };
}

function takenByRedshift(
  roleArn: string,
  services: readonly ServiceRoles[],
  clusterArn: string,
): Principal | undefined {
  for (const service of services) {
    const principal = service.takeIfTrusted(roleArn, SESSION_NAME, clusterArn);
    if (principal !== undefined) return principal;
  }
  return undefined;
}

function takenByRole(
  principal: Principal,
  roleArn: string,
  { authorizer, identitiesOf }: CopyAccessOptions,
): Principal | undefined {
  const role = identitiesOf(roleArn.split(':')[4] ?? '')?.role(roleArn);
  const allowed = role && authorizer.allows({ principal, action: 'sts:AssumeRole', resource: roleArn, context: {} });
  return role && allowed?.allowed === true ? roleSession(role, SESSION_NAME) : undefined;
}

function roleReads(principal: Principal, { authorizer, buckets }: CopyAccessOptions): RoleReads {
  const refusal = (needs: readonly Need[]): string | undefined => {
    for (const need of needs) {
      const text = authorizer.refusal({ ...need, principal, context: need.context ?? {} });
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return {
    refusesList: (bucket, prefix) => refusal([listNeed(bucket, prefix, buckets)]),
    refusesRead: (bucket, key) => refusal(readNeeds(bucket, key, buckets)),
  };
}
