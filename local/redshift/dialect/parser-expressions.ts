import { notImplementedLocally } from '../errors';
import type { Binary, Expression, Quantified, Query, Unary } from './ast';
import { readPrimary } from './parser-primaries';
import { isQueryAt, readQuery } from './parser-queries';
import { readType } from './parser-types';
import type { TokenStream } from './token-stream';

/**
 * How tightly operators bind, loosest first. Redshift kept the grammar of PostgreSQL 8.0, where IS binds tighter than
 * the comparisons and than the operators without a level of their own (`||`, `~`, `&` …).
 */
const LEVEL = {
  or: 1,
  and: 2,
  not: 3,
  equal: 4,
  compare: 5,
  like: 6,
  between: 7,
  in: 8,
  other: 9,
  is: 10,
  add: 11,
  multiply: 12,
  power: 13,
  zone: 14,
  sign: 15,
} as const;

const BINARY_LEVELS: Readonly<Record<string, number>> = {
  '=': LEVEL.equal,
  '<>': LEVEL.compare,
  '<': LEVEL.compare,
  '<=': LEVEL.compare,
  '>': LEVEL.compare,
  '>=': LEVEL.compare,
  '||': LEVEL.other,
  '~': LEVEL.other,
  '!~': LEVEL.other,
  '~*': LEVEL.other,
  '!~*': LEVEL.other,
  '&': LEVEL.other,
  '|': LEVEL.other,
  '#': LEVEL.other,
  '<<': LEVEL.other,
  '>>': LEVEL.other,
  '+': LEVEL.add,
  '-': LEVEL.add,
  '*': LEVEL.multiply,
  '/': LEVEL.multiply,
  '%': LEVEL.multiply,
  '^': LEVEL.power,
};

const PREFIX_OPERATORS: Readonly<Record<string, number>> = {
  '-': LEVEL.sign,
  '+': LEVEL.sign,
  '~': LEVEL.is,
  '@': LEVEL.is,
  '|/': LEVEL.is,
  '||/': LEVEL.is,
};

/** One expression of any kind. @throws RedshiftError 42601 */
export function readExpression(tokens: TokenStream): Expression {
  return readAbove(tokens, LEVEL.or);
}

/** An expression without IN, LIKE, comparison and logic at its top, for places where such a word follows it. */
export function readOperand(tokens: TokenStream): Expression {
  return readAbove(tokens, LEVEL.other);
}

/** An expression whose operators bind at least as tightly as `level`. */
function readAbove(tokens: TokenStream, level: number): Expression {
  return tokens.nested(() => {
    let left = readPrefixed(tokens);
    for (;;) {
      const longer = extend(tokens, left, level);
      if (longer === undefined) return left;
      left = longer;
    }
  });
}

function readPrefixed(tokens: TokenStream): Expression {
  const { position } = tokens;
  if (tokens.accept('not')) {
    return { node: 'unary', operator: 'not', operand: readAbove(tokens, LEVEL.not), position };
  }
  const token = tokens.peek();
  const level = token.kind === 'operator' ? PREFIX_OPERATORS[token.value] : undefined;
  if (level === undefined) return readPostfixed(tokens);
  tokens.next();
  const operator = token.value as Unary['operator'];
  return { node: 'unary', operator, operand: readAbove(tokens, level), position };
}

/** A primary with its casts and, behind anything but a name alone, its steps into a SUPER value. */
function readPostfixed(tokens: TokenStream): Expression {
  let operand = readPrimary(tokens);
  for (;;) {
    if (tokens.acceptOperator('::')) {
      operand = { node: 'cast', operand, type: readType(tokens), tolerant: false, position: operand.position };
    } else if (tokens.isOperator('[') || (tokens.isOperator('.') && operand.node !== 'literal')) {
      operand = { node: 'navigate', operand, steps: readSteps(tokens), position: operand.position };
    } else return operand;
  }
}

function readSteps(tokens: TokenStream): ({ key: string } | { index: Expression })[] {
  const steps: ({ key: string } | { index: Expression })[] = [];
  for (;;) {
    if (tokens.acceptOperator('.')) steps.push({ key: tokens.label() });
    else if (tokens.acceptOperator('[')) {
      steps.push({ index: readExpression(tokens) });
      tokens.expectOperator(']');
    } else return steps;
  }
}

/** `left` with the next operator that binds at least as tightly as `level`, or undefined when none follows. */
function extend(tokens: TokenStream, left: Expression, level: number): Expression | undefined {
  const token = tokens.peek();
  if (token.kind === 'operator') return extendByOperator(tokens, left, level);
  if (token.kind !== 'word') return undefined;
  switch (token.value) {
    case 'or':
    case 'and':
      return extendByLogic(tokens, left, level, token.value);
    case 'is':
    case 'isnull':
    case 'notnull':
      return level <= LEVEL.is ? readIs(tokens, left) : undefined;
    case 'at':
      return level <= LEVEL.zone && tokens.isWord('time', 1) ? readAtTimeZone(tokens, left) : undefined;
    case 'not':
      return extendByPredicate(tokens, left, level, 1);
    default:
      return extendByPredicate(tokens, left, level, 0);
  }
}

