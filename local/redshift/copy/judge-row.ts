import type { ColumnDefinition } from '../catalog/relation';
import type { Copy } from '../dialect/ast';
import type { RedshiftType } from '../types';
import type { LoadError } from './copy-runner';
import type { Frame } from './json-frames';
import { judge } from './judge';
import type { LoadPlan } from './load-plan';
import { firstBadByte, withoutMarks } from './source-text';

export type RowVerdict = { readonly values: readonly (string | null)[] } | { readonly error: LoadError };

/** Names of types in the load error views. */
const TYPE_NAMES: Partial<Record<RedshiftType['name'], string>> = {
  smallint: 'int2',
  integer: 'int4',
  bigint: 'int8',
  real: 'float4',
  'double precision': 'float8',
  boolean: 'bool',
};

/** The first column that COPY refuses decides; without one the row's values are returned in the plan's order. */
export function judgeRow(
  frame: Frame,
  fields: readonly (string | null)[] | undefined,
  url: string,
  { plan, copy }: { readonly plan: LoadPlan; readonly copy: Copy },
): RowVerdict {
  if (fields === undefined) {
    const indexed = plan.columns.some(
      ({ field }) => Array.isArray(field) && field.some((step) => typeof step === 'number'),
    );
    const message = indexed ? 'Invalid JSONPath format: Not an array or index out of range.' : undefined;
    return { error: brokenObject(frame, url, message) };
  }
  const values: (string | null)[] = [];
  for (const [i, { definition, notNull }] of plan.columns.entries()) {
    const field = fields[i] ?? null;
    const verdict = judge(field, definition.type, notNull, copy);
    if ('code' in verdict) {
      return { error: columnError(frame, url, definition, field, verdict) };
    }
    values.push(verdict.value);
  }
  return { values };
}

function columnError(
  frame: Frame,
  url: string,
  column: ColumnDefinition,
  field: string | null,
  { code, message }: { readonly code: number; readonly message: string },
): LoadError {
  return {
    fileName: url,
    lineNumber: frame.line,
    columnName: column.name,
    columnType: TYPE_NAMES[column.type.name] ?? column.type.name,
    columnLength: lengthOf(column.type),
    position: 0,
    errorCode: code,
    errorMessage: message,
    rawLine: frame.text,
    rawFieldValue: field ?? '',
  };
}

function lengthOf(type: RedshiftType): string {
  if (type.name === 'numeric') {
    return `${type.precision},${type.scale}`;
  }
  return 'length' in type ? String(type.length) : '';
}

/** A piece of a file that is no JSON object: 1216, or 1220 where a byte is no UTF-8. */
export function brokenObject(frame: Frame, url: string, message = 'Invalid value.'): LoadError {
  const badByte = firstBadByte(frame.text);
  return {
    fileName: url,
    lineNumber: frame.line,
    columnName: '',
    columnType: '',
    columnLength: '',
    position: 0,
    errorCode: badByte === undefined ? 1216 : 1220,
    errorMessage:
      badByte === undefined
        ? message
        : `String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: ${badByte} (error 3)`,
    rawLine: withoutMarks(frame.text),
    rawFieldValue: '',
  };
}
