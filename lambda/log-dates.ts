import { ConfigurationError } from './errors';

/** Days of the log, both ends included, as `2018-11-01`. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FIRST = '0001-01-01';
const LAST = '9999-12-31';

/** True for a day of the calendar: 2018-02-30 is none. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A file, as far as its day goes. */
interface Named {
  readonly url: string;
  readonly source: string;
}

/** Which day a file is of: sources say with a pattern where in the name it stands, or are of every day. */
export class FileDays {
  private readonly patterns: ReadonlyMap<string, RegExp>;

  constructor(sources: readonly { readonly name: string; readonly day?: string }[]) {
    this.patterns = new Map(
      sources.flatMap(({ name, day }) => (day === undefined ? [] : [[name, new RegExp(day)] as const])),
    );
  }

  /** True for a file whose name should say its day and does not. */
  isUndated(file: Named): boolean {
    return this.patterns.has(file.source) && this.dayOf(file) === undefined;
  }

  /** Says whether a run of these days wants a file. */
  isWanted(file: Named, range?: DateRange): boolean {
    if (range === undefined || !this.patterns.has(file.source)) return true;
    const day = this.dayOf(file);
    return day !== undefined && day >= range.from && day <= range.to;
  }

  private dayOf({ url, source }: Named): string | undefined {
    const day = this.patterns.get(source)?.exec(url)?.[1];
    return day !== undefined && isDay(day) ? day : undefined;
  }
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
