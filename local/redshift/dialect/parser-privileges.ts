import { notImplementedLocally } from '../errors';
import type { Privilege, QualifiedName, UserCommand } from './ast';
import { readArgumentTypes } from './parser-procedures';
import type { TokenStream } from './token-stream';

const USER_KINDS = ['user', 'group', 'role'] as const;

const PRIVILEGES = `select insert update delete drop references alter truncate create temporary temp usage execute all
  rule`.split(/\s+/);

/** Source: Developer Guide, GRANT, "system permissions"; those that no command of the local engine asks for included. */
const SYSTEM_PRIVILEGES = [
  'create user',
  'drop user',
  'alter user',
  'create schema',
  'drop schema',
  'alter default privileges',
  'access catalog',
  'access system table',
  'create table',
  'drop table',
  'alter table',
  'create or replace function',
  'create or replace external function',
  'drop function',
  'create or replace procedure',
  'drop procedure',
  'create or replace view',
  'drop view',
  'create model',
  'drop model',
  'create datashare',
  'alter datashare',
  'drop datashare',
  'create library',
  'drop library',
  'create role',
  'drop role',
  'truncate table',
  'vacuum',
  'analyze',
  'cancel',
  'ignore rls',
  'explain rls',
  'explain masking',
].map((words) => words.split(' '));

/** True before USER, GROUP or ROLE. */
export function isUserCommand(tokens: TokenStream): boolean {
  return tokens.isWord(USER_KINDS);
}

/** A user, group or role. In double quotes its letters stay as they are: `"IAMR:EtlRole"`. */
function readPrincipal(tokens: TokenStream): string {
  const { kind, start, end } = tokens.peek();
  const folded = tokens.name();
  return kind === 'quoted' ? tokens.source.slice(start + 1, end - 1).replaceAll('""', '"') : folded;
}

/** The rest of CREATE, ALTER or DROP of a user, a group or a role. */
export function readUserCommand(tokens: TokenStream, action: UserCommand['action'], position: number): UserCommand {
  const kind = tokens.next().value as UserCommand['kind'];
  if (action === 'create' && tokens.isWord('if') && tokens.isWord('not', 1)) throw tokens.unexpected();
  const ifExists = action === 'drop' && tokens.accept('if', 'exists');
  const name = readPrincipal(tokens);
  const from = tokens.index;
  const members = readOptions(tokens, kind);
  const options = tokens.textBetween(from, tokens.index);
  return { node: 'user command', action, kind, name, ifNotExists: false, ifExists, options, members, position };
}

/** The rest of the command; the groups or users that it names are read, the rest is kept as text. */
function readOptions(tokens: TokenStream, kind: UserCommand['kind']): UserCommand['members'] {
  let members: UserCommand['members'] = { change: 'none', names: [] };
  while (!tokens.atEnd() && !tokens.isOperator(';')) {
    if (tokens.isWord('rename')) throw notImplementedLocally(`ALTER ${kind.toUpperCase()} … RENAME`);
    const adds =
      (kind === 'user' && tokens.accept('in', 'group')) ||
      (kind === 'group' && (tokens.accept('add', 'user') || tokens.accept('user')));
    if (adds) members = { change: 'add', names: tokens.list(() => readPrincipal(tokens)) };
    else if (kind === 'group' && tokens.accept('drop', 'user'))
      members = { change: 'drop', names: tokens.list(() => readPrincipal(tokens)) };
    else tokens.next();
  }
  return members;
}

/** GRANT or REVOKE. */
export function readPrivilege(tokens: TokenStream): Privilege {
  const { position } = tokens;
  const action = tokens.accept('grant') ? 'grant' : 'revoke';
  if (action === 'revoke') tokens.expect('revoke');
  const optionOnly =
    action === 'revoke' && (tokens.accept('grant', 'option', 'for') || tokens.accept('admin', 'option', 'for'));
  if (tokens.isWord('role')) return readRoles(tokens, action, optionOnly, position);
  const system = readSystemPrivileges(tokens);
  if (system.length > 0) {
    const on = { kind: 'system', names: [] } as const;
    return { node: 'privilege', action, privileges: system, on, ...readGrantees(tokens, action, optionOnly), position };
  }
  const privileges = readPrivilegeNames(tokens);
  if (!tokens.accept('on')) throw tokens.unexpected();
  const on = readTarget(tokens);
  return { node: 'privilege', action, privileges, on, ...readGrantees(tokens, action, optionOnly), position };
}

/** `grant role a, role b to …` */
function readRoles(tokens: TokenStream, action: Privilege['action'], optionOnly: boolean, position: number): Privilege {
  const privileges = tokens.list(() => {
    tokens.expect('role');
    return readRoleName(tokens);
  });
  return { node: 'privilege', action, privileges, ...readGrantees(tokens, action, optionOnly), position };
}

