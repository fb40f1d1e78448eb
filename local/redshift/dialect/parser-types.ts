import { notImplementedLocally, RedshiftError } from '../errors';
import type { RedshiftType, RedshiftTypeName } from '../types';
import type { TokenStream } from './token-stream';

/** `VARCHAR(MAX)` and the most a VARCHAR column may declare. */
const VARCHAR_MAX = 65_535;
const CHAR_MAX = 4_096;
const VARBYTE_MAX = 1_024_000;

/** Types of one word that take no modifier. */
const SIMPLE: Readonly<Record<string, RedshiftType>> = {
  smallint: { name: 'smallint' },
  int2: { name: 'smallint' },
  integer: { name: 'integer' },
  int: { name: 'integer' },
  int4: { name: 'integer' },
  bigint: { name: 'bigint' },
  int8: { name: 'bigint' },
  real: { name: 'real' },
  float4: { name: 'real' },
  float8: { name: 'double precision' },
  boolean: { name: 'boolean' },
  bool: { name: 'boolean' },
  date: { name: 'date' },
  timetz: { name: 'timetz' },
  timestamptz: { name: 'timestamptz' },
  super: { name: 'super' },
  oid: { name: 'oid' },
  name: { name: 'name' },
  text: { name: 'varchar', length: 256 },
  intervaly2m: { name: 'interval' },
  intervald2s: { name: 'interval' },
};

const VARCHAR_NAMES = ['varchar', 'nvarchar'];
const CHAR_NAMES = ['char', 'character', 'nchar', 'bpchar'];
const VARBYTE_NAMES = ['varbyte', 'varbinary'];
const NUMERIC_NAMES = ['numeric', 'decimal'];
const NOT_HERE = ['geometry', 'geography', 'hllsketch', 'refcursor', 'regclass', 'regtype', 'regproc'];

/** PostgreSQL's types that Redshift lacks (Developer Guide, "Unsupported PostgreSQL data types"). */
const REFUSED = `serial serial2 serial4 serial8 smallserial bigserial json jsonb uuid bytea money xml bit inet cidr
  macaddr point line lseg box path polygon circle tsvector tsquery hstore`.split(/\s+/);

const OTHER_NAMES = ['double', 'float', 'time', 'timestamp', 'interval', 'binary', 'long'];
const TYPE_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(SIMPLE),
  ...VARCHAR_NAMES,
  ...CHAR_NAMES,
  ...VARBYTE_NAMES,
  ...NUMERIC_NAMES,
  ...OTHER_NAMES,
]);

/** True for a word that begins the name of a type. */
export function isTypeWord(word: string): boolean {
  return TYPE_NAMES.has(word);
}

/**
 * A type's name with its modifiers, Redshift's defaults filled in: VARCHAR is VARCHAR(256), CHAR is CHAR(1), NUMERIC is
 * NUMERIC(18,0), TEXT is VARCHAR(256), BPCHAR is CHAR(256), FLOAT is DOUBLE PRECISION.
 * @throws RedshiftError 42601, 42704 for an unknown type, 22023 for a length or precision out of range
 */
export function readType(tokens: TokenStream): RedshiftType {
  const type = readElementType(tokens);
  if (tokens.isOperator('[')) throw tokens.unexpected(tokens.peek(), 'Redshift has no array types; use SUPER.');
  return type;
}

function readElementType(tokens: TokenStream): RedshiftType {
  const token = tokens.peek();
  if (token.kind === 'quoted' && token.value === 'char') {
    tokens.next();
    return { name: 'char', length: 1 };
  }
  if (token.kind !== 'word' || REFUSED.includes(token.value)) {
    throw tokens.unexpected(token, token.kind === 'word' ? `Redshift has no type ${token.value}.` : undefined);
  }
  tokens.next();
  const word = token.value;
  const simple = Object.hasOwn(SIMPLE, word) ? SIMPLE[word] : undefined;
  if (simple) return simple;
  if (VARCHAR_NAMES.includes(word)) return lengthType(tokens, 'varchar', 256, VARCHAR_MAX);
  if (CHAR_NAMES.includes(word)) return characterType(tokens, word);
  if (VARBYTE_NAMES.includes(word)) return lengthType(tokens, 'varbyte', 64_000, VARBYTE_MAX);
  if (NUMERIC_NAMES.includes(word)) return numericType(tokens);
  switch (word) {
    case 'double':
      tokens.expect('precision');
      return { name: 'double precision' };
    case 'float':
      return floatType(tokens);
    case 'time':
      return zonedType(tokens, 'time', 'timetz');
    case 'timestamp':
      return zonedType(tokens, 'timestamp', 'timestamptz');
    case 'binary':
      tokens.expect('varying');
      return lengthType(tokens, 'varbyte', 64_000, VARBYTE_MAX);
    case 'interval':
      readIntervalField(tokens);
      return { name: 'interval' };
    default:
  }
  if (NOT_HERE.includes(word)) throw notImplementedLocally(`Type ${word}`);
  throw new RedshiftError(`type "${word}" does not exist`, '42704', { position: token.start + 1 });
}

