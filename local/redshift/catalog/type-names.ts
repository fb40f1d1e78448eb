import type { RedshiftType } from '../types';

/** A type as Redshift's catalogue writes it (format_type): `character varying(256)`, `numeric(18,0)`. */
export function formatType(type: RedshiftType): string {
  switch (type.name) {
    case 'numeric':
      return `numeric(${type.precision},${type.scale})`;
    case 'varchar':
      return `character varying(${type.length})`;
    case 'char':
      return `character(${type.length})`;
    case 'varbyte':
      return `binary varying(${type.length})`;
    case 'time':
      return 'time without time zone';
    case 'timetz':
      return 'time with time zone';
    case 'timestamp':
      return 'timestamp without time zone';
    case 'timestamptz':
      return 'timestamp with time zone';
    default:
      return type.name;
  }
}

/** A type as it can stand in a CAST of Redshift SQL. */
export function castableType(type: RedshiftType): string {
  switch (type.name) {
    case 'numeric':
      return `numeric(${type.precision},${type.scale})`;
    case 'varchar':
    case 'char':
    case 'varbyte':
      return `${type.name}(${type.length})`;
    case 'unknown':
    case 'text':
    case 'name':
      return 'varchar(65535)';
    case 'oid':
      return 'bigint';
    default:
      return type.name;
  }
}

/** A type's short name without its lengths, as error texts and STL_LOAD_ERRORS have it: `int4`, `varchar`. */
export function shortType(type: RedshiftType): string {
  const short: Partial<Record<RedshiftType['name'], string>> = {
    smallint: 'int2',
    integer: 'int4',
    bigint: 'int8',
    real: 'float4',
    'double precision': 'float8',
    boolean: 'bool',
  };
  return short[type.name] ?? type.name;
}
