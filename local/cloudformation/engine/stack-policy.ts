import { validationError } from '../errors';
import { isObject } from '../values';

/** What an update does to a resource. */
export type UpdateAction = 'Update:Modify' | 'Update:Replace' | 'Update:Delete';

interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  matches(action: UpdateAction, logicalId: string, type: string): boolean;
}

/** Decides on updates of single resources. Source: user guide, "Prevent updates to stack resources". */
export interface StackPolicy {
  /** Why the update is denied; undefined when it is allowed. */
  denial(action: UpdateAction, resource: { readonly logicalId: string; readonly type: string }): string | undefined;
}

/** @throws AwsError ValidationError for what is no stack policy */
export function parseStackPolicy(body: string): StackPolicy {
  const statements = readStatements(body).map(readStatement);
  return {
    denial(action, { logicalId, type }) {
      const matching = (effect: PolicyStatement['effect']) =>
        statements.findIndex((statement) => statement.effect === effect && statement.matches(action, logicalId, type));
      const denied = matching('Deny');
      if (denied < 0 && matching('Allow') >= 0) return undefined;
      const statement = denied < 0 ? 'no statement allows' : `Statement [#${denied + 1}] does not allow`;
      return `Action denied by stack policy: ${statement} [${action}] for resource [LogicalResourceId/${logicalId}];`;
    },
  };
}

function readStatements(body: string): readonly unknown[] {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    document = undefined;
  }
  if (!isObject(document) || !Array.isArray(document.Statement)) {
    throw validationError('Error validating stack policy: it must be a JSON object with a list of Statement.');
  }
  return document.Statement;
}

function readStatement(statement: unknown, index: number): PolicyStatement {
  const fail = (what: string): never => {
    throw validationError(`Error validating stack policy: Statement [#${index + 1}] ${what}`);
  };
  if (!isObject(statement)) return fail('must be an object.');
  const { Effect: effect, Principal: principal } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') return fail(`has the Effect ${String(effect)}, not Allow or Deny.`);
  if (principal !== '*') return fail('must have the Principal "*".');
  const action = elementOf(statement, 'Action') ?? fail('must have either Action or NotAction.');
  const resource = elementOf(statement, 'Resource') ?? fail('must have either Resource or NotResource.');
  const types = resourceTypes(statement.Condition);
  return {
    effect,
    matches: (wanted, logicalId, type) =>
      action(wanted) && resource(`LogicalResourceId/${logicalId}`) && (types === undefined || types(type)),
  };
}

/** Whether a value is among an element's patterns, or with `Not` before its name is not. */
function elementOf(
  statement: Readonly<Record<string, unknown>>,
  name: string,
): ((value: string) => boolean) | undefined {
  const inverted = statement[name] === undefined;
  const patterns = statement[inverted ? `Not${name}` : name];
  if (patterns === undefined) return undefined;
  const matches = anyOf(patterns);
  return (value) => matches(value) !== inverted;
}

function resourceTypes(condition: unknown): ((type: string) => boolean) | undefined {
  if (!isObject(condition)) return undefined;
  const operators = Object.values(condition).filter(isObject);
  return anyOf(operators.flatMap((operator) => operator.ResourceType ?? []));
}

function anyOf(patterns: unknown): (value: string) => boolean {
  const expressions = [patterns].flat().map((pattern) => {
    const escaped = String(pattern).replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  });
  return (value) => expressions.some((expression) => expression.test(value));
}
