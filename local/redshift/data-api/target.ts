import type { Principal } from '../../aws/service';
import { unknownEndpoint, validation } from './data-api-errors';
import { type WarehouseEndpoints, workgroupEndpoint } from './endpoint';
import type { Input } from './input';

/** A warehouse's database and the user to work as. */
export interface Target {
  /** The ARN on which statements are granted. */
  readonly arn: string;
  /** A cluster's identifier, or the endpoint name of a workgroup (see endpoint.ts). */
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
export function resolveTarget(members: TargetMembers, warehouses: WarehouseEndpoints, principal: Principal): Target {
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
  const endpoint = workgroupName === undefined ? (clusterIdentifier ?? '') : workgroupEndpoint(workgroupName);
  const found = warehouses.find(endpoint);
  if (found === undefined) {
    throw unknownEndpoint();
  }
  if (workgroupName !== undefined && members.dbUser !== undefined) {
    throw validation('DbUser is for clusters: a workgroup takes the identity of the caller, or that of a secret.');
  }
  if (secretArn !== undefined && members.dbUser !== undefined) {
    throw validation('DbUser and SecretArn cannot both be provided.');
  }
  if (secretArn !== undefined && !isSecret(found.adminSecretArn, secretArn)) {
    throw validation(`The secret ${secretArn} does not exist, or it is not the admin secret of the warehouse.`);
  }
  const dbUser = secretArn === undefined ? (members.dbUser ?? iamUser(principal)) : found.admin;
  return {
    arn: found.arn,
    clusterIdentifier: found.name,
    database,
    dbUser,
    namesUser: members.dbUser !== undefined,
    secretArn: secretArn === undefined ? undefined : found.adminSecretArn,
    secretKeyArn: secretArn === undefined ? undefined : found.adminSecretKeyArn,
  };
}

/** By its ARN or its name; Secrets Manager puts a hyphen and six characters behind a name to make the ARN. */
function isSecret(arn: string | undefined, given: string): boolean {
  return arn !== undefined && (given === arn || arn.replace(/-[^-]{6}$/, '').endsWith(`:secret:${given}`));
}

/** The database user of temporary credentials without DbUser: `IAMR:<role>` or `IAM:<user>`. */
function iamUser(principal: Principal): string {
  const name = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
  return principal.roleArn === undefined ? `IAM:${name(principal.arn)}` : `IAMR:${name(principal.roleArn)}`;
}