function characterType(tokens: TokenStream, word: string): RedshiftType {
  if (word === 'character' && tokens.accept('varying')) return lengthType(tokens, 'varchar', 256, VARCHAR_MAX);
  return lengthType(tokens, 'char', word === 'bpchar' ? 256 : 1, CHAR_MAX);
}

function lengthType(
  tokens: TokenStream,
  name: 'varchar' | 'char' | 'varbyte',
  byDefault: number,
  most: number,
): RedshiftType {
  if (!tokens.acceptOperator('(')) return { name, length: byDefault };
  const position = tokens.position;
  const length = name === 'varchar' && tokens.accept('max') ? VARCHAR_MAX : tokens.integer();
  tokens.expectOperator(')');
  const sqlName = name === 'varchar' ? 'character varying' : name === 'char' ? 'character' : 'varbyte';
  if (length < 1) throw outOfRange(`length for type ${sqlName} must be at least 1`, position);
  if (length > most) throw outOfRange(`length for type ${sqlName} cannot exceed ${most}`, position);
  return { name, length };
}

function numericType(tokens: TokenStream): RedshiftType {
  if (!tokens.acceptOperator('(')) return { name: 'numeric', precision: 18, scale: 0 };
  const position = tokens.position;
  const precision = tokens.integer();
  const scale = tokens.acceptOperator(',') ? tokens.integer() : 0;
  tokens.expectOperator(')');
  if (precision < 1 || precision > 38) {
    throw outOfRange(`NUMERIC precision ${precision} must be between 1 and 38`, position);
  }
  if (scale < 0 || scale > Math.min(precision, 37)) {
    throw outOfRange(`NUMERIC scale ${scale} must be between 0 and precision ${precision}`, position);
  }
  return { name: 'numeric', precision, scale };
}

/** FLOAT(n): up to 24 bits is REAL, up to 53 DOUBLE PRECISION. */
function floatType(tokens: TokenStream): RedshiftType {
  if (!tokens.acceptOperator('(')) return { name: 'double precision' };
  const position = tokens.position;
  const bits = tokens.integer();
  tokens.expectOperator(')');
  if (bits < 1) throw outOfRange('precision for type float must be at least 1 bit', position);
  if (bits > 53) throw outOfRange('precision for type float must be less than 54 bits', position);
  return { name: bits <= 24 ? 'real' : 'double precision' };
}

function zonedType<A extends RedshiftTypeName & ('time' | 'timestamp'), B extends 'timetz' | 'timestamptz'>(
  tokens: TokenStream,
  plain: A,
  zoned: B,
): { readonly name: A } | { readonly name: B } {
  if (tokens.accept('with', 'time', 'zone')) return { name: zoned };
  tokens.accept('without', 'time', 'zone');
  return { name: plain };
}

const INTERVAL_FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** `day`, `year to month`, `day to second` … behind INTERVAL or its literal; undefined when none is written. */
export function readIntervalField(tokens: TokenStream): string | undefined {
  const unit = tokens.peek();
  const singular = unit.value.replace(/s$/, '');
  if (unit.kind !== 'word' || !INTERVAL_FIELDS.includes(singular)) return undefined;
  tokens.next();
  if (!tokens.accept('to')) return singular;
  if (!tokens.isWord(INTERVAL_FIELDS)) throw tokens.unexpected();
  const last = tokens.next().value;
  if (tokens.acceptOperator('(')) {
    tokens.integer();
    tokens.expectOperator(')');
  }
  return `${singular} to ${last}`;
}

function outOfRange(message: string, position: number): RedshiftError {
  return new RedshiftError(message, '22023', { position });
}
