import type { RedshiftType } from '../types';
import { engineType } from './engine-types';
import { castTo } from './infer-coerce';
import {
  asNumericType,
  DOUBLE,
  derived,
  isFloat,
  isInteger,
  isNumber,
  noOperator,
  numeric,
  type Typed,
  UNKNOWN,
  widerInteger,
} from './infer-types';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';

interface Decimal {
  readonly precision: number;
  readonly scale: number;
}

const MAX_DIGITS = 38;
/** Digits of a decimal that the engine keeps in 64 bits. */
const MAX_WORD = 18;

/**
 * Precision and scale of a decimal calculation.
 * Source: Database Developer Guide, "Computations with numeric values".
 */
export function decimalResult(operator: ArithmeticOperator, left: Decimal, right: Decimal): Decimal {
  switch (operator) {
    case '*':
      return limited(left.precision + right.precision + 1, left.scale + right.scale);
    case '/': {
      const scale = Math.max(4, left.scale + right.precision - right.scale + 1);
      return limited(left.precision - left.scale + right.scale + scale, scale);
    }
    case '%':
      return limited(
        Math.max(left.precision - left.scale, right.precision - right.scale) + Math.max(left.scale, right.scale),
        Math.max(left.scale, right.scale),
      );
    default: {
      const scale = Math.max(left.scale, right.scale);
      return limited(Math.max(left.precision - left.scale, right.precision - right.scale) + 1 + scale, scale);
    }
  }
}

function limited(precision: number, scale: number): Decimal {
  if (precision <= MAX_DIGITS) return { precision, scale };
  return { precision: MAX_DIGITS, scale: Math.max(MAX_DIGITS + scale - precision, Math.min(scale, 4)) };
}

/** `left operator right` for two numbers. @throws RedshiftError 42883 when one is none */
export function arithmetic(operator: ArithmeticOperator, first: Typed, second: Typed): Typed {
  const left = literalAs(first, second);
  const right = literalAs(second, first);
  if (!isNumber(left.type) || !isNumber(right.type)) throw noOperator(operator, left.type, right.type);
  if (operator === '^') return derived(`pow(${asDouble(left)}, ${asDouble(right)})`, DOUBLE, left, right);
  if (isFloat(left.type) || isFloat(right.type)) return floatArithmetic(operator, left, right);
  if (isInteger(left.type) && isInteger(right.type)) return integerArithmetic(operator, left, right);
  return decimalArithmetic(operator, left, right);
}

/** A string literal beside a number is read as a number of its type. */
function literalAs(value: Typed, other: Typed): Typed {
  if (value.type.name !== 'unknown') return value;
  return castTo(value, other.type.name === 'unknown' ? UNKNOWN : other.type);
}

const asDouble = (value: Typed): string => castTo(value, DOUBLE).sql;

function floatArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  const type = left.type.name === 'real' && right.type.name === 'real' ? left.type : DOUBLE;
  const a = castTo(left, type).sql;
  const b = castTo(right, type).sql;
  const divisor = operator === '/' || operator === '%' ? guarded(b, right) : b;
  return derived(`(${a} ${operator} ${divisor})`, type, left, right);
}

function integerArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  const type = widerInteger(left.type, right.type);
  const a = castTo(left, type).sql;
  const b = castTo(right, type).sql;
  if (operator === '/') return derived(`(${a} // ${guarded(b, right)})`, type, left, right);
  if (operator === '%') return derived(`(${a} % ${guarded(b, right)})`, type, left, right);
  return derived(`(${a} ${operator} ${b})`, type, left, right);
}

/** The engine answers NULL to a division by zero, Redshift an error; a literal divisor needs no guard. */
function guarded(sql: string, divisor: Typed): string {
  const literal = divisor.constant?.kind === 'number' && Number(divisor.constant.text) !== 0;
  return literal ? sql : `rs.divisor(${sql})`;
}

function decimalArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  const a = castTo(left, asNumericType(left.type));
  const b = castTo(right, asNumericType(right.type));
  const p = asNumericType(left.type);
  const q = asNumericType(right.type);
  const { precision, scale } = decimalResult(operator, p, q);
  const type = numeric(precision, scale);
  if (operator === '/') return decimalQuotient(left, a.sql, right, b.sql, type);
  const second = operator === '%' ? { ...b, sql: guarded(b.sql, right) } : b;
  return derived(`CAST(${plainDecimal(operator, a, p, second, q)} AS ${engineType(type)})`, type, left, right);
}

/**
 * The engine multiplies only where the scales fit 38 digits together, and keeps 18 digits for operands of at most 18,
 * however many the result needs.
 */
function plainDecimal(operator: ArithmeticOperator, a: Typed, p: Decimal, b: Typed, q: Decimal): string {
  if (operator === '*' && p.scale + q.scale > MAX_DIGITS) {
    const left = Math.min(p.scale, MAX_DIGITS / 2);
    const right = Math.min(q.scale, MAX_DIGITS - left);
    return `(CAST(${a.sql} AS DECIMAL(38,${left})) * CAST(${b.sql} AS DECIMAL(38,${right})))`;
  }
  return `(${widened(a.sql, p, q, decimalResult(operator, p, q).precision)} ${operator} ${b.sql})`;
}

