import { notImplementedLocally, RedshiftError } from '../errors';
import type { ProcedureBlock, ProcedureStatement } from './ast';
import { readExpression } from './parser-expressions';
import { readType } from './parser-types';
import { readCaseStatement, readIf, readLabelled, readLoopJump } from './procedure-control';
import { readSqlStatement } from './procedure-sql';
import { TokenStream } from './token-stream';

type Declaration = ProcedureBlock['declarations'][number];

/** PL/pgSQL statements that Redshift has and the local engine has not. */
const NOT_HERE = ['open', 'fetch', 'close', 'move', 'get', 'perform'];

/**
 * Parses the PL/pgSQL text of a stored procedure: `[declare …] begin … [exception when others then …] end`.
 * SQL statements inside stay text; only where they end, and their INTO clause, is found out here.
 * @throws RedshiftError 42601 with the 1-based position within the body; 0A000 for cursors, %TYPE, PERFORM and the like
 */
export function parseProcedureBody(body: string): ProcedureBlock {
  const tokens = new TokenStream(body);
  if (tokens.isOperator('<<')) readLabel(tokens);
  const block = readBlock(tokens);
  tokens.acceptOperator(';');
  tokens.expectEnd();
  return block;
}

function readLabel(tokens: TokenStream): string {
  tokens.expectOperator('<<');
  const label = tokens.name();
  tokens.expectOperator('>>');
  return label;
}

/** A block up to its END and the label behind it, without the semicolon. */
function readBlock(tokens: TokenStream): ProcedureBlock {
  return tokens.nested(() => {
    const declarations = tokens.accept('declare') ? readDeclarations(tokens) : [];
    tokens.expect('begin');
    const body = readStatements(tokens);
    const handler = tokens.accept('exception') ? readHandler(tokens) : undefined;
    tokens.expect('end');
    if (tokens.isName()) tokens.name();
    return { declarations, body, ...(handler && { handler }) };
  });
}

function readDeclarations(tokens: TokenStream): Declaration[] {
  const declarations: Declaration[] = [];
  while (!tokens.isWord('begin')) {
    if (tokens.accept('declare')) continue;
    declarations.push(readDeclaration(tokens));
  }
  return declarations;
}

/** `name [constant] type [not null] [default | := | = value];` */
function readDeclaration(tokens: TokenStream): Declaration {
  const name = tokens.name();
  if (tokens.isWord(['cursor', 'refcursor'])) throw notImplementedLocally('A cursor in a stored procedure');
  if (tokens.isWord('alias')) throw notImplementedLocally('ALIAS FOR in a stored procedure');
  const constant = tokens.accept('constant');
  const type = tokens.accept('record') ? ({ name: 'record' } as const) : readDeclaredType(tokens);
  tokens.accept('not', 'null');
  const assigned = tokens.accept('default') || tokens.acceptOperator(':=') || tokens.acceptOperator('=');
  const initial = assigned ? readExpression(tokens) : undefined;
  tokens.expectOperator(';');
  return { name, type, constant, ...(initial && { initial }) };
}

function readDeclaredType(tokens: TokenStream): Declaration['type'] {
  let ahead = 1;
  while (tokens.isOperator('.', ahead)) ahead += 2;
  if (tokens.isOperator('%', ahead)) throw notImplementedLocally('%TYPE and %ROWTYPE');
  return readType(tokens);
}

/** WHEN OTHERS is the only condition that Redshift has. */
function readHandler(tokens: TokenStream): ProcedureStatement[] {
  tokens.expect('when');
  const condition = tokens.peek();
  if (!tokens.accept('others')) {
    throw new RedshiftError(`unrecognized exception condition "${condition.value}"`, '42704', {
      hint: 'The only condition in Redshift is OTHERS.',
      position: condition.start + 1,
    });
  }
  tokens.expect('then');
  return readStatements(tokens);
}

