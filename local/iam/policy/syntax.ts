import { MalformedPolicyError, SYNTAX_ERRORS } from './errors';
import type { PolicyVersion } from './template';

/** A statement whose elements have the right types, not yet looked into. */
export interface RawStatement {
  /** `Statement 2 (ReadRuns)`, from 1, for messages. */
  readonly where: string;
  readonly index: number;
  readonly sid?: string;
  /** Allow or Deny in any case of letters: `allow` is refused later than what can't be read at all. */
  readonly effect: string;
  readonly actions?: RawList;
  readonly resources?: RawList;
  readonly principals?: { readonly not: boolean; readonly value: unknown };
  /** Operator, key and values. */
  readonly conditions: readonly RawCondition[];
}

export interface RawList {
  readonly not: boolean;
  readonly values: readonly string[];
}

export interface RawCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface RawDocument {
  readonly version?: PolicyVersion;
  readonly statements: readonly RawStatement[];
}

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/** Reads elements and their types. Source: "Grammar of the IAM JSON policy language". @throws MalformedPolicyError */
export function readSyntax(given: unknown): RawDocument {
  const document = typeof given === 'string' ? parseJson(given) : given;
  if (!isObject(document)) throw syntax('a policy is a JSON object');
  onlyElements(document, DOCUMENT_ELEMENTS, 'the policy');
  const { Version: version, Id: id, Statement: statement } = document;
  if (version !== undefined && version !== '2008-10-17' && version !== '2012-10-17') {
    throw syntax(`Version is ${shown(version)}; there are 2012-10-17 and 2008-10-17`);
  }
  if (id !== undefined && typeof id !== 'string') throw syntax(`Id is ${shown(id)}, not text`);
  const list = Array.isArray(statement) ? statement : [statement];
  if (statement === undefined || list.length === 0) throw syntax('there is no Statement');
  return { ...(version && { version }), statements: list.map(readStatement) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw syntax((error as Error).message);
  }
}

function readStatement(given: unknown, index: number): RawStatement {
  if (!isObject(given)) throw syntax(`statement ${index + 1} is ${shown(given)}, not an object`);
  const { Sid: sid } = given;
  if (sid !== undefined && typeof sid !== 'string') throw syntax(`statement ${index + 1}: Sid is ${shown(sid)}`);
  const where = `statement ${index + 1}${sid === undefined ? '' : ` "${sid}"`}`;
  onlyElements(given, STATEMENT_ELEMENTS, where);
  const actions = either(given, 'Action', where);
  const resources = either(given, 'Resource', where);
  const principal = either(given, 'Principal', where);
  return {
    where,
    index,
    ...(sid !== undefined && { sid }),
    effect: readEffect(given.Effect, where),
    ...(actions && { actions: { not: actions.not, values: texts(actions.value, 'Action', where) } }),
    ...(resources && { resources: { not: resources.not, values: texts(resources.value, 'Resource', where) } }),
    ...(principal && { principals: principal }),
    conditions: readConditions(given.Condition, where),
  };
}

/** An element or its Not form, of which a statement may have one. */
function either(
  given: Record<string, unknown>,
  name: string,
  where: string,
): { not: boolean; value: unknown } | undefined {
  const positive = given[name];
  const negative = given[`Not${name}`];
  if (positive !== undefined && negative !== undefined) throw syntax(`${where} has both ${name} and Not${name}`);
  if (positive !== undefined) return { not: false, value: positive };
  return negative === undefined ? undefined : { not: true, value: negative };
}

function readEffect(effect: unknown, where: string): string {
  if (typeof effect === 'string' && /^(allow|deny)$/i.test(effect)) return effect;
  throw syntax(`${where}: Effect is ${effect === undefined ? 'missing' : shown(effect)}; it is Allow or Deny`);
}

function readConditions(given: unknown, where: string): RawCondition[] {
  if (given === undefined) return [];
  if (!isObject(given)) throw syntax(`${where}: Condition is ${shown(given)}, not an object`);
  return Object.entries(given).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw syntax(`${where}: Condition ${operator} is ${shown(keys)}, not an object`);
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: scalars(values, `${where}: Condition ${operator} ${key}`),
    }));
  });
}

/** Numbers and booleans may stand without quotation marks. */
function scalars(given: unknown, where: string): string[] {
  return (Array.isArray(given) ? given : [given]).map((value) => {
    if (!['string', 'number', 'boolean'].includes(typeof value)) throw syntax(`${where} is ${shown(value)}`);
    return String(value);
  });
}

function texts(given: unknown, name: string, where: string): string[] {
  return (Array.isArray(given) ? given : [given]).map((value) => {
    if (typeof value !== 'string') throw syntax(`${where}: ${name} holds ${shown(value)}, not text`);
    return value;
  });
}

function onlyElements(given: Record<string, unknown>, allowed: readonly string[], where: string): void {
  const unknown = Object.keys(given).find((name) => !allowed.includes(name));
  if (unknown !== undefined) {
    throw syntax(`${where} has the element ${shown(unknown)}; there are ${allowed.join(', ')}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'missing';
}

function syntax(detail: string): MalformedPolicyError {
  return new MalformedPolicyError(SYNTAX_ERRORS, detail);
}
