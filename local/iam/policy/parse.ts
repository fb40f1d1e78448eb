import { resourcePattern } from './arn';
import { type Condition, conditionTest } from './condition';
import type { ActionElement, PolicyDocument, PolicyKind, ResourceElement, Statement } from './document';
import { LEGACY_PARSING, MalformedPolicyError, SYNTAX_ERRORS } from './errors';
import { wildcardPattern } from './pattern';
import { isPrincipalValue, type PrincipalElement, type PrincipalType } from './principal';
import { checkResource, checkResourceLegacy } from './resource-rules';
import { type RawCondition, type RawDocument, type RawList, type RawStatement, readSyntax } from './syntax';
import { isConstant, type PolicyVersion, parseTemplate, resolveTemplate } from './template';

const NO_VALUES = { values: () => undefined };

/**
 * Reads a policy document, JSON text or the object, and refuses what IAM refuses, in IAM's words and order.
 * @throws MalformedPolicyError
 */
export function parsePolicy(given: unknown, kind: PolicyKind): PolicyDocument {
  const raw = readSyntax(given);
  checkConditionNames(raw);
  if (kind === 'managed' && raw.version !== '2012-10-17') {
    throw new MalformedPolicyError('Policy document must be version 2012-10-17 or greater.');
  }
  checkLegacy(raw);
  checkSids(raw);
  for (const check of [checkPrincipals, checkResources, checkActions]) {
    for (const statement of raw.statements) check(statement, kind);
  }
  const version = raw.version ?? '2008-10-17';
  return { version, statements: raw.statements.map((statement) => build(statement, version, kind)) };
}

function checkConditionNames({ statements }: RawDocument): void {
  for (const { where, conditions } of statements) {
    const unknown = conditions.find(({ operator }) => conditionTest(operator) === undefined);
    if (unknown) {
      throw new MalformedPolicyError(SYNTAX_ERRORS, `${where}: there is no condition operator ${unknown.operator}`);
    }
  }
}

/** What IAM finds before it looks at actions and resources. */
function checkLegacy({ statements }: RawDocument): void {
  for (const { where, effect, resources, conditions } of statements) {
    if (effect !== 'Allow' && effect !== 'Deny') {
      throw new MalformedPolicyError(LEGACY_PARSING, `${where}: Effect is "${effect}"; it is Allow or Deny`);
    }
    for (const resource of resources?.values ?? []) checkResourceLegacy(resource, where);
    for (const condition of conditions) checkConditionValues(condition, where);
  }
}

function checkConditionValues({ operator, key, values }: RawCondition, where: string): void {
  const { comparison } = conditionTest(operator)!;
  const accepts = (value: string) =>
    comparison === 'Null' ? /^(true|false)$/i.test(value) : (comparison.accepts?.(value) ?? true);
  const wrong = values.find((value) => !accepts(value));
  if (wrong !== undefined) {
    throw new MalformedPolicyError(LEGACY_PARSING, `${where}: ${operator} ${key} can't be compared with "${wrong}"`);
  }
}

function checkSids({ statements }: RawDocument): void {
  const sids = statements.flatMap(({ sid }) => (sid === undefined || sid === '' ? [] : [sid]));
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (twice !== undefined) {
    throw new MalformedPolicyError(
      'Statement IDs (SID) in a single policy must be unique.',
      `"${twice}" is there twice`,
    );
  }
}

function checkPrincipals({ where, principals, resources }: RawStatement, kind: PolicyKind): void {
  const resourceBased = kind === 'resource' || kind === 'trust';
  if (principals && !resourceBased) {
    throw new MalformedPolicyError('Policy document should not specify a principal.', where);
  }
  if (!principals && resourceBased) throw new MalformedPolicyError('Missing required field Principal', where);
  if (kind === 'trust' && resources) throw new MalformedPolicyError('Has prohibited field Resource', where);
}

function checkResources({ where, resources }: RawStatement): void {
  for (const resource of resources?.values ?? []) checkResource(resource, where);
}

