import { RedshiftError } from '../errors';
import { quoteLiteral } from './engine-types';
import { formatDate, parseDate } from './functions-date-formats';
import { datePart, datePartDouble } from './functions-date-parts';
import {
  argument,
  type CallSite,
  callOf,
  type FunctionTable,
  integerArgument,
  literalText,
  noFunction,
  scalar,
  textArgument,
  timeArgument,
} from './functions-signature';
import { castTo } from './infer-coerce';
import {
  BIGINT,
  DATE,
  DOUBLE,
  derived,
  INTEGER,
  isDateOrTimestamp,
  isTime,
  TIMESTAMP,
  TIMESTAMPTZ,
  type Typed,
  typed,
} from './infer-types';

/** The part named by the first argument, a literal. */
function partArgument(args: readonly Typed[], site: CallSite): string {
  const text = literalText(argument(args, 0));
  if (text === undefined) throw noFunction(site);
  return datePart(text);
}

/** DATEADD gives a TIMESTAMP for dates and text, the argument's own type for the others. */
function dateAdd(args: readonly Typed[], site: CallSite): Typed {
  const part = partArgument(args, site);
  const count = integerArgument(args, 1, site, BIGINT);
  const moment = timeArgument(args, 2, site);
  const base = moment.type.name === 'date' ? castTo(moment, TIMESTAMP) : moment;
  return derived(`(${base.sql} + ${intervalOf(part, count.sql)})`, base.type, count, base);
}

/** Microseconds in the parts that are of fixed length below a day. */
const MICROSECONDS: Readonly<Record<string, string>> = {
  hour: '3600000000',
  minute: '60000000',
  second: '1000000',
  millisecond: '1000',
  microsecond: '1',
  epoch: '1000000',
};
const MONTHS: Readonly<Record<string, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
  decade: 120,
  century: 1200,
  millennium: 12000,
};

function intervalOf(part: string, count: string): string {
  const microseconds = MICROSECONDS[part];
  if (microseconds !== undefined) return `to_microseconds(${count} * CAST(${microseconds} AS BIGINT))`;
  const months = MONTHS[part];
  if (months !== undefined) return `to_months(CAST(${count} * ${months} AS INTEGER))`;
  return `to_days(CAST(${part === 'week' ? `${count} * 7` : count} AS INTEGER))`;
}

/** DATEDIFF counts the boundaries of the part between two moments. */
function dateDiff(args: readonly Typed[], site: CallSite): Typed {
  const part = partArgument(args, site);
  const first = timeArgument(args, 1, site);
  const second = timeArgument(args, 2, site);
  if (isTime(first.type) !== isTime(second.type)) throw noFunction(site);
  const from = asTimestamp(first);
  const to = asTimestamp(second);
  if (part === 'week') {
    return derived(`(rs.week_number(${to.sql}) - rs.week_number(${from.sql}))`, BIGINT, from, to);
  }
  const unit = part === 'dow' || part === 'doy' ? 'day' : part === 'epoch' ? 'second' : part;
  return derived(`date_diff('${unit}', ${from.sql}, ${to.sql})`, BIGINT, from, to);
}

function asTimestamp(value: Typed): Typed {
  return isDateOrTimestamp(value.type) ? castTo(value, TIMESTAMP, 'implicit') : value;
}

function dateTrunc(args: readonly Typed[], site: CallSite): Typed {
  const part = partArgument(args, site);
  const value = timeArgument(args, 1, site);
  const moment = value.type.name === 'date' ? castTo(value, TIMESTAMP) : value;
  if (isTime(moment.type)) throw noFunction(site);
  return derived(`date_trunc('${part}', ${moment.sql})`, moment.type, moment);
}

function datePartOf(args: readonly Typed[], site: CallSite): Typed {
  const text = literalText(argument(args, 0));
  if (text === undefined) throw noFunction(site);
  return datePartDouble(text, argument(args, 1));
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ');

/** GETDATE(): the statement's start without a fraction. */
function getDate(_args: readonly Typed[], { scope }: CallSite): Typed {
  const { statementTime } = scope.statement.context;
  return typed(`TIMESTAMP '${iso(Math.floor(statementTime / 1000) * 1000).slice(0, 19)}'`, TIMESTAMP, false);
}

/** SYSDATE: the transaction's start. */
function sysDate(_args: readonly Typed[], { scope }: CallSite): Typed {
  return typed(`TIMESTAMP '${iso(scope.statement.context.transactionTime)}'`, TIMESTAMP, false);
}

function currentDate(_args: readonly Typed[], { scope }: CallSite): Typed {
  return typed(`DATE '${iso(scope.statement.context.transactionTime).slice(0, 10)}'`, DATE, false);
}

function transactionMoment(_args: readonly Typed[], { scope }: CallSite): Typed {
  return typed(`TIMESTAMPTZ '${iso(scope.statement.context.transactionTime)}+00'`, TIMESTAMPTZ, false);
}

/** `x AT TIME ZONE z`: a TIMESTAMP there becomes the moment, a moment becomes the local TIMESTAMP. */
export function convertZone(operand: Typed, zone: Typed): Typed {
  const value = isDateOrTimestamp(operand.type) ? operand : castTo(operand, TIMESTAMP);
  const moment = value.type.name === 'date' ? castTo(value, TIMESTAMP) : value;
  const type = moment.type.name === 'timestamptz' ? TIMESTAMP : TIMESTAMPTZ;
  return derived(`timezone(${zone.sql}, ${moment.sql})`, type, moment, zone);
}

/** CONVERT_TIMEZONE(['source',] 'target', timestamp); the source is UTC where it is not given. */
function convertTimezone(args: readonly Typed[], site: CallSite): Typed {
  const source = args.length === 3 ? textArgument(args, 0, site).sql : quoteLiteral('UTC');
  const target = textArgument(args, args.length - 2, site);
  const value = timeArgument(args, args.length - 1, site);
  if (value.type.name === 'timestamptz') return derived(`timezone(${target.sql}, ${value.sql})`, TIMESTAMP, value);
  const moment = `timezone(${source}, ${castTo(value, TIMESTAMP).sql})`;
  return derived(`timezone(${target.sql}, ${moment})`, TIMESTAMP, value);
}

/** TRUNC(timestamp) is the date; the number's TRUNC stands with the numbers. */
export function truncateToDate(value: Typed): Typed {
  return castTo(value, DATE);
}

const WEEKDAYS = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];