function extendByOperator(tokens: TokenStream, left: Expression, level: number): Expression | undefined {
  const { value } = tokens.peek();
  const own = Object.hasOwn(BINARY_LEVELS, value) ? BINARY_LEVELS[value] : undefined;
  if (own === undefined || own < level) return undefined;
  tokens.next();
  const { position } = left;
  const comparison = own === LEVEL.equal || own === LEVEL.compare;
  if (comparison && tokens.isWord(['any', 'some', 'all'])) {
    return readQuantified(tokens, left, value as Quantified['operator']);
  }
  const right = readAbove(tokens, own === LEVEL.equal ? own : own + 1);
  if (own === LEVEL.compare && isComparisonSign(tokens)) throw tokens.unexpected();
  return { node: 'binary', operator: value as Binary['operator'], left, right, position };
}

/** `a < b < c` has no meaning: these do not associate. */
function isComparisonSign(tokens: TokenStream): boolean {
  const { kind, value } = tokens.peek();
  return kind === 'operator' && BINARY_LEVELS[value] === LEVEL.compare;
}

function readQuantified(tokens: TokenStream, operand: Expression, operator: Quantified['operator']): Quantified {
  const quantifier = tokens.next().value === 'all' ? 'all' : 'any';
  if (!isQueryAt(tokens, tokens.index)) throw tokens.unexpected(tokens.peek(1), 'ANY and ALL take a subquery.');
  return { node: 'quantified', operator, quantifier, operand, query: readSubquery(tokens), position: operand.position };
}

/** `( query )` */
export function readSubquery(tokens: TokenStream): Query {
  tokens.expectOperator('(');
  const query = readQuery(tokens);
  tokens.expectOperator(')');
  return query;
}

function extendByLogic(
  tokens: TokenStream,
  left: Expression,
  level: number,
  operator: 'and' | 'or',
): Expression | undefined {
  if (level > LEVEL[operator]) return undefined;
  tokens.next();
  const right = readAbove(tokens, LEVEL[operator] + 1);
  return { node: 'logical', operator, left, right, position: left.position };
}

function readIs(tokens: TokenStream, operand: Expression): Expression {
  const word = tokens.next().value;
  const { position } = operand;
  if (word !== 'is') return { node: 'is', operand, test: 'null', negated: word === 'notnull', position };
  const negated = tokens.accept('not');
  for (const test of ['null', 'true', 'false', 'unknown'] as const) {
    if (tokens.accept(test)) return { node: 'is', operand, test, negated, position };
  }
  for (const type of ['array', 'object', 'scalar', 'boolean', 'integer', 'decimal', 'float', 'varchar', 'char']) {
    if (tokens.isWord(type)) throw notImplementedLocally(`IS ${type.toUpperCase()}`);
  }
  throw tokens.unexpected();
}

function readAtTimeZone(tokens: TokenStream, operand: Expression): Expression {
  tokens.expect('at', 'time', 'zone');
  const zone = readAbove(tokens, LEVEL.zone + 1);
  return { node: 'at time zone', operand, zone, position: operand.position };
}

/** LIKE, ILIKE, SIMILAR TO, BETWEEN and IN; `ahead` is 1 when NOT stands before the word. */
function extendByPredicate(
  tokens: TokenStream,
  operand: Expression,
  level: number,
  ahead: 0 | 1,
): Expression | undefined {
  const word = tokens.peek(ahead);
  if (word.kind !== 'word') return undefined;
  const own = predicateLevel(word.value);
  if (own === undefined || level > own) return undefined;
  const negated = ahead === 1;
  if (negated) tokens.next();
  tokens.next();
  if (word.value === 'between') return readBetween(tokens, operand, negated);
  if (word.value === 'in') return readIn(tokens, operand, negated);
  return readLike(tokens, operand, negated, word.value);
}

function predicateLevel(word: string): number | undefined {
  if (word === 'like' || word === 'ilike' || word === 'similar') return LEVEL.like;
  if (word === 'between') return LEVEL.between;
  return word === 'in' ? LEVEL.in : undefined;
}

function readBetween(tokens: TokenStream, operand: Expression, negated: boolean): Expression {
  const low = readAbove(tokens, LEVEL.in);
  tokens.expect('and');
  const high = readAbove(tokens, LEVEL.in);
  return { node: 'between', operand, low, high, negated, position: operand.position };
}

function readIn(tokens: TokenStream, operand: Expression, negated: boolean): Expression {
  const { position } = operand;
  if (isQueryAt(tokens, tokens.index)) {
    return { node: 'in query', operand, query: readSubquery(tokens), negated, position };
  }
  const items = tokens.parenthesized(() => readExpression(tokens));
  return { node: 'in list', operand, items, negated, position };
}

function readLike(tokens: TokenStream, operand: Expression, negated: boolean, word: string): Expression {
  if (word === 'similar') tokens.expect('to');
  if (tokens.isWord(['any', 'all', 'some'])) throw tokens.unexpected();
  const pattern = readAbove(tokens, LEVEL.between);
  const escapeSign = tokens.accept('escape') ? readAbove(tokens, LEVEL.between) : undefined;
  const operator = word === 'like' || word === 'ilike' ? word : 'similar to';
  return {
    node: 'like',
    operator,
    operand,
    pattern,
    ...(escapeSign && { escape: escapeSign }),
    negated,
    position: operand.position,
  };
}
