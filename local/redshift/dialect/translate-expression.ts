import { notImplementedLocally, RedshiftError } from '../errors';
import type { Case, Cast, ColumnRef, Expression, Navigation } from './ast';
import { quoteLiteral } from './engine-types';
import { translateCall } from './functions';
import { extractPart } from './functions-date-parts';
import { convertZone } from './functions-dates';
import { castTo, unifyValues } from './infer-coerce';
import { BOOLEAN, derived, displayType, isInteger, SUPER, type Typed, typed, UNKNOWN } from './infer-types';
import { resolveColumn, type Scope } from './scope';
import { intervalConstant, parseInterval } from './translate-interval';
import { translateLiteral, translateParameter } from './translate-literals';
import { translateBinary, translateUnary } from './translate-operators';
import {
  translateBetween,
  translateExists,
  translateInList,
  translateInQuery,
  translateIsTest,
  translateLike,
  translateQuantified,
  translateScalarSubquery,
} from './translate-predicates';

/**
 * Translates one expression, with the type Redshift would give it.
 * @throws RedshiftError with Redshift's text for what the expression gets wrong
 */
export function translateExpression(node: Expression, scope: Scope): Typed {
  switch (node.node) {
    case 'literal':
      return translateLiteral(node);
    case 'column':
      return translateColumn(node, scope);
    case 'parameter':
      return translateParameter(node, scope);
    case 'unary':
      return translateUnary(node, scope);
    case 'binary':
      return translateBinary(node, scope);
    case 'logical':
      return translateLogical(node.operator, node.left, node.right, scope);
    case 'is':
      return translateIsTest(node, scope);
    case 'between':
      return translateBetween(node, scope);
    case 'in list':
      return translateInList(node, scope);
    case 'in query':
      return translateInQuery(node, scope);
    case 'like':
      return translateLike(node, scope);
    case 'exists':
      return translateExists(node, scope);
    case 'subquery':
      return translateScalarSubquery(node, scope);
    case 'quantified':
      return translateQuantified(node, scope);
    case 'case':
      return translateCase(node, scope);
    case 'cast':
      return translateCast(node, scope);
    case 'call':
      return translateCall(node, scope);
    case 'extract':
      return extractPart(node.part, translateExpression(node.operand, scope));
    case 'at time zone':
      return convertZone(translateExpression(node.operand, scope), translateExpression(node.zone, scope));
    case 'interval':
      return intervalConstant(parseInterval(node.value, node.field));
    case 'navigate':
      return translateNavigation(node, scope);
    case 'row':
      throw notImplementedLocally('A row expression outside of =, <> and IN');
    case 'star':
      throw new RedshiftError('syntax error at or near "*"', '42601', { position: node.position });
  }
}

/** A condition; `clause` names it in the message. @throws RedshiftError 42804 when it is no boolean */
export function translateCondition(node: Expression, scope: Scope, clause: string): Typed {
  const value = translateExpression(node, scope);
  if (value.type.name === 'boolean') return value;
  if (value.type.name === 'unknown') return castTo(value, BOOLEAN);
  if (value.type.name === 'super') return castTo(value, BOOLEAN, 'implicit');
  throw new RedshiftError(`argument of ${clause} must be type boolean, not type ${displayType(value.type)}`, '42804', {
    position: node.position,
  });
}

function translateLogical(operator: 'and' | 'or', first: Expression, second: Expression, scope: Scope): Typed {
  const word = operator.toUpperCase();
  const left = translateCondition(first, scope, word);
  const right = translateCondition(second, scope, word);
  return derived(`(${left.sql} ${word} ${right.sql})`, BOOLEAN, left, right);
}

function translateColumn(node: ColumnRef, scope: Scope): Typed {
  const { value, rest } = resolveColumn(scope, node.parts, node.position);
  return rest.reduce((inner, key) => typed(`(${inner.sql}->${quoteLiteral(key)})`, SUPER), value);
}

function translateNavigation(node: Navigation, scope: Scope): Typed {
  const base = translateExpression(node.operand, scope);
  if (base.type.name !== 'super') {
    throw new RedshiftError(`cannot navigate into type ${displayType(base.type)}`, '42804', {
      position: node.position,
    });
  }
  return node.steps.reduce<Typed>((inner, step) => {
    if ('key' in step) return typed(`(${inner.sql}->${quoteLiteral(step.key)})`, SUPER);
    const index = translateExpression(step.index, scope);
    if (!isInteger(index.type)) throw notImplementedLocally('A SUPER index that is no integer');
    return typed(`(${inner.sql}->CAST(${index.sql} AS BIGINT))`, SUPER);
  }, base);
}

/** CASE: the branches share one type; the operand of a simple CASE is compared with Redshift's rules. */
function translateCase(node: Case, scope: Scope): Typed {
  const conditions = node.branches.map(({ when }) =>
    node.operand === undefined
      ? translateCondition(when, scope, 'CASE/WHEN').sql
      : translateBinary(
          { node: 'binary', operator: '=', left: node.operand, right: when, position: node.position },
          scope,
        ).sql,
  );
  const results = node.branches.map(({ then }) => translateExpression(then, scope));
  const otherwise = node.otherwise && translateExpression(node.otherwise, scope);
  return caseOf(conditions, results, otherwise);
}

/** `CASE WHEN … THEN … ELSE … END` over results brought to one type. @throws RedshiftError 42804 */
export function caseOf(conditions: readonly string[], results: readonly Typed[], otherwise?: Typed): Typed {
  const all = otherwise === undefined ? results : [...results, otherwise];
  const unified = unifyValues(all, 'CASE');
  const type = unified[0]?.type ?? UNKNOWN;
  const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${unified[index]?.sql}`);
  const last = otherwise === undefined ? '' : ` ELSE ${unified.at(-1)?.sql}`;
  const nullable = otherwise === undefined || unified.some((one) => one.nullable);
  const trimmed = unified.every((one) => one.trimmed === true);
  return { sql: `CASE ${branches.join(' ')}${last} END`, type, nullable, ...(trimmed && { trimmed }) };
}

function translateCast(node: Cast, scope: Scope): Typed {
  const value = translateExpression(node.operand, scope);
  const { source: _source, constant, ...rest } = castTo(value, node.type, node.tolerant ? 'tolerant' : 'explicit');
  return constant?.kind === 'null' ? { ...rest, constant } : rest;
}
