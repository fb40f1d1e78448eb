import { RedshiftError } from '../errors';
import { castTo } from './infer-coerce';
import { DOUBLE, derived, INTEGER, isDateOrTimestamp, isTime, TIMESTAMP, type Typed } from './infer-types';

/** The parts by their first name. Source: Database Developer Guide, "Date parts for date or timestamp functions". */
const SPELLINGS: Readonly<Record<string, string>> = {
  millennium: 'millennia mil mils',
  century: 'centuries c cent cents',
  decade: 'decades dec decs',
  year: 'years y yr yrs',
  quarter: 'quarters qtr qtrs',
  month: 'months mon mons',
  week: 'weeks w',
  dow: 'dayofweek dw weekday',
  doy: 'dayofyear dy yearday',
  day: 'days d',
  hour: 'hours h hr hrs',
  minute: 'minutes m min mins',
  second: 'seconds s sec secs',
  millisecond: 'milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon',
  microsecond: 'microseconds microsec microsecs usec usecs usecond useconds us',
  epoch: '',
  timezone: '',
  timezone_hour: '',
  timezone_minute: '',
};
const CANONICAL = new Map(
  Object.entries(SPELLINGS).flatMap(([part, others]) =>
    [part, ...others.split(' ').filter((one) => one !== '')].map((spelling) => [spelling, part] as const),
  ),
);

/** The part's first name for any of its spellings. @throws RedshiftError 22023 */
export function datePart(spelling: string): string {
  const part = CANONICAL.get(spelling.trim().toLowerCase());
  if (part !== undefined) return part;
  throw new RedshiftError(`timestamp units "${spelling}" not recognized`, '22023');
}

/** The engine's expression of one part of a date or time, as a whole number where Redshift's is one. */
function partSql(part: string, value: Typed): string {
  const { sql } = value;
  switch (part) {
    case 'century':
    case 'millennium':
    case 'dow':
    case 'doy':
    case 'week':
      return `date_part('${part}', ${sql})`;
    case 'second':
      return `date_part('second', ${sql})`;
    // The engine counts the seconds in; Redshift gives the fraction alone.
    case 'millisecond':
      return `(date_part('millisecond', ${sql}) % 1000)`;
    case 'microsecond':
      return `(date_part('microsecond', ${sql}) % 1000000)`;
    case 'epoch':
      return `epoch(${sql})`;
    default:
      return `date_part('${part}', ${sql})`;
  }
}

/** EXTRACT(part FROM x): an INTEGER, DOUBLE PRECISION from TIMESTAMPTZ. Text is read as a timestamp. */
export function extractPart(spelling: string, operand: Typed): Typed {
  const part = datePart(spelling);
  const value = dateOperand(operand);
  const sql = partSql(part, value);
  if (value.type.name === 'timestamptz') return derived(`CAST(${sql} AS DOUBLE)`, DOUBLE, value);
  const whole = part === 'epoch' || part === 'second' ? `floor(${sql})` : sql;
  return derived(`CAST(${whole} AS INTEGER)`, INTEGER, value);
}

/** DATE_PART: DOUBLE PRECISION; the fraction of seconds stays. */
export function datePartDouble(spelling: string, operand: Typed): Typed {
  const value = dateOperand(operand);
  return derived(`CAST(${partSql(datePart(spelling), value)} AS DOUBLE)`, DOUBLE, value);
}

function dateOperand(value: Typed): Typed {
  if (isDateOrTimestamp(value.type) || isTime(value.type) || value.type.name === 'interval') return value;
  return castTo(value, TIMESTAMP);
}
