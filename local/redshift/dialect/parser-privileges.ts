import { notImplementedLocally } from '../errors';
import type { Privilege, QualifiedName, UserCommand } from './ast';
import { readArgumentTypes } from './parser-procedures';
import type { TokenStream } from './token-stream';

const USER_KINDS = ['user', 'group', 'role'] as const;

const PRIVILEGES = `select insert update delete drop references alter truncate create temporary temp usage execute all
  rule`.split(/\s+/);

/** True before USER, GROUP or ROLE. */
export function isUserCommand(tokens: TokenStream): boolean {
  return tokens.isWord(USER_KINDS);
}

/** The rest of CREATE, ALTER or DROP of a user, a group or a role. */
export function readUserCommand(tokens: TokenStream, action: UserCommand['action'], position: number): UserCommand {
  const kind = tokens.next().value as UserCommand['kind'];
  if (action === 'create' && tokens.isWord('if') && tokens.isWord('not', 1)) throw tokens.unexpected();
  const ifExists = action === 'drop' && tokens.accept('if', 'exists');
  const name = tokens.name();
  const from = tokens.index;
  while (!tokens.atEnd() && !tokens.isOperator(';')) tokens.next();
  const options = tokens.textBetween(from, tokens.index);
  return { node: 'user command', action, kind, name, ifNotExists: false, ifExists, options, position };
}

/** GRANT or REVOKE. */
export function readPrivilege(tokens: TokenStream): Privilege {
  const { position } = tokens;
  const action = tokens.accept('grant') ? 'grant' : 'revoke';
  if (action === 'revoke') tokens.expect('revoke');
  const optionOnly = action === 'revoke' && tokens.accept('grant', 'option', 'for');
  if (tokens.isWord('role')) return readRoles(tokens, action, position);
  const privileges = readPrivilegeNames(tokens);
  if (!tokens.accept('on')) throw tokens.unexpected();
  const on = readTarget(tokens);
  return { node: 'privilege', action, privileges, on, ...readGrantees(tokens, action, optionOnly), position };
}

/** `grant role a, role b to …` */
function readRoles(tokens: TokenStream, action: Privilege['action'], position: number): Privilege {
  const privileges = tokens.list(() => {
    tokens.expect('role');
    return tokens.name();
  });
  return { node: 'privilege', action, privileges, ...readGrantees(tokens, action, false), position };
}

function readPrivilegeNames(tokens: TokenStream): string[] {
  return tokens.list(() => {
    if (!tokens.isWord(PRIVILEGES)) throw tokens.unexpected();
    const { value } = tokens.next();
    if (value === 'all') tokens.accept('privileges');
    if (value === 'create' && tokens.isName()) throw notImplementedLocally('GRANT of system permissions to roles');
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
  if (tokens.accept('group')) return { kind: 'group', name: tokens.name() };
  if (tokens.isWord('role') && tokens.isName(1) && tokens.accept('role')) return { kind: 'role', name: tokens.name() };
  if (tokens.isWord('user')) tokens.next();
  return { kind: 'user', name: tokens.name() };
}

/** `alter default privileges [for user u] [in schema s] grant … on tables to …`; `on.names` are the schemas. */
export function readAlterDefaultPrivileges(tokens: TokenStream, position: number): Privilege {
  if (tokens.accept('for')) {
    tokens.expect('user');
    tokens.list(() => tokens.name());
  }
  const names = tokens.accept('in', 'schema') ? readNames(tokens) : [];
  const action = tokens.accept('grant') ? 'grant' : 'revoke';
  if (action === 'revoke') tokens.expect('revoke');
  const optionOnly = action === 'revoke' && tokens.accept('grant', 'option', 'for');
  const privileges = readPrivilegeNames(tokens);
  tokens.expect('on');
  if (tokens.isWord(['functions', 'procedures'])) throw notImplementedLocally('Default privileges of routines');
  tokens.expect('tables');
  const on = { kind: 'default privileges', names } as const;
  return { node: 'privilege', action, privileges, on, ...readGrantees(tokens, action, optionOnly), position };
}
