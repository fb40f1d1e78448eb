import { notImplementedLocally } from '../errors';
import type {
  Comment,
  CreateMaterializedView,
  CreateSchema,
  CreateView,
  Drop,
  QualifiedName,
  RefreshMaterializedView,
  Statement,
} from './ast';
import { readAlterTable, readBehaviour } from './parser-alter';
import { isUserCommand, readAlterDefaultPrivileges, readUserCommand } from './parser-privileges';
import { readArgumentTypes, readCreateProcedure } from './parser-procedures';
import { readQuery } from './parser-queries';
import { readBackup, readCreateTable, readTableAttributes } from './parser-tables';
import type { TokenStream } from './token-stream';

/** What Redshift creates, alters and drops but the local engine does not. */
const FOREIGN_OBJECTS = `external function library model datashare database rls masking identity policy catalog
  connection template`.split(/\s+/);

/** CREATE of anything. */
export function readCreate(tokens: TokenStream): Statement {
  const { position } = tokens;
  tokens.expect('create');
  if (isUserCommand(tokens)) return readUserCommand(tokens, 'create', position);
  if (tokens.isWord(['table', 'temp', 'temporary', 'local'])) return readCreateTable(tokens, position);
  if (tokens.accept('schema')) return readCreateSchema(tokens, position);
  if (tokens.accept('materialized', 'view')) return readMaterializedView(tokens, position);
  const orReplace = tokens.accept('or', 'replace');
  if (tokens.accept('view')) return readCreateView(tokens, orReplace, position);
  if (tokens.accept('procedure')) return readCreateProcedure(tokens, orReplace, position);
  throw refuse(tokens, 'CREATE');
}

function refuse(tokens: TokenStream, verb: string): Error {
  if (!tokens.isWord(FOREIGN_OBJECTS)) return tokens.unexpected();
  return notImplementedLocally(`${verb} ${tokens.peek().value.toUpperCase()}`);
}

function readCreateSchema(tokens: TokenStream, position: number): CreateSchema {
  const ifNotExists = tokens.accept('if', 'not', 'exists');
  const written = tokens.isName() ? tokens.name() : undefined;
  const authorization = tokens.accept('authorization') ? tokens.name() : undefined;
  const name = written ?? authorization;
  if (name === undefined) throw tokens.unexpected();
  if (tokens.accept('quota')) readQuota(tokens);
  const owner = authorization === undefined ? {} : { authorization };
  return { node: 'create schema', name, ifNotExists, ...owner, position };
}

/** Storage quotas have no meaning on one machine; their form is still checked. */
function readQuota(tokens: TokenStream): void {
  if (tokens.accept('unlimited')) return;
  tokens.integer();
  if (!tokens.isWord(['mb', 'gb', 'tb'])) throw tokens.unexpected();
  tokens.next();
}

function readCreateView(tokens: TokenStream, orReplace: boolean, position: number): CreateView {
  const name = tokens.qualifiedName();
  const columnNames = tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [];
  tokens.expect('as');
  const { query, querySql } = readQueryWithText(tokens);
  const lateBinding = tokens.accept('with', 'no', 'schema', 'binding');
  return { node: 'create view', name, columnNames, orReplace, lateBinding, query, querySql, position };
}

function readQueryWithText(tokens: TokenStream): Pick<CreateView, 'query' | 'querySql'> {
  const from = tokens.index;
  const query = readQuery(tokens);
  return { query, querySql: tokens.textBetween(from, tokens.index) };
}

function readMaterializedView(tokens: TokenStream, position: number): CreateMaterializedView {
  const name = tokens.qualifiedName();
  readBackup(tokens);
  const attributes = readTableAttributes(tokens);
  const autoRefresh = tokens.accept('auto', 'refresh') && readYesOrNo(tokens);
  tokens.expect('as');
  return {
    node: 'create materialized view',
    name,
    autoRefresh,
    attributes,
    ...readQueryWithText(tokens),
    position,
  };
}

function readYesOrNo(tokens: TokenStream): boolean {
  if (tokens.accept('yes')) return true;
  tokens.expect('no');
  return false;
}

/** `refresh materialized view v` */
export function readRefresh(tokens: TokenStream): RefreshMaterializedView {
  const { position } = tokens;
  tokens.expect('refresh', 'materialized', 'view');
  const name = tokens.qualifiedName();
  if (!tokens.accept('restrict')) tokens.accept('cascade');
  return { node: 'refresh materialized view', name, position };
}

/** ALTER of anything. */
export function readAlter(tokens: TokenStream): Statement {
  const { position } = tokens;
  tokens.expect('alter');
  if (tokens.isWord('table')) return readAlterTable(tokens, position);
  if (tokens.accept('default', 'privileges')) return readAlterDefaultPrivileges(tokens, position);
  if (isUserCommand(tokens)) return readUserCommand(tokens, 'alter', position);
  if (tokens.isWord(['schema', 'procedure', 'materialized', 'system'])) {
    throw notImplementedLocally(`ALTER ${tokens.peek().value.toUpperCase()}`);
  }
  throw refuse(tokens, 'ALTER');
}

/** DROP of anything. */
export function readDropStatement(tokens: TokenStream): Statement {
  const { position } = tokens;
  tokens.expect('drop');
  if (isUserCommand(tokens)) return readUserCommand(tokens, 'drop', position);
  if (tokens.isWord('function')) throw notImplementedLocally('DROP FUNCTION');
  const what = readDropKind(tokens);
  const ifExists = tokens.accept('if', 'exists');
  const names = tokens.list(() => readDropName(tokens, what));
  return { node: 'drop', what, names, ifExists, cascade: readBehaviour(tokens), position };
}

function readDropKind(tokens: TokenStream): Drop['what'] {
  if (tokens.accept('materialized', 'view')) return 'materialized view';
  for (const what of ['table', 'view', 'schema', 'procedure'] as const) if (tokens.accept(what)) return what;
  throw refuse(tokens, 'DROP');
}

function readDropName(tokens: TokenStream, what: Drop['what']): QualifiedName {
  const name = tokens.qualifiedName();
  if (what === 'procedure' && tokens.isOperator('(')) readArgumentTypes(tokens);
  return name;
}

/** `comment on table t is '…' | null` */
export function readComment(tokens: TokenStream): Comment {
  const { position } = tokens;
  tokens.expect('comment', 'on');
  const on = readCommentKind(tokens);
  const name = tokens.qualifiedName();
  if (on === 'procedure' && tokens.isOperator('(')) readArgumentTypes(tokens);
  const owner = on === 'constraint' && tokens.accept('on') ? tokens.qualifiedName() : undefined;
  tokens.expect('is');
  const text = tokens.accept('null') ? null : tokens.string();
  const whole = owner ? { parts: [...owner.parts, ...name.parts], position: name.position } : name;
  return { node: 'comment', on, name: whole, text, position };
}

function readCommentKind(tokens: TokenStream): Comment['on'] {
  for (const on of ['table', 'column', 'view', 'schema', 'database', 'constraint', 'procedure'] as const) {
    if (tokens.accept(on)) return on;
  }
  throw tokens.unexpected();
}
