import type { Principal } from '../aws/service';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A role as deployed. Policy documents are kept as they stand in the template, intrinsics resolved. */
export interface RoleRecord {
  readonly arn: string;
  readonly roleName: string;
  /** `AROA` and 17 more characters. */
  readonly roleId: string;
  readonly trustPolicy: unknown;
  readonly managedPolicyArns: readonly string[];
  /** Policy name to document. */
  readonly inlinePolicies: Readonly<Record<string, unknown>>;
  readonly permissionsBoundaryArn?: string;
  /** The values of `aws:PrincipalTag` in its sessions. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A key that requests may be signed with. */
export interface AccessKey {
  readonly principal: Principal;
  readonly secretAccessKey: string;
  /** Temporary keys only: requests must carry it. */
  readonly sessionToken?: string;
  /** Milliseconds since the epoch; absent for keys that do not end. */
  readonly expires?: number;
}

/** Finds keys by their id. */
export interface AccessKeys {
  /** Undefined for an unknown key. An expired one is still known for a while. */
  accessKey(accessKeyId: string): AccessKey | undefined;
}

/** Users, roles, their policies and the keys handed out for them, of one account. */
export interface IdentityStore extends AccessKeys {
  putRole(role: Omit<RoleRecord, 'roleId'>): RoleRecord;
  deleteRole(arn: string): void;
  role(arn: string): RoleRecord | undefined;
  putInlinePolicy(roleArn: string, policyName: string, document: unknown): void;
  deleteInlinePolicy(roleArn: string, policyName: string): void;
  /** Temporary keys for a session of a role, as STS and the Lambda service hand them out. */
  assumeRole(roleArn: string, sessionName: string, durationSeconds?: number): Credentials;
  /** Undefined for an unknown key. */
  principalOf(accessKeyId: string): Principal | undefined;
  /** All of the account's, in the order in which they were made. */
  roles(): readonly RoleRecord[];
  /** The key the local CLI and the CDK CLI sign with. */
  operatorCredentials(): { readonly accessKeyId: string; readonly secretAccessKey: string };
}
