import type { Principal } from '../../aws/service';
import type { ClusterControl } from '../cluster-control';
import { unknownEndpoint, validation } from './data-api-errors';
import type { Input } from './input';

/** A provisioned cluster's database and the user to work as. */
export interface Target {
  /** The ARN on which statements are granted. */
  readonly arn: string;
  readonly clusterIdentifier: string;
  readonly database: string;
  readonly dbUser: string;
  /** Whether the caller names the user (DbUser), rather than being one itself. */
  readonly namesUser: boolean;
  readonly secretArn?: string;
  /** The customer managed key of the secret, if it has one. */
  readonly secretKeyArn?: string;
}

/** The members that name a target, as sent. */
export interface TargetMembers {
  readonly clusterIdentifier?: string;
  readonly workgroupName?: string;
  readonly database?: string;
  readonly dbUser?: string;
  readonly secretArn?: string;
}

export function readTarget(input: Input): TargetMembers {
  return {
    clusterIdentifier: input.text('ClusterIdentifier', { max: 63 }),
    workgroupName: input.text('WorkgroupName', { min: 3, max: 128 }),
    database: input.text('Database', { max: 127 }),
    dbUser: input.text('DbUser'),
    secretArn: input.text('SecretArn'),
  };
}

/**
 * The target that the members name, with the database user that the credentials stand for.
 * @throws AwsError ValidationException
 */
export function resolveTarget(members: TargetMembers, clusters: ClusterControl, principal: Principal): Target {
  const { clusterIdentifier, workgroupName, database, secretArn } = members;
  if (workgroupName !== undefined && clusterIdentifier !== undefined) {
    throw validation('ClusterIdentifier and WorkgroupName cannot both be provided.');
  }
  if (clusterIdentifier === undefined && workgroupName === undefined) {
    throw validation('Either ClusterIdentifier, WorkgroupName or SessionId must be provided.');
  }
  if (database === undefined) {
    throw validation('Database is required when ClusterIdentifier or WorkgroupName is provided.');
  }
  const cluster = clusterIdentifier === undefined ? undefined : clusters.describe(clusterIdentifier);
  if (cluster === undefined) {
    throw unknownEndpoint();
  }
  if (secretArn !== undefined && members.dbUser !== undefined) {
    throw validation('DbUser and SecretArn cannot both be provided.');
  }
  if (secretArn !== undefined && secretArn !== cluster.masterPasswordSecretArn) {
    throw validation(`The secret ${secretArn} does not exist, or it is not the admin secret of the cluster.`);
  }
  const dbUser = secretArn === undefined ? (members.dbUser ?? iamUser(principal)) : cluster.masterUsername;
  return {
    arn: cluster.arn,
    clusterIdentifier: cluster.clusterIdentifier,
    database,
    dbUser,
    namesUser: members.dbUser !== undefined,
    secretArn,
    secretKeyArn: secretArn === undefined ? undefined : cluster.masterPasswordSecretKeyArn,
  };
}

/** The database user of temporary credentials without DbUser: `IAMR:<role>` or `IAM:<user>`. */
function iamUser(principal: Principal): string {
  const name = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
  return principal.roleArn === undefined ? `IAM:${name(principal.arn)}` : `IAMR:${name(principal.roleArn)}`;
}
