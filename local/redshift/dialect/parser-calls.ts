import { notImplementedLocally } from '../errors';
import type { Expression, FrameBound, FunctionCall, OrderItem, WindowSpec } from './ast';
import { DATE_PART_FUNCTIONS, DATE_PARTS } from './date-parts';
import { readExpression, readOperand } from './parser-expressions';
import { RESERVED_FUNCTIONS } from './reserved-words';
import type { TokenStream } from './token-stream';

/**
 * A function call with all that may follow it. The spellings with keywords inside become ordinary calls:
 * `trim(both 'x' from s)` is `btrim(s, 'x')`, `substring(s from 2 for 3)` is `substring(s, 2, 3)`,
 * `position(a in b)` is `position(a, b)`.
 */
export function readCall(tokens: TokenStream): Expression {
  const { position } = tokens;
  const approximate = tokens.isWord('approximate') && !tokens.isOperator('(', 1) && tokens.accept('approximate');
  const { schema, name } = readFunctionName(tokens);
  if (schema === undefined) {
    const special = readSpecialForm(tokens, name, position);
    if (special) return special;
  }
  tokens.expectOperator('(');
  if (tokens.isOperator('+') && tokens.isOperator(')', 1)) throw notImplementedLocally('The outer join sign (+)');
  const distinct = tokens.accept('distinct');
  if (!distinct) tokens.accept('all');
  const args = readArguments(tokens, name);
  const inner = readNullTreatment(tokens);
  tokens.expectOperator(')');
  const call = { name, ...(schema !== undefined && { schema }), arguments: args, distinct, approximate };
  return { node: 'call', ...call, ...readSuffixes(tokens, inner), position };
}

function readFunctionName(tokens: TokenStream): { schema?: string; name: string } {
  const first = tokens.peek();
  if (tokens.isOperator('.', 1)) {
    const schema = tokens.name();
    tokens.next();
    return { schema, name: tokens.label() };
  }
  return { name: RESERVED_FUNCTIONS.has(first.value) ? tokens.next().value : tokens.name() };
}

function readArguments(tokens: TokenStream, name: string): Expression[] {
  if (tokens.isOperator(')')) return [];
  const { position } = tokens;
  if (tokens.acceptOperator('*')) return [{ node: 'star', qualifier: [], exclude: [], position }];
  const datePart = DATE_PART_FUNCTIONS.has(name) ? readDatePart(tokens) : undefined;
  if (!datePart) return tokens.list(() => readExpression(tokens));
  tokens.expectOperator(',');
  return [datePart, ...tokens.list(() => readExpression(tokens))];
}

/** `day` in `dateadd(day, …)`: a bare word there is the part's name, not a column. */
function readDatePart(tokens: TokenStream): Expression | undefined {
  const { kind, value, start } = tokens.peek();
  if ((kind !== 'word' && kind !== 'quoted') || !DATE_PARTS.has(value) || !tokens.isOperator(',', 1)) return undefined;
  tokens.next();
  return { node: 'literal', literal: { kind: 'string', value }, position: start + 1 };
}

type Suffixes = Pick<FunctionCall, 'nulls' | 'withinGroup' | 'over'>;

function readSuffixes(tokens: TokenStream, inner: Suffixes['nulls']): Suffixes {
  const withinGroup = tokens.accept('within', 'group') ? readWithinGroup(tokens) : undefined;
  const nulls = inner ?? readNullTreatment(tokens);
  const over = tokens.accept('over') ? readOver(tokens) : undefined;
  return { ...(nulls && { nulls }), ...(withinGroup && { withinGroup }), ...(over && { over }) };
}

function readNullTreatment(tokens: TokenStream): 'ignore' | 'respect' | undefined {
  if (tokens.accept('ignore', 'nulls')) return 'ignore';
  return tokens.accept('respect', 'nulls') ? 'respect' : undefined;
}

function readWithinGroup(tokens: TokenStream): OrderItem[] {
  tokens.expectOperator('(');
  tokens.expect('order', 'by');
  const items = readOrderItems(tokens);
  tokens.expectOperator(')');
  return items;
}

