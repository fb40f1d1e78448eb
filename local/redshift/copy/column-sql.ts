import type { Copy } from '../dialect/ast';
import { engineType, quoteLiteral } from '../dialect/engine-types';
import { notImplementedLocally } from '../errors';
import type { RedshiftType } from '../types';
import { dateReading, type TimeReading, timeReading } from './formats';

/**
 * The engine's SQL for one column of a load. A field arrives as text (`VARCHAR`, for SUPER as `JSON`); the checks
 * are narrow on purpose: what they do not recognise at once is looked at again, value by value, by the judge.
 */
export interface ColumnSql {
  /** From the field as read to the text that is to be converted: blanks and empty strings settled. */
  text(field: string): string;
  /** From that text to the column's type; NULL where it cannot be converted. */
  value(text: string): string;
  /** Whether value and text agree beyond doubt, as a boolean that is never NULL. */
  sure(text: string, value: string): string;
}

const INTEGER = "'-?[0-9]+'";
const FLOAT = "'[-+0-9.eE]+'";
/** Far from overflow whatever the digits: such a text needs no look at its value. */
const MODERATE_DOUBLE = "'-?[0-9]{1,40}([.][0-9]+)?([eE][-+]?[0-9]{1,2})?'";
const DECIMAL = "'-?[0-9]+([.][0-9]*)?'";
const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const CLOCK = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?';
const DATE = `'${DAY}'`;
const TIMESTAMP = `'${DAY} ${CLOCK}'`;
const TIMESTAMP_AUTO = `'${DAY}[ T]${CLOCK}Z?'`;
const TIME = `'${CLOCK}'`;
/** The engine knows a year 0, COPY does not. */
const FIRST_YEAR = "'0001'";

/** The SQL for one column of a type. @throws RedshiftError for types that this engine cannot load */
export function columnSql(type: RedshiftType, notNull: boolean, copy: Copy): ColumnSql {
  const sql = typeSql(type, copy);
  return {
    ...sql,
    sure: (text, value) => {
      const sure = sql.sure(text, value);
      return notNull ? `(${value} is not null and ${sure})` : sure;
    },
  };
}

function typeSql(type: RedshiftType, copy: Copy): ColumnSql {
  switch (type.name) {
    case 'varchar':
      return stringSql(copy, (text) => `strlen(${text}) <= ${type.length}`, type.length);
    case 'char':
      return stringSql(copy, (text) => `strlen(${text}) <= ${type.length} and strlen(${text}) = length(${text})`);
    case 'text':
    case 'name':
      return stringSql(copy, () => 'true');
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'oid':
      return scalarSql(type, (text, value) => `cast(${value} as varchar) = ${text}`);
    case 'double precision':
      return scalarSql(type, (text) => `regexp_full_match(${text}, ${MODERATE_DOUBLE})`);
    case 'real':
      return scalarSql(type, (text, value) => `isfinite(${value}) and regexp_full_match(${text}, ${FLOAT})`);
    case 'numeric':
      return decimalSql(type.precision, type.scale, copy.roundDecimals);
    case 'boolean':
      return booleanSql();
    case 'date':
      return dateSql(dateReading(copy.dateFormat));
    case 'timestamp':
    case 'timestamptz':
      return timestampSql(type, timeReading(copy.timeFormat));
    case 'time':
      return scalarSql(type, (text, value) => `${value} is not null and regexp_full_match(${text}, ${TIME})`);
    case 'super':
      return { text: (field) => field, value: (text) => text, sure: () => 'true' };
    default:
      throw notImplementedLocally(`COPY into a column of type ${type.name}`);
  }
}

function stringSql(copy: Copy, fits: (text: string) => string, cutTo?: number): ColumnSql {
  const cut = copy.truncateColumns && cutTo !== undefined ? cutTo : undefined;
  const fitsWhole = (text: string): string => `(${text} is null or (${fits(text)}))`;
  return {
    text: (field) => settledString(field, copy),
    // Cutting counts bytes: only where a character is a byte can the engine do it.
    value: (text) =>
      cut === undefined ? text : `case when strlen(${text}) > ${cut} then left(${text}, ${cut}) else ${text} end`,
    sure: (text) =>
      cut === undefined
        ? fitsWhole(text)
        : `(${text} is null or strlen(${text}) <= ${cut} or strlen(${text}) = length(${text}))`,
  };
}

