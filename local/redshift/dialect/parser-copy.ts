import { notImplementedLocally } from '../errors';
import type { Copy } from './ast';
import { buildCopy, type CopyOptions } from './copy-options';
import type { Token } from './lexer';
import type { TokenStream } from './token-stream';

/** The largest MAXERROR. */
const MAXERROR_LIMIT = 100_000;

const NOT_HERE = ['encrypted', 'master_symmetric_key', 'ssh', 'job', 'readratio'];
const OTHER_FORMATS = ['avro', 'orc', 'shapefile'];

/**
 * COPY with its options in any order, each at most once.
 * @throws RedshiftError 42601 for a malformed option or a combination that Redshift does not allow
 */
export function readCopy(tokens: TokenStream): Copy {
  const { position } = tokens;
  tokens.expect('copy');
  if (tokens.isWord('job')) throw notImplementedLocally('COPY JOB');
  const table = tokens.qualifiedName();
  const columns = tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [];
  tokens.expect('from');
  const from = readSource(tokens);
  const options: CopyOptions = { places: new Map() };
  while (!tokens.atEnd() && !tokens.isOperator(';')) readOption(tokens, options);
  return buildCopy({ tokens, table, columns, from, position }, options);
}

function readSource(tokens: TokenStream): string {
  const token = tokens.peek();
  const from = tokens.string();
  if (/^(emr|ssh|dynamodb):\/\//.test(from)) throw notImplementedLocally(`COPY FROM '${from.split(':')[0]}://…'`);
  if (!/^s3:\/\/[^/]+\/?/.test(from)) throw tokens.unexpected(token, "COPY reads from 's3://bucket/prefix'.");
  return from;
}

function readOption(tokens: TokenStream, options: CopyOptions): void {
  tokens.accept('with');
  const token = tokens.peek();
  if (token.kind !== 'word') throw tokens.unexpected();
  if (NOT_HERE.includes(token.value)) throw notImplementedLocally(`COPY option ${token.value.toUpperCase()}`);
  tokens.next();
  if (readFormat(tokens, options, token)) return;
  const reader = Object.hasOwn(OPTION_READERS, token.value) ? OPTION_READERS[token.value] : undefined;
  if (!reader) throw tokens.unexpected(token);
  note(tokens, options, token, token.value);
  reader(tokens, options);
}

/** Remembers where an option stands; twice the same is refused. */
function note(tokens: TokenStream, options: CopyOptions, token: Token, name: string): void {
  if (options.places.has(name)) throw tokens.unexpected(token, `COPY option ${name.toUpperCase()} is given twice.`);
  options.places.set(name, token);
}

/** `[format [as]] json | csv | parquet | …`; false when the token does not begin a format. */
function readFormat(tokens: TokenStream, options: CopyOptions, first: Token): boolean {
  let token = first;
  if (first.value === 'format') {
    tokens.accept('as');
    token = tokens.next();
  }
  if (token.kind === 'word' && readNamedFormat(tokens, options, token.value)) {
    note(tokens, options, token, 'format');
    options.places.set(token.value, token);
    return true;
  }
  if (first !== token) throw tokens.unexpected(token);
  return false;
}

function readNamedFormat(tokens: TokenStream, options: CopyOptions, name: string): boolean {
  if (name === 'json') options.format = readJson(tokens);
  else if (name === 'csv') options.format = readCsv(tokens);
  else if (name === 'parquet') options.format = { kind: 'parquet' };
  else if (name === 'fixedwidth' || OTHER_FORMATS.includes(name)) {
    if (tokens.accept('as') || tokens.isString()) tokens.string();
    options.format = { kind: 'other', name };
  } else return false;
  return true;
}

function readJson(tokens: TokenStream): Copy['format'] {
  if (!tokens.accept('as') && !tokens.isString()) return { kind: 'json', mode: 'auto' };
  const token = tokens.peek();
  const mode = tokens.string();
  if (mode === 'auto' || mode === 'auto ignorecase' || mode === 'noshred') return { kind: 'json', mode };
  if (mode.startsWith('s3://')) return { kind: 'json', mode: 'paths', pathsUrl: mode };
  throw tokens.unexpected(
    token,
    "JSON takes 'auto', 'auto ignorecase', 'noshred' or the s3:// URL of a JSONPaths file.",
  );
}

function readCsv(tokens: TokenStream): { kind: 'csv'; quote: string; delimiter: string } {
  const quote = tokens.accept('quote') ? readCharacter(tokens) : '"';
  return { kind: 'csv', quote, delimiter: ',' };
}

/** `[as] 'text'` */
function readText(tokens: TokenStream): string {
  tokens.accept('as');
  return tokens.string();
}

/** `[as] 'c'`, exactly one character. */
function readCharacter(tokens: TokenStream): string {
  tokens.accept('as');
  const token = tokens.peek();
  const text = tokens.string();
  if ([...text].length !== 1) throw tokens.unexpected(token, 'Exactly one character is expected here.');
  return text;
}

/** `[as] 'text'`, one character or several, as in `|~|`. */
function readDelimiter(tokens: TokenStream): string {
  tokens.accept('as');
  const token = tokens.peek();
  const text = tokens.string();
  if (text === '') throw tokens.unexpected(token, 'A delimiter has at least one character.');
  return text;
}

/** `[as] n` within bounds. */
function readCount(tokens: TokenStream, most: number): number {
  tokens.accept('as');
  const token = tokens.peek();
  const count = tokens.integer();
  if (count < 0 || count > most) throw tokens.unexpected(token, `The value must be between 0 and ${most}.`);
  return count;
}

function readSwitch(tokens: TokenStream): 'on' | 'off' {
  if (tokens.accept('off') || tokens.accept('false')) return 'off';
  if (!tokens.accept('on')) tokens.accept('true');
  return 'on';
}

type OptionReader = (tokens: TokenStream, options: CopyOptions) => void;

const OPTION_READERS: Readonly<Record<string, OptionReader>> = {
  iam_role: (tokens, options) => {
    options.iamRole = tokens.accept('default') ? 'default' : readRoleArns(tokens);
  },
  credentials: (tokens, options) => {
    options.credentials = readText(tokens);
  },
  access_key_id: (tokens, options) => {
    options.accessKeyId = readText(tokens);
  },
  secret_access_key: (tokens, options) => {
    options.secretAccessKey = readText(tokens);
  },
  session_token: (tokens, options) => {
    options.sessionToken = readText(tokens);
  },
  manifest: (_, options) => {
    options.manifest = true;
  },
  delimiter: (tokens, options) => {
    options.delimiter = readDelimiter(tokens);
  },
  quote: (tokens, options) => {
    options.quote = readCharacter(tokens);
  },
  gzip: (_, options) => setCompression(options, 'gzip'),
  bzip2: (_, options) => setCompression(options, 'bzip2'),
  lzop: (_, options) => setCompression(options, 'lzop'),
  zstd: (_, options) => setCompression(options, 'zstd'),
  region: (tokens, options) => {
    options.region = readText(tokens);
  },
  maxerror: (tokens, options) => {
    options.maxError = readCount(tokens, MAXERROR_LIMIT);
  },
  ignoreallerrors: (_, options) => {
    options.ignoreAllErrors = true;
  },
  ignoreheader: (tokens, options) => {
    options.ignoreHeader = readCount(tokens, Number.MAX_SAFE_INTEGER);
  },
  acceptinvchars: (tokens, options) => {
    options.acceptInvalidChars = tokens.isWord('as') || tokens.isString() ? readCharacter(tokens) : '?';
  },
  truncatecolumns: (_, options) => {
    options.truncateColumns = true;
  },
  blanksasnull: (_, options) => {
    options.blanksAsNull = true;
  },
  emptyasnull: (_, options) => {
    options.emptyAsNull = true;
  },
  trimblanks: (_, options) => {
    options.trimBlanks = true;
  },
  roundec: (_, options) => {
    options.roundDecimals = true;
  },
  acceptanydate: (_, options) => {
    options.acceptAnyDate = true;
  },
  explicit_ids: (_, options) => {
    options.explicitIds = true;
  },
  fillrecord: (_, options) => {
    options.fillRecord = true;
  },
  ignoreblanklines: (_, options) => {
    options.ignoreBlankLines = true;
  },
  escape: (_, options) => {
    options.escape = true;
  },
  removequotes: (_, options) => {
    options.removeQuotes = true;
  },
  null: (tokens, options) => {
    options.nullAs = readText(tokens);
  },
  dateformat: (tokens, options) => {
    options.dateFormat = readText(tokens);
  },
  timeformat: (tokens, options) => {
    options.timeFormat = readText(tokens);
  },
  noload: (_, options) => {
    options.noLoad = true;
  },
  compupdate: (tokens, options) => {
    options.compUpdate = tokens.accept('preset') ? 'preset' : readSwitch(tokens);
  },
  statupdate: (tokens, options) => {
    options.statUpdate = readSwitch(tokens);
  },
  comprows: (tokens) => {
    readCount(tokens, Number.MAX_SAFE_INTEGER);
  },
  encoding: readEncodingOption,
};

function setCompression(options: CopyOptions, compression: NonNullable<Copy['compression']>): void {
  options.compression = compression;
}

/** `'arn[,arn …]'` without blanks: a chain of roles. */
function readRoleArns(tokens: TokenStream): readonly string[] {
  const token = tokens.peek();
  const arns = tokens.string().split(',');
  if (arns.every((arn) => /^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(arn))) return arns;
  throw tokens.unexpected(token, "IAM_ROLE takes default or 'arn:aws:iam::<account>:role/<name>[,<next arn>]'.");
}

function readEncodingOption(tokens: TokenStream): void {
  tokens.accept('as');
  const encoding = (tokens.isString() ? tokens.string() : tokens.label()).toLowerCase();
  if (encoding !== 'utf8') throw notImplementedLocally(`COPY ENCODING ${encoding.toUpperCase()}`);
}
