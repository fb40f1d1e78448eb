import { RedshiftError } from '../errors';
import type { RedshiftType, RedshiftTypeName } from '../types';
import { engineType, quoteLiteral } from './engine-types';

/** An expression in the engine's SQL with its Redshift type; the engine's own type is `engineType(type)`. */
export interface Typed {
  /** Safe as an operand: atomic, a call, or in parentheses. */
  readonly sql: string;
  readonly type: RedshiftType;
  /** Set for a plain reference to a table's column. */
  readonly source?: { readonly schema: string; readonly table: string; readonly column: string };
  /** False only where a NULL is impossible. */
  readonly nullable: boolean;
  /** A bare NULL, a string literal or a number as written. */
  readonly constant?: Constant;
  /** The value is known not to end in blanks. */
  readonly trimmed?: boolean;
  /** A constant interval. */
  readonly interval?: IntervalValue;
  /** For an interval without months and days: its microseconds as a BIGINT expression. */
  readonly microsecondsSql?: string;
  /** The value is exactly this whole number (an SQL expression of an integer type) times numerator / denominator. */
  readonly ratio?: { readonly sql: string; readonly numerator: bigint; readonly denominator: bigint };
}
export type Constant =
  | { readonly kind: 'null' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string };

/** months, days and microseconds, each with its sign. */
export interface IntervalValue {
  readonly months: bigint;
  readonly days: bigint;
  readonly microseconds: bigint;
}

export const BOOLEAN: RedshiftType = { name: 'boolean' };
export const SMALLINT: RedshiftType = { name: 'smallint' };
export const INTEGER: RedshiftType = { name: 'integer' };
export const BIGINT: RedshiftType = { name: 'bigint' };
export const DOUBLE: RedshiftType = { name: 'double precision' };
export const DATE: RedshiftType = { name: 'date' };
export const TIMESTAMP: RedshiftType = { name: 'timestamp' };
export const TIMESTAMPTZ: RedshiftType = { name: 'timestamptz' };
export const INTERVAL: RedshiftType = { name: 'interval' };
export const SUPER: RedshiftType = { name: 'super' };
export const UNKNOWN: RedshiftType = { name: 'unknown' };
/** Longest VARCHAR of a column; functions whose length cannot be known have it too. */
export const MAX_VARCHAR = 65535;

/** VARCHAR of at least one byte and at most the longest. */
export function varchar(length: number): RedshiftType {
  return { name: 'varchar', length: Math.max(1, Math.min(length, MAX_VARCHAR)) };
}

export function numeric(precision: number, scale: number): RedshiftType & { readonly name: 'numeric' } {
  return { name: 'numeric', precision, scale };
}

export function typed(sql: string, type: RedshiftType, nullable = true): Typed {
  return { sql, type, nullable };
}

/** The same value under another label: no longer a plain column, its constant forgotten. */
export function derived(sql: string, type: RedshiftType, ...from: readonly Typed[]): Typed {
  return { sql, type, nullable: from.some((one) => one.nullable) };
}

const isOneOf =
  (...names: readonly RedshiftTypeName[]) =>
  (type: RedshiftType): boolean =>
    names.includes(type.name);

export const isInteger = isOneOf('smallint', 'integer', 'bigint', 'oid');
export const isFloat = isOneOf('real', 'double precision');
export const isNumeric = isOneOf('numeric');
export const isNumber = isOneOf('smallint', 'integer', 'bigint', 'oid', 'numeric', 'real', 'double precision');
export const isText = isOneOf('varchar', 'char', 'text', 'name');
export const isDateOrTimestamp = isOneOf('date', 'timestamp', 'timestamptz');
export const isTimestamp = isOneOf('timestamp', 'timestamptz');
export const isTime = isOneOf('time', 'timetz');

/** A type as Redshift's messages write it, without lengths. */
export function displayType(type: RedshiftType): string {
  switch (type.name) {
    case 'varchar':
      return 'character varying';
    case 'char':
      return 'character';
    case 'varbyte':
      return 'binary varying';
    case 'unknown':
      return '"unknown"';
    case 'time':
      return 'time without time zone';
    case 'timetz':
      return 'time with time zone';
    case 'timestamp':
      return 'timestamp without time zone';
    case 'timestamptz':
      return 'timestamp with time zone';
    default:
      return type.name;
  }
}

/** Length in bytes a value of this type can have as text. */
export function textLength(type: RedshiftType): number {
  switch (type.name) {
    case 'varchar':
    case 'char':
    case 'varbyte':
      return type.length;
    case 'smallint':
      return 6;
    case 'integer':
      return 11;
    case 'bigint':
    case 'oid':
      return 20;
    case 'numeric':
      return type.precision + 3;
    case 'real':
    case 'double precision':
      return 24;
    case 'boolean':
      return 5;
    case 'date':
      return 13;
    case 'time':
      return 15;
    case 'timetz':
      return 21;
    case 'timestamp':
      return 29;
    case 'timestamptz':
      return 35;
    case 'interval':
      return 64;
    case 'name':
      return 128;
    case 'text':
    case 'super':
    case 'unknown':
      return MAX_VARCHAR;
  }
}

