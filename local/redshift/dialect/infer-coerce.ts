import { RedshiftError } from '../errors';
import type { RedshiftType } from '../types';
import { engineType, quoteLiteral } from './engine-types';
import {
  displayType,
  isDateOrTimestamp,
  isInteger,
  isNumber,
  isText,
  isTime,
  isTimestamp,
  MAX_VARCHAR,
  sameType,
  type Typed,
  textLength,
  typed,
  unifyTypes,
  varchar,
} from './infer-types';

/** What asks for the conversion: CAST, TRY_CAST, an INSERT or UPDATE, or an operator. */
export type CastMode = 'explicit' | 'tolerant' | 'assignment' | 'implicit';

/** 42846 */
function cannotCast(from: RedshiftType, to: RedshiftType): RedshiftError {
  return new RedshiftError(`cannot cast type ${displayType(from)} to ${displayType(to)}`, '42846');
}

/**
 * Converts an expression to a type as Redshift's CAST does: text to numbers takes digits only, VARCHAR(n) cuts to n
 * bytes at a character's boundary, decimals round.
 * @throws RedshiftError 42846 when there is no such cast
 */
export function castTo(value: Typed, type: RedshiftType, mode: CastMode = 'explicit'): Typed {
  if (value.constant?.kind === 'null') {
    return { sql: `CAST(NULL AS ${engineType(type)})`, type, nullable: true, constant: value.constant };
  }
  if (sameType(value.type, type)) return value;
  const sql = convert(value, type, mode);
  const nullable = value.nullable || mode === 'tolerant' || value.type.name === 'super';
  const trimmed = value.trimmed === true && textLength(value.type) <= textLength(type);
  return { sql, type, nullable, ...(trimmed && { trimmed }) };
}

/** A value whose type is not `unknown`: literals become text. */
export function settled(value: Typed): Typed {
  if (value.type.name !== 'unknown') return value;
  const length = value.constant?.kind === 'string' ? Buffer.byteLength(value.constant.value) : 1;
  const type = varchar(length);
  return value.constant?.kind === 'null' ? castTo(value, type) : { ...value, type };
}

/**
 * Values brought to the one type they share; text literals count with their own lengths.
 * @param construct the name in the message, such as `CASE`
 * @throws RedshiftError 42804 when there is no such type
 */
export function unifyValues(values: readonly Typed[], construct: string): readonly Typed[] {
  const first = unifyTypes(
    values.map((one) => one.type),
    construct,
  );
  const textual = first.name === 'unknown' || isText(first);
  const known = textual ? values.map((one) => (isNull(one) ? one : settled(one))) : values;
  const found = unifyTypes(
    known.map((one) => one.type),
    construct,
  );
  const type = found.name === 'unknown' ? varchar(1) : found;
  return known.map((one) => castTo(one, type, 'implicit')).map((one) => ({ ...one, type }));
}

const isNull = (value: Typed): boolean => value.constant?.kind === 'null';

/** Any value as text of no particular length. */
export function asText(value: Typed): Typed {
  const known = settled(value);
  return isText(known.type) ? known : castTo(known, varchar(textLength(known.type)), 'implicit');
}

function convert(value: Typed, type: RedshiftType, mode: CastMode): string {
  const from = value.type;
  if (from.name === 'unknown' || isText(from)) return fromText(value, type, mode);
  if (from.name === 'super') return fromSuper(value, type, mode);
  if (isText(type)) return toText(value, type);
  if (type.name === 'super') return `to_json(${value.sql})`;
  if (!castExists(from, type)) throw cannotCast(from, type);
  return `${mode === 'tolerant' ? 'TRY_CAST' : 'CAST'}(${value.sql} AS ${engineType(type)})`;
}

function castExists(from: RedshiftType, to: RedshiftType): boolean {
  if (engineType(from) === engineType(to)) return true;
  if (isNumber(from)) return isNumber(to) || (isInteger(from) && to.name === 'boolean');
  if (from.name === 'boolean') return isInteger(to);
  if (isDateOrTimestamp(from)) return isDateOrTimestamp(to) || (isTimestamp(from) && isTime(to));
  if (isTime(from)) return isTime(to);
  return false;
}

const TEXT_READERS: Partial<Record<RedshiftType['name'], string>> = {
  smallint: 'text_to_smallint',
  integer: 'text_to_integer',
  bigint: 'text_to_bigint',
  oid: 'text_to_bigint',
  boolean: 'text_to_boolean',
  date: 'text_to_date',
  timestamp: 'text_to_timestamp',
  timestamptz: 'text_to_timestamptz',
};

function fromText(value: Typed, type: RedshiftType, mode: CastMode): string {
  if (type.name === 'unknown' || (isText(type) && mode === 'implicit' && type.name !== 'char')) return value.sql;
  if (isText(type)) return cutText(value, type);
  if (type.name === 'super') return `CAST(to_json(${value.sql}) AS JSON)`;
  if (type.name === 'varbyte') return `encode(${value.sql})`;
  const literal = value.constant?.kind === 'string' ? plainLiteral(value.constant.value, type) : undefined;
  if (literal !== undefined) return literal;
  const reader = TEXT_READERS[type.name];
  if (reader !== undefined) return `rs.${mode === 'tolerant' ? 'try_' : ''}${reader}(${value.sql})`;
  return `${mode === 'tolerant' ? 'TRY_CAST' : 'CAST'}(${value.sql} AS ${engineType(type)})`;
}

