import { notImplementedLocally } from '../errors';
import { quoteLiteral } from './engine-types';
import { castTo } from './infer-coerce';
import { derived, numeric, type Typed, varchar } from './infer-types';

/** The parts of a template of 9, 0, D or point, G or comma, with FM, S, MI, L or a dollar sign around. */
const TEMPLATE = /^(FM)?(S|\$|L)?([09,G]*)(?:([.D])([09]*))?(MI|S)?$/i;

/**
 * TO_CHAR of a number for the commoner templates.
 * Source: Database Developer Guide, "Numeric format strings".
 * @throws RedshiftError 0A000 for a template of other patterns
 */
export function formatNumber(value: Typed, template: string): Typed {
  const match = TEMPLATE.exec(template);
  if (match === null) throw notImplementedLocally(`TO_CHAR of a number with the template '${template}'`);
  const [, compact, front = '', whole = '', point, fraction = '', behind = ''] = match;
  const scale = fraction.length;
  const digits = whole.replace(/[,G]/gi, '');
  const least = digits.includes('0') ? digits.length - digits.indexOf('0') : 0;
  const exact = castTo(value, numeric(38, Math.max(scale, 10))).sql;
  const fixed = `CAST(CAST(round(abs(${exact}), ${scale}) AS DECIMAL(38,${scale})) AS VARCHAR)`;
  const integer = `ltrim(split_part(${fixed}, '.', 1), '0')`;
  const filled = padLeft(integer, least, '0');
  const grouped = whole === digits ? filled : groupedDigits(filled);
  const decimals = point === undefined ? '' : ` || '.'${scale > 0 ? ` || split_part(${fixed}, '.', 2)` : ''}`;
  const sign = signOf(value.sql, front.toUpperCase(), behind.toUpperCase(), compact !== undefined);
  const currency = front === '$' || front.toUpperCase() === 'L' ? "'$' || " : '';
  const text = `(${sign.front}${currency}${grouped}${decimals}${sign.behind})`;
  const width = whole.length + scale + (point === undefined ? 0 : 1) + 1 + (currency === '' ? 0 : 1);
  const overflow = ` ${whole.replace(/[09]/g, '#')}${point === undefined ? '' : `.${'#'.repeat(scale)}`}`;
  const shown = compact === undefined ? padLeft(text, width, ' ') : text;
  const sql = `CASE WHEN length(${integer}) > ${digits.length} THEN ${quoteLiteral(overflow)} ELSE ${shown} END`;
  return derived(sql, varchar(64), value);
}

/** Fills up to a width without ever cutting, as the engine's lpad would. */
function padLeft(sql: string, width: number, fill: string): string {
  return `lpad(${sql}, CAST(greatest(${width}, length(${sql})) AS INTEGER), '${fill}')`;
}

/** Commas before every third digit from the right. */
function groupedDigits(integer: string): string {
  return `reverse(rtrim(regexp_replace(reverse(${integer}), '(\\d{3})', '\\1,', 'g'), ','))`;
}

function signOf(sql: string, front: string, behind: string, compact: boolean): { front: string; behind: string } {
  const minus = (other: string): string => `CASE WHEN ${sql} < 0 THEN '-' ELSE '${other}' END`;
  if (front === 'S') return { front: `${minus('+')} || `, behind: '' };
  if (behind === 'S') return { front: '', behind: ` || ${minus('+')}` };
  if (behind === 'MI') return { front: '', behind: ` || ${minus(compact ? '' : ' ')}` };
  return { front: `${minus('')} || `, behind: '' };
}
