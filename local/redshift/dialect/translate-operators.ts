import { notImplementedLocally, RedshiftError } from '../errors';
import type { Binary, Expression, RowExpression, Unary } from './ast';
import { arithmetic, negate } from './infer-arithmetic';
import { asText, castTo } from './infer-coerce';
import { type Comparison, compare } from './infer-compare';
import {
  BOOLEAN,
  DATE,
  DOUBLE,
  derived,
  INTEGER,
  INTERVAL,
  isDateOrTimestamp,
  isInteger,
  isNumber,
  isTime,
  isTimestamp,
  noOperator,
  TIMESTAMP,
  type Typed,
  textLength,
  varchar,
  widerInteger,
} from './infer-types';
import type { Scope } from './scope';
import { translateCondition, translateExpression } from './translate-expression';
import { intervalConstant, multiplyInterval, parseInterval } from './translate-interval';
import { EPOCH_SQL } from './translate-literals';

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

export function isComparison(operator: string): operator is Comparison {
  return COMPARISONS.has(operator);
}

export function translateUnary(node: Unary, scope: Scope): Typed {
  if (node.operator === 'not') {
    const condition = translateCondition(node.operand, scope, 'NOT');
    return derived(`(NOT ${condition.sql})`, BOOLEAN, condition);
  }
  const operand = translateExpression(node.operand, scope);
  const value = operand.type.name === 'unknown' ? castTo(operand, DOUBLE) : operand;
  switch (node.operator) {
    case '+':
      if (!isNumber(value.type)) throw noOperator('+', undefined, value.type);
      return value;
    case '-':
      return negate(value);
    case '~':
      if (!isInteger(value.type)) throw noOperator('~', undefined, value.type);
      return derived(`(~${value.sql})`, value.type, value);
    case '@':
      if (!isNumber(value.type)) throw noOperator('@', undefined, value.type);
      return derived(`abs(${value.sql})`, value.type, value);
    case '|/':
      return derived(`sqrt(${castTo(value, DOUBLE).sql})`, DOUBLE, value);
    case '||/':
      return derived(`cbrt(${castTo(value, DOUBLE).sql})`, DOUBLE, value);
  }
}

