import { RedshiftError } from '../errors';
import type { Copy, QualifiedName } from './ast';
import type { Token } from './lexer';
import type { TokenStream } from './token-stream';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The options of one COPY as written, before they are held against each other. */
export interface CopyOptions
  extends Partial<Writable<Omit<Copy, 'node' | 'position' | 'table' | 'columns' | 'from' | 'authorization'>>> {
  iamRole?: 'default' | readonly string[];
  credentials?: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
  delimiter?: string;
  quote?: string;
  /** The token each option was written with, by its lower-case name. */
  readonly places: Map<string, Token>;
}

interface CopyHead {
  readonly tokens: TokenStream;
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  readonly from: string;
  readonly position: number;
}

/** Not allowed with JSON (Developer Guide, "Data format parameters"). */
const NOT_WITH_JSON = ['delimiter', 'quote', 'escape', 'fillrecord', 'ignoreblanklines', 'null', 'removequotes'];
/** Not allowed with CSV. */
const NOT_WITH_CSV = ['escape', 'removequotes'];
const NOT_WITH_FIXED_WIDTH = ['delimiter', 'escape', 'removequotes'];
/** What alone may stand beside Parquet and ORC (Developer Guide, "COPY from columnar data formats"). */
const WITH_COLUMNAR = [
  ...['acceptinvchars', 'fillrecord', 'manifest', 'statupdate', 'explicit_ids', 'format', 'parquet', 'orc'],
  ...['iam_role', 'credentials', 'access_key_id', 'secret_access_key', 'session_token', 'region'],
];

const COMPRESSIONS = ['gzip', 'bzip2', 'lzop', 'zstd'];

/** Checks the options against each other and fills in the defaults. @throws RedshiftError 42601 at the misfit */
export function buildCopy(head: CopyHead, options: CopyOptions): Copy {
  const { tokens, ...place } = head;
  const format = finishFormat(tokens, options);
  checkCombinations(tokens, options, format);
  const {
    places: _,
    iamRole,
    credentials,
    accessKeyId,
    secretAccessKey,
    sessionToken,
    delimiter,
    quote,
    ...rest
  } = options;
  return {
    node: 'copy',
    ...place,
    authorization: readAuthorization(tokens, options),
    ...DEFAULTS,
    ...rest,
    format,
  };
}

const DEFAULTS = {
  manifest: false,
  maxError: 0,
  ignoreAllErrors: false,
  ignoreHeader: 0,
  truncateColumns: false,
  blanksAsNull: false,
  emptyAsNull: false,
  trimBlanks: false,
  roundDecimals: false,
  acceptAnyDate: false,
  explicitIds: false,
  fillRecord: false,
  ignoreBlankLines: false,
  escape: false,
  removeQuotes: false,
  noLoad: false,
} as const;

function finishFormat(tokens: TokenStream, options: CopyOptions): Copy['format'] {
  const { format, delimiter, quote } = options;
  if (format?.kind === 'csv') {
    return { kind: 'csv', quote: quote ?? format.quote, delimiter: delimiter ?? format.delimiter };
  }
  if (quote !== undefined) throw misfit(tokens, options, 'quote', 'QUOTE goes with CSV only.');
  return format ?? { kind: 'delimited', delimiter: delimiter ?? '|' };
}

function checkCombinations(tokens: TokenStream, options: CopyOptions, format: Copy['format']): void {
  const given = [...options.places.keys()];
  const forbid = (names: readonly string[], what: string) => {
    const found = given.find((name) => names.includes(name));
    if (found !== undefined) {
      throw misfit(tokens, options, found, `${found.toUpperCase()} is not allowed with ${what}.`);
    }
  };
  if (format.kind === 'json') forbid(NOT_WITH_JSON, 'JSON');
  if (format.kind === 'csv') forbid(NOT_WITH_CSV, 'CSV');
  if (format.kind === 'other' && format.name === 'fixedwidth') forbid(NOT_WITH_FIXED_WIDTH, 'FIXEDWIDTH');
  if (format.kind === 'parquet' || (format.kind === 'other' && format.name === 'orc')) {
    forbid(
      given.filter((name) => !WITH_COLUMNAR.includes(name)),
      'a columnar format',
    );
  }
  if (options.ignoreAllErrors) forbid(['maxerror'], 'IGNOREALLERRORS');
  forbid(given.filter((name) => COMPRESSIONS.includes(name)).slice(1), 'another compression');
}

function readAuthorization(tokens: TokenStream, options: CopyOptions): Copy['authorization'] {
  const { iamRole, credentials, accessKeyId, secretAccessKey, sessionToken } = options;
  const keys = accessKeyId ?? secretAccessKey ?? sessionToken;
  const ways = [iamRole, credentials, keys].filter((way) => way !== undefined);
  const last = [...options.places.values()].at(-1);
  if (ways.length > 1) throw tokens.unexpected(last, 'Give one of IAM_ROLE, CREDENTIALS and ACCESS_KEY_ID only.');
  if (iamRole === 'default') return { kind: 'iam role default' };
  if (iamRole !== undefined) return { kind: 'iam role', arns: iamRole };
  if (credentials !== undefined) return readCredentials(credentials);
  if (accessKeyId === undefined || secretAccessKey === undefined) throw invalidCredentials();
  return keyAuthorization(accessKeyId, secretAccessKey, sessionToken);
}

/** `aws_iam_role=…` or `aws_access_key_id=…;aws_secret_access_key=…[;token=…]` */
function readCredentials(text: string): Copy['authorization'] {
  const fields = new Map<string, string>();
  for (const field of text.split(';')) {
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals), field.slice(equals + 1));
  }
  const role = fields.get('aws_iam_role');
  if (role === 'default') return { kind: 'iam role default' };
  if (role !== undefined && role !== '') return { kind: 'iam role', arns: role.split(',') };
  const id = fields.get('aws_access_key_id');
  const secret = fields.get('aws_secret_access_key');
  if (id === undefined || secret === undefined) throw invalidCredentials();
  return keyAuthorization(id, secret, fields.get('token'));
}

function keyAuthorization(accessKeyId: string, secretAccessKey: string, token?: string): Copy['authorization'] {
  return { kind: 'keys', accessKeyId, secretAccessKey, ...(token !== undefined && { token }) };
}

function invalidCredentials(): RedshiftError {
  const forms = "'aws_iam_role=…' or 'aws_access_key_id=…;aws_secret_access_key=…[;token=…]'";
  return new RedshiftError(`Invalid credentials. Must be of the format: credentials ${forms}`, 'XX000', {
    hint: "Add IAM_ROLE 'arn:aws:iam::<account>:role/<name>' to the COPY.",
  });
}

function misfit(tokens: TokenStream, options: CopyOptions, name: string, hint: string): RedshiftError {
  return tokens.unexpected(options.places.get(name), hint);
}
