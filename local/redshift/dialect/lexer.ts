import { RedshiftError, syntaxError } from '../errors';

/** `word` is an unquoted name or keyword, `quoted` a name in double quotes; `end` closes every token list. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'operator' | 'parameter' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Names folded, strings decoded, numbers and operators as written, parameters without `:` or `$`. */
  readonly value: string;
  /** 0-based offsets into the source, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Redshift cuts longer names silently (Developer Guide, "Names and identifiers"). */
const NAME_LIMIT_BYTES = 127;

const SPACE = /[ \t\n\r\f\v]+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const TEMPORARY_NAME = /#[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
/** A dot that begins `..` (a PL/pgSQL range) is not part of the number before it. */
const NUMBER = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAMED_PARAMETER = /:(\w+)/y;
const NUMBERED_PARAMETER = /\$(\d+)/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
/** The signs of LIKE in PostgreSQL (`~~`) are tokens so that they are refused as a whole. */
const OPERATOR = /!?~~\*?|\|\|\/|!~\*|::|:=|\.\.|\|\||\|\/|<>|!=|<=|>=|<<|>>|~\*|!~|[-+*/%^<>=~&|#@(),;.[\]]/y;
const LINE_COMMENT = /--[^\n]*/y;
const STRING_CHUNK = /[^'\\]+/y;
const NAME_CHUNK = /[^"]+/y;
/** SQL joins two strings that only white space with a line break parts. */
const CONTINUATION = /[ \t\f\v\r]*\n[ \t\n\r\f\v]*'/y;

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Cuts Redshift SQL (or a PL/pgSQL body) into tokens, comments dropped, with an `end` token at the end.
 * @throws RedshiftError 42601 for an unterminated string, name or comment and for a character no token begins with
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (true) {
    at = skipBlanks(source, at);
    if (at >= source.length) break;
    const token = readToken(source, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', value: '', start: source.length, end: source.length });
  return tokens;
}

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function skipBlanks(source: string, from: number): number {
  let at = from;
  while (at < source.length) {
    const space = match(SPACE, source, at) ?? match(LINE_COMMENT, source, at);
    if (space) at += space[0].length;
    else if (source.startsWith('/*', at)) at = endOfBlockComment(source, at);
    else break;
  }
  return at;
}

/** Block comments nest. */
function endOfBlockComment(source: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(source); mark; mark = marks.exec(source)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  throw unterminated('/* comment', source, start);
}

function readToken(source: string, at: number): Token {
  const first = source[at];
  if (first === "'") return readString(source, at, at);
  if (first === '"') return readQuotedName(source, at);
  if ((first === 'e' || first === 'E') && source[at + 1] === "'") return readString(source, at, at + 1);
  const word = match(WORD, source, at) ?? readTemporaryName(source, at);
  if (word) return token('word', cutName(fold(word[0])), at, word[0].length);
  const number = match(NUMBER, source, at);
  if (number) return token('number', number[0], at, number[0].length);
  if (first === '$') return readDollar(source, at);
  if (first === ':') {
    const parameter = match(NAMED_PARAMETER, source, at);
    if (parameter) return token('parameter', parameter[1] ?? '', at, parameter[0].length);
  }
  const operator = match(OPERATOR, source, at);
  if (operator) return token('operator', operator[0] === '!=' ? '<>' : operator[0], at, operator[0].length);
  throw syntaxError(String.fromCodePoint(source.codePointAt(at) ?? 0), at + 1);
}

function token(kind: TokenKind, value: string, start: number, length: number): Token {
  return { kind, value, start, end: start + length };
}

/** `#name` is a temporary table, unless the sign stands right behind an operand: then it is the bitwise XOR. */
function readTemporaryName(source: string, at: number): RegExpExecArray | null {
  const before = at === 0 ? ' ' : (source[at - 1] ?? ' ');
  return /[\w$)\]'"]/.test(before) ? null : match(TEMPORARY_NAME, source, at);
}

function readDollar(source: string, at: number): Token {
  const parameter = match(NUMBERED_PARAMETER, source, at);
  if (parameter) return token('parameter', parameter[1] ?? '', at, parameter[0].length);
  const tag = match(DOLLAR_QUOTE, source, at)?.[0];
  if (tag === undefined) throw syntaxError('$', at + 1);
  const close = source.indexOf(tag, at + tag.length);
  if (close < 0) throw unterminated('dollar-quoted string', source, at);
  return token('string', source.slice(at + tag.length, close), at, close + tag.length - at);
}

function readString(source: string, start: number, openingQuote: number): Token {
  const parts: string[] = [];
  let at = openingQuote + 1;
  while (at < source.length) {
    const chunk = match(STRING_CHUNK, source, at);
    if (chunk) {
      parts.push(chunk[0]);
      at += chunk[0].length;
    } else if (source[at] === '\\') {
      const { text, length } = readEscape(source, at);
      parts.push(text);
      at += length;
    } else if (source[at + 1] === "'") {
      parts.push("'");
      at += 2;
    } else {
      const next = match(CONTINUATION, source, at + 1);
      if (!next) return token('string', parts.join(''), start, at + 1 - start);
      at += 1 + next[0].length;
    }
  }
  throw unterminated('quoted string', source, start);
}

/** PostgreSQL 8.0's escapes, which Redshift kept: the usual letters, up to three octal digits, else the character. */
function readEscape(source: string, at: number): { text: string; length: number } {
  const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4));
  if (octal) return { text: String.fromCharCode(Number.parseInt(octal[0], 8) & 0xff), length: 1 + octal[0].length };
  const code = source.codePointAt(at + 1);
  if (code === undefined) return { text: '', length: 1 };
  const character = String.fromCodePoint(code);
  return { text: ESCAPES[character] ?? character, length: 1 + character.length };
}

function readQuotedName(source: string, start: number): Token {
  const parts: string[] = [];
  let at = start + 1;
  while (at < source.length) {
    const chunk = match(NAME_CHUNK, source, at);
    if (chunk) {
      parts.push(chunk[0]);
      at += chunk[0].length;
    } else if (source[at + 1] === '"') {
      parts.push('"');
      at += 2;
    } else {
      if (parts.length === 0)
        throw new RedshiftError('zero-length delimited identifier at or near """"', '42601', at1(start));
      return token('quoted', cutName(fold(parts.join(''))), start, at + 1 - start);
    }
  }
  throw unterminated('quoted identifier', source, start);
}

/** Only ASCII letters fold (Developer Guide, "Names and identifiers"). */
function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function cutName(name: string): string {
  if (name.length * 3 <= NAME_LIMIT_BYTES || Buffer.byteLength(name) <= NAME_LIMIT_BYTES) return name;
  let bytes = 0;
  let cut = '';
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > NAME_LIMIT_BYTES) break;
    cut += character;
  }
  return cut;
}

function at1(offset: number): { position: number } {
  return { position: offset + 1 };
}

function unterminated(what: string, source: string, start: number): RedshiftError {
  return new RedshiftError(`unterminated ${what} at or near "${source.slice(start)}"`, '42601', at1(start));
}
