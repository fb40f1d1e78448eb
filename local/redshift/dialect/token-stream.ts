import { RedshiftError, syntaxError } from '../errors';
import type { QualifiedName } from './ast';
import { type Token, tokenize } from './lexer';
import { RESERVED_WORDS } from './reserved-words';

/** Deeper nesting of parentheses, CASE, subqueries or blocks is refused, so that no input overflows the stack. */
const DEPTH_LIMIT = 250;

/** A cursor over tokens with the small moves that recursive descent is made of. Every error it throws is a 42601. */
export class TokenStream {
  private at = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];
  private readonly closing: ReadonlyMap<number, number>;

  constructor(readonly source: string) {
    this.tokens = tokenize(source);
    this.closing = matchParentheses(this.tokens);
  }

  /** The token `ahead` of the cursor; past the end it is the `end` token. */
  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }

  /** 1-based offset of the token under the cursor. */
  get position(): number {
    return this.peek().start + 1;
  }

  /** Index of the cursor, for `tokenAt` and `textBetween`. */
  get index(): number {
    return this.at;
  }

  tokenAt(index: number): Token {
    return this.tokens[Math.min(index, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (this.at < this.tokens.length - 1) this.at += 1;
    return token;
  }

  /** Index of the `)` that closes the `(` at an index, if there is one. */
  closingOf(index: number): number | undefined {
    return this.closing.get(index);
  }

  atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** True when an unquoted word of the given ones stands at the cursor (or `ahead` of it). */
  isWord(words: string | readonly string[], ahead = 0): boolean {
    const token = this.peek(ahead);
    if (token.kind !== 'word') return false;
    return typeof words === 'string' ? token.value === words : words.includes(token.value);
  }

  isOperator(operator: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'operator' && token.value === operator;
  }

  isString(ahead = 0): boolean {
    return this.peek(ahead).kind === 'string';
  }

  /** Moves past the words when all of them stand here in this order; otherwise stays and answers false. */
  accept(...words: string[]): boolean {
    if (!words.every((word, ahead) => this.isWord(word, ahead))) return false;
    this.at += words.length;
    return true;
  }

  acceptOperator(operator: string): boolean {
    if (!this.isOperator(operator)) return false;
    this.at += 1;
    return true;
  }

  expect(...words: string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.unexpected();
  }

  expectOperator(operator: string): void {
    if (!this.acceptOperator(operator)) throw this.unexpected();
  }

  expectEnd(): void {
    if (!this.atEnd()) throw this.unexpected();
  }

  /** True when the token could name something: in double quotes, or a word that is not reserved. */
  isName(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'word' && !RESERVED_WORDS.has(token.value));
  }

  name(): string {
    if (!this.isName()) throw this.unexpected();
    return this.next().value;
  }

  /** A name where reserved words are no danger: behind AS or a dot. */
  label(): string {
    const { kind } = this.peek();
    if (kind !== 'word' && kind !== 'quoted') throw this.unexpected();
    return this.next().value;
  }

  qualifiedName(): QualifiedName {
    const position = this.position;
    const parts = [this.name()];
    while (this.acceptOperator('.')) parts.push(this.label());
    if (parts.length > 3) throw this.unexpected();
    return { parts, position };
  }

  string(): string {
    if (!this.isString()) throw this.unexpected();
    return this.next().value;
  }

  /** A whole number with an optional sign. */
  integer(): number {
    const sign = this.acceptOperator('-') ? -1 : 1;
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d+$/.test(token.value)) throw this.unexpected();
    this.next();
    return sign * Number(token.value);
  }

  /** `item, item, …`, at least one. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptOperator(',')) items.push(item());
    return items;
  }

  /** `( item, … )`, at least one. */
  parenthesized<T>(item: () => T): T[] {
    this.expectOperator('(');
    const items = this.list(item);
    this.expectOperator(')');
    return items;
  }

  /** Source text from the token at one index up to the token before another. */
  textBetween(from: number, to: number): string {
    return to <= from ? '' : this.source.slice(this.tokenAt(from).start, this.tokenAt(to - 1).end);
  }

  /** Runs a recursive part one level deeper. @throws RedshiftError 54001 past the depth limit */
  nested<T>(part: () => T): T {
    if (this.depth >= DEPTH_LIMIT) {
      throw new RedshiftError('stack depth limit exceeded', '54001', {
        hint: `The local parser nests at most ${DEPTH_LIMIT} levels; split the statement.`,
        position: this.position,
      });
    }
    this.depth += 1;
    const result = part();
    this.depth -= 1;
    return result;
  }

  /** A syntax error at a token, by default the one under the cursor. */
  unexpected(token: Token = this.peek(), hint?: string): RedshiftError {
    const error = syntaxError(this.source.slice(token.start, token.end), token.start + 1);
    return hint === undefined ? error : new RedshiftError(error.message, error.sqlState, { ...error.more, hint });
  }
}

function matchParentheses(tokens: readonly Token[]): Map<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'operator') return;
    if (token.value === '(') open.push(index);
    else if (token.value === ')') {
      const opening = open.pop();
      if (opening !== undefined) closing.set(opening, index);
    }
  });
  return closing;
}