/** The words that close a list of statements. */
const CLOSERS = ['end', 'else', 'elsif', 'elseif', 'exception', 'when'];

/** Statements up to a word that closes their list. */
export function readStatements(tokens: TokenStream): ProcedureStatement[] {
  const statements: ProcedureStatement[] = [];
  while (!closesList(tokens)) statements.push(readProcedureStatement(tokens));
  return statements;
}

/** `end;` alone never begins a statement here: in a procedure END closes a block. */
function closesList(tokens: TokenStream): boolean {
  return tokens.atEnd() || tokens.isWord(CLOSERS);
}

function readProcedureStatement(tokens: TokenStream): ProcedureStatement {
  const label = tokens.isOperator('<<') ? readLabel(tokens) : undefined;
  if (label !== undefined || tokens.isWord(['loop', 'while', 'for'])) {
    if (tokens.isWord(['declare', 'begin'])) return readInnerBlock(tokens);
    return tokens.nested(() => readLabelled(tokens, label));
  }
  if (isAssignment(tokens)) return readAssignment(tokens);
  const { kind, value } = tokens.peek();
  if (kind !== 'word') throw tokens.unexpected();
  return readByWord(tokens, value);
}

function readByWord(tokens: TokenStream, word: string): ProcedureStatement {
  if (NOT_HERE.includes(word)) throw notImplementedLocally(`${word.toUpperCase()} in a stored procedure`);
  switch (word) {
    case 'declare':
    case 'begin':
      return readInnerBlock(tokens);
    case 'if':
      return tokens.nested(() => readIf(tokens));
    case 'case':
      return tokens.nested(() => readCaseStatement(tokens));
    case 'exit':
    case 'continue':
      return readLoopJump(tokens);
    case 'return':
      return readReturn(tokens);
    case 'raise':
      return readRaise(tokens);
    case 'null':
      tokens.expect('null');
      tokens.expectOperator(';');
      return { do: 'null' };
    default:
      return readSqlStatement(tokens);
  }
}

function readInnerBlock(tokens: TokenStream): ProcedureStatement {
  const block = readBlock(tokens);
  tokens.expectOperator(';');
  return { do: 'block', block };
}

/** `x := …`, `x = …` or `r.field := …`; no SQL statement begins so. */
function isAssignment(tokens: TokenStream): boolean {
  if (!tokens.isName() && tokens.peek().kind !== 'parameter') return false;
  let ahead = 1;
  while (tokens.isOperator('.', ahead)) ahead += 2;
  return tokens.isOperator(':=', ahead) || tokens.isOperator('=', ahead);
}

function readAssignment(tokens: TokenStream): ProcedureStatement {
  const parts = [tokens.next().value];
  while (tokens.acceptOperator('.')) parts.push(tokens.label());
  tokens.next();
  const value = readExpression(tokens);
  tokens.expectOperator(';');
  return { do: 'assign', target: parts.join('.'), value };
}

/** A procedure returns through its OUT parameters, so RETURN takes no value. */
function readReturn(tokens: TokenStream): ProcedureStatement {
  tokens.expect('return');
  tokens.expectOperator(';');
  return { do: 'return' };
}

function readRaise(tokens: TokenStream): ProcedureStatement {
  tokens.expect('raise');
  const level = (['exception', 'warning', 'notice', 'info', 'log'] as const).find((word) => tokens.accept(word));
  if (!level) throw tokens.unexpected();
  const start = tokens.peek();
  const format = tokens.string();
  const args = tokens.acceptOperator(',') ? tokens.list(() => readExpression(tokens)) : [];
  tokens.expectOperator(';');
  const places = format.replaceAll('%%', '').split('%').length - 1;
  if (places === args.length) return { do: 'raise', level, format, arguments: args };
  const amount = args.length > places ? 'many' : 'few';
  throw new RedshiftError(`too ${amount} parameters specified for RAISE`, '42601', { position: start.start + 1 });
}
