import { type GrantEntry, grantKey, principalKey } from '../../catalog/catalog-state';
import type { Privilege, QualifiedName, UserCommand } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { missingRelation, splitName } from './names';

/** GRANT and REVOKE: kept in the catalogue and shown by SVV_RELATION_PRIVILEGES; the engine does not enforce them. */
export async function changePrivileges(statement: Privilege, execution: Execution): Promise<Outcome> {
  await execution.settle(() => ({ content: undefined, locks: ['privileges'] }));
  for (const grantee of statement.grantees.map((one) => granteeName(one, execution))) {
    for (const on of objects(statement, execution)) {
      changeGrant(statement, on, grantee, execution);
    }
  }
  return done(statement.action.toUpperCase());
}

function changeGrant(statement: Privilege, on: string, grantee: string, execution: Execution): void {
  const key = grantKey(on, grantee);
  const before = execution.transaction.catalog.get(key);
  const held = before?.entry === 'grant' ? before.privileges : [];
  const named = statement.on === undefined ? ['member'] : statement.privileges;
  const privileges =
    statement.action === 'grant'
      ? [...new Set([...held, ...named])]
      : held.filter((privilege) => !named.includes('all') && !named.includes(privilege));
  const entry: GrantEntry = {
    entry: 'grant',
    on,
    grantee,
    privileges,
    withGrantOption: statement.withGrantOption,
  };
  execution.change(key, privileges.length === 0 ? undefined : entry);
}

function granteeName(grantee: Privilege['grantees'][number], execution: Execution): string {
  const { kind, name } = grantee;
  if (kind === 'public') {
    return 'public';
  }
  if (execution.transaction.catalog.principal(kind, name) === undefined) {
    throw new RedshiftError(`${kind} "${name}" does not exist`, '42704');
  }
  return `${kind} ${name}`;
}

function objects(statement: Privilege, execution: Execution): readonly string[] {
  const { on } = statement;
  if (on === undefined) {
    return statement.privileges.map((role) => existingRole(role, execution));
  }
  switch (on.kind) {
    case 'table':
      return on.names.map((name) => tableObject(name, execution));
    case 'schema':
      return on.names.map((name) => schemaObject(name, execution));
    case 'all tables in schema':
      return on.names.flatMap((name) => {
        const schema = schemaObject(name, execution).slice('schema '.length);
        const relations = execution.transaction.catalog.relations();
        return relations
          .filter(({ definition }) => definition.schema === schema)
          .map(({ definition }) => `table ${schema}.${definition.name}`);
      });
    default:
      return on.names.length === 0 ? [on.kind] : on.names.map((name) => `${on.kind} ${name.parts.join('.')}`);
  }
}

function tableObject(name: QualifiedName, execution: Execution): string {
  const found = execution.catalog().relation(splitName(name, execution));
  if (found === undefined) {
    throw missingRelation(name);
  }
  return `table ${found.schema}.${found.name}`;
}

function schemaObject(name: QualifiedName, execution: Execution): string {
  const schema = name.parts[0] ?? '';
  if (execution.transaction.catalog.schema(schema) === undefined) {
    throw new RedshiftError(`schema "${schema}" does not exist`, '3F000');
  }
  return `schema ${schema}`;
}

function existingRole(name: string, execution: Execution): string {
  if (!name.startsWith('sys:') && execution.transaction.catalog.principal('role', name) === undefined) {
    throw new RedshiftError(`role "${name}" does not exist`, '42704');
  }
  return `role ${name}`;
}

/** CREATE, ALTER and DROP of users, groups and roles: names and CREATEUSER are kept, other options are not used. */
export async function changePrincipal(statement: UserCommand, execution: Execution): Promise<Outcome> {
  const { action, kind, name } = statement;
  const key = principalKey(kind, name);
  const oid = await execution.engine.counter.next();
  await execution.settle(() => ({ content: undefined, locks: [key] }));
  const present = execution.transaction.catalog.principal(kind, name);
  const tag = done(`${action.toUpperCase()} ${kind.toUpperCase()}`);
  if (action === 'create') {
    if (present !== undefined) {
      if (!statement.ifNotExists) {
        throw new RedshiftError(`${kind} "${name}" already exists`, '42710');
      }
      return tag;
    }
    execution.change(key, { entry: 'principal', kind, name, oid, superuser: isSuperuser(statement.options, false) });
    return tag;
  }
  if (present === undefined) {
    if (statement.ifExists) {
      return tag;
    }
    throw new RedshiftError(`${kind} "${name}" does not exist`, '42704');
  }
  execution.change(
    key,
    action === 'drop' ? undefined : { ...present, superuser: isSuperuser(statement.options, present.superuser) },
  );
  return tag;
}

function isSuperuser(options: string, before: boolean): boolean {
  if (/\bnocreateuser\b/i.test(options)) {
    return false;
  }
  return /\bcreateuser\b/i.test(options) || before;
}