/** Literals in the usual form need no reading at run time: long VALUES lists are full of them. */
function plainLiteral(text: string, type: RedshiftType): string | undefined {
  const day = /^(\d{4})-(\d{2})-(\d{2})( \d{2}:[0-5]\d:[0-5]\d(\.\d{1,6})?)?$/.exec(text);
  if (day === null || !isRealDay(Number(day[1]), Number(day[2]), Number(day[3]))) return undefined;
  if (day[4] === undefined) return type.name === 'date' ? `DATE '${text}'` : undefined;
  return type.name === 'timestamp' && day[4] < ' 24' ? `TIMESTAMP '${text}'` : undefined;
}

function isRealDay(year: number, month: number, day: number): boolean {
  return (
    year > 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  );
}

/** Cuts to the bytes of the target, unless the value cannot be longer. */
function cutText(value: Typed, type: RedshiftType): string {
  const limit = textLength(type);
  const longest = value.constant?.kind === 'string' ? Buffer.byteLength(value.constant.value) : textLength(value.type);
  const fits = longest <= limit || (type.name !== 'varchar' && type.name !== 'char');
  const sql = fits ? value.sql : `rs.cut(${value.sql}, ${limit})`;
  return type.name === 'char' && value.type.name !== 'char' ? `rs.trimmed(${sql})` : sql;
}

function toText(value: Typed, type: RedshiftType): string {
  const from = value.type;
  if (from.name === 'boolean' || from.name === 'varbyte') throw cannotCast(from, type);
  const text = textOf(value);
  return textLength(from) <= textLength(type) ? text : cutText(typed(text, varchar(MAX_VARCHAR)), type);
}

function textOf(value: Typed): string {
  if (value.type.name === 'double precision') return `rs.float_text(${value.sql}, 15)`;
  if (value.type.name === 'real') return `rs.float_text(${value.sql}, 6)`;
  return `CAST(${value.sql} AS VARCHAR)`;
}

function fromSuper(value: Typed, type: RedshiftType, mode: CastMode): string {
  const { sql } = value;
  if (isText(type)) {
    const text = mode === 'implicit' ? `rs.super_string(${sql})` : `rs.super_scalar(${sql})`;
    return cutText(typed(text, varchar(MAX_VARCHAR)), type);
  }
  if (type.name === 'boolean') return `rs.super_boolean(${sql})`;
  if (isNumber(type)) return `TRY_CAST(rs.super_number(${sql}) AS ${engineType(type)})`;
  return `TRY_CAST(rs.super_string(${sql}) AS ${engineType(type)})`;
}

/**
 * Converts a value for a table's column as INSERT and UPDATE do: too long text is an error unless the excess is
 * blanks, decimals round, text does not become a number or date by itself (literals do).
 * Checks that the value's own type already answers are left out.
 * @throws RedshiftError 42804 when the types do not go together
 */
export function assignTo(value: Typed, column: { readonly name: string; readonly type: RedshiftType }): Typed {
  const { type } = column;
  const literal = value.type.name === 'unknown';
  if (!literal && !assignable(value.type, type)) {
    throw new RedshiftError(
      `column "${column.name}" is of type ${displayType(type)} but expression is of type ${displayType(value.type)}`,
      '42804',
      { hint: 'You will need to rewrite or cast the expression.' },
    );
  }
  if (!isText(type) || value.constant?.kind === 'null') return castTo(value, type, 'assignment');
  return fitText(literal ? settled(value) : asText(value), type);
}

function fitText(value: Typed, type: RedshiftType): Typed {
  const limit = textLength(type);
  const { nullable } = value;
  if (type.name === 'char') {
    const done = value.type.name === 'char' && textLength(value.type) <= limit;
    return typed(done ? value.sql : `rs.fit_char(${value.sql}, ${limit})`, type, nullable);
  }
  if (textLength(value.type) <= limit) return typed(value.sql, type, nullable);
  return typed(`rs.fit(${value.sql}, ${limit}, ${quoteLiteral(displayType(type))})`, type, nullable);
}

/** Source: Database Developer Guide, "Type compatibility and conversion", implicit conversion types. */
function assignable(from: RedshiftType, to: RedshiftType): boolean {
  if (sameType(from, to) || from.name === to.name) return true;
  if (from.name === 'super' || to.name === 'super') return true;
  if (isText(to)) return from.name !== 'boolean' && from.name !== 'varbyte';
  if (isText(from)) return false;
  if (isNumber(from)) return isNumber(to) || (isInteger(from) && to.name === 'boolean');
  if (from.name === 'boolean') return isInteger(to);
  if (isDateOrTimestamp(from)) return isDateOrTimestamp(to) || (isTimestamp(from) && isTime(to));
  return isTime(from) && isTime(to);
}
