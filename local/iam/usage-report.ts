import type { RoleRecord } from './identity-store';
import type { Statement } from './policy/document';
import { matchesPattern } from './policy/pattern';
import { type ManagedPolicyDocuments, type ReadPolicy, rolePolicies } from './role-policies';
import type { Refusal, UsageJournal, Use } from './usage-journal';

/** What an action of a statement was used for. */
export interface ActionUsage {
  /** As the policy has it: `s3:GetObject`, `kms:GenerateDataKey*`; `not s3:*` for what NotAction leaves. */
  readonly action: string;
  /** Calls; 0 when it was never used. */
  readonly count: number;
  /** Of the last call, if there was one: the action it named, the resource, and when (milliseconds since the epoch). */
  readonly last?: { readonly action: string; readonly resource: string; readonly at: number };
}

/** An allowing statement and what it was used for. */
export interface StatementUsage {
  readonly policy: string;
  readonly sid?: string;
  /** From 0. */
  readonly index: number;
  readonly resources: readonly string[];
  readonly actions: readonly ActionUsage[];
}

/** What a role was used for, and what it was refused. */
export interface RoleUsage {
  readonly roleArn: string;
  readonly roleName: string;
  readonly statements: readonly StatementUsage[];
  readonly refusals: readonly Refusal[];
}

/**
 * Puts the journal to the policies as they are now: uses of statements that have changed since do not count.
 * @throws MalformedPolicyError, UnknownManagedPolicyError
 */
export function usageReport(
  roles: readonly RoleRecord[],
  managed: ManagedPolicyDocuments,
  journal: Pick<UsageJournal, 'uses' | 'refusals'>,
): readonly RoleUsage[] {
  const uses = journal.uses();
  const refusals = journal.refusals();
  return roles.map((role) => {
    const own = uses.filter(({ principalArn }) => principalArn === role.arn);
    return {
      roleArn: role.arn,
      roleName: role.roleName,
      statements: rolePolicies(role, managed).flatMap((policy) => policyUsage(policy, own)),
      refusals: refusals.filter(({ principalArn }) => principalArn === role.arn),
    };
  });
}

function policyUsage(policy: ReadPolicy, uses: readonly Use[]): readonly StatementUsage[] {
  const { document, fingerprints, name } = policy;
  return document.statements
    .filter(({ effect }) => effect === 'Allow')
    .map((statement) => {
      const fingerprint = fingerprints[statement.index];
      const own = uses.filter((use) => use.policyName === name && use.statement === fingerprint);
      const { sid, index } = statement;
      return {
        policy: name,
        ...(sid !== undefined && { sid }),
        index,
        resources: statement.resource?.entries.map(({ template }) => template.source) ?? [],
        actions: actionUsages(statement, own),
      };
    });
}

function actionUsages({ action: { not, entries } }: Statement, uses: readonly Use[]): readonly ActionUsage[] {
  if (not) return [summed(`not ${entries.map(({ source }) => source).join(', ')}`, uses)];
  return entries.map(({ source, pattern }) =>
    summed(
      source,
      uses.filter(({ action }) => matchesPattern(pattern, action.toLowerCase())),
    ),
  );
}

function summed(action: string, uses: readonly Use[]): ActionUsage {
  const [last] = [...uses].sort((left, right) => right.lastAt - left.lastAt);
  return {
    action,
    count: uses.reduce((sum, use) => sum + use.count, 0),
    ...(last && { last: { action: last.action, resource: last.lastResource, at: last.lastAt } }),
  };
}
