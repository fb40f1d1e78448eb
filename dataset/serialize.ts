import type { LogEvent } from './activity';

/** The order of the keys in the log files, which is that of the JSONPaths file too. */
export const LOG_KEYS = [
  'artist',
  'auth',
  'firstName',
  'gender',
  'itemInSession',
  'lastName',
  'length',
  'level',
  'location',
  'method',
  'page',
  'registration',
  'sessionId',
  'song',
  'status',
  'ts',
  'userAgent',
  'userId',
] as const satisfies readonly (keyof LogEvent)[];

/** Nothing in it is written otherwise than it is: most texts are of this kind. */
const PLAIN = /^[ !#-.0-[\]-~]*$/;
/** Those that are not, as they are written: user agents and names, which come again in millions of lines. */
const written = new Map<string, string>();
const MOST_KEPT = 10_000;

function escaped(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const known = written.get(text);
  if (known !== undefined) return known;
  const made = JSON.stringify(text)
    .replace(/\//g, '\\/')
    .replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (written.size < MOST_KEPT) written.set(text, made);
  return made;
}

function value(key: (typeof LOG_KEYS)[number], event: LogEvent): string {
  const raw = event[key];
  if (raw === null) return 'null';
  if (typeof raw === 'string') return escaped(raw);
  // The logger writes this one as a float, and COPY has to cope.
  return key === 'registration' ? `${raw}.0` : String(raw);
}

/** One event as the app's logger writes it: ASCII only, slashes escaped, keys in fixed order. */
export function logLine(event: LogEvent): string {
  return `{${LOG_KEYS.map((key) => `"${key}":${value(key, event)}`).join(',')}}`;
}

/** The JSONPaths file that COPY needs, since the logs' keys are camel case and column names are lower case. */
export function logJsonPaths(): string {
  return `${JSON.stringify({ jsonpaths: LOG_KEYS.map((key) => `$['${key}']`) }, null, 4)}\n`;
}