export function translateBinary(node: Binary, scope: Scope): Typed {
  const { operator } = node;
  if (node.left.node === 'row' || node.right.node === 'row') return compareRows(node, scope);
  const left = translateExpression(node.left, scope);
  const right = translateExpression(node.right, scope);
  if (isComparison(operator)) return derived(compare(operator, left, right), BOOLEAN, left, right);
  switch (operator) {
    case '||':
      return concatenate(left, right);
    case '~':
    case '!~':
    case '~*':
    case '!~*':
      return matchPattern(operator, left, right);
    case '&':
    case '|':
    case '#':
    case '<<':
    case '>>':
      return bitwise(operator, left, right);
    case '+':
    case '-':
      return plusMinus(operator, left, right);
    case '*':
      return times(left, right);
    case '/':
      return divide(left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

function compareRows(node: Binary, scope: Scope): Typed {
  if (node.left.node !== 'row' || node.right.node !== 'row') {
    throw new RedshiftError('unequal number of entries in row expressions', '42601', { position: node.position });
  }
  const equal = rowsEqual(node.left, node.right, scope);
  if (node.operator === '=') return { sql: equal, type: BOOLEAN, nullable: true };
  if (node.operator === '<>') return { sql: `(NOT ${equal})`, type: BOOLEAN, nullable: true };
  throw notImplementedLocally(`Comparison of rows by ${node.operator}`);
}

/** `(a, b) = (c, d)`, member by member. @throws RedshiftError 42601 when the counts differ */
export function rowsEqual(left: RowExpression, right: RowExpression, scope: Scope): string {
  if (left.items.length !== right.items.length) {
    throw new RedshiftError('unequal number of entries in row expressions', '42601', { position: left.position });
  }
  const pairs = left.items.map((item, index) => {
    const other = right.items[index] as Expression;
    return compare('=', translateExpression(item, scope), translateExpression(other, scope));
  });
  return `(${pairs.join(' AND ')})`;
}

/** `||`: NULL when a part is; numbers and dates become text. */
export function concatenate(first: Typed, second: Typed): Typed {
  for (const one of [first, second]) if (one.type.name === 'boolean') throw noOperator('||', first.type, second.type);
  const left = asText(first);
  const right = asText(second);
  const type = varchar(textLength(left.type) + textLength(right.type));
  // The engine loses the type of a constant NULL here.
  const none = [first, second].find((one) => one.constant?.kind === 'null');
  if (none !== undefined) return castTo(none, type);
  return derived(`(${left.sql} || ${right.sql})`, type, left, right);
}

function matchPattern(operator: '~' | '!~' | '~*' | '!~*', left: Typed, right: Typed): Typed {
  const options = operator.endsWith('*') ? ", 'i'" : '';
  const test = `regexp_matches(${asText(left).sql}, ${asText(right).sql}${options})`;
  return derived(operator.startsWith('!') ? `(NOT ${test})` : test, BOOLEAN, left, right);
}

function bitwise(operator: '&' | '|' | '#' | '<<' | '>>', left: Typed, right: Typed): Typed {
  if (!isInteger(left.type) || !isInteger(right.type)) throw noOperator(operator, left.type, right.type);
  const type = operator === '<<' || operator === '>>' ? left.type : widerInteger(left.type, right.type);
  const a = castTo(left, type).sql;
  const b = castTo(right, type).sql;
  return derived(operator === '#' ? `xor(${a}, ${b})` : `(${a} ${operator} ${b})`, type, left, right);
}

function plusMinus(operator: '+' | '-', first: Typed, second: Typed): Typed {
  const left = besideDate(operator, first, second);
  const right = besideDate(operator, second, first);
  if (isDateLike(left) || isDateLike(right)) return dateArithmetic(operator, left, right);
  return arithmetic(operator, left, right);
}

const isDateLike = ({ type }: Typed): boolean => isDateOrTimestamp(type) || isTime(type) || type.name === 'interval';

/** A string literal beside a date: an interval when added, a date of the same type when subtracted. */
function besideDate(operator: '+' | '-', value: Typed, other: Typed): Typed {
  if (value.constant?.kind !== 'string' || value.type.name !== 'unknown' || !isDateLike(other)) return value;
  if (other.type.name === 'interval') return castTo(value, TIMESTAMP);
  return operator === '+'
    ? intervalConstant(parseInterval(value.constant.value, undefined))
    : castTo(value, other.type);
}

function dateArithmetic(operator: '+' | '-', left: Typed, right: Typed): Typed {
  if (operator === '+' && !isDateLike(left)) return dateArithmetic('+', right, left);
  if (operator === '+' && left.type.name === 'interval' && right.type.name !== 'interval') {
    return dateArithmetic('+', right, left);
  }
  if (isInteger(right.type)) return plusDays(operator, left, right);
  if (right.type.name === 'interval') return plusInterval(operator, left, right);
  if (operator === '+' || !isDateOrTimestamp(left.type) || !isDateOrTimestamp(right.type)) {
    throw noOperator(operator, left.type, right.type);
  }
  if (left.type.name === 'date' && right.type.name === 'date') {
    return derived(`CAST((${left.sql} - ${right.sql}) AS INTEGER)`, INTEGER, left, right);
  }
  const type = left.type.name === 'timestamptz' || right.type.name === 'timestamptz' ? undefined : TIMESTAMP;
  const a = type === undefined ? left : castTo(left, type, 'implicit');
  const b = type === undefined ? right : castTo(right, type, 'implicit');
  return derived(`(${a.sql} - ${b.sql})`, INTERVAL, left, right);
}

/** A date or timestamp plus or minus whole days. */
function plusDays(operator: '+' | '-', left: Typed, right: Typed): Typed {
  if (!isDateOrTimestamp(left.type)) throw noOperator(operator, left.type, right.type);
  const days = castTo(right, INTEGER).sql;
  if (left.type.name === 'date') return derived(`(${left.sql} ${operator} ${days})`, DATE, left, right);
  return derived(`(${left.sql} ${operator} to_days(${days}))`, left.type, left, right);
}

function plusInterval(operator: '+' | '-', left: Typed, right: Typed): Typed {
  const type = left.type.name === 'date' ? TIMESTAMP : left.type;
  if (operator === '+' && left.sql === EPOCH_SQL && right.microsecondsSql !== undefined) {
    return derived(`make_timestamp(${right.microsecondsSql})`, TIMESTAMP, right);
  }
  if (!isTimestamp(type) && !isTime(type) && type.name !== 'interval')
    throw noOperator(operator, left.type, right.type);
  return derived(`(${castTo(left, type, 'implicit').sql} ${operator} ${right.sql})`, type, left, right);
}

function times(left: Typed, right: Typed): Typed {
  if (left.type.name === 'interval') return times(right, left);
  if (right.type.name !== 'interval') return arithmetic('*', left, right);
  if (right.interval === undefined) throw notImplementedLocally('A number times an interval that is no literal');
  return multiplyInterval(left, right.interval);
}

function divide(left: Typed, right: Typed): Typed {
  if (left.type.name !== 'interval') return arithmetic('/', left, right);
  if (!isNumber(right.type)) throw noOperator('/', left.type, right.type);
  const microseconds = `CAST(round(epoch_us(${left.sql}) / rs.divisor(${castTo(right, DOUBLE).sql})) AS BIGINT)`;
  return derived(`to_microseconds(${microseconds})`, INTERVAL, left, right);
}
