import type { Principal } from '../aws/service';
import { AwsError } from '../aws/service';
import type { Clock } from '../clock';
import { globalContext } from './global-context';
import type { RoleRecord } from './identity-store';
import { parseArn } from './policy/arn';
import { type ActionCatalogue, createIamDataCatalogue } from './policy/catalogue';
import type { Decision } from './policy/decision';
import { evaluate, type NamedPolicy } from './policy/evaluate';
import type { Caller } from './policy/principal';
import { type ContextValues, lazyRequestContext } from './policy/request-context';
import { accessDeniedText } from './policy/words';
import { callerOf } from './principals';
import { managedPolicy, type ReadPolicy, readPolicy, rolePolicies } from './role-policies';
import type { UsageJournal } from './usage-journal';

/** One call as a service puts it to IAM. */
export interface AccessRequest {
  readonly principal: Principal;
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` for an action that takes no resource. */
  readonly resource: string;
  /** Condition keys of the service (`s3:prefix`), and global ones that it knows better than the defaults. */
  readonly context: ContextValues;
  /** Whose resource it is, where the ARN does not say: a bucket's owner. */
  readonly resourceAccount?: string;
  /** The IAM prefix of the service that answers, where it is not the action's own: S3 that asks a key for its caller. */
  readonly answeredBy?: string;
}

export interface Authorizer {
  /**
   * @throws AwsError AccessDenied (AccessDeniedException in the JSON protocols) in AWS's words: who, action, resource,
   *   because of which kind of policy
   * @throws InvalidAccessRequestError when there is no such action or it takes no such resource
   * @throws UnknownManagedPolicyError
   */
  authorize(request: AccessRequest): void;
  /** The text of the refusal that `authorize` would throw; undefined where the call is allowed. @throws InvalidAccessRequestError */
  refusal(request: AccessRequest): string | undefined;
  /** The decision, which is journalled like the other's. @throws InvalidAccessRequestError */
  allows(request: AccessRequest): Decision;
}

/** A service of the local AWS asked for an action or a resource that IAM does not know: a fault of that service. */
export class InvalidAccessRequestError extends Error {
  override readonly name = 'InvalidAccessRequestError';
}

/** What the authorizer needs of an account's identities. */
export interface AccountIdentities {
  role(arn: string): RoleRecord | undefined;
}

export interface AuthorizerOptions {
  /** Undefined for an account that has never been addressed. */
  identitiesOf(account: string): AccountIdentities | undefined;
  /**
   * The documents on a resource of any account, by ARN: of buckets, keys, queues, secrets, functions, and under its own
   * ARN what a customer managed policy says. A document is the same object for as long as it is the same policy.
   */
  readonly resourcePolicies: { of(resourceArn: string): readonly unknown[] };
  readonly region: string;
  readonly clock: Clock;
  readonly usage: UsageJournal;
  readonly catalogue?: ActionCatalogue;
}

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

interface IdentityPolicies {
  readonly policies: readonly ReadPolicy[];
  readonly boundary?: ReadPolicy;
  readonly tags: Readonly<Record<string, string>>;
}

const NOTHING: IdentityPolicies = { policies: [], tags: {} };

/** Decides every call by the policies as they are deployed at the moment, and keeps a journal of what was used. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const catalogue = options.catalogue ?? createIamDataCatalogue();

  function decide(request: AccessRequest): { readonly caller: Caller; readonly decision: Decision } {
    const { action, resource } = request;
    const { region, clock } = options;
    const caller = callerOf(request.principal);
    const identity = identityPolicies(caller, options);
    const resourceAccount = request.resourceAccount ?? (parseArn(resource)?.account || undefined);
    const globals = { caller, tags: identity.tags, action, resource, resourceAccount, region, now: clock.now() };
    const decision = evaluate(
      {
        caller,
        action,
        resource,
        context: lazyRequestContext(() => ({ ...globalContext(globals), ...request.context })),
        ...(resourceAccount !== undefined && { resourceAccount }),
      },
      {
        identity: identity.policies,
        resource: isTrust(action) ? trustPolicy(resource, options) : resourcePolicies(resource, options),
        resourcePolicyDecides: isTrust(action) || /^arn:[\w-]+:kms:[^:]*:[^:]*:key\//.test(resource),
        ...(identity.boundary && { boundary: identity.boundary }),
      },
      catalogue,
    );
    journal(request, caller, decision, identity, options.usage);
    if (decision.reason === 'invalid request') {
      throw new InvalidAccessRequestError(`The local AWS can't decide a call: ${decision.problem}.`);
    }
    return { caller, decision };
  }

  function refusal(request: AccessRequest): string | undefined {
    const { caller, decision } = decide(request);
    return decision.allowed ? undefined : accessDeniedText(caller, request.action, request.resource, decision);
  }

  return {
    allows: (request) => decide(request).decision,
    refusal,
    authorize(request) {
      const text = refusal(request);
      if (text !== undefined) throw accessDenied(request, text);
    },
  };
}

