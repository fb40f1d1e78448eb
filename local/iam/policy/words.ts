import type { Decision, NearMiss, PolicyType, StatementReference } from './decision';
import type { Caller } from './principal';

/** Who the caller is, as AWS's messages call it. */
export function callerName(caller: Caller): string {
  if ('arn' in caller) return caller.arn;
  if (caller.kind === 'service') return caller.name;
  if (caller.kind === 'federated') return caller.provider;
  return caller.kind === 'canonical user' ? caller.id : 'anonymous';
}

/**
 * The text of an access denied error, as AWS writes it ("Troubleshoot access denied error messages"), and after it in
 * brackets which statement denied, or which allowing ones nearly applied: AWS does not tell, but it ends the search.
 */
export function accessDeniedText(
  caller: Caller,
  action: string,
  resource: string,
  decision: Exclude<Decision, { readonly allowed: true }>,
): string {
  const start = `User: ${callerName(caller)} is not authorized to perform: ${action} on resource: ${resource}`;
  if (decision.reason === 'invalid request') {
    return `${start} because ${decision.problem}`;
  }
  if (decision.reason === 'explicit deny') {
    const { deniedBy } = decision;
    return `${start} with an explicit deny in ${article(deniedBy.policyType)} (${statementName(deniedBy)})`;
  }
  const why = `because no ${decision.missing} allows the ${action} action`;
  const near = decision.nearMisses.map(missText);
  return near.length === 0 ? `${start} ${why}` : `${start} ${why} (nearest: ${near.join('; ')})`;
}

/** `statement 2 "ReadRuns" of EtlPolicy`. */
export function statementName({ policyName, sid, index }: StatementReference): string {
  return `statement ${index + 1}${sid ? ` "${sid}"` : ''} of ${policyName}`;
}

function missText({ statement, resources, conditions }: NearMiss): string {
  const name = statementName(statement);
  if (resources) {
    return `${name} names the resources ${listed(resources)}`;
  }
  const failed = conditions.map(
    ({ operator, key, wanted, actual }) =>
      `${operator} ${key} [${listed(wanted)}], the request has ${actual.length === 0 ? 'none' : listed(actual)}`,
  );
  return `${name} wants ${failed.join(' and ')}`;
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, 4).join(', ');
  return values.length > 4 ? `${shown} and ${values.length - 4} more` : shown;
}

function article(type: PolicyType): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
