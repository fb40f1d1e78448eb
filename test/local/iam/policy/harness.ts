import { createIamDataCatalogue } from '../../../../local/iam/policy/catalogue';
import type { Decision } from '../../../../local/iam/policy/decision';
import type { PolicyKind } from '../../../../local/iam/policy/document';
import { evaluate, type NamedPolicy } from '../../../../local/iam/policy/evaluate';
import { parsePolicy } from '../../../../local/iam/policy/parse';
import type { Caller } from '../../../../local/iam/policy/principal';
import { type ContextValues, requestContext } from '../../../../local/iam/policy/request-context';

export const catalogue = createIamDataCatalogue();

export type StatementJson = Readonly<Record<string, unknown>>;

export const HERE = '111122223333';
export const ELSEWHERE = '444455556666';

export const JANE: Caller = {
  kind: 'user',
  arn: `arn:aws:iam::${HERE}:user/Jane`,
  account: HERE,
  userId: 'AIDAJANEJANEJANEJANE',
};
export const SESSION: Caller = {
  kind: 'role session',
  arn: `arn:aws:sts::${HERE}:assumed-role/Loader/nightly`,
  account: HERE,
  roleArn: `arn:aws:iam::${HERE}:role/Loader`,
  userId: 'AROALOADERLOADER0000:nightly',
};

export const allow = (action: unknown, resource: unknown = '*', more: StatementJson = {}): StatementJson => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
});
export const deny = (action: unknown, resource: unknown = '*', more: StatementJson = {}): StatementJson => ({
  ...allow(action, resource, more),
  Effect: 'Deny',
});
export const to = (principal: unknown): StatementJson => ({ Principal: principal });

export interface Asked {
  readonly caller?: Caller;
  readonly action?: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly context?: ContextValues;
}

/** Policies as lists of statements. */
export interface Given {
  readonly identity?: readonly StatementJson[];
  readonly resource?: readonly StatementJson[];
  readonly trust?: readonly StatementJson[];
  /** The resource is a key: its policy decides. */
  readonly key?: boolean;
  readonly boundary?: readonly StatementJson[];
  readonly session?: readonly StatementJson[];
  readonly guardrails?: readonly (readonly StatementJson[])[];
  readonly version?: string;
}

export const OBJECT = 'arn:aws:s3:::reports/2018/november.csv';

function named(
  name: string,
  statements: readonly StatementJson[],
  kind: PolicyKind,
  version = '2012-10-17',
): NamedPolicy {
  return { name, document: parsePolicy({ Version: version, Statement: statements }, kind) };
}

/** Decides a request; what is left out is Jane getting an object of her own account. */
export function decide(given: Given, asked: Asked = {}): Decision {
  const { identity = [], resource, trust, boundary, session, guardrails, version, key } = given;
  const caller = asked.caller ?? JANE;
  return evaluate(
    {
      caller,
      action: asked.action ?? 's3:GetObject',
      resource: asked.resource ?? OBJECT,
      resourceAccount: asked.resourceAccount ?? HERE,
      context: requestContext(asked.context ?? {}),
    },
    {
      identity: identity.length === 0 ? [] : [named('Mine', identity, 'inline', version)],
      ...(resource && { resource: [named('Its', resource, 'resource', version)] }),
      ...(trust && { resource: [named('Trust', trust, 'trust', version)], resourcePolicyDecides: true }),
      ...(key && { resourcePolicyDecides: true }),
      ...(boundary && { boundary: named('Boundary', boundary, 'inline') }),
      ...(session && { session: [named('Session', session, 'inline')] }),
      ...(guardrails && { guardrails: guardrails.map((list, index) => [named(`Guardrail${index}`, list, 'inline')]) }),
    },
    catalogue,
  );
}

/** `allowed`, `explicit deny`, `implicit deny` or `invalid request`. */
export function outcome(given: Given, asked: Asked = {}): Decision['reason'] {
  return decide(given, asked).reason;
}