/** The first operand, wide enough that the engine calculates with as many digits as the result has. */
function widened(sql: string, type: Decimal, other: Decimal, digits: number): string {
  if (digits <= MAX_WORD || Math.max(type.precision, other.precision) > MAX_WORD) return sql;
  return `CAST(${sql} AS DECIMAL(${MAX_WORD + 1},${type.scale}))`;
}

/** Division by whole numbers, so that no digit goes through a float: the excess digits are cut off. */
function decimalQuotient(left: Typed, a: string, right: Typed, b: string, type: NumericType): Typed {
  const p = asNumericType(left.type);
  const q = asNumericType(right.type);
  const shift = type.scale + q.scale - p.scale;
  if (right.constant?.kind === 'number' && Number(right.constant.text) !== 0) {
    return divideByLiteral(left, a, BigInt(right.constant.text.replace('.', '')), shift, q.scale, right, type);
  }
  const digits = Math.max(p.precision + Math.max(shift, 0), q.precision + Math.max(-shift, 0));
  const whole = digits <= MAX_WORD ? 'BIGINT' : 'HUGEINT';
  const dividend = scaled(unscaled(a, p, whole), shift, whole);
  const divisor = scaled(unscaled(guarded(b, right), q, whole), -shift, whole);
  const quotient = whole === 'BIGINT' ? `(${dividend} // ${divisor})` : `rs.quotient(${dividend}, ${divisor})`;
  return derived(decimalOf(quotient, type), type, left, right);
}

type NumericType = RedshiftType & { readonly name: 'numeric' };

/** By a literal the powers of ten shorten: `ts / 1000.0` needs no division at all. */
function divideByLiteral(
  left: Typed,
  a: string,
  divisor: bigint,
  shift: number,
  scale: number,
  right: Typed,
  type: NumericType,
): Typed {
  const p = asNumericType(left.type);
  const [factor, rest] = reduced(10n ** BigInt(Math.max(shift, 0)), divisor * 10n ** BigInt(Math.max(-shift, 0)));
  const whole = p.precision + factor.toString().length <= MAX_WORD && rest <= 10n ** 18n ? 'BIGINT' : 'HUGEINT';
  const dividend = timesConstant(unscaled(a, p, whole), factor, whole);
  const fast =
    whole === 'BIGINT'
      ? `(${dividend} // CAST(${rest} AS BIGINT))`
      : `rs.quotient(${dividend}, CAST(${rest} AS HUGEINT))`;
  const quotient = derived(decimalOf(rest === 1n ? dividend : fast, type), type, left, right);
  if (rest !== 1n || !isInteger(left.type)) return quotient;
  const [numerator, denominator] = reduced(10n ** BigInt(scale), divisor);
  return { ...quotient, ratio: { sql: left.sql, numerator, denominator } };
}

/** A fraction in its lowest terms, the denominator positive. */
function reduced(numerator: bigint, denominator: bigint): readonly [bigint, bigint] {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  const sign = denominator < 0n ? -1n : 1n;
  return [(sign * numerator) / a, (sign * denominator) / a];
}

/** The digits of a decimal as a whole number. */
function unscaled(sql: string, type: Decimal, whole: string): string {
  if (type.scale === 0) return `CAST(${sql} AS ${whole})`;
  if (type.precision + type.scale > MAX_DIGITS) return `CAST(rs.raw(${sql}) AS ${whole})`;
  const factor = { precision: type.scale + 1, scale: 0 };
  const wide = widened(sql, type, factor, type.precision + type.scale + 1);
  return `CAST((${wide} * CAST(${powerOfTen(type.scale)} AS DECIMAL(${type.scale + 1},0))) AS ${whole})`;
}

function scaled(sql: string, by: number, whole: string): string {
  return by <= 0 ? sql : timesConstant(sql, 10n ** BigInt(by), whole);
}

function timesConstant(sql: string, factor: bigint, whole: string): string {
  return factor === 1n ? sql : `(${sql} * CAST(${factor} AS ${whole}))`;
}

function powerOfTen(exponent: number): string {
  return `1${'0'.repeat(exponent)}`;
}

/** The decimal whose digits are a whole number: the reverse of `unscaled`. */
export function decimalOf(wholeSql: string, type: RedshiftType & { readonly name: 'numeric' }): string {
  if (type.scale === 0) return `CAST(${wholeSql} AS ${engineType(type)})`;
  const unit = `0.${'0'.repeat(type.scale - 1)}1`;
  const digits = `CAST(${wholeSql} AS DECIMAL(38,0))`;
  return `CAST((${digits} * CAST(${unit} AS DECIMAL(${type.scale},${type.scale}))) AS ${engineType(type)})`;
}

export function negate(value: Typed): Typed {
  if (value.interval !== undefined) {
    const { months, days, microseconds } = value.interval;
    return {
      ...value,
      sql: `(-${value.sql})`,
      interval: { months: -months, days: -days, microseconds: -microseconds },
    };
  }
  if (value.type.name !== 'interval' && !isNumber(value.type)) throw noOperator('-', undefined, value.type);
  const constant = value.constant?.kind === 'number' ? value.constant : undefined;
  return {
    ...derived(`(-${value.sql})`, value.type, value),
    ...(constant && { constant: { kind: 'number', text: `-${constant.text}` } as const }),
  };
}