export function sameType(left: RedshiftType, right: RedshiftType): boolean {
  return engineType(left) === engineType(right) && left.name === right.name && lengthOf(left) === lengthOf(right);
}

function lengthOf(type: RedshiftType): number {
  return 'length' in type ? type.length : 0;
}

/** Precision and scale with which an exact number takes part in decimal arithmetic (integers: 5, 10, 19 digits). */
export function asNumericType(type: RedshiftType): RedshiftType & { readonly name: 'numeric' } {
  switch (type.name) {
    case 'numeric':
      return type;
    case 'smallint':
      return numeric(5, 0);
    case 'integer':
      return numeric(10, 0);
    default:
      return numeric(19, 0);
  }
}

/**
 * The one type that rows of different types share in CASE, COALESCE, set operations and VALUES.
 * @returns undefined when Redshift has none
 * Source: Database Developer Guide, "Computations with numeric values" (set operations) and "Type compatibility".
 */
export function commonType(left: RedshiftType, right: RedshiftType): RedshiftType | undefined {
  if (left.name === 'unknown') return right;
  if (right.name === 'unknown' || sameType(left, right)) return left;
  if (isNumber(left) && isNumber(right)) return commonNumber(left, right);
  if (isText(left) && isText(right)) return commonText(left, right);
  if (isDateOrTimestamp(left) && isDateOrTimestamp(right)) {
    return left.name === 'timestamptz' || right.name === 'timestamptz' ? TIMESTAMPTZ : TIMESTAMP;
  }
  if (left.name === 'super' || right.name === 'super') return SUPER;
  if (left.name === 'varbyte' && right.name === 'varbyte') {
    return { name: 'varbyte', length: Math.max(left.length, right.length) };
  }
  return undefined;
}

function commonText(left: RedshiftType, right: RedshiftType): RedshiftType {
  const length = Math.max(textLength(left), textLength(right));
  return left.name === 'char' && right.name === 'char' ? { name: 'char', length } : varchar(length);
}

const INTEGER_RANK: Partial<Record<RedshiftTypeName, number>> = { smallint: 1, integer: 2, bigint: 3, oid: 3 };

export function widerInteger(left: RedshiftType, right: RedshiftType): RedshiftType {
  const rank = Math.max(INTEGER_RANK[left.name] ?? 3, INTEGER_RANK[right.name] ?? 3);
  return rank === 1 ? SMALLINT : rank === 2 ? INTEGER : BIGINT;
}

function commonNumber(left: RedshiftType, right: RedshiftType): RedshiftType {
  if (isInteger(left) && isInteger(right)) return widerInteger(left, right);
  if (isFloat(left) || isFloat(right)) return left.name === 'real' && right.name === 'real' ? left : DOUBLE;
  const a = asNumericType(left);
  const b = asNumericType(right);
  const scale = Math.max(a.scale, b.scale);
  const digits = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  // The documented limit of 19 digits would cut values of wider inputs, which Redshift keeps.
  const limit = Math.max(a.precision, b.precision) > 19 ? 38 : 19;
  return numeric(Math.max(Math.min(digits, limit), scale), scale);
}

/** Folds `commonType` over several types. @throws RedshiftError 42804 naming the construct, such as `CASE` */
export function unifyTypes(types: readonly RedshiftType[], construct: string): RedshiftType {
  let result: RedshiftType = UNKNOWN;
  for (const type of types) {
    const next = commonType(result, type);
    if (next === undefined) {
      throw new RedshiftError(
        `${construct} types ${displayType(result)} and ${displayType(type)} cannot be matched`,
        '42804',
      );
    }
    result = next;
  }
  return result;
}

/** A string literal or NULL that no context gave a type. */
export function unknownLiteral(value: string | null): Typed {
  if (value === null) return { sql: 'NULL', type: UNKNOWN, nullable: true, constant: { kind: 'null' } };
  return {
    sql: quoteLiteral(value),
    type: UNKNOWN,
    nullable: false,
    constant: { kind: 'string', value },
    trimmed: !value.endsWith(' '),
  };
}

/** 42883 in PostgreSQL's words for an operator that no pair of types has. */
export function noOperator(operator: string, left: RedshiftType | undefined, right: RedshiftType): RedshiftError {
  const operands = [...(left === undefined ? [] : [displayType(left)]), operator, displayType(right)].join(' ');
  return new RedshiftError(`operator does not exist: ${operands}`, '42883', {
    hint: 'No operator matches the given name and argument type(s). You may need to add explicit type casts.',
  });
}
