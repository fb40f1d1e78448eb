import type { Copy } from '../dialect/ast';
import type { RedshiftType } from '../types';
import { dateReading, timeReading } from './formats';

/** What COPY makes of one field: the text of its value as the engine reads it, or the load error. */
export type Verdict = { readonly value: string | null } | { readonly code: number; readonly message: string };

const INTEGER_RANGES = {
  smallint: { word: 'Short', low: -(2n ** 15n), high: 2n ** 15n - 1n },
  integer: { word: 'Integer', low: -(2n ** 31n), high: 2n ** 31n - 1n },
  bigint: { word: 'Long', low: -(2n ** 63n), high: 2n ** 63n - 1n },
  oid: { word: 'Long', low: 0n, high: 2n ** 32n - 1n },
} as const;

const TRUE_WORDS = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE_WORDS = new Set(['false', 'f', 'no', 'n', '0']);
const LARGEST_REAL = 3.4028234663852886e38;

/**
 * The exact rule for one field, slow and complete: it has the last word where the engine's checks are in doubt.
 * Codes and texts: Developer Guide, "Load error reference".
 * @param field the field as text, null for a missing key or JSON null
 */
export function judge(field: string | null, type: RedshiftType, notNull: boolean, copy: Copy): Verdict {
  const text = field === null ? null : settled(field, type, copy);
  const verdict: Verdict = text === null ? { value: null } : judgeText(text, type, copy);
  if (notNull && 'value' in verdict && verdict.value === null) {
    return { code: 1213, message: 'Missing data for not-null field' };
  }
  return verdict;
}

function isString(type: RedshiftType): boolean {
  return type.name === 'varchar' || type.name === 'char' || type.name === 'text' || type.name === 'name';
}

function settled(field: string, type: RedshiftType, copy: Copy): string | null {
  if (!isString(type)) {
    return field === '' ? null : field;
  }
  if (copy.blanksAsNull && /^ +$/.test(field)) {
    return null;
  }
  const text = copy.trimBlanks ? field.replace(/ +$/, '') : field;
  return copy.emptyAsNull && text === '' ? null : text;
}

function judgeText(text: string, type: RedshiftType, copy: Copy): Verdict {
  switch (type.name) {
    case 'varchar':
      return judgeVarchar(text, type.length, copy.truncateColumns);
    case 'char':
      return judgeChar(text, type.length, copy.truncateColumns);
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'oid':
      return judgeInteger(text, type.name);
    case 'real':
    case 'double precision':
      return judgeFloat(text, type.name === 'real');
    case 'numeric':
      return judgeDecimal(text, type.precision, type.scale, copy.roundDecimals);
    case 'boolean':
      return judgeBoolean(text);
    case 'date':
      return tolerated(judgeDate(text, copy), copy);
    case 'timestamp':
    case 'timestamptz':
      return tolerated(judgeTimestamp(text, copy), copy);
    case 'time':
      return judgeTime(text);
    default:
      return { value: text };
  }
}

function cutToBytes(text: string, bytes: number): string {
  let length = 0;
  let cut = '';
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) {
      break;
    }
    cut += character;
  }
  return cut;
}

function judgeVarchar(text: string, length: number, cut: boolean): Verdict {
  if (Buffer.byteLength(text) <= length) {
    return { value: text };
  }
  return cut ? { value: cutToBytes(text, length) } : { code: 1204, message: 'String length exceeds DDL length' };
}

function judgeChar(text: string, length: number, cut: boolean): Verdict {
  const wide = [...text].find((character) => Buffer.byteLength(character) > 1);
  if (wide !== undefined) {
    const hex = Buffer.from(wide)
      .toString('hex')
      .replace(/../g, (byte) => ` ${byte}`)
      .trim();
    return {
      code: 1220,
      message: `Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: ${hex}`,
    };
  }
  if (text.length <= length) {
    return { value: text };
  }
  return cut ? { value: text.slice(0, length) } : { code: 1204, message: 'Char length exceeds DDL length' };
}

function invalidDigit(text: string, position: number, word: string): Verdict {
  return { code: 1207, message: `Invalid digit, Value '${text[position] ?? ''}', Pos ${position}, Type: ${word}` };
}

function judgeInteger(text: string, name: keyof typeof INTEGER_RANGES): Verdict {
  const { word, low, high } = INTEGER_RANGES[name];
  if (!/^[+-]?[0-9]+$/.test(text)) {
    const sign = /^[+-]/.test(text) ? 1 : 0;
    const offending = text.slice(sign).search(/[^0-9]/);
    return invalidDigit(text, offending === -1 ? text.length : offending + sign, word);
  }
  const value = BigInt(text.replace(/^\+/, ''));
  return value < low || value > high
    ? { code: 1222, message: `Overflow (${word} valid range ${low} to ${high})` }
    : { value: value.toString() };
}

function judgeFloat(text: string, single: boolean): Verdict {
  if (!/^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) {
    return { code: 1208, message: `Invalid float value, Value '${text.slice(0, 40)}'` };
  }
  const value = Number(text);
  const fits = Number.isFinite(value) && (!single || Math.abs(value) <= LARGEST_REAL);
  return fits
    ? { value: Object.is(value, -0) ? '-0.0' : String(value) }
    : { code: 1208, message: 'Float value out of range' };
}

