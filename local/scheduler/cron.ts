import { validationError } from './errors';

/**
 * AWS cron expressions: six fields (minutes, hours, day of month, month, day of week, year), read as EventBridge
 * Scheduler reads them (user guide, "Cron-based schedules"). Times are "wall" milliseconds: a local date and time
 * written as if it were UTC.
 */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly days: DayRule;
}

/** Which days of a month count. Weekdays are 1 (Sunday) to 7. */
type DayRule =
  | { readonly kind: 'days'; readonly days: ReadonlySet<number> }
  | { readonly kind: 'lastDay' }
  | { readonly kind: 'nearestWeekday'; readonly day: number }
  | { readonly kind: 'weekdays'; readonly weekdays: ReadonlySet<number> }
  | { readonly kind: 'lastWeekday'; readonly weekday: number }
  | { readonly kind: 'nthWeekday'; readonly weekday: number; readonly nth: number };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;
const DAY_MS = 86_400_000;

/** @param text what stands between the brackets of `cron(...)` @throws AwsError ValidationException */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) throw invalid(text, `it has ${fields.length} fields, not 6`);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw invalid(text, 'exactly one of day-of-month and day-of-week must be ?');
  }
  const values = (field: string, low: number, high: number, names: readonly string[] = []) =>
    parseValues(text, field.toUpperCase(), low, high, names);
  return {
    minutes: [...values(minutes, 0, 59)].sort((a, b) => a - b),
    hours: [...values(hours, 0, 23)].sort((a, b) => a - b),
    months: values(month, 1, 12, MONTHS),
    years: values(year, FIRST_YEAR, LAST_YEAR),
    days:
      dayOfWeek === '?'
        ? dayOfMonthRule(dayOfMonth.toUpperCase(), (field) => values(field, 1, 31))
        : dayOfWeekRule(dayOfWeek.toUpperCase(), (field) => values(field, 1, 7, WEEKDAYS)),
  };
}

/** The first wall time after `wall` that the expression names; undefined when there is none up to the year 2199. */
export function nextWallTime(cron: Cron, wall: number): number | undefined {
  const start = Math.floor(wall / DAY_MS) * DAY_MS;
  for (let day = start; ; day += DAY_MS) {
    const year = new Date(day).getUTCFullYear();
    if (year > LAST_YEAR) return undefined;
    if (!cron.years.has(year) || !matchesDay(cron, new Date(day))) continue;
    const time = firstTimeOfDay(cron, day, wall);
    if (time !== undefined) return time;
  }
}

function firstTimeOfDay(cron: Cron, day: number, after: number): number | undefined {
  for (const hour of cron.hours) {
    for (const minute of cron.minutes) {
      const time = day + (hour * 60 + minute) * 60_000;
      if (time > after) return time;
    }
  }
  return undefined;
}

function matchesDay({ months, days }: Cron, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const day = date.getUTCDate();
  const weekday = date.getUTCDay() + 1;
  const last = daysInMonth(date);
  switch (days.kind) {
    case 'days':
      return days.days.has(day);
    case 'lastDay':
      return day === last;
    case 'nearestWeekday':
      return day === nearestWeekday(days.day, weekday - day, last);
    case 'weekdays':
      return days.weekdays.has(weekday);
    case 'lastWeekday':
      return weekday === days.weekday && day + 7 > last;
    case 'nthWeekday':
      return weekday === days.weekday && Math.ceil(day / 7) === days.nth;
  }
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday (Monday to Friday) nearest to a day, inside its month. @param shift weekday number minus day number */
function nearestWeekday(day: number, shift: number, last: number): number | undefined {
  if (day > last) return undefined;
  const weekday = (((day + shift) % 7) + 7) % 7;
  if (weekday === 0) return day > 1 ? day - 1 : day + 2;
  if (weekday === 1) return day < last ? day + 1 : day - 2;
  return day;
}

function dayOfMonthRule(field: string, values: (field: string) => ReadonlySet<number>): DayRule {
  if (field === 'L') return { kind: 'lastDay' };
  if (field.endsWith('W')) return { kind: 'nearestWeekday', day: single(values(field.slice(0, -1))) };
  return { kind: 'days', days: values(field) };
}

function dayOfWeekRule(field: string, values: (field: string) => ReadonlySet<number>): DayRule {
  if (field === 'L') return { kind: 'weekdays', weekdays: new Set([7]) };
  if (field.endsWith('L')) return { kind: 'lastWeekday', weekday: single(values(field.slice(0, -1))) };
  const nth = /^(.+)#([1-5])$/.exec(field);
  if (nth) return { kind: 'nthWeekday', weekday: single(values(nth[1]!)), nth: Number(nth[2]) };
  return { kind: 'weekdays', weekdays: values(field) };
}

function single(values: ReadonlySet<number>): number {
  const [value, more] = values;
  if (value === undefined || more !== undefined) throw validationError('L, W and # take one day, not several.');
  return value;
}

function parseValues(text: string, field: string, low: number, high: number, names: readonly string[]): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step)))
      throw invalid(text, `"${part}" has a wrong step`);
    const [from, to] = parseRange(text, range, low, high, names, step !== undefined);
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function parseRange(
  text: string,
  range: string,
  low: number,
  high: number,
  names: readonly string[],
  open: boolean,
): readonly [number, number] {
  if (range === '*') return [low, high];
  const number = (word: string | undefined) => {
    const value = names.includes(word ?? '')
      ? names.indexOf(word!) + low
      : /^\d+$/.test(word ?? '')
        ? Number(word)
        : NaN;
    if (!(value >= low && value <= high)) throw invalid(text, `"${word}" is not from ${low} to ${high}`);
    return value;
  };
  const [first, second, ...more] = range.split('-');
  if (more.length > 0) throw invalid(text, `"${range}" is no range`);
  const from = number(first);
  const to = second === undefined ? (open ? high : from) : number(second);
  if (to < from) throw invalid(text, `the range ${range} runs backwards`);
  return [from, to];
}

function invalid(text: string, reason: string): Error {
  return validationError(`Invalid Schedule Expression cron(${text}): ${reason}.`);
}
