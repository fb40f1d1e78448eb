import type { RoleRecord } from './identity-store';
import { awsManagedPolicy, isAwsManaged } from './managed-policies';
import type { PolicyKind } from './policy/document';
import type { NamedPolicy } from './policy/evaluate';
import { type StoredPolicy, storedPolicy } from './policy-cache';

/** A policy as it was read, by the name that decisions call it by. */
export type ReadPolicy = NamedPolicy & StoredPolicy;

/** Documents of customer managed policies, by their ARNs. */
export interface ManagedPolicyDocuments {
  of(policyArn: string): readonly unknown[];
}

/** A role has a managed policy that the local AWS does not know. */
export class UnknownManagedPolicyError extends Error {
  override readonly name = 'UnknownManagedPolicyError';
  constructor(arn: string) {
    super(
      `The local AWS does not have the managed policy ${arn}, which a role has. Write it down in managed-policies.ts.`,
    );
  }
}

/** The inline and managed policies of a role. @throws MalformedPolicyError, UnknownManagedPolicyError */
export function rolePolicies(
  role: Pick<RoleRecord, 'inlinePolicies' | 'managedPolicyArns'>,
  managed: ManagedPolicyDocuments,
): readonly ReadPolicy[] {
  const inline = Object.entries(role.inlinePolicies).map(([name, document]) => readPolicy(name, document, 'inline'));
  return [...inline, ...role.managedPolicyArns.map((arn) => managedPolicy(arn, managed))];
}

/** One of AWS's own, or one of a customer. @throws MalformedPolicyError, UnknownManagedPolicyError */
export function managedPolicy(arn: string, managed: ManagedPolicyDocuments): ReadPolicy {
  const document = isAwsManaged(arn) ? awsManagedPolicy(arn) : managed.of(arn)[0];
  if (document === undefined) throw new UnknownManagedPolicyError(arn);
  return readPolicy(arn, document, 'managed');
}

export function readPolicy(name: string, document: unknown, kind: PolicyKind): ReadPolicy {
  return { name, ...storedPolicy(document, kind) };
}
