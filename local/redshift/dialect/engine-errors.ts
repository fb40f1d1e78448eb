import { RedshiftError } from '../errors';
import { RAISED_ERROR_PREFIX } from './engine-macros';

type Answer = readonly [message: string, sqlState: string];
type Rule = readonly [pattern: RegExp, answer: (match: RegExpExecArray) => Answer];

/** Engine types as Redshift's messages about single values name them. */
const VALUE_LABELS: Readonly<Record<string, string>> = {
  INT16: 'Short',
  INT32: 'Integer',
  INT64: 'Long',
  DOUBLE: 'Double',
  FLOAT: 'Float4',
};
const WIDTHS: Readonly<Record<string, number>> = { INT16: 2, INT32: 4, INT64: 8 };
const ARITHMETIC_OVERFLOW: Readonly<Record<string, string>> = {
  INT16: 'smallint out of range',
  INT32: 'integer out of range',
  INT64: 'bigint out of range',
};

function invalidDigit(value: string, type: string): Answer {
  const prefix = /^\s*[+-]?[0-9]*\.?[0-9]*/.exec(value)?.[0] ?? '';
  const character = Array.from(value.slice(prefix.length))[0] ?? ' ';
  return [`Invalid digit, Value '${character}', Pos ${prefix.length}, Type: ${type}`, 'XX000'];
}

function outOfRange(engine: string): Answer {
  const width = WIDTHS[engine];
  if (width !== undefined) return [`Value out of range for ${width} bytes.`, '22003'];
  return ['Numeric data overflow (result precision)', '22003'];
}

const RULES: readonly Rule[] = [
  [
    /NOT NULL constraint failed: (?:\S+\.)?"?([^\s."]+)"?/,
    (m) => [`Cannot insert a NULL value into column ${m[1]}`, '23502'],
  ],
  [/Table with name "?([^\s"!]+)"? does not exist/, (m) => [`relation "${m[1]}" does not exist`, '42P01']],
  [/Referenced column "([^"]+)" (?:not found|was not found)/, (m) => [`column "${m[1]}" does not exist`, '42703']],
  [/column "([^"]+)" must appear in the GROUP BY clause/, groupByAnswer],
  [/(?:WHERE|FILTER) clause cannot contain aggregates/, () => ['aggregates not allowed in WHERE clause', '42803']],
  [/WHERE clause cannot contain window functions/, () => ['window functions not allowed in WHERE clause', '42P20']],
  [/GROUP BY clause cannot contain aggregates/, () => ['aggregates not allowed in GROUP BY clause', '42803']],
  [/aggregate function calls cannot be nested/, () => ['aggregate function calls may not be nested', '42803']],
  [
    /More than one row returned by a subquery/,
    () => ['more than one row returned by a subquery used as an expression', '21000'],
  ],
  [
    /Could not convert string ["'](.*)["'] to (?:DECIMAL|NUMERIC)/s,
    (m) => (isPlainNumber(m[1] ?? '') ? outOfRange('DECIMAL') : invalidDigit(m[1] ?? '', 'Decimal')),
  ],
  [
    /Could not convert string ["'](.*)["'] to ["']?(INT16|INT32|INT64|DOUBLE|FLOAT)/s,
    (m) =>
      isPlainNumber(m[1] ?? '') ? outOfRange(m[2] ?? '') : invalidDigit(m[1] ?? '', VALUE_LABELS[m[2] ?? ''] ?? ''),
  ],
  [/Overflow in .* of (INT16|INT32|INT64)/, (m) => [ARITHMETIC_OVERFLOW[m[1] ?? ''] ?? '', '22003']],
  [/Overflow in .* of DECIMAL|Overflow in .* of (?:INT128|HUGEINT)/, () => outOfRange('DECIMAL')],
  [/to type DECIMAL\([^)]*\) failed: value is out of range/, () => outOfRange('DECIMAL')],
  [/Could not cast value .* to DECIMAL/, () => outOfRange('DECIMAL')],
  [/out of range for the destination type (INT16|INT32|INT64)/, (m) => outOfRange(m[1] ?? '')],
  [/(?:type|to) DECIMAL\(\d+, ?\d+\).*(?:out of range|can't be cast)/s, () => outOfRange('DECIMAL')],
  [/Out of Range Error.*(?:timestamp|date|interval)/is, () => ['timestamp out of range', '22008']],
  [
    /cannot take (?:square root of a negative|logarithm of)/i,
    () => ['Invalid argument for power, square root or logarithm function', '2201F'],
  ],
  [/INTERRUPT|Interrupted/, () => ["Query cancelled on user's request", '57014']],
  [/Out of Memory Error/, () => ['Out Of Memory:', '53200']],
];

function isPlainNumber(text: string): boolean {
  return /^\s*[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?\s*$/.test(text);
}

function groupByAnswer(match: RegExpExecArray): Answer {
  return [`column "${match[1]}" must appear in the GROUP BY clause or be used in an aggregate function`, '42803'];
}

/**
 * Turns an error of the engine into Redshift's words and SQLSTATE. Errors that translated statements raise themselves
 * carry both; an error nobody foresaw keeps the engine's text under XX000, so that it can be searched for.
 * @param statement the Redshift statement, kept out of the message and given as context to nobody but the reader of `cause`
 */
export function mapEngineError(error: unknown, _statement: string): RedshiftError {
  if (error instanceof RedshiftError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const raised = /RS\|([0-9A-Z]{5})\|([\s\S]*)$/.exec(text);
  if (raised !== null && text.includes(RAISED_ERROR_PREFIX)) {
    return new RedshiftError((raised[2] ?? '').trimEnd(), raised[1] ?? 'XX000', { cause: error });
  }
  for (const [pattern, answer] of RULES) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [message, sqlState] = answer(match);
    return new RedshiftError(message, sqlState, { cause: error });
  }
  return new RedshiftError(`internal error of the local engine: ${text.split('\n')[0]}`, 'XX000', { cause: error });
}