/** NEXT_DAY(date, 'Monday'): the first such day after the date. */
function nextDay(args: readonly Typed[], site: CallSite): Typed {
  const day = castTo(timeArgument(args, 0, site), DATE);
  const name = literalText(argument(args, 1));
  const index = WEEKDAYS.indexOf((name ?? '').slice(0, 2).toLowerCase());
  if (index < 0) throw new RedshiftError(`Not a valid day of the week: ${name ?? ''}`, '22023');
  const steps = `(((${index} - dayofweek(${day.sql}) + 6) % 7) + 1)`;
  return derived(`(${day.sql} + CAST(${steps} AS INTEGER))`, DATE, day);
}

function addMonths(args: readonly Typed[], site: CallSite): Typed {
  const moment = castTo(timeArgument(args, 0, site), TIMESTAMP);
  const count = integerArgument(args, 1, site);
  return callOf('rs.add_months', TIMESTAMP, moment, count);
}

function monthsBetween(args: readonly Typed[], site: CallSite): Typed {
  const [a, b] = [0, 1].map((index) => castTo(timeArgument(args, index, site), TIMESTAMP)) as [Typed, Typed];
  return derived(`CAST(rs.months_between(${a.sql}, ${b.sql}) AS DOUBLE)`, DOUBLE, a, b);
}

function compareMoments(args: readonly Typed[], site: CallSite): Typed {
  const [a, b] = [0, 1].map((index) => castTo(timeArgument(args, index, site), TIMESTAMP)) as [Typed, Typed];
  const order = `CASE WHEN ${a.sql} < ${b.sql} THEN -1 WHEN ${a.sql} > ${b.sql} THEN 1 WHEN ${a.sql} = ${b.sql} THEN 0 END`;
  return derived(`CAST(${order} AS INTEGER)`, INTEGER, a, b);
}

function toChar(args: readonly Typed[], site: CallSite): Typed {
  return formatDate(argument(args, 0), argument(args, 1), site);
}

export const DATE_FUNCTIONS: FunctionTable = {
  dateadd: scalar(3, 3, dateAdd),
  date_add: scalar(3, 3, dateAdd),
  datediff: scalar(3, 3, dateDiff),
  date_diff: scalar(3, 3, dateDiff),
  date_trunc: scalar(2, 2, dateTrunc),
  date_part: scalar(2, 2, datePartOf),
  datepart: scalar(2, 2, datePartOf),
  pgdate_part: scalar(2, 2, datePartOf),
  date_part_year: scalar(1, 1, (args, site) =>
    derived(`CAST(year(${castTo(timeArgument(args, 0, site), DATE).sql}) AS INTEGER)`, INTEGER, ...args),
  ),
  getdate: scalar(0, 0, getDate),
  sysdate: scalar(0, 0, sysDate),
  current_date: scalar(0, 0, currentDate),
  now: { ...scalar(0, 0, transactionMoment), leader: true },
  current_timestamp: { ...scalar(0, 1, transactionMoment), leader: true },
  convert_timezone: scalar(2, 3, convertTimezone),
  timezone: scalar(2, 2, (args) => convertZone(argument(args, 1), argument(args, 0))),
  last_day: scalar(1, 1, (args, site) => callOf('last_day', DATE, castTo(timeArgument(args, 0, site), DATE))),
  next_day: scalar(2, 2, nextDay),
  add_months: scalar(2, 2, addMonths),
  months_between: scalar(2, 2, monthsBetween),
  date_cmp: scalar(2, 2, compareMoments),
  timestamp_cmp: scalar(2, 2, compareMoments),
  date_cmp_timestamp: scalar(2, 2, compareMoments),
  timestamp_cmp_date: scalar(2, 2, compareMoments),
  to_char: scalar(2, 2, toChar),
  to_date: scalar(2, 3, (args, site) => castTo(parseDate(args, site), DATE)),
  to_timestamp: scalar(2, 3, (args, site) => castTo(parseDate(args, site), TIMESTAMPTZ)),
};
