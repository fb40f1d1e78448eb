import { ConfigurationError } from './errors';

/** Days of the log, both ends included, as `2018-11-01`. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LOG_DAY = /(?:^|\/)(\d{4}-\d{2}-\d{2})-events\.json$/;
const FIRST = '0001-01-01';
const LAST = '9999-12-31';

/** True for a day of the calendar: 2018-02-30 is none. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day that the name of a log file says, undefined where it says none. */
export function logDayOf(url: string): string | undefined {
  const day = LOG_DAY.exec(url)?.[1];
  return day !== undefined && isDay(day) ? day : undefined;
}

/** Says whether a run of these days wants a file: songs always, a log file by the day in its name. */
export function isWanted(file: { readonly url: string; readonly source: string }, range?: DateRange): boolean {
  if (range === undefined || file.source === 'songs') return true;
  const day = logDayOf(file.url);
  return day !== undefined && day >= range.from && day <= range.to;
}

/**
 * The days that an event asks for; one end may be left open.
 * @throws ConfigurationError for what is no day, and for a range that ends before it begins
 */
export function readRange(fields: { readonly from?: unknown; readonly to?: unknown }): DateRange | undefined {
  if (fields.from === undefined && fields.to === undefined) return undefined;
  const from = readDay('from', fields.from ?? FIRST);
  const to = readDay('to', fields.to ?? LAST);
  if (from > to)
    throw new ConfigurationError(`from is ${from}, after to, ${to}`, 'Give the earlier day first: both are included.');
  return { from, to };
}

function readDay(name: string, value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  const text = JSON.stringify(value) ?? 'missing';
  throw new ConfigurationError(
    `${name} is ${text.length > 120 ? `${text.slice(0, 120)}…` : text}, not a day of the calendar like 2018-11-01`,
    'Give the days of the log files as YYYY-MM-DD.',
  );
}