/** The system's own roles have a colon in their names: sys:operator. */
function readRoleName(tokens: TokenStream): string {
  if (!tokens.isWord('sys')) return readPrincipal(tokens);
  tokens.next();
  // The lexer takes `:operator` for a parameter.
  const { kind, value } = tokens.next();
  if (kind !== 'parameter') throw tokens.unexpected();
  return `sys:${value}`;
}

/** None where the privileges are those of an object. */
function readSystemPrivileges(tokens: TokenStream): string[] {
  const readOne = (): string | undefined => SYSTEM_PRIVILEGES.find((words) => tokens.accept(...words))?.join(' ');
  const first = readOne();
  if (first === undefined) return [];
  const all = [first];
  while (tokens.acceptOperator(',')) {
    const next = readOne();
    if (next === undefined) throw tokens.unexpected();
    all.push(next);
  }
  return all;
}

function readPrivilegeNames(tokens: TokenStream): string[] {
  return tokens.list(() => {
    if (!tokens.isWord(PRIVILEGES)) throw tokens.unexpected();
    const { value } = tokens.next();
    if (value === 'all') tokens.accept('privileges');
    if (tokens.isOperator('(')) throw notImplementedLocally('GRANT on single columns');
    return value === 'temp' ? 'temporary' : value;
  });
}

function readTarget(tokens: TokenStream): NonNullable<Privilege['on']> {
  if (tokens.accept('all', 'tables', 'in', 'schema')) return { kind: 'all tables in schema', names: readNames(tokens) };
  for (const kind of ['schema', 'database', 'language'] as const) {
    if (tokens.accept(kind)) return { kind, names: readNames(tokens) };
  }
  for (const kind of ['procedure', 'function'] as const) {
    if (tokens.accept(kind)) return { kind, names: tokens.list(() => readRoutine(tokens)) };
  }
  if (tokens.isWord(['all', 'external', 'datashare', 'model', 'template'])) {
    throw notImplementedLocally(`GRANT … ON ${tokens.peek().value.toUpperCase()} …`);
  }
  tokens.accept('table');
  return { kind: 'table', names: readNames(tokens) };
}

function readNames(tokens: TokenStream): QualifiedName[] {
  return tokens.list(() => tokens.qualifiedName());
}

function readRoutine(tokens: TokenStream): QualifiedName {
  const name = tokens.qualifiedName();
  if (tokens.isOperator('(')) readArgumentTypes(tokens);
  return name;
}

function readGrantees(
  tokens: TokenStream,
  action: Privilege['action'],
  optionOnly: boolean,
): Pick<Privilege, 'grantees' | 'withGrantOption'> {
  tokens.expect(action === 'grant' ? 'to' : 'from');
  const grantees = tokens.list(() => readGrantee(tokens));
  if (action === 'grant') {
    const option = tokens.accept('with', 'grant', 'option') || tokens.accept('with', 'admin', 'option');
    return { grantees, withGrantOption: option };
  }
  if (!tokens.accept('cascade')) tokens.accept('restrict');
  return { grantees, withGrantOption: optionOnly };
}

function readGrantee(tokens: TokenStream): Privilege['grantees'][number] {
  if (tokens.accept('public')) return { kind: 'public', name: 'public' };
  if (tokens.accept('group')) return { kind: 'group', name: readPrincipal(tokens) };
  if (tokens.isWord('role') && tokens.isName(1) && tokens.accept('role')) {
    return { kind: 'role', name: readRoleName(tokens) };
  }
  if (tokens.isWord('user')) tokens.next();
  return { kind: 'user', name: readPrincipal(tokens) };
}

/** `alter default privileges [for user u] [in schema s] grant … on tables to …`; `on.names` are the schemas. */
export function readAlterDefaultPrivileges(tokens: TokenStream, position: number): Privilege {
  const users = tokens.accept('for', 'user') ? tokens.list(() => readPrincipal(tokens)) : [];
  const names = tokens.accept('in', 'schema') ? readNames(tokens) : [];
  const action = tokens.accept('grant') ? 'grant' : 'revoke';
  if (action === 'revoke') tokens.expect('revoke');
  const optionOnly = action === 'revoke' && tokens.accept('grant', 'option', 'for');
  const privileges = readPrivilegeNames(tokens);
  tokens.expect('on');
  if (tokens.isWord(['functions', 'procedures'])) throw notImplementedLocally('Default privileges of routines');
  tokens.expect('tables');
  const on = { kind: 'default privileges', names, users } as const;
  return { node: 'privilege', action, privileges, on, ...readGrantees(tokens, action, optionOnly), position };
}
