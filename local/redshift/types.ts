/**
 * Redshift's data types, as the catalogue, the dialect, COPY, the Data API and the wire speak of them.
 * Source: Database Developer Guide, "Data types".
 */

export type RedshiftType =
  | { readonly name: 'smallint' }
  | { readonly name: 'integer' }
  | { readonly name: 'bigint' }
  | { readonly name: 'real' }
  | { readonly name: 'double precision' }
  | { readonly name: 'boolean' }
  | { readonly name: 'date' }
  | { readonly name: 'time' }
  | { readonly name: 'timetz' }
  | { readonly name: 'timestamp' }
  | { readonly name: 'timestamptz' }
  | { readonly name: 'interval' }
  | { readonly name: 'super' }
  | { readonly name: 'oid' }
  | { readonly name: 'name' }
  | { readonly name: 'text' }
  /** `precision` 1 to 38 digits, `scale` 0 to 37. */
  | { readonly name: 'numeric'; readonly precision: number; readonly scale: number }
  /** `length` is in bytes of UTF-8, 1 to 65,535 for a column. */
  | { readonly name: 'varchar'; readonly length: number }
  /** `length` is in bytes, 1 to 4,096. */
  | { readonly name: 'char'; readonly length: number }
  | { readonly name: 'varbyte'; readonly length: number }
  /** A bare NULL or an untyped string literal: takes the type of its context. */
  | { readonly name: 'unknown' };

export type RedshiftTypeName = RedshiftType['name'];
