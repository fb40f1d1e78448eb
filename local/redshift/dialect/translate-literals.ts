import { RedshiftError, syntaxError } from '../errors';
import type { RedshiftType } from '../types';
import type { Literal, Parameter } from './ast';
import { castTo } from './infer-coerce';
import { BIGINT, BOOLEAN, DOUBLE, INTEGER, numeric, type Typed, unknownLiteral } from './infer-types';
import type { Scope } from './scope';

/** The engine's text of `timestamp 'epoch'`. */
export const EPOCH_SQL = "TIMESTAMP '1970-01-01 00:00:00'";

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_TIMESTAMP = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?$/;

export function translateLiteral(node: Literal): Typed {
  const { literal } = node;
  switch (literal.kind) {
    case 'null':
      return unknownLiteral(null);
    case 'boolean':
      return { sql: literal.value ? 'true' : 'false', type: BOOLEAN, nullable: false };
    case 'number':
      return numberLiteral(literal.text);
    case 'string':
      return unknownLiteral(literal.value);
    case 'typed':
      return typedLiteral(literal.type, literal.value);
  }
}

/** A number takes the narrowest of INTEGER, BIGINT and NUMERIC; one with an exponent is DOUBLE PRECISION. */
export function numberLiteral(text: string): Typed {
  const constant = { kind: 'number', text } as const;
  if (/e/i.test(text)) return { sql: `CAST(${text} AS DOUBLE)`, type: DOUBLE, nullable: false, constant };
  if (/^\d+$/.test(text)) {
    const value = BigInt(text);
    if (value <= 2_147_483_647n) return { sql: `CAST(${value} AS INTEGER)`, type: INTEGER, nullable: false, constant };
    if (value <= 9_223_372_036_854_775_807n) {
      return { sql: `CAST(${value} AS BIGINT)`, type: BIGINT, nullable: false, constant };
    }
  }
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+(?=\d)/, '');
  const precision = Math.max(1, (digits === '0' ? '' : digits).length + fraction.length);
  if (precision > 38) throw new RedshiftError('Numeric data overflow (result precision)', '22003');
  const type = numeric(precision, fraction.length);
  return { sql: `CAST(${text} AS DECIMAL(${type.precision},${type.scale}))`, type, nullable: false, constant };
}

function typedLiteral(type: RedshiftType, value: string): Typed {
  if (type.name === 'date' && ISO_DATE.test(value)) return { sql: `DATE '${value}'`, type, nullable: false };
  if (type.name === 'timestamp' && value.trim().toLowerCase() === 'epoch') {
    return { sql: EPOCH_SQL, type, nullable: false };
  }
  if (type.name === 'timestamp' && ISO_TIMESTAMP.test(value)) {
    return { sql: `TIMESTAMP '${value}'`, type, nullable: false };
  }
  return castTo(unknownLiteral(value), type);
}

/** A placeholder's value as a literal. @throws RedshiftError 42601 when it has none */
export function translateParameter(node: Parameter, scope: Scope): Typed {
  const { parameters } = scope.statement.context;
  const parameter = parameters.get(node.name);
  if (parameter === undefined) throw syntaxError(/^\d+$/.test(node.name) ? '$' : ':', node.position);
  const literal = unknownLiteral(parameter.text);
  return parameter.type.name === 'unknown' ? literal : castTo(literal, parameter.type);
}
