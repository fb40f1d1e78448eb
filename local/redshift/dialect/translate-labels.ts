import type { Expression } from './ast';
import type { Typed } from './infer-types';

/** Short type names that Redshift uses as labels of casts of constants. */
const TYPE_LABELS: Readonly<Record<string, string>> = {
  smallint: 'int2',
  integer: 'int4',
  bigint: 'int8',
  real: 'float4',
  'double precision': 'float8',
  boolean: 'bool',
  char: 'bpchar',
};

/** Functions whose column is not called as the function is. */
const FUNCTION_LABELS: Readonly<Record<string, string>> = {
  current_date: 'date',
  date_part: 'pgdate_part',
  datepart: 'pgdate_part',
  nvl: 'coalesce',
  decode: 'case',
  nvl2: 'case',
  user: 'current_user',
};

/** The name Redshift gives an unnamed select item (PostgreSQL's FigureColname, with Redshift's own functions). */
export function labelOf(expression: Expression, value: Typed): string {
  switch (expression.node) {
    case 'column':
      return expression.parts.at(-1) ?? '?column?';
    case 'call':
      return FUNCTION_LABELS[expression.name] ?? expression.name;
    case 'extract':
      return 'date_part';
    case 'cast': {
      const inner = labelOf(expression.operand, value);
      return inner === '?column?' ? (TYPE_LABELS[expression.type.name] ?? expression.type.name) : inner;
    }
    case 'case': {
      const inner = expression.otherwise && labelOf(expression.otherwise, value);
      return inner === undefined || inner === '?column?' ? 'case' : inner;
    }
    case 'literal':
      if (expression.literal.kind === 'typed') return expression.literal.type.name;
      return expression.literal.kind === 'boolean' ? 'bool' : '?column?';
    case 'interval':
      return 'interval';
    case 'at time zone':
      return 'timezone';
    case 'exists':
      return '?column?';
    case 'navigate': {
      const step = expression.steps.at(-1);
      return step !== undefined && 'key' in step ? step.key : '?column?';
    }
    default:
      return '?column?';
  }
}