/** The items behind ORDER BY. */
export function readOrderItems(tokens: TokenStream): OrderItem[] {
  return tokens.list(() => {
    const expression = readExpression(tokens);
    const direction = tokens.accept('desc') ? 'desc' : 'asc';
    if (direction === 'asc') tokens.accept('asc');
    const nulls = tokens.accept('nulls', 'first') ? 'first' : tokens.accept('nulls', 'last') ? 'last' : undefined;
    return { expression, direction, ...(nulls && { nulls }) };
  });
}

function readOver(tokens: TokenStream): FunctionCall['over'] {
  if (!tokens.acceptOperator('(')) return { windowName: tokens.name() };
  const partitionBy = tokens.accept('partition', 'by') ? tokens.list(() => readExpression(tokens)) : [];
  const orderBy = tokens.accept('order', 'by') ? readOrderItems(tokens) : [];
  const frame = readFrame(tokens);
  tokens.expectOperator(')');
  return { partitionBy, orderBy, ...(frame && { frame }) };
}

function readFrame(tokens: TokenStream): WindowSpec['frame'] {
  const unit = tokens.accept('rows') ? 'rows' : tokens.accept('range') ? 'range' : undefined;
  if (!unit) return undefined;
  if (!tokens.accept('between')) return { unit, start: readBound(tokens), end: { bound: 'current row' } };
  const start = readBound(tokens);
  tokens.expect('and');
  return { unit, start, end: readBound(tokens) };
}

function readBound(tokens: TokenStream): FrameBound {
  if (tokens.accept('current', 'row')) return { bound: 'current row' };
  if (tokens.accept('unbounded', 'preceding')) return { bound: 'unbounded preceding' };
  if (tokens.accept('unbounded', 'following')) return { bound: 'unbounded following' };
  const offset = readOperand(tokens);
  if (tokens.accept('preceding')) return { bound: 'preceding', offset };
  tokens.expect('following');
  return { bound: 'following', offset };
}

/** The calls with keywords between their arguments; the cursor stands on their `(`. */
function readSpecialForm(tokens: TokenStream, name: string, position: number): Expression | undefined {
  switch (name) {
    case 'extract':
      return readExtract(tokens, position);
    case 'trim':
      return readTrim(tokens, position);
    case 'position':
      return readPositionCall(tokens, position);
    case 'substring':
      return readSubstring(tokens, position);
    default:
      return undefined;
  }
}

function plainCall(name: string, args: readonly Expression[], position: number): FunctionCall {
  return { node: 'call', name, arguments: args, distinct: false, approximate: false, position };
}

function readExtract(tokens: TokenStream, position: number): Expression {
  tokens.expectOperator('(');
  const part = tokens.isString() ? tokens.string().toLowerCase() : tokens.label();
  tokens.expect('from');
  const operand = readExpression(tokens);
  tokens.expectOperator(')');
  return { node: 'extract', part, operand, position };
}

function readTrim(tokens: TokenStream, position: number): Expression {
  tokens.expectOperator('(');
  const side = tokens.isWord(['both', 'leading', 'trailing']) ? tokens.next().value : 'both';
  const name = side === 'leading' ? 'ltrim' : side === 'trailing' ? 'rtrim' : 'btrim';
  const first = tokens.accept('from') ? undefined : readExpression(tokens);
  const rest = first && !tokens.accept('from') ? undefined : readExpression(tokens);
  const second = rest === undefined && tokens.acceptOperator(',') ? readExpression(tokens) : undefined;
  tokens.expectOperator(')');
  if (rest) return plainCall(name, first ? [rest, first] : [rest], position);
  return plainCall(
    name,
    [first, second].filter((argument) => argument !== undefined),
    position,
  );
}

function readPositionCall(tokens: TokenStream, position: number): Expression {
  tokens.expectOperator('(');
  const part = readOperand(tokens);
  tokens.expect('in');
  const whole = readExpression(tokens);
  tokens.expectOperator(')');
  return plainCall('position', [part, whole], position);
}

function readSubstring(tokens: TokenStream, position: number): Expression {
  tokens.expectOperator('(');
  const args = [readExpression(tokens)];
  if (tokens.accept('from')) {
    args.push(readExpression(tokens));
    if (tokens.accept('for')) args.push(readExpression(tokens));
  } else while (tokens.acceptOperator(',')) args.push(readExpression(tokens));
  tokens.expectOperator(')');
  return plainCall('substring', args, position);
}
