import type { RedshiftType } from '../types';

/** Scale given to DECIMAL where the engine names none. */
const DEFAULT_NUMERIC = { precision: 18, scale: 0 };

/**
 * The engine's (DuckDB's) type for a column or expression of a Redshift type. CHAR is kept without its padding,
 * SUPER as JSON text; lengths of VARCHAR are not the engine's business.
 */
export function engineType(type: RedshiftType): string {
  switch (type.name) {
    case 'smallint':
      return 'SMALLINT';
    case 'integer':
      return 'INTEGER';
    case 'bigint':
    case 'oid':
      return 'BIGINT';
    case 'real':
      return 'FLOAT';
    case 'double precision':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'timetz':
      return 'TIME WITH TIME ZONE';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'timestamptz':
      return 'TIMESTAMP WITH TIME ZONE';
    case 'interval':
      return 'INTERVAL';
    case 'super':
      return 'JSON';
    case 'numeric':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'varbyte':
      return 'BLOB';
    case 'varchar':
    case 'char':
    case 'name':
    case 'text':
    case 'unknown':
      return 'VARCHAR';
  }
}

const FIXED: Readonly<Record<string, RedshiftType>> = {
  BOOLEAN: { name: 'boolean' },
  TINYINT: { name: 'smallint' },
  UTINYINT: { name: 'smallint' },
  SMALLINT: { name: 'smallint' },
  USMALLINT: { name: 'integer' },
  INTEGER: { name: 'integer' },
  UINTEGER: { name: 'bigint' },
  BIGINT: { name: 'bigint' },
  UBIGINT: { name: 'numeric', precision: 20, scale: 0 },
  HUGEINT: { name: 'numeric', precision: 38, scale: 0 },
  FLOAT: { name: 'real' },
  DOUBLE: { name: 'double precision' },
  DATE: { name: 'date' },
  TIME: { name: 'time' },
  'TIME WITH TIME ZONE': { name: 'timetz' },
  TIMESTAMP: { name: 'timestamp' },
  TIMESTAMP_S: { name: 'timestamp' },
  TIMESTAMP_MS: { name: 'timestamp' },
  TIMESTAMP_NS: { name: 'timestamp' },
  'TIMESTAMP WITH TIME ZONE': { name: 'timestamptz' },
  INTERVAL: { name: 'interval' },
  BLOB: { name: 'varbyte', length: 65535 },
  JSON: { name: 'super' },
  VARCHAR: { name: 'varchar', length: 65535 },
};

/** The nearest Redshift type of an engine type's name, for example `DECIMAL(10,2)`; unknown names count as text. */
export function redshiftTypeOfEngine(duckdbTypeName: string): RedshiftType {
  const name = duckdbTypeName.trim().toUpperCase();
  const decimal = /^(?:DECIMAL|NUMERIC)(?:\((\d+)(?:\s*,\s*(\d+))?\))?$/.exec(name);
  if (decimal !== null) {
    return {
      name: 'numeric',
      precision: decimal[1] === undefined ? DEFAULT_NUMERIC.precision : Number(decimal[1]),
      scale: decimal[2] === undefined ? DEFAULT_NUMERIC.scale : Number(decimal[2]),
    };
  }
  return FIXED[name] ?? { name: 'varchar', length: 65535 };
}

/** An identifier in the engine's double quotes. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal of the engine (which knows no backslash escapes). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
