import type { Failure } from './errors';
import type { Row } from './warehouse';

/**
 * Puts the rows of the load error views into a sentence: file, line, column, value, limit.
 * @param table what the COPY was to fill, with its schema
 * @param allowed how many rejects the environment allows
 */
export function explainLoadErrors(
  table: string | undefined,
  details: readonly Row[],
  values: readonly Row[],
  unexplained: Failure,
  allowed = 0,
): Failure {
  const first = details[0];
  if (first === undefined) return unexplained;
  const value = values.find(
    (row) => row.line_number === first.line_number && row.file_name === first.file_name && sameColumn(row, first),
  );
  const others = details.length > 1 ? `and ${details.length - 1}${details.length >= 5 ? ' or more' : ''} others` : '';
  const limit = allowed > 0 ? `${allowed} rejects are allowed` : '';
  const notes = [others, limit].filter((note) => note !== '').join('; ');
  const more = notes === '' ? '' : ` (${notes})`;
  return {
    kind: 'source data',
    message: `COPY ${table?.replace(/^.*\./, '') ?? 'of the source'} failed: ${place(first)}${quoted(value)}: ${reason(first)}${more}.`,
    advice: 'Mend the file, then deploy or load again.',
  };
}

function sameColumn(one: Row, other: Row): boolean {
  return text(one.column_name) === text(other.column_name);
}

function place(row: Row): string {
  const column = text(row.column_name);
  const type = text(row.column_type);
  const length = text(row.column_length);
  const limited = length !== '' && length !== '0' && !type.includes('(') ? `${type}(${length})` : type;
  const where = `${text(row.file_name)} line ${text(row.line_number)}`;
  return column === '' ? where : `${where}, column ${column}${limited === '' ? '' : ` (${limited})`}`;
}

function quoted(row: Row | undefined): string {
  if (row === undefined || row.field_value === null) return '';
  const value = text(row.field_value);
  return ` value '${value.length > 120 ? `${value.slice(0, 120)}…` : value}'`;
}

function reason(row: Row): string {
  return `${text(row.error_message)} (${text(row.error_code)})`;
}

function text(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? '' : String(value).trim();
}
