import type { RedshiftType } from '../types';
import type { ResultColumn } from '../warehouse';

/** ColumnMetadata as the Data API shows it; the numbers are those of the Redshift JDBC driver. */
export interface ColumnMetadata {
  readonly isCaseSensitive: boolean;
  readonly isCurrency: false;
  readonly isSigned: boolean;
  readonly label: string;
  readonly name: string;
  readonly nullable: number;
  readonly precision: number;
  readonly scale: number;
  readonly schemaName: string;
  readonly tableName: string;
  readonly typeName: string;
  readonly length: number;
  readonly columnDefault?: string;
}

interface Traits {
  readonly typeName: string;
  readonly precision: number;
  readonly scale: number;
  readonly isSigned?: true;
  readonly isCaseSensitive?: true;
}

const FIXED: Partial<Record<RedshiftType['name'], Traits>> = {
  smallint: { typeName: 'int2', precision: 5, scale: 0, isSigned: true },
  integer: { typeName: 'int4', precision: 10, scale: 0, isSigned: true },
  bigint: { typeName: 'int8', precision: 19, scale: 0, isSigned: true },
  real: { typeName: 'float4', precision: 8, scale: 8, isSigned: true },
  'double precision': { typeName: 'float8', precision: 17, scale: 17, isSigned: true },
  boolean: { typeName: 'bool', precision: 1, scale: 0 },
  date: { typeName: 'date', precision: 13, scale: 0 },
  time: { typeName: 'time', precision: 15, scale: 6 },
  timetz: { typeName: 'timetz', precision: 21, scale: 6 },
  timestamp: { typeName: 'timestamp', precision: 29, scale: 6 },
  timestamptz: { typeName: 'timestamptz', precision: 35, scale: 6 },
  interval: { typeName: 'intervald2s', precision: 49, scale: 0 },
  super: { typeName: 'super', precision: 0, scale: 0, isCaseSensitive: true },
  oid: { typeName: 'oid', precision: 10, scale: 0 },
  name: { typeName: 'name', precision: 64, scale: 0, isCaseSensitive: true },
  text: { typeName: 'text', precision: 0, scale: 0, isCaseSensitive: true },
};

function traits(type: RedshiftType): Traits {
  switch (type.name) {
    case 'numeric':
      return { typeName: 'numeric', precision: type.precision, scale: type.scale, isSigned: true };
    case 'varchar':
      return { typeName: 'varchar', precision: type.length, scale: 0, isCaseSensitive: true };
    case 'char':
      return { typeName: 'bpchar', precision: type.length, scale: 0, isCaseSensitive: true };
    case 'varbyte':
      return { typeName: 'varbyte', precision: type.length, scale: 0 };
    default:
      return FIXED[type.name] ?? { typeName: 'unknown', precision: 0, scale: 0, isCaseSensitive: true };
  }
}

/** Metadata of a result's column, or of a table's with its DEFAULT. */
export function columnMetadata(column: ResultColumn, columnDefault?: string): ColumnMetadata {
  const { typeName, precision, scale, isSigned, isCaseSensitive } = traits(column.type);
  return {
    isCaseSensitive: isCaseSensitive ?? false,
    isCurrency: false,
    isSigned: isSigned ?? false,
    label: column.label,
    name: column.source?.column ?? column.label,
    nullable: column.nullable,
    precision,
    scale,
    schemaName: column.source?.schema ?? '',
    tableName: column.source?.table ?? '',
    typeName,
    length: 0,
    columnDefault,
  };
}
