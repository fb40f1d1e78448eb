/** Settings of every engine connection on which translated statements run. */
export const SESSION_SETTINGS: readonly string[] = [
  "SET default_null_order = 'nulls_last_on_asc_first_on_desc'",
  'SET integer_division = true',
  "SET TimeZone = 'UTC'",
  'SET ieee_floating_point_ops = true',
];

/** Starts the text of an error that a translated statement raises itself: `RS|<SQLSTATE>|<message>`. */
export const RAISED_ERROR_PREFIX = 'RS|';

/** Date formats that Redshift reads besides ISO 8601 when text becomes a date. */
const DATE_FORMATS = ['%Y%m%d', '%m/%d/%Y', '%m-%d-%Y', '%d %b %Y', '%b %d, %Y', '%B %d, %Y', '%Y/%m/%d', '%Y.%m.%d'];
const TIMESTAMP_FORMATS = [
  '%Y%m%d %H:%M:%S',
  '%m/%d/%Y %H:%M:%S',
  '%m/%d/%Y %H:%M',
  '%b %d, %Y %H:%M:%S',
  '%B %d, %Y %H:%M:%S',
  '%d %b %Y %H:%M:%S',
  '%Y/%m/%d %H:%M:%S',
];

const list = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(', ')}]`;

/** A cast of text to an integer type that takes digits only: the engine's own takes `1.5`, `1e3` and `1_000` too. */
function textToInteger(macro: string, engine: string, label: string): string {
  return `CREATE OR REPLACE MACRO rs.${macro}(x) AS CASE
    WHEN x IS NULL THEN NULL
    WHEN regexp_full_match(x, '\\s*[+-]?[0-9]+\\s*') THEN CAST(x AS ${engine})
    ELSE CAST(rs.invalid_digit(x, '${label}') AS ${engine}) END`;
}

function tryTextToInteger(macro: string, engine: string): string {
  return `CREATE OR REPLACE MACRO rs.${macro}(x) AS CASE
    WHEN regexp_full_match(x, '\\s*[+-]?[0-9]+\\s*') THEN TRY_CAST(x AS ${engine}) END`;
}

/**
 * Statements that define schema `rs` and the macros translated statements call; run at every opening of a database,
 * in this order.
 */
export const ENGINE_MACROS: readonly string[] = [
  'CREATE SCHEMA IF NOT EXISTS rs',
  `CREATE OR REPLACE MACRO rs.fail(state, message) AS error('${RAISED_ERROR_PREFIX}' || state || '|' || message)`,

  // Strings. The engine's rtrim is slow on text without trailing blanks; suffix() is nearly free.
  `CREATE OR REPLACE MACRO rs.trimmed(x) AS CASE WHEN suffix(x, ' ') THEN rtrim(x, ' ') ELSE x END`,
  `CREATE OR REPLACE MACRO rs.cut_bytes(x, n) AS COALESCE(
    TRY(decode(encode(x)[1:n])), TRY(decode(encode(x)[1:n - 1])),
    TRY(decode(encode(x)[1:n - 2])), TRY(decode(encode(x)[1:n - 3])))`,
  'CREATE OR REPLACE MACRO rs.cut(x, n) AS CASE WHEN strlen(x) <= n THEN x ELSE rs.cut_bytes(x, n) END',
  `CREATE OR REPLACE MACRO rs.fit(x, n, label) AS CASE
    WHEN strlen(x) <= n THEN x
    WHEN strlen(rtrim(x, ' ')) <= n THEN rtrim(x, ' ') || repeat(' ', n - strlen(rtrim(x, ' ')))
    WHEN x IS NULL THEN NULL
    ELSE CAST(rs.fail('22001', 'value too long for type ' || label || '(' || n || ')') AS VARCHAR) END`,
  `CREATE OR REPLACE MACRO rs.fit_char(x, n) AS CASE
    WHEN strlen(x) <> length(x) THEN CAST(rs.fail('22021',
      'Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: '
      || regexp_extract(x, '[^\\x00-\\x7F]')) AS VARCHAR)
    ELSE rtrim(rs.fit(rs.trimmed(x), n, 'character'), ' ') END`,
  `CREATE OR REPLACE MACRO rs.substring_from(x, start_, length_) AS CASE
    WHEN length_ < 0 THEN CAST(rs.fail('22011', 'negative substring length not allowed') AS VARCHAR)
    WHEN start_ >= 1 THEN substring(x, start_, length_)
    ELSE substring(x, 1, greatest(start_ + length_ - 1, 0)) END`,
  `CREATE OR REPLACE MACRO rs.initcap(x) AS CASE WHEN x = '' THEN x ELSE list_aggregate(list_transform(
    regexp_extract_all(lower(x), '[\\pL\\pN]+|[^\\pL\\pN]+'),
    lambda w: upper(left(w, 1)) || substr(w, 2)), 'string_agg', '') END`,

  // Numbers.
  `CREATE OR REPLACE MACRO rs.divisor(x) AS CASE WHEN x = 0 THEN rs.fail('22012', 'Divide by zero') ELSE x END`,
  // The engine divides 128-bit numbers many times slower than 64-bit ones, which nearly all are.
  `CREATE OR REPLACE MACRO rs.quotient(a, b) AS CASE
    WHEN a BETWEEN -9000000000000000000 AND 9000000000000000000 AND b BETWEEN -9000000000000000000 AND 9000000000000000000
      THEN CAST(CAST(a AS BIGINT) // CAST(b AS BIGINT) AS HUGEINT)
    ELSE a // b END`,
  `CREATE OR REPLACE MACRO rs.raw(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)`,
  `CREATE OR REPLACE MACRO rs.invalid_digit(x, label) AS rs.fail('XX000', 'Invalid digit, Value '''
    || substr(x || ' ', length(regexp_extract(x, '^\\s*[+-]?[0-9]*')) + 1, 1)
    || ''', Pos ' || length(regexp_extract(x, '^\\s*[+-]?[0-9]*')) || ', Type: ' || label)`,
  textToInteger('text_to_smallint', 'SMALLINT', 'Short'),
  textToInteger('text_to_integer', 'INTEGER', 'Integer'),
  textToInteger('text_to_bigint', 'BIGINT', 'Long'),
  tryTextToInteger('try_text_to_smallint', 'SMALLINT'),
  tryTextToInteger('try_text_to_integer', 'INTEGER'),
  tryTextToInteger('try_text_to_bigint', 'BIGINT'),
  `CREATE OR REPLACE MACRO rs.float_text(x, digits) AS CASE
    WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
    ELSE format('{:.' || digits || 'g}', x) END`,

  // Booleans, dates and times from text.
  `CREATE OR REPLACE MACRO rs.try_text_to_boolean(x) AS CASE
    WHEN lower(trim(x)) IN ('t', 'true', 'y', 'yes', '1', 'on') THEN true
    WHEN lower(trim(x)) IN ('f', 'false', 'n', 'no', '0', 'off') THEN false END`,
  `CREATE OR REPLACE MACRO rs.text_to_boolean(x) AS CASE WHEN x IS NULL THEN NULL
    ELSE COALESCE(rs.try_text_to_boolean(x),
      CAST(rs.fail('22P02', 'invalid input syntax for type boolean: "' || x || '"') AS BOOLEAN)) END`,
  `CREATE OR REPLACE MACRO rs.try_text_to_date(x) AS
    COALESCE(TRY_CAST(x AS DATE), CAST(try_strptime(trim(x), ${list(DATE_FORMATS)}) AS DATE))`,
  `CREATE OR REPLACE MACRO rs.text_to_date(x) AS CASE WHEN x IS NULL THEN NULL
    ELSE COALESCE(rs.try_text_to_date(x),
      CAST(rs.fail('22007', 'invalid input syntax for type date: "' || x || '"') AS DATE)) END`,
  `CREATE OR REPLACE MACRO rs.try_text_to_timestamp(x) AS COALESCE(TRY_CAST(x AS TIMESTAMP),
    try_strptime(trim(x), ${list(TIMESTAMP_FORMATS)}), CAST(rs.try_text_to_date(x) AS TIMESTAMP),
    CASE WHEN lower(trim(x)) = 'epoch' THEN TIMESTAMP '1970-01-01 00:00:00' END)`,
  `CREATE OR REPLACE MACRO rs.text_to_timestamp(x) AS CASE WHEN x IS NULL THEN NULL
    ELSE COALESCE(rs.try_text_to_timestamp(x),
      CAST(rs.fail('22007', 'invalid input syntax for type timestamp: "' || x || '"') AS TIMESTAMP)) END`,
  `CREATE OR REPLACE MACRO rs.try_text_to_timestamptz(x) AS COALESCE(TRY_CAST(x AS TIMESTAMP WITH TIME ZONE),
    timezone('UTC', rs.try_text_to_timestamp(x)))`,
  `CREATE OR REPLACE MACRO rs.text_to_timestamptz(x) AS CASE WHEN x IS NULL THEN NULL
    ELSE COALESCE(rs.try_text_to_timestamptz(x),
      CAST(rs.fail('22007', 'invalid input syntax for type timestamp with time zone: "' || x || '"')
        AS TIMESTAMP WITH TIME ZONE)) END`,

  // Dates. A week's boundary is a Sunday; day 0 of the engine's epoch was a Thursday.
  `CREATE OR REPLACE MACRO rs.week_number(x) AS CAST(floor((datediff('day', DATE '1970-01-04', CAST(x AS DATE))) / 7.0) AS BIGINT)`,
  `CREATE OR REPLACE MACRO rs.months_between(a, b) AS CASE
    WHEN day(a) = day(b) OR (CAST(a AS DATE) = last_day(a) AND CAST(b AS DATE) = last_day(b))
      THEN CAST(datediff('month', CAST(b AS DATE), CAST(a AS DATE)) AS DOUBLE)
    ELSE (year(a) - year(b)) * 12 + (month(a) - month(b)) + (day(a) - day(b)) / CAST(31 AS DOUBLE)
      + (epoch(CAST(a AS TIME)) - epoch(CAST(b AS TIME))) / CAST(2678400 AS DOUBLE) END`,
  `CREATE OR REPLACE MACRO rs.add_months(x, n) AS CASE
    WHEN CAST(x AS DATE) = last_day(x)
      THEN CAST(last_day(CAST(x AS DATE) + to_months(n)) AS TIMESTAMP) + (x - date_trunc('day', x))
    ELSE x + to_months(n) END`,

  // SUPER: dynamic typing, mismatches give NULL.
  `CREATE OR REPLACE MACRO rs.super_scalar(x) AS CASE WHEN json_type(x) IN ('NULL', 'OBJECT', 'ARRAY') THEN NULL ELSE x->>'$' END`,
  `CREATE OR REPLACE MACRO rs.super_string(x) AS CASE WHEN json_type(x) = 'VARCHAR' THEN x->>'$' END`,
  `CREATE OR REPLACE MACRO rs.super_number(x) AS CASE
    WHEN json_type(x) IN ('BIGINT', 'UBIGINT', 'DOUBLE', 'HUGEINT') THEN x->>'$' END`,
  `CREATE OR REPLACE MACRO rs.super_boolean(x) AS CASE WHEN json_type(x) = 'BOOLEAN' THEN CAST(x->>'$' AS BOOLEAN) END`,
];
