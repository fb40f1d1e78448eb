const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `1,234,567`, whatever the machine's language. */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `12.3`; no `.0`. */
export function decimal(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** `1 file`, `30 files`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share of 0 to 1 as `7.9 %`. */
export function percent(share: number): string {
  return `${(share * 100).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`;
}

/** 0 where there is nothing to divide by. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** `512 B`, `3.4 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${power === 0 ? value : (value / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** `45 ms`, `12.3 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A day or a moment of the warehouse as a Date; both are UTC. */
export function utc(text: string): Date {
  return new Date(/\d:\d/.test(text) ? `${text.replace(' ', 'T').replace(/Z$/, '')}Z` : `${text}T00:00:00Z`);
}

/** `5 Nov`. */
export function dayOfMonth(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** `5 Nov 2018`. */
export function day(text: string): string {
  const date = utc(text);
  return `${dayOfMonth(date)} ${date.getUTCFullYear()}`;
}

/** `5 Nov 2018, 16:04 UTC`. */
export function moment(text: string): string {
  const date = utc(text);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day(text)}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** 16 as `16:00`. */
export function hour(value: number): string {
  return `${String(value).padStart(2, '0')}:00`;
}

/** 0 as `Sunday`. */
export function weekday(value: number): string {
  return WEEKDAYS[value] ?? String(value);
}

/** At most so many characters, with an ellipsis for what is cut. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