/** Sign, digits and exponent of a decimal number; undefined when it is none. */
function decimalParts(text: string): { negative: boolean; digits: string; exponent: number } | undefined {
  const match = /^([+-]?)([0-9]*)(?:[.]([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?$/.exec(text);
  if (match === null || `${match[2]}${match[3] ?? ''}` === '') {
    return undefined;
  }
  const fraction = match[3] ?? '';
  return {
    negative: match[1] === '-',
    digits: `${match[2]}${fraction}`,
    exponent: Number(match[4] ?? 0) - fraction.length,
  };
}

function judgeDecimal(text: string, precision: number, scale: number, round: boolean): Verdict {
  const parts = decimalParts(text);
  if (parts === undefined) {
    return invalidDigit(text, Math.max(text.search(/[^0-9.+-]/), 0), 'Decimal');
  }
  const shift = parts.exponent + scale;
  let units: bigint;
  if (shift >= 0) {
    // A shift past the precision overflows unless the number is zero; it need not be worked out.
    units = BigInt(parts.digits) === 0n ? 0n : shift > 80 ? 10n ** 80n : BigInt(parts.digits) * 10n ** BigInt(shift);
  } else {
    const cut = parts.digits.length + shift;
    units = cut <= 0 ? 0n : BigInt(parts.digits.slice(0, cut));
    if (round && cut >= 0 && Number(parts.digits[cut] ?? 0) >= 5) {
      units += 1n;
    }
  }
  if (units >= 10n ** BigInt(precision)) {
    return { code: 1209, message: `Numeric data overflow (result precision), limit: numeric(${precision},${scale})` };
  }
  const digits = units.toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = parts.negative && units !== 0n ? '-' : '';
  return { value: scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}` };
}

function judgeBoolean(text: string): Verdict {
  const word = text.toLowerCase();
  if (TRUE_WORDS.has(word) || FALSE_WORDS.has(word)) {
    return { value: TRUE_WORDS.has(word) ? 'true' : 'false' };
  }
  return { code: 1210, message: `Invalid boolean value, Value '${text.slice(0, 40)}'` };
}

/** ACCEPTANYDATE: what cannot be read is NULL. */
function tolerated(verdict: Verdict, copy: Copy): Verdict {
  return 'code' in verdict && copy.acceptAnyDate ? { value: null } : verdict;
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function judgeDate(text: string, copy: Copy): Verdict {
  const reading = dateReading(copy.dateFormat);
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (reading.kind !== 'pattern' && found !== null && isDate(Number(found[1]), Number(found[2]), Number(found[3]))) {
    return { value: text };
  }
  return text.length < 10 && reading.kind !== 'pattern'
    ? { code: 1205, message: 'Invalid Date Format - length must be 10 or more' }
    : { code: 1205, message: `Invalid date format or value [${copy.dateFormat ?? 'YYYY-MM-DD'}]` };
}

const CLOCK = '([0-9]{2}):([0-9]{2}):([0-9]{2})([.][0-9]{1,6})?';
const DEFAULT_TIMESTAMP = new RegExp(`^([0-9]{4})-([0-9]{2})-([0-9]{2}) ${CLOCK}$`);
const AUTO_TIMESTAMP = new RegExp(
  `^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]${CLOCK} ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$`,
);

function badTimestamp(copy: Copy): Verdict {
  const format = copy.timeFormat ?? 'YYYY-MM-DD HH24:MI:SS';
  return { code: 1206, message: `Invalid timestamp format or value [${format}]` };
}

function judgeTimestamp(text: string, copy: Copy): Verdict {
  const reading = timeReading(copy.timeFormat);
  if (reading.kind === 'pattern') {
    return badTimestamp(copy);
  }
  if (reading.kind === 'epochsecs' || reading.kind === 'epochmillisecs') {
    return judgeEpoch(text, reading.kind === 'epochsecs' ? 1000 : 1, copy);
  }
  const found = (reading.kind === 'auto' ? AUTO_TIMESTAMP : DEFAULT_TIMESTAMP).exec(text);
  if (found === null) {
    return badTimestamp(copy);
  }
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] = found;
  const valid =
    isDate(Number(year), Number(month), Number(day)) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (!valid) {
    return badTimestamp(copy);
  }
  const local = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  return { value: zone === undefined ? `${local}${fraction}` : `${inUtc(local, zone)}${fraction}` };
}

/** `local` (`YYYY-MM-DD HH:MI:SS`) at a zone's offset, in UTC. */
function inUtc(local: string, zone: string): string {
  if (zone === 'Z') {
    return local;
  }
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)];
  const offset = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return new Date(Date.parse(`${local.replace(' ', 'T')}Z`) - offset).toISOString().slice(0, 19).replace('T', ' ');
}

function judgeEpoch(text: string, milliseconds: number, copy: Copy): Verdict {
  const time = /^[+-]?[0-9]{1,15}$/.test(text) ? Number(text) * milliseconds : Number.NaN;
  const date = new Date(time);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1) {
    return badTimestamp(copy);
  }
  return { value: date.toISOString().replace('T', ' ').replace('Z', '') };
}

function judgeTime(text: string): Verdict {
  const found = new RegExp(`^${CLOCK}$`).exec(text);
  return found !== null && Number(found[1]) < 24 && Number(found[2]) < 60 && Number(found[3]) < 60
    ? { value: text }
    : { code: 1206, message: 'Invalid time format or value [HH24:MI:SS]' };
}
