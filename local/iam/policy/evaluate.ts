import { parseArn } from './arn';
import { type ActionCatalogue, isOfType } from './catalogue';
import type { Decision, NearMiss, PolicyType, StatementReference } from './decision';
import type { PolicyDocument } from './document';
import type { PrincipalGrade } from './principal';
import { matchStatement, type PolicyRequest } from './statement';

/** A policy with the name that decisions call it by. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** All policies that have a say in a request. */
export interface ApplicablePolicies {
  /** Of the caller: inline and managed ones. */
  readonly identity: readonly NamedPolicy[];
  /** Of the resource: a bucket's, key's, queue's or secret's policy, a role's trust policy. */
  readonly resource?: readonly NamedPolicy[];
  /** Of a key or a role: without its resource's policy nobody gets in, whatever identity policies say. */
  readonly resourcePolicyDecides?: boolean;
  readonly boundary?: NamedPolicy;
  /** Given when the session was made; each of them must allow. */
  readonly session?: readonly NamedPolicy[];
  /** Service control policies: the lists from the organization's root down; each list must allow. */
  readonly guardrails?: readonly (readonly NamedPolicy[])[];
}

export interface EvaluatedRequest extends PolicyRequest {
  /** Whose resource it is; the ARN's account where this is left out, the caller's where the ARN names none. */
  readonly resourceAccount?: string;
}

interface Applying {
  readonly allows: readonly { readonly reference: StatementReference; readonly grade: PrincipalGrade }[];
  readonly denies: readonly StatementReference[];
  readonly nearMisses: readonly NearMiss[];
}

/** Nearest misses that a decision tells of. */
const MAX_NEAR_MISSES = 5;

/**
 * Decides a request. Source: IAM User Guide, "Policy evaluation logic": an explicit deny in any policy wins; guardrails
 * must allow; then in the caller's own account the identity-based or the resource-based policies must allow, in
 * another account both; permissions boundary and session policies limit what identity-based policies allow.
 */
export function evaluate(
  request: EvaluatedRequest,
  policies: ApplicablePolicies,
  catalogue: ActionCatalogue,
): Decision {
  const problem = requestProblem(request, catalogue);
  if (problem !== undefined) {
    return { allowed: false, reason: 'invalid request', problem };
  }
  const look = (type: PolicyType, list: readonly NamedPolicy[]) => applying(type, list, request);
  const found = {
    identity: look('identity-based policy', policies.identity),
    resource: look(resourcePolicyType(request.action), policies.resource ?? []),
    boundary: policies.boundary && look('permissions boundary', [policies.boundary]),
    sessions: (policies.session ?? []).map((policy) => look('session policy', [policy])),
    guardrails: (policies.guardrails ?? []).map((list) => look('service control policy', list)),
  };
  const limits = [...(found.boundary ? [found.boundary] : []), ...found.sessions];
  const everything = [...found.guardrails, found.resource, found.identity, ...limits];
  const deniedBy = everything.flatMap(({ denies }) => denies)[0];
  if (deniedBy) {
    return { allowed: false, reason: 'explicit deny', deniedBy };
  }
  const decided = decide(request, policies, found);
  if (typeof decided !== 'string') {
    return { allowed: true, reason: 'allowed', allowedBy: decided };
  }
  const nearMisses = everything.flatMap((each) => each.nearMisses).slice(0, MAX_NEAR_MISSES);
  return { allowed: false, reason: 'implicit deny', missing: decided, nearMisses };
}

interface Found {
  readonly identity: Applying;
  readonly resource: Applying;
  readonly boundary?: Applying | undefined;
  readonly sessions: readonly Applying[];
  readonly guardrails: readonly Applying[];
}

/** The statements that allow, or the kind of policy that does not. */
function decide(
  request: EvaluatedRequest,
  policies: ApplicablePolicies,
  found: Found,
): readonly StatementReference[] | PolicyType {
  const { caller } = request;
  const resourceType = resourcePolicyType(request.action);
  const grants = found.resource.allows;
  if (!('account' in caller)) {
    return grants.length > 0 ? grants.map(({ reference }) => reference) : resourceType;
  }
  if (found.guardrails.some(({ allows }) => allows.length === 0)) {
    return 'service control policy';
  }
  const sameAccount = ownerOf(request) === caller.account;
  // The account is named for its users and roles to be let in by their own policies; that alone lets nobody in.
  const direct = grants.filter(({ grade }) => grade !== 'account');
  const unlimited = direct.filter(({ grade }) => grade === 'itself');
  if (sameAccount && unlimited.length > 0) {
    return unlimited.map(({ reference }) => reference);
  }
  if (grants.length === 0 && (!sameAccount || policies.resourcePolicyDecides)) {
    return found.identity.allows.length > 0 || sameAccount ? resourceType : 'identity-based policy';
  }
  const root = caller.kind === 'root';
  if (found.identity.allows.length === 0 && !root && !(sameAccount && direct.length > 0)) {
    return 'identity-based policy';
  }
  if (found.boundary && found.boundary.allows.length === 0) {
    return 'permissions boundary';
  }
  if (found.sessions.some(({ allows }) => allows.length === 0)) {
    return 'session policy';
  }
  return [...found.identity.allows, ...grants].map(({ reference }) => reference);
}

function applying(type: PolicyType, policies: readonly NamedPolicy[], request: PolicyRequest): Applying {
  const allows: { reference: StatementReference; grade: PrincipalGrade }[] = [];
  const denies: StatementReference[] = [];
  const nearMisses: NearMiss[] = [];
  for (const { name, document } of policies) {
    for (const statement of document.statements) {
      const match = matchStatement(statement, request);
      if (!match.applies && !match.near) continue;
      const { index, sid } = statement;
      const reference = { policyType: type, policyName: name, index, ...(sid !== undefined && { sid }) };
      if (match.applies) {
        if (statement.effect === 'Deny') denies.push(reference);
        else allows.push({ reference, grade: match.grade });
      } else if (statement.effect === 'Allow') {
        const { conditions, resources } = match;
        nearMisses.push({ statement: reference, conditions, ...(resources && { resources }) });
      }
    }
  }
  return { allows, denies, nearMisses };
}

function resourcePolicyType(action: string): PolicyType {
  return /^sts:(assumerole|tagsession|setsourceidentity)/i.test(action) ? 'role trust policy' : 'resource-based policy';
}

function ownerOf({ resource, resourceAccount, caller }: EvaluatedRequest): string | undefined {
  if (resourceAccount !== undefined) return resourceAccount;
  const account = parseArn(resource)?.account;
  return account || ('account' in caller ? caller.account : undefined);
}

/** What is wrong with the request itself: such a request must fit no policy by accident. */
function requestProblem({ action, resource }: PolicyRequest, catalogue: ActionCatalogue): string | undefined {
  const entry = catalogue.action(action);
  if (!entry) {
    return `there is no action ${action}`;
  }
  const { resourceTypes } = entry;
  const names = resourceTypes.map(({ name }) => name).join(', ') || 'none, only *';
  if (resource === '*') {
    const needed = resourceTypes.length > 0 && resourceTypes.every(({ required }) => required);
    return needed ? `the action ${entry.name} needs a resource (${names}), not *` : undefined;
  }
  return resourceTypes.some((type) => isOfType(type, resource))
    ? undefined
    : `the action ${entry.name} does not take the resource ${resource} (it takes: ${names})`;
}
