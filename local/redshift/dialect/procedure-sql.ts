import { notImplementedLocally, syntaxError } from '../errors';
import type { ProcedureStatement } from './ast';
import { readExpression } from './parser-expressions';
import type { TokenStream } from './token-stream';

/** A SQL statement inside a procedure, EXECUTE, or SELECT … INTO; up to and with its semicolon. */
export function readSqlStatement(tokens: TokenStream): ProcedureStatement {
  if (tokens.isWord('execute')) return readExecute(tokens);
  const from = tokens.index;
  const isSelect = tokens.isWord(['select', 'with']);
  const into = isSelect ? findInto(tokens) : undefined;
  skipTo(tokens, ';');
  const to = tokens.index;
  tokens.expectOperator(';');
  if (into === undefined) return { do: 'sql', sql: tokens.textBetween(from, to) };
  const { at, after, targets } = into;
  const before = tokens.textBetween(from, at);
  const rest = tokens.textBetween(after, to);
  return { do: 'select into', sql: rest === '' ? before : `${before} ${rest}`, into: targets };
}

function readExecute(tokens: TokenStream): ProcedureStatement {
  tokens.expect('execute');
  const command = readExpression(tokens);
  const into = tokens.accept('into') ? tokens.list(() => readTarget(tokens)) : [];
  if (tokens.isWord('using')) throw tokens.unexpected(tokens.peek(), 'EXECUTE in Redshift takes no USING.');
  tokens.expectOperator(';');
  return { do: 'execute', command, into };
}

interface IntoClause {
  /** Index of INTO, and of the token behind the last target. */
  readonly at: number;
  readonly after: number;
  readonly targets: readonly string[];
}

/** The INTO of the outermost SELECT, wherever it stands in it. The cursor ends behind it, or stays. */
function findInto(tokens: TokenStream): IntoClause | undefined {
  let index = tokens.index;
  for (;;) {
    const token = tokens.tokenAt(index);
    if (token.kind === 'end' || (token.kind === 'operator' && token.value === ';')) return undefined;
    if (token.kind === 'operator' && token.value === '(') index = tokens.closingOf(index) ?? index;
    if (token.kind === 'word' && token.value === 'into') break;
    index += 1;
  }
  while (tokens.index < index) tokens.next();
  tokens.expect('into');
  if (tokens.isWord('strict')) throw notImplementedLocally('SELECT INTO STRICT');
  const targets = tokens.list(() => readTarget(tokens));
  return { at: index, after: tokens.index, targets };
}

function readTarget(tokens: TokenStream): string {
  const parts = [tokens.name()];
  while (tokens.acceptOperator('.')) parts.push(tokens.label());
  return parts.join('.');
}

function skipTo(tokens: TokenStream, operator: string): void {
  while (!tokens.isOperator(operator)) {
    if (tokens.atEnd()) throw syntaxError('', tokens.position);
    tokens.next();
  }
}

/** The query of a FOR loop: everything before the word LOOP, which is no part of SQL. */
export function sqlUntilLoop(tokens: TokenStream): string {
  const from = tokens.index;
  while (!tokens.isWord('loop')) {
    if (tokens.atEnd() || tokens.isOperator(';')) throw tokens.unexpected();
    tokens.next();
  }
  return tokens.textBetween(from, tokens.index);
}
