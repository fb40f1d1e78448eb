import { notImplementedLocally, RedshiftError } from '../errors';
import type { RedshiftType } from '../types';
import type { Expression, Statement } from './ast';
import { tokenize } from './lexer';
import {
  readAnalyze,
  readBegin,
  readCommit,
  readExplain,
  readLock,
  readReset,
  readRollback,
  readSet,
  readShow,
  readVacuum,
} from './parser-commands';
import { readCopy } from './parser-copy';
import { readAlter, readComment, readCreate, readDropStatement, readRefresh } from './parser-ddl';
import { readExpression } from './parser-expressions';
import { readPrivilege } from './parser-privileges';
import { readType } from './parser-types';
import {
  readCallStatement,
  readDelete,
  readInsert,
  readMerge,
  readQueryStatement,
  readTruncate,
  readUpdate,
  readWithStatement,
} from './parser-writes';
import { TokenStream } from './token-stream';

export { tokenize } from './lexer';
export { parseProcedureBody } from './procedure-parser';

/** Each statement's reader by its first word. */
const READERS: Readonly<Record<string, (tokens: TokenStream) => Statement>> = {
  select: readQueryStatement,
  with: readWithStatement,
  insert: readInsert,
  update: (tokens) => readUpdate(tokens),
  delete: (tokens) => readDelete(tokens),
  merge: readMerge,
  truncate: readTruncate,
  copy: readCopy,
  call: readCallStatement,
  create: readCreate,
  alter: readAlter,
  drop: readDropStatement,
  comment: readComment,
  refresh: readRefresh,
  grant: readPrivilege,
  revoke: readPrivilege,
  set: readSet,
  show: readShow,
  reset: readReset,
  explain: (tokens) => readExplain(tokens, readStatement),
  lock: readLock,
  analyze: readAnalyze,
  analyse: readAnalyze,
  vacuum: readVacuum,
  begin: readBegin,
  start: readBegin,
  commit: readCommit,
  end: readCommit,
  rollback: readRollback,
  abort: readRollback,
};

/** Redshift's statements that the local engine has no part for. */
const NOT_HERE = ['unload', 'prepare', 'execute', 'deallocate', 'declare', 'fetch', 'close', 'cancel', 'use', 'desc'];

/**
 * Parses exactly one statement; a semicolon may close it.
 * @throws RedshiftError 42601 with the 1-based position for what does not parse, for nothing at all and for a second
 *   statement; 0A000 for what Redshift does not support or the local engine does not have
 */
export function parseStatement(sql: string): Statement {
  const tokens = new TokenStream(sql);
  const statement = readStatement(tokens);
  if (!tokens.acceptOperator(';')) tokens.expectEnd();
  while (tokens.acceptOperator(';'));
  if (tokens.atEnd()) return statement;
  throw new RedshiftError('cannot insert multiple commands into a prepared statement', '42601');
}

function readStatement(tokens: TokenStream): Statement {
  if (tokens.isOperator('(')) return readQueryStatement(tokens);
  const { kind, value } = tokens.peek();
  const reader = kind === 'word' && Object.hasOwn(READERS, value) ? READERS[value] : undefined;
  if (reader) return reader(tokens);
  if (kind === 'word' && NOT_HERE.includes(value)) throw notImplementedLocally(value.toUpperCase());
  throw tokens.unexpected();
}

/**
 * Cuts a script at its semicolons, leaving those in strings, dollar quotes and comments alone. Each statement keeps its
 * text (comments inside too) without the semicolon; empty ones are dropped.
 * @throws RedshiftError 42601 for an unterminated string or comment
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let from: number | undefined;
  let to = 0;
  for (const token of tokenize(sql)) {
    const ends = token.kind === 'end' || (token.kind === 'operator' && token.value === ';');
    if (ends) {
      if (from !== undefined) statements.push(sql.slice(from, to));
      from = undefined;
    } else {
      from ??= token.start;
      to = token.end;
    }
  }
  return statements;
}

/** Parses one expression. @throws RedshiftError 42601 */
export function parseExpression(sql: string): Expression {
  return parseWhole(sql, readExpression);
}

/** Parses the name of a type, for example `varchar(20)` or `timestamp with time zone`. @throws RedshiftError */
export function parseType(sql: string): RedshiftType {
  return parseWhole(sql, readType);
}

function parseWhole<T>(sql: string, read: (tokens: TokenStream) => T): T {
  const tokens = new TokenStream(sql);
  const result = read(tokens);
  tokens.expectEnd();
  return result;
}
