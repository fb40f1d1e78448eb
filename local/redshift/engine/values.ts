import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { RedshiftType } from '../types';
import type { CellValue } from '../warehouse';

/**
 * A value of the engine as it leaves for the client, by the column's Redshift type.
 * Times and timestamps are text without trailing zeros (`2020-08-21 17:33:51.88712`), NUMERIC keeps its scale,
 * CHAR is padded with blanks to its length.
 */
export function toCell(value: DuckDBValue, type: RedshiftType): CellValue {
  if (value === null || typeof value === 'boolean') {
    return value;
  }
  switch (type.name) {
    case 'smallint':
    case 'integer':
    case 'oid':
    case 'real':
    case 'double precision':
      return typeof value === 'number' ? value : Number(value);
    case 'bigint':
      return typeof value === 'bigint' || typeof value === 'number' ? value : BigInt(String(value));
    case 'boolean':
      return Boolean(value);
    case 'numeric':
      return numericText(value, type.scale);
    case 'char':
      return padded(text(value), type.length);
    default:
      return text(value);
  }
}

function text(value: DuckDBValue): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value instanceof DuckDBBlobValue) {
    return Buffer.from(value.bytes).toString('hex');
  }
  if (value instanceof DuckDBIntervalValue) {
    return intervalText(value);
  }
  if (value instanceof DuckDBDateValue) {
    return value.toString();
  }
  return String(value);
}

function numericText(value: DuckDBValue, scale: number): string {
  if (value instanceof DuckDBDecimalValue && value.scale === scale) {
    return value.toString();
  }
  const written = String(value);
  const [whole = '0', fraction = ''] = written.split('.');
  if (/e/i.test(written) || fraction.length > scale) {
    return Number(written).toFixed(scale);
  }
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}

function padded(value: string, length: number): string {
  const missing = length - Buffer.byteLength(value);
  return missing > 0 ? value + ' '.repeat(missing) : value;
}

/** PostgreSQL's style: `1 year 2 mons 3 days 04:05:06`. */
function intervalText(value: DuckDBIntervalValue): string {
  const parts: string[] = [];
  const unit = (count: number, name: string): void => {
    if (count !== 0) {
      parts.push(`${count} ${name}${Math.abs(count) === 1 ? '' : 's'}`);
    }
  };
  unit(Math.trunc(value.months / 12), 'year');
  unit(value.months % 12, 'mon');
  unit(value.days, 'day');
  if (value.micros !== 0n || parts.length === 0) {
    parts.push(clockText(value.micros));
  }
  return parts.join(' ');
}

function clockText(micros: bigint): string {
  const absolute = micros < 0n ? -micros : micros;
  const seconds = absolute / 1_000_000n;
  const fraction = String(absolute % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const two = (n: bigint): string => String(n).padStart(2, '0');
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return `${micros < 0n ? '-' : ''}${clock}${fraction === '' ? '' : `.${fraction}`}`;
}