function checkActions({ where, actions, resources }: RawStatement, kind: PolicyKind): void {
  if (!actions || actions.values.length === 0) {
    throw new MalformedPolicyError('Policy statement must contain actions.', where);
  }
  for (const action of actions.values) checkAction(action, where);
  if (kind === 'trust') checkTrustActions(actions, where);
  else if (!resources || resources.values.length === 0) {
    throw new MalformedPolicyError('Policy statement must contain resources.', where);
  }
}

function checkAction(action: string, where: string): void {
  if (action === '*') return;
  const parts = action.split(':');
  if (parts.length === 1) {
    throw new MalformedPolicyError(
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      `${where}: "${action}"`,
    );
  }
  if (parts.length > 2) {
    throw new MalformedPolicyError('Actions/Condition can contain only one colon.', `${where}: "${action}"`);
  }
  if (parts[0] !== '*' && !/^[\w.-]+$/.test(parts[0]!)) {
    throw new MalformedPolicyError(`Vendor ${parts[0]} is not valid`, `${where}: "${action}"`);
  }
}

function checkTrustActions(actions: RawList, where: string): void {
  const other = actions.values.find((action) => !/^(sts:|\*$)/i.test(action));
  if (other !== undefined) {
    throw new MalformedPolicyError(
      'AssumeRole policy may only specify STS AssumeRole actions.',
      `${where}: "${other}"`,
    );
  }
}

function build(raw: RawStatement, version: PolicyVersion, kind: PolicyKind): Statement {
  const { index, sid, effect, actions, resources, principals, conditions } = raw;
  return {
    index,
    ...(sid !== undefined && { sid }),
    effect: effect === 'Deny' ? 'Deny' : 'Allow',
    ...(principals && { principal: buildPrincipal(principals, raw.where) }),
    action: buildActions(actions!),
    ...(resources && kind !== 'trust' && { resource: buildResources(resources, version) }),
    conditions: conditions.map((condition) => buildCondition(condition, version)),
  };
}

function buildActions({ not, values }: RawList): ActionElement {
  return { not, entries: values.map((source) => ({ source, pattern: wildcardPattern(source.toLowerCase()) })) };
}

function buildResources({ not, values }: RawList, version: PolicyVersion): ResourceElement {
  const entries = values.map((source) => {
    const template = parseTemplate(source, version);
    const resolved = isConstant(template) ? resolveTemplate(template, NO_VALUES) : undefined;
    return { template, ...(resolved && { pattern: resourcePattern(resolved.pieces) }) };
  });
  return { not, entries };
}

function buildCondition({ operator, key, values }: RawCondition, version: PolicyVersion): Condition {
  return {
    operator,
    key,
    values: values.map((value) => parseTemplate(value, version)),
    test: conditionTest(operator)!,
  };
}

const PRINCIPAL_TYPES: readonly string[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

function buildPrincipal({ not, value }: { not: boolean; value: unknown }, where: string): PrincipalElement {
  if (value === '*') return { not, everyone: true, entries: [] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedPolicyError(`Invalid principal in policy: ${JSON.stringify(value)}`, where);
  }
  const entries = Object.entries(value).flatMap(([type, listed]) =>
    (Array.isArray(listed) ? listed : [listed]).map((entry: unknown) => principalEntry(type, entry, where)),
  );
  const isEveryone = ({ type, value: name }: { type: string; value: string }) => type === 'AWS' && name === '*';
  return { not, everyone: entries.some(isEveryone), entries: entries.filter((entry) => !isEveryone(entry)) };
}

function principalEntry(type: string, value: unknown, where: string): { type: PrincipalType; value: string } {
  const known = PRINCIPAL_TYPES.includes(type);
  if (!known || typeof value !== 'string' || !isPrincipalValue(type as PrincipalType, value)) {
    throw new MalformedPolicyError(`Invalid principal in policy: "${type}":${JSON.stringify(value)}`, where);
  }
  return { type: type as PrincipalType, value };
}
