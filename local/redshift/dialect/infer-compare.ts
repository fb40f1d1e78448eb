import type { RedshiftType } from '../types';
import { asText, castTo, settled } from './infer-coerce';
import { commonType, isDateOrTimestamp, isNumber, isText, noOperator, numeric, type Typed } from './infer-types';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface Comparable {
  readonly left: string;
  readonly right: string;
}

/**
 * The two sides of a comparison brought to one type: a literal takes the other side's type, trailing blanks of text
 * do not count, a decimal compared with text makes the text a decimal, other numbers become text.
 * @throws RedshiftError 42883 when the types cannot be compared
 */
export function comparable(operator: string, first: Typed, second: Typed): Comparable {
  const left = literalAs(first, second.type);
  const right = literalAs(second, first.type);
  if (isText(left.type) && isText(right.type)) return { left: withoutBlanks(left), right: withoutBlanks(right) };
  if (left.type.name === 'super' || right.type.name === 'super') return comparableSuper(left, right);
  if (isText(left.type) || isText(right.type)) return comparableWithText(operator, left, right);
  if (isNumber(left.type) && isNumber(right.type)) return { left: left.sql, right: right.sql };
  const type = commonType(left.type, right.type);
  if (type === undefined) throw noOperator(operator, left.type, right.type);
  return { left: castTo(left, type, 'implicit').sql, right: castTo(right, type, 'implicit').sql };
}

function literalAs(value: Typed, other: RedshiftType): Typed {
  if (value.type.name !== 'unknown') return value;
  return other.name === 'unknown' || isText(other) ? settled(value) : castTo(value, other, 'implicit');
}

/** Text without its trailing blanks, which Redshift ignores when it compares. */
export function withoutBlanks(value: Typed): string {
  if (value.constant?.kind === 'string' && value.constant.value.endsWith(' ')) return `rtrim(${value.sql}, ' ')`;
  const clean = value.trimmed === true || value.constant !== undefined || value.type.name === 'char';
  if (clean) return value.sql;
  // The macro names its argument several times: a subquery would run as often.
  const once = value.sql.startsWith('(SELECT') || value.sql.startsWith('(WITH');
  return once ? `rtrim(${value.sql}, ' ')` : `rs.trimmed(${value.sql})`;
}

function comparableWithText(operator: string, left: Typed, right: Typed): Comparable {
  const other = isText(left.type) ? right.type : left.type;
  if (other.name === 'numeric') {
    const type = numeric(38, Math.max(other.scale, 10));
    return { left: castTo(left, type).sql, right: castTo(right, type).sql };
  }
  if (!isNumber(other) && !isDateOrTimestamp(other)) throw noOperator(operator, left.type, right.type);
  return { left: withoutBlanks(asText(left)), right: withoutBlanks(asText(right)) };
}

/** Dynamic typing: what does not fit compares as NULL. */
function comparableSuper(left: Typed, right: Typed): Comparable {
  if (left.type.name === right.type.name) {
    return { left: `CAST(${left.sql} AS VARCHAR)`, right: `CAST(${right.sql} AS VARCHAR)` };
  }
  if (left.type.name === 'super') {
    return { left: castTo(left, right.type, 'implicit').sql, right: withoutBlanksIfText(right) };
  }
  return { left: withoutBlanksIfText(left), right: castTo(right, left.type, 'implicit').sql };
}

function withoutBlanksIfText(value: Typed): string {
  return isText(value.type) ? withoutBlanks(value) : value.sql;
}

/** `first operator second` as a condition. */
export function compare(operator: Comparison, first: Typed, second: Typed): string {
  const { left, right } = comparable(operator, first, second);
  return `(${left} ${operator} ${right})`;
}
