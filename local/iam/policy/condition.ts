import { CONDITION_OPERATORS, type ConditionOperator } from './operators';
import type { RequestContext } from './request-context';
import { resolveTemplate, type Template } from './template';

/** One operator with one key and the values listed for it. */
export interface Condition {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Template[];
  readonly test: ConditionTest;
}

/** What the operator's name says. */
export interface ConditionTest {
  readonly comparison: ConditionOperator | 'Null';
  readonly ifExists: boolean;
  /** How the several values of a multivalued key are taken. */
  readonly set?: 'all' | 'any';
}

/** A condition that was not met: what the policy wants and what the request has. */
export interface FailedCondition {
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
  /** Empty when the request does not have the key. */
  readonly actual: readonly string[];
}

/** Reads an operator's name; undefined when there is none of that name. */
export function conditionTest(name: string): ConditionTest | undefined {
  const [, qualifier, base, suffix] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name) ?? [];
  if (base === 'Null') {
    return qualifier === undefined && suffix === undefined ? { comparison: 'Null', ifExists: false } : undefined;
  }
  const comparison = CONDITION_OPERATORS.get(base ?? '');
  if (!comparison) {
    return undefined;
  }
  const set = qualifier === 'ForAllValues' ? 'all' : qualifier === 'ForAnyValue' ? 'any' : undefined;
  return { comparison, ifExists: suffix !== undefined, ...(set && { set }) };
}

/** All conditions of a statement that the request does not meet: every one must hold. */
export function failedConditions(conditions: readonly Condition[], context: RequestContext): FailedCondition[] {
  return conditions
    .filter((condition) => !holds(condition, context))
    .map(({ operator, key, values }) => ({
      operator,
      key,
      wanted: values.map((value) => resolveTemplate(value, context)?.text ?? value.source),
      actual: context.values(key) ?? [],
    }));
}

function holds({ test, key, values }: Condition, context: RequestContext): boolean {
  const actual = context.values(key);
  const { comparison } = test;
  if (comparison === 'Null') {
    return values.some(({ source }) => source.toLowerCase() === String(actual === undefined));
  }
  if (actual === undefined) {
    return whenAbsent(test, comparison);
  }
  const matching = matcher(comparison, values, context);
  if (test.set !== undefined) {
    return test.set === 'all' ? actual.every(matching) : actual.some(matching);
  }
  // AWS asks for a set operator here. Without one, a negated operator must hold for all, any other for one of them.
  return comparison.negated ? actual.every(matching) : actual.some(matching);
}

/** Source: "Condition operators", ...IfExists; "Multivalued context keys", ForAllValues and ForAnyValue. */
function whenAbsent({ ifExists, set }: ConditionTest, { negated }: ConditionOperator): boolean {
  if (ifExists || set === 'all') return true;
  return set !== 'any' && negated;
}

/** The values of the policy are alternatives; under a negated operator none of them may match. */
function matcher(
  operator: ConditionOperator,
  values: readonly Template[],
  context: RequestContext,
): (actual: string) => boolean {
  const wanted = values.flatMap((value) => {
    const resolved = operator.variables ? resolveTemplate(value, context) : { pieces: [], text: value.source };
    return resolved === undefined ? [] : [resolved];
  });
  return (actual) => wanted.some((value) => operator.matches(actual, value)) !== operator.negated;
}
