import { notImplementedLocally } from '../errors';

/** How COPY reads dates or times: the default pattern, `'auto'`, epoch numbers, or a pattern of one's own. */
export type TimeReading =
  | { readonly kind: 'default' }
  | { readonly kind: 'auto' }
  | { readonly kind: 'epochsecs' }
  | { readonly kind: 'epochmillisecs' }
  /** `pattern` in the letters of the engine's strptime. */
  | { readonly kind: 'pattern'; readonly pattern: string };

/** Redshift's format parts by strptime's; the longer ones first. Source: Developer Guide, "Datetime format strings". */
const PARTS: readonly (readonly [string, string])[] = [
  ['YYYY', '%Y'],
  ['YY', '%y'],
  ['MONTH', '%B'],
  ['MON', '%b'],
  ['MM', '%m'],
  ['DD', '%d'],
  ['HH24', '%H'],
  ['HH12', '%I'],
  ['HH', '%H'],
  ['MI', '%M'],
  ['SS', '%S'],
  ['AM', '%p'],
  ['PM', '%p'],
];

const DEFAULT_DATE = 'YYYY-MM-DD';
const DEFAULT_TIMES = ['YYYY-MM-DD HH:MI:SS', 'YYYY-MM-DD HH24:MI:SS'];

/** What DATEFORMAT asks for. @throws RedshiftError for parts this engine does not know */
export function dateReading(format: string | undefined): TimeReading {
  if (format === undefined || format.toUpperCase() === DEFAULT_DATE) {
    return { kind: 'default' };
  }
  return format === 'auto' ? { kind: 'auto' } : { kind: 'pattern', pattern: strptimePattern(format, 'DATEFORMAT') };
}

/** What TIMEFORMAT asks for. The words `epochsecs` and `epochmillisecs` are lower case. @throws RedshiftError */
export function timeReading(format: string | undefined): TimeReading {
  if (format === undefined || DEFAULT_TIMES.includes(format.toUpperCase())) {
    return { kind: 'default' };
  }
  if (format === 'auto' || format === 'epochsecs' || format === 'epochmillisecs') {
    return { kind: format };
  }
  return { kind: 'pattern', pattern: strptimePattern(format, 'TIMEFORMAT') };
}

function strptimePattern(format: string, option: string): string {
  let pattern = '';
  let rest = format;
  while (rest !== '') {
    const part = PARTS.find(([name]) => rest.toUpperCase().startsWith(name));
    if (part !== undefined) {
      pattern += part[1];
      rest = rest.slice(part[0].length);
    } else if (/^[A-Za-z]/.test(rest) && !/^T/i.test(rest)) {
      throw notImplementedLocally(`COPY with ${option} '${format}'`);
    } else {
      pattern += rest[0] === '%' ? '%%' : rest[0];
      rest = rest.slice(1);
    }
  }
  return pattern;
}
