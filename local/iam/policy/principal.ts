/** Who makes a request, as policies see it. */
export type Caller =
  | { readonly kind: 'user'; readonly arn: string; readonly account: string; readonly userId: string }
  | {
      readonly kind: 'role session';
      readonly arn: string;
      readonly account: string;
      readonly roleArn: string;
      /** `AROA...:session`. */
      readonly userId: string;
    }
  | { readonly kind: 'root'; readonly arn: string; readonly account: string }
  /** An AWS service in its own name: `redshift.amazonaws.com`. */
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'canonical user'; readonly id: string }
  | { readonly kind: 'anonymous' };

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

/** The Principal or NotPrincipal element. */
export interface PrincipalElement {
  readonly not: boolean;
  readonly everyone: boolean;
  readonly entries: readonly { readonly type: PrincipalType; readonly value: string }[];
}

/**
 * How closely a Principal element names the caller. It decides what else must allow: an account only delegates to its
 * own identity policies, a user or a role session named itself needs nothing more in the same account.
 */
export type PrincipalGrade = 'itself' | 'role' | 'everyone' | 'account';

const GRADES: readonly PrincipalGrade[] = ['itself', 'role', 'everyone', 'account'];
const ACCOUNT = /^\d{12}$/;
const UNIQUE_ID = /^A(IDA|ROA|GPA|NPA|CCA|SCA|KIA|SIA|BIA)[A-Z0-9]{12,}$/;
const PRINCIPAL_ARN =
  /^arn:aws[\w-]*:(iam::\d{12}:(root|(user|role)\/[^*?]+)|sts::\d{12}:(assumed-role|federated-user)\/[^*?]+)$/;

/** Whether the value may stand in a Principal element. Source: IAM User Guide, "Principal". */
export function isPrincipalValue(type: PrincipalType, value: string): boolean {
  if (type === 'AWS') return value === '*' || ACCOUNT.test(value) || UNIQUE_ID.test(value) || PRINCIPAL_ARN.test(value);
  if (type === 'Service') return /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|aws\.internal)$/.test(value);
  if (type === 'CanonicalUser') return /^[0-9a-f]{64}$/.test(value);
  return value !== '' && !/[*?]/.test(value);
}

/** How the element names the caller; undefined when it does not. `deny` says which effect the statement has. */
export function principalGrade(element: PrincipalElement, caller: Caller, deny: boolean): PrincipalGrade | undefined {
  const identities = identitiesOf(caller);
  const named = identities.filter(({ type, values }) =>
    element.entries.some((entry) => entry.type === type && values.includes(entry.value)),
  );
  if (element.not) {
    // Each identity of the caller is judged: a deny spares it only when its account, role and session are all listed.
    const spared = element.everyone || (deny ? named.length === identities.length : named.length > 0);
    return spared ? undefined : 'everyone';
  }
  const grades = new Set<PrincipalGrade>(named.map(({ grade }) => grade));
  if (element.everyone) grades.add('everyone');
  return GRADES.find((grade) => grades.has(grade));
}

interface Identity {
  readonly type: PrincipalType;
  readonly grade: PrincipalGrade;
  readonly values: readonly string[];
}

function identitiesOf(caller: Caller): readonly Identity[] {
  switch (caller.kind) {
    case 'anonymous':
      return [];
    case 'service':
      return [{ type: 'Service', grade: 'itself', values: [caller.name] }];
    case 'federated':
      return [{ type: 'Federated', grade: 'itself', values: [caller.provider] }];
    case 'canonical user':
      return [{ type: 'CanonicalUser', grade: 'itself', values: [caller.id] }];
    case 'root':
      return [aws('itself', caller.arn, caller.account)];
    case 'user':
      return [aws('itself', caller.arn, caller.userId), accountOf(caller)];
    case 'role session': {
      const role = aws('role', caller.roleArn, caller.userId.split(':')[0]!);
      return [aws('itself', caller.arn), role, accountOf(caller)];
    }
  }
}

function aws(grade: PrincipalGrade, ...values: readonly string[]): Identity {
  return { type: 'AWS', grade, values };
}

function accountOf({ arn, account }: { readonly arn: string; readonly account: string }): Identity {
  return aws('account', account, `arn:${arn.split(':')[1]}:iam::${account}:root`);
}
