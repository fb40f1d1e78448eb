import { parseArn } from './policy/arn';
import type { Caller } from './policy/principal';
import type { ContextValues } from './policy/request-context';

/**
 * The condition keys that every request has. The local endpoint listens on loopback without TLS and stands for one
 * that has it: `aws:SecureTransport` is true. Source: IAM User Guide, "Global condition context keys".
 */
export function globalContext(options: {
  readonly caller: Caller;
  readonly tags: Readonly<Record<string, string>>;
  readonly action: string;
  readonly resource: string;
  /** Whose resource it is, where that is known. */
  readonly resourceAccount: string | undefined;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): ContextValues {
  const { caller, action, resourceAccount, region, now } = options;
  const service = action.slice(0, action.indexOf(':')).toLowerCase();
  return {
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1_000)),
    'aws:RequestedRegion': parseArn(options.resource)?.region || region,
    'aws:ViaAWSService': 'false',
    'aws:PrincipalIsAWSService': String(caller.kind === 'service'),
    ...(resourceAccount !== undefined && { 'aws:ResourceAccount': resourceAccount }),
    ...(resourceAccount !== undefined && service === 's3' && { 's3:ResourceAccount': resourceAccount }),
    ...('account' in caller && service === 'kms' && { 'kms:CallerAccount': caller.account }),
    ...callerContext(caller, options.tags),
  };
}

function callerContext(caller: Caller, tags: Readonly<Record<string, string>>): ContextValues {
  if (caller.kind === 'service') return { 'aws:PrincipalServiceName': caller.name };
  if (!('account' in caller)) return { 'aws:SourceIp': '127.0.0.1', 'aws:PrincipalType': 'Anonymous' };
  const tagged = Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value] as const);
  return {
    'aws:SourceIp': '127.0.0.1',
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalArn': caller.kind === 'role session' ? caller.roleArn : caller.arn,
    'aws:PrincipalType': { 'role session': 'AssumedRole', user: 'User', root: 'Account' }[caller.kind],
    'aws:userid': caller.kind === 'root' ? caller.account : caller.userId,
    ...(caller.kind === 'user' && { 'aws:username': caller.arn.slice(caller.arn.lastIndexOf('/') + 1) }),
    ...Object.fromEntries(tagged),
  };
}