function identityPolicies(caller: Caller, options: AuthorizerOptions): IdentityPolicies {
  if (caller.kind === 'user') {
    // One user an account: its operator, who administers it.
    const operator = caller.arn === `arn:aws:iam::${caller.account}:user/operator`;
    return operator ? { policies: [managedPolicy(ADMINISTRATOR, options.resourcePolicies)], tags: {} } : NOTHING;
  }
  if (caller.kind !== 'role session') return NOTHING;
  const role = options.identitiesOf(caller.account)?.role(caller.roleArn);
  if (!role) return NOTHING;
  const policies = rolePolicies(role, options.resourcePolicies);
  const { permissionsBoundaryArn, tags = {} } = role;
  return permissionsBoundaryArn === undefined
    ? { policies, tags }
    : { policies, tags, boundary: managedPolicy(permissionsBoundaryArn, options.resourcePolicies) };
}

function isTrust(action: string): boolean {
  return /^sts:(assumerole|tagsession|setsourceidentity)/i.test(action);
}

/** A role's trust policy is the policy of that resource; without one nobody assumes it. */
function trustPolicy(roleArn: string, options: AuthorizerOptions): readonly NamedPolicy[] {
  const role = options.identitiesOf(parseArn(roleArn)?.account ?? '')?.role(roleArn);
  return role ? [readPolicy(roleArn, role.trustPolicy, 'trust')] : [];
}

/** An object has its bucket's policies. */
function resourcePolicies(resource: string, { resourcePolicies: kept }: AuthorizerOptions): readonly NamedPolicy[] {
  const holder = resource.replace(/^(arn:[\w-]+:s3:::[^/]+)\/.*$/s, '$1');
  return kept.of(holder).map((document) => readPolicy(holder, document, 'resource'));
}

function journal(
  { action, resource, principal }: AccessRequest,
  caller: Caller,
  decision: Decision,
  identity: IdentityPolicies,
  usage: UsageJournal,
): void {
  const principalArn = principal.roleArn ?? principal.arn;
  if (!decision.allowed) {
    const reason = decision.reason === 'implicit deny' ? `no ${decision.missing}` : decision.reason;
    usage.refused({ principalArn, action, reason, lastResource: resource });
    return;
  }
  if (caller.kind !== 'role session') return;
  for (const { policyType, policyName, index } of decision.allowedBy) {
    const policy = policyType === 'identity-based policy' && identity.policies.find(({ name }) => name === policyName);
    if (!policy) continue;
    usage.used({ principalArn, policyName, statement: policy.fingerprints[index]!, action, lastResource: resource });
  }
}

/** Services whose errors carry the code AccessDenied; the others say AccessDeniedException. */
const QUERY_AND_REST_XML = ['s3', 'sts', 'iam', 'cloudformation', 'sns', 'cloudwatch', 'ec2', 'redshift'];
/** Services of the JSON protocol, which answers 400. */
const JSON_PROTOCOL = ['redshift-data', 'redshift-serverless', 'ssm', 'logs', 'kms', 'secretsmanager', 'sqs'];

function accessDenied({ action, answeredBy }: AccessRequest, text: string): AwsError {
  const service = answeredBy ?? action.slice(0, action.indexOf(':'));
  const code = QUERY_AND_REST_XML.includes(service) ? 'AccessDenied' : 'AccessDeniedException';
  return new AwsError(code, text, JSON_PROTOCOL.includes(service) ? 400 : 403);
}