function settledString(field: string, copy: Copy): string {
  let text = field;
  if (copy.blanksAsNull) {
    text = `case when ${text} <> '' and ltrim(${text}, ' ') = '' then null else ${text} end`;
  }
  if (copy.trimBlanks) {
    text = `rtrim(${text}, ' ')`;
  }
  return copy.emptyAsNull ? `nullif(${text}, '')` : text;
}

/** '' is NULL for every type but CHAR and VARCHAR. */
function emptyIsNull(field: string): string {
  return `nullif(${field}, '')`;
}

/** `check` is NULL, and so not sure, where the value could not be converted. */
function nullOr(text: string, check: string): string {
  return `(${text} is null or coalesce(${check}, false))`;
}

function scalarSql(type: RedshiftType, check: (text: string, value: string) => string): ColumnSql {
  return {
    text: emptyIsNull,
    value: (text) => `try_cast(${text} as ${engineType(type)})`,
    sure: (text, value) => nullOr(text, check(text, value)),
  };
}

/** COPY cuts the digits that are too many after the point; ROUNDEC rounds them. */
function decimalSql(precision: number, scale: number, round: boolean): ColumnSql {
  const type = `DECIMAL(${precision},${scale})`;
  const cut = (text: string): string => {
    const point = `strpos(${text}, '.')`;
    const keep = scale === 0 ? `${point} - 1` : `${point} + ${scale}`;
    return `case when ${point} > 0 and strlen(${text}) - ${point} > ${scale} then left(${text}, ${keep}) else ${text} end`;
  };
  return {
    text: emptyIsNull,
    value: (text) => `try_cast(${round ? text : cut(text)} as ${type})`,
    sure: (text, value) => nullOr(text, `${value} is not null and regexp_full_match(${text}, ${DECIMAL})`),
  };
}

function booleanSql(): ColumnSql {
  return {
    text: emptyIsNull,
    value: (text) =>
      `case when lower(${text}) in ('true', 't', 'yes', 'y', '1') then true when lower(${text}) in ('false', 'f', 'no', 'n', '0') then false end`,
    sure: (text, value) => nullOr(text, `${value} is not null`),
  };
}

function dateSql(reading: TimeReading): ColumnSql {
  if (reading.kind === 'pattern') {
    return patternSql(reading.pattern, 'DATE');
  }
  return scalarSql(
    { name: 'date' },
    (text, value) => `${value} is not null and ${text} >= ${FIRST_YEAR} and regexp_full_match(${text}, ${DATE})`,
  );
}

function timestampSql(type: RedshiftType, reading: TimeReading): ColumnSql {
  switch (reading.kind) {
    case 'pattern':
      return patternSql(reading.pattern, engineType(type));
    case 'epochsecs':
      return epochSql(engineType(type), 1_000_000);
    case 'epochmillisecs':
      return epochSql(engineType(type), 1_000);
    default:
      return scalarSql(
        type,
        (text, value) =>
          `${value} is not null and ${text} >= ${FIRST_YEAR} and regexp_full_match(${text}, ${reading.kind === 'auto' ? TIMESTAMP_AUTO : TIMESTAMP})`,
      );
  }
}

function epochSql(type: string, microseconds: number): ColumnSql {
  // So many digits end in the year 5138: clear of the year 9999 and of overflow.
  const digits = microseconds === 1_000 ? 14 : 11;
  return {
    text: emptyIsNull,
    value: (text) =>
      `cast(case when strlen(${text}) <= ${digits} then make_timestamp(try_cast(${text} as BIGINT) * ${microseconds}) end as ${type})`,
    sure: (text, value) => nullOr(text, `${value} is not null and regexp_full_match(${text}, ${INTEGER})`),
  };
}

/** strptime is lenient about digits: only a text that its own value prints again is sure. */
function patternSql(pattern: string, type: string): ColumnSql {
  const format = quoteLiteral(pattern);
  return {
    text: emptyIsNull,
    value: (text) => `cast(try_strptime(${text}, ${format}) as ${type})`,
    sure: (text, value) => nullOr(text, `strftime(${value}, ${format}) = ${text}`),
  };
}
