import { RedshiftError } from '../errors';
import { castTo } from './infer-coerce';
import { derived, INTERVAL, type IntervalValue, isInteger, type Typed } from './infer-types';

const SECOND = 1_000_000n;

/** Months, days and microseconds in one of each unit. */
const UNITS: Readonly<Record<string, IntervalValue>> = {
  microsecond: micros(1n),
  millisecond: micros(1000n),
  second: micros(SECOND),
  minute: micros(60n * SECOND),
  hour: micros(3600n * SECOND),
  day: { months: 0n, days: 1n, microseconds: 0n },
  week: { months: 0n, days: 7n, microseconds: 0n },
  month: months(1n),
  quarter: months(3n),
  year: months(12n),
  decade: months(120n),
  century: months(1200n),
  millennium: months(12000n),
};

function micros(microseconds: bigint): IntervalValue {
  return { months: 0n, days: 0n, microseconds };
}
function months(count: bigint): IntervalValue {
  return { months: count, days: 0n, microseconds: 0n };
}

/** Spellings of the units in interval literals. Source: Database Developer Guide, "Interval literals". */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  microsecond: ['microseconds', 'us', 'usec', 'usecs'],
  millisecond: ['milliseconds', 'ms', 'msec', 'msecs'],
  second: ['seconds', 's', 'sec', 'secs'],
  minute: ['minutes', 'm', 'min', 'mins'],
  hour: ['hours', 'h', 'hr', 'hrs'],
  day: ['days', 'd'],
  week: ['weeks', 'w'],
  month: ['months', 'mon', 'mons'],
  quarter: ['quarters', 'qtr', 'qtrs'],
  year: ['years', 'y', 'yr', 'yrs'],
  decade: ['decades', 'dec', 'decs'],
  century: ['centuries', 'c', 'cent', 'cents'],
  millennium: ['millennia', 'mil', 'mils'],
};
const UNIT_OF = new Map(
  Object.entries(SPELLINGS).flatMap(([unit, spellings]) => [unit, ...spellings].map((one) => [one, unit] as const)),
);

/** `interval '2 hours 3 minutes'`, `interval '1' day`. @throws RedshiftError 22007 */
export function parseInterval(text: string, field: string | undefined): IntervalValue {
  const invalid = new RedshiftError(`invalid input syntax for type interval: "${text}"`, '22007');
  const pattern = /\s*([+-]?\d+(?:\.\d+)?|[+-]?\d+:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*([a-z]*),?\s*/iy;
  let total = micros(0n);
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw invalid;
    const [, amount = '', unit = ''] = match;
    total = add(total, amount.includes(':') ? clock(amount) : amountOf(amount, unit || (field ?? 'second'), invalid));
  }
  return total;
}

function clock(text: string): IntervalValue {
  const negative = text.startsWith('-');
  const [hours = '0', minutes = '0', seconds = '0'] = text.replace(/^[+-]/, '').split(':');
  const total =
    (BigInt(hours) * 3600n + BigInt(minutes) * 60n) * SECOND + BigInt(Math.round(Number(seconds) * 1_000_000));
  return micros(negative ? -total : total);
}

function amountOf(amount: string, unit: string, invalid: RedshiftError): IntervalValue {
  // `interval '1' day to second` counts in its last field.
  const size = UNITS[UNIT_OF.get(unit.toLowerCase().split(/\s+/).at(-1) ?? '') ?? ''];
  if (size === undefined) throw invalid;
  const [whole = '0', fraction = ''] = amount.replace(/^[+-]/, '').split('.');
  const sign = amount.startsWith('-') ? -1n : 1n;
  const millionths = sign * (BigInt(whole) * SECOND + BigInt(fraction.padEnd(6, '0').slice(0, 6)));
  return spread(size, millionths);
}

/** `size` times millionths / 1,000,000: parts of months go into days of 30, parts of days into time. */
function spread(size: IntervalValue, millionths: bigint): IntervalValue {
  const wholeMonths = (size.months * millionths) / SECOND;
  const restDays = ((size.months * millionths) % SECOND) * 30n + size.days * millionths;
  const microseconds = (restDays % SECOND) * 86_400n + (size.microseconds * millionths) / SECOND;
  return { months: wholeMonths, days: restDays / SECOND, microseconds };
}

function add(a: IntervalValue, b: IntervalValue): IntervalValue {
  return { months: a.months + b.months, days: a.days + b.days, microseconds: a.microseconds + b.microseconds };
}

export function intervalConstant(value: IntervalValue): Typed {
  return { sql: intervalSql(value), type: INTERVAL, nullable: false, interval: value };
}

function intervalSql(value: IntervalValue): string {
  const parts = [
    ...(value.months !== 0n ? [`to_months(CAST(${value.months} AS INTEGER))`] : []),
    ...(value.days !== 0n ? [`to_days(CAST(${value.days} AS INTEGER))`] : []),
    `to_microseconds(CAST(${value.microseconds} AS BIGINT))`,
  ];
  return `(${parts.join(' + ')})`;
}

/**
 * A number times a constant interval, exact to the microsecond. The engine's own product narrows the number to 32
 * bits.
 */
export function multiplyInterval(count: Typed, interval: IntervalValue): Typed {
  const parts = [
    ...(interval.months !== 0n ? [`to_months(CAST(${times(count, interval.months)} AS INTEGER))`] : []),
    ...(interval.days !== 0n ? [`to_days(CAST(${times(count, interval.days)} AS INTEGER))`] : []),
    ...(interval.microseconds !== 0n ? [`to_microseconds(${microsecondsOf(count, interval)})`] : []),
  ];
  const sql = parts.length === 0 ? intervalSql(interval) : `(${parts.join(' + ')})`;
  const exact = interval.months === 0n && interval.days === 0n;
  return { ...derived(sql, INTERVAL, count), ...(exact && { microsecondsSql: microsecondsOf(count, interval) }) };
}

/** The microseconds of `count` times a constant interval without months and days. */
function microsecondsOf(count: Typed, interval: IntervalValue): string {
  return `CAST(${times(count, interval.microseconds)} AS BIGINT)`;
}

function times(count: Typed, factor: bigint): string {
  const known = count.type.name === 'unknown' ? castTo(count, { name: 'double precision' }) : count;
  const { ratio } = known;
  if (ratio !== undefined && (ratio.numerator * factor) % ratio.denominator === 0n) {
    return `(CAST(${ratio.sql} AS BIGINT) * CAST(${(ratio.numerator * factor) / ratio.denominator} AS BIGINT))`;
  }
  if (isInteger(known.type)) return `(CAST(${known.sql} AS BIGINT) * CAST(${factor} AS BIGINT))`;
  if (known.type.name === 'numeric') return `(${known.sql} * CAST(${factor} AS DECIMAL(18,0)))`;
  return `round(${known.sql} * CAST(${factor} AS DOUBLE))`;
}
