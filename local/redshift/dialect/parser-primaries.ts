import type { Case, Expression } from './ast';
import { CaseBranch } from './branches';
import { readCall } from './parser-calls';
import { readExpression, readSubquery } from './parser-expressions';
import { isQueryAt } from './parser-queries';
import { isTypeWord, readIntervalField, readType } from './parser-types';
import { BARE_FUNCTIONS, RESERVED_FUNCTIONS, RESERVED_WORDS } from './reserved-words';
import type { TokenStream } from './token-stream';

/** Types whose name directly before a string makes a typed literal: `date '2018-11-01'`. */
const LITERAL_TYPES = [
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'smallint', 'integer', 'int', 'bigint', 'real', 'numeric'],
  ...['decimal', 'float', 'boolean', 'bool', 'varchar', 'char', 'super', 'int2', 'int4', 'int8', 'float4', 'float8'],
];

/** An operand: a literal, a name, a call, CASE, CAST, a parenthesis, a subquery. */
export function readPrimary(tokens: TokenStream): Expression {
  const token = tokens.peek();
  const position = token.start + 1;
  switch (token.kind) {
    case 'number':
      tokens.next();
      return { node: 'literal', literal: { kind: 'number', text: token.value }, position };
    case 'string':
      tokens.next();
      return { node: 'literal', literal: { kind: 'string', value: token.value }, position };
    case 'parameter':
      tokens.next();
      return { node: 'parameter', name: token.value, position };
    case 'word':
    case 'quoted':
      return readNamed(tokens);
    default:
      if (tokens.isOperator('(')) return readParenthesis(tokens);
      throw tokens.unexpected();
  }
}

function readParenthesis(tokens: TokenStream): Expression {
  const { position } = tokens;
  if (isQueryAt(tokens, tokens.index)) return { node: 'subquery', query: readSubquery(tokens), position };
  const items = tokens.parenthesized(() => readExpression(tokens));
  const [only] = items;
  return items.length === 1 && only ? only : { node: 'row', items, position };
}

function readNamed(tokens: TokenStream): Expression {
  const token = tokens.peek();
  if (token.kind === 'word') {
    const special = readKeyword(tokens, token.value) ?? readTypedLiteral(tokens, token.value);
    if (special) return special;
  }
  if (isCallAt(tokens)) return readCall(tokens);
  const { position } = tokens;
  const parts = [tokens.name()];
  while (tokens.isOperator('.') && tokens.peek(1).kind !== 'operator') {
    tokens.next();
    parts.push(tokens.label());
  }
  return { node: 'column', parts, position };
}

/** `name (`, `schema.name (` or `approximate name (` */
function isCallAt(tokens: TokenStream): boolean {
  const { kind, value } = tokens.peek();
  if (kind === 'word' && RESERVED_WORDS.has(value) && !RESERVED_FUNCTIONS.has(value)) return false;
  if (tokens.isOperator('(', 1)) return true;
  if (kind === 'word' && value === 'approximate' && tokens.isName(1) && tokens.isOperator('(', 2)) return true;
  return tokens.isOperator('.', 1) && tokens.peek(2).kind !== 'operator' && tokens.isOperator('(', 3);
}

/** The constructs that begin with a word of their own, or undefined. */
function readKeyword(tokens: TokenStream, word: string): Expression | undefined {
  const { position } = tokens;
  switch (word) {
    case 'null':
      tokens.next();
      return { node: 'literal', literal: { kind: 'null' }, position };
    case 'true':
    case 'false':
      tokens.next();
      return { node: 'literal', literal: { kind: 'boolean', value: word === 'true' }, position };
    case 'case':
      return readCase(tokens);
    case 'interval':
      return readInterval(tokens);
    case 'cast':
    case 'try_cast':
      return tokens.isOperator('(', 1) ? readCast(tokens) : undefined;
    case 'convert':
      return tokens.isOperator('(', 1) ? readConvert(tokens) : undefined;
    case 'exists':
      if (!isQueryAt(tokens, tokens.index + 1)) return undefined;
      tokens.next();
      return { node: 'exists', query: readSubquery(tokens), position };
    default:
      return BARE_FUNCTIONS.has(word) ? readBareFunction(tokens) : undefined;
  }
}

function readBareFunction(tokens: TokenStream): Expression {
  const { position } = tokens;
  return { node: 'call', name: tokens.next().value, arguments: [], distinct: false, approximate: false, position };
}

function readTypedLiteral(tokens: TokenStream, word: string): Expression | undefined {
  if (!LITERAL_TYPES.includes(word)) return undefined;
  const zoned = tokens.isWord(['with', 'without'], 1) && tokens.isWord('time', 2) && tokens.isWord('zone', 3);
  if (!tokens.isString(zoned ? 4 : 1)) return undefined;
  const { position } = tokens;
  const type = readType(tokens);
  return { node: 'literal', literal: { kind: 'typed', type, value: tokens.string() }, position };
}

function readInterval(tokens: TokenStream): Expression {
  const { position } = tokens;
  tokens.expect('interval');
  const value = tokens.string();
  const field = readIntervalField(tokens);
  return { node: 'interval', value, ...(field !== undefined && { field }), position };
}

function readCase(tokens: TokenStream): Case {
  const { position } = tokens;
  tokens.expect('case');
  const operand = tokens.isWord('when') ? undefined : readExpression(tokens);
  const branches: CaseBranch[] = [];
  do {
    tokens.expect('when');
    const when = readExpression(tokens);
    tokens.expect('then');
    branches.push(new CaseBranch(when, readExpression(tokens)));
  } while (tokens.isWord('when'));
  const otherwise = tokens.accept('else') ? readExpression(tokens) : undefined;
  tokens.expect('end');
  return { node: 'case', ...(operand && { operand }), branches, ...(otherwise && { otherwise }), position };
}

function readCast(tokens: TokenStream): Expression {
  const { position } = tokens;
  const tolerant = tokens.next().value === 'try_cast';
  tokens.expectOperator('(');
  const operand = readExpression(tokens);
  tokens.expect('as');
  const type = readType(tokens);
  tokens.expectOperator(')');
  return { node: 'cast', operand, type, tolerant, position };
}

/** `convert(type, value)` is a cast. */
function readConvert(tokens: TokenStream): Expression {
  const { position } = tokens;
  const first = tokens.peek(2);
  if (first.kind !== 'word' || !isTypeWord(first.value)) return readCall(tokens);
  tokens.next();
  tokens.expectOperator('(');
  const type = readType(tokens);
  tokens.expectOperator(',');
  const operand = readExpression(tokens);
  tokens.expectOperator(')');
  return { node: 'cast', operand, type, tolerant: false, position };
}
