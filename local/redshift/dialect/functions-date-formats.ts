import { notImplementedLocally } from '../errors';
import { quoteLiteral } from './engine-types';
import { formatNumber } from './functions-number-formats';
import { type CallSite, literalText, noFunction, textArgument } from './functions-signature';
import { castTo } from './infer-coerce';
import { derived, isDateOrTimestamp, isNumber, TIMESTAMP, type Typed, varchar } from './infer-types';

/** What one template pattern prints; `null` marks patterns that only print. */
interface Pattern {
  readonly print: (moment: string) => string;
  /** The engine's strptime code. */
  readonly read: string | null;
}

const strf =
  (code: string) =>
  (moment: string): string =>
    `strftime(${moment}, '${code}')`;
const padded = (code: string, letters: 'upper' | 'lower' | '') => (moment: string) => {
  const text = `rpad(strftime(${moment}, '${code}'), 9, ' ')`;
  return letters === '' ? text : `${letters}(${text})`;
};
const cased = (code: string, letters: 'upper' | 'lower') => (moment: string) =>
  `${letters}(strftime(${moment}, '${code}'))`;
const both = (code: string): Pattern => ({ print: strf(code), read: code });
const printed = (print: Pattern['print'], read: string | null = null): Pattern => ({ print, read });

/**
 * Template patterns, longest first. Source: Database Developer Guide, "Datetime format strings".
 */
const PATTERNS: readonly (readonly [string, Pattern])[] = [
  ['HH24', both('%H')],
  ['HH12', both('%I')],
  ['HH', both('%I')],
  ['MI', both('%M')],
  ['SS', both('%S')],
  ['MS', both('%g')],
  ['US', both('%f')],
  ['YYYY', both('%Y')],
  ['IYYY', printed(strf('%G'))],
  ['YYY', printed((moment) => `right(strftime(${moment}, '%Y'), 3)`)],
  ['YY', both('%y')],
  ['Y', printed((moment) => `right(strftime(${moment}, '%Y'), 1)`)],
  ['MONTH', printed(padded('%B', 'upper'), '%B')],
  ['Month', printed(padded('%B', ''), '%B')],
  ['month', printed(padded('%B', 'lower'), '%B')],
  ['MON', printed(cased('%b', 'upper'), '%b')],
  ['Mon', both('%b')],
  ['mon', printed(cased('%b', 'lower'), '%b')],
  ['MM', both('%m')],
  ['DAY', printed(padded('%A', 'upper'), '%A')],
  ['Day', printed(padded('%A', ''), '%A')],
  ['day', printed(padded('%A', 'lower'), '%A')],
  ['DDD', both('%j')],
  ['DD', both('%d')],
  ['DY', printed(cased('%a', 'upper'), '%a')],
  ['Dy', both('%a')],
  ['dy', printed(cased('%a', 'lower'), '%a')],
  ['D', printed((moment) => `CAST(dayofweek(${moment}) + 1 AS VARCHAR)`)],
  ['IW', printed(strf('%V'))],
  ['WW', printed((moment) => `lpad(CAST((dayofyear(${moment}) - 1) // 7 + 1 AS VARCHAR), 2, '0')`)],
  ['W', printed((moment) => `CAST((day(${moment}) - 1) // 7 + 1 AS VARCHAR)`)],
  ['CC', printed((moment) => `lpad(CAST(date_part('century', ${moment}) AS VARCHAR), 2, '0')`)],
  ['J', printed((moment) => `CAST(CAST(julian(CAST(${moment} AS DATE)) AS BIGINT) AS VARCHAR)`)],
  ['Q', printed((moment) => `CAST(quarter(${moment}) AS VARCHAR)`)],
  ['AM', both('%p')],
  ['PM', both('%p')],
  ['am', printed(cased('%p', 'lower'), '%p')],
  ['pm', printed(cased('%p', 'lower'), '%p')],
  ['TZ', printed(() => quoteLiteral('UTC'))],
  ['tz', printed(() => quoteLiteral('utc'))],
  ['OF', printed(() => quoteLiteral('+00'), '%z')],
];

type Piece = { readonly text: string } | { readonly pattern: Pattern; readonly fill: boolean; readonly name: string };

/** Splits a template into patterns and plain text; text in double quotes is plain. */
function splitTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let index = 0;
  let fill = true;
  while (index < template.length) {
    const quoted = /^"([^"]*)"/.exec(template.slice(index));
    if (quoted !== null) {
      pieces.push({ text: quoted[1] ?? '' });
      index += quoted[0].length;
      continue;
    }
    if (/^fm/i.test(template.slice(index))) {
      fill = false;
      index += 2;
      continue;
    }
    const found = findPattern(template, index);
    if (found === undefined) {
      pieces.push({ text: template.charAt(index) });
      index += 1;
      continue;
    }
    pieces.push({ pattern: found[1], fill, name: found[0] });
    fill = true;
    index += found[0].length;
  }
  return pieces;
}

function findPattern(template: string, index: number): readonly [string, Pattern] | undefined {
  const exact = PATTERNS.find(([name]) => template.startsWith(name, index));
  const upper = template.toUpperCase();
  const folded = PATTERNS.find(([name]) => name === name.toUpperCase() && upper.startsWith(name, index));
  return exact !== undefined && folded !== undefined && folded[0].length > exact[0].length ? folded : (exact ?? folded);
}

/** TO_CHAR of a date or timestamp, or of a number. The template must be a literal. */
export function formatDate(value: Typed, template: Typed, site: CallSite): Typed {
  const text = literalText(template);
  if (text === undefined) throw notImplementedLocally('TO_CHAR with a template that is no literal');
  if (isNumber(value.type)) return formatNumber(value, text);
  if (!isDateOrTimestamp(value.type) && value.type.name !== 'unknown') throw noFunction(site);
  const moment = castTo(value, TIMESTAMP);
  const pieces = splitTemplate(text).map((piece) => {
    if ('text' in piece) return quoteLiteral(piece.text);
    const printed = piece.pattern.print(moment.sql);
    if (piece.fill) return printed;
    return /^(MONTH|DAY)$/i.test(piece.name) ? `rtrim(${printed}, ' ')` : `regexp_replace(${printed}, '^0+(.)', '\\1')`;
  });
  const sql = pieces.length === 0 ? quoteLiteral('') : `(${pieces.join(' || ')})`;
  return derived(sql, varchar(256), moment);
}

/** The timestamp that a text holds in the form of a template (TO_DATE, TO_TIMESTAMP). */
export function parseDate(args: readonly Typed[], site: CallSite): Typed {
  const value = textArgument(args, 0, site);
  const template = args[1] === undefined ? undefined : literalText(args[1]);
  if (template === undefined) throw notImplementedLocally(`${site.call.name} with a template that is no literal`);
  const format = splitTemplate(template)
    .map((piece) => {
      if ('text' in piece) return piece.text.replaceAll('%', '%%');
      if (piece.pattern.read !== null) return piece.pattern.read;
      throw notImplementedLocally(`${site.call.name} with the pattern ${piece.name}`);
    })
    .join('');
  const read = `try_strptime(${value.sql}, ${quoteLiteral(format)})`;
  const message = `'Value ''' || ${value.sql} || ''' does not match the format ' || ${quoteLiteral(quoteLiteral(template))}`;
  const failed = `CAST(rs.fail('22007', ${message}) AS TIMESTAMP)`;
  return derived(`CASE WHEN ${value.sql} IS NOT NULL THEN COALESCE(${read}, ${failed}) END`, TIMESTAMP, value);
}
