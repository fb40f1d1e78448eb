import { type GrantEntry, grantKey } from '../../catalog/catalog-state';
import { grantable, heldPrivileges, OBJECT_PRIVILEGES } from '../../catalog/rights';
import type { Privilege, QualifiedName } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import { mustOwn, permissionDenied, procedureObject, tableObject } from '../access-control';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { defaultsOf } from './grants';
import { missingRelation, relationEntry, splitName } from './names';

type Kind = keyof typeof OBJECT_PRIVILEGES | 'role' | 'system' | 'default';

/** Something that privileges are granted on. */
interface Target {
  /** As grants name it. */
  readonly on: string;
  readonly kind: Kind;
  /** As errors name it. */
  readonly label: string;
  readonly owner?: string;
}

/** GRANT and REVOKE. Source: Developer Guide, GRANT, REVOKE, ALTER DEFAULT PRIVILEGES. */
export async function changePrivileges(statement: Privilege, execution: Execution): Promise<Outcome> {
  await execution.settle(() => ({ content: undefined, locks: ['privileges'] }));
  const targets = targetsOf(statement, execution);
  const grantees = statement.grantees.map((one) => granteeName(one, execution));
  for (const target of targets) {
    const privileges = privilegesOn(target, statement);
    checkGrantor(target, privileges, execution);
    for (const grantee of grantees) {
      changeGrant(statement, target, privileges, grantee, execution);
    }
  }
  return done(statement.action.toUpperCase());
}

/** `all` written out for the object. @throws RedshiftError 0LP01 for one that the object does not have */
function privilegesOn({ kind, on }: Target, statement: Privilege): readonly string[] {
  if (kind === 'role') return ['member'];
  if (kind === 'system') return statement.privileges;
  const allowed: readonly string[] = OBJECT_PRIVILEGES[kind === 'default' ? 'table' : kind];
  const wrong = statement.privileges.find((privilege) => privilege !== 'all' && !allowed.includes(privilege));
  if (wrong !== undefined) {
    throw new RedshiftError(`invalid privilege type ${wrong.toUpperCase()} for ${on.split(' ')[0]}`, '0LP01');
  }
  return statement.privileges.includes('all') ? allowed : statement.privileges;
}

/** The owner, a superuser, or who may hand on all of them. @throws RedshiftError 42501 */
function checkGrantor(target: Target, privileges: readonly string[], execution: Execution): void {
  const { rights } = execution.access;
  if (rights.superuser || target.owner === execution.user) return;
  if (target.kind === 'default') throw permissionDenied('default privileges of another user');
  if (target.kind === 'system') {
    throw new RedshiftError('must be superuser to grant or revoke system privileges', '42501');
  }
  if (privileges.every((privilege) => rights.mayGrant(target.on, privilege))) return;
  throw target.kind === 'role' ? mustOwn(target.label) : permissionDenied(target.label);
}

function changeGrant(
  statement: Privilege,
  { on }: Target,
  privileges: readonly string[],
  grantee: string,
  execution: Execution,
): void {
  const { catalog } = execution.transaction;
  const key = grantKey(on, grantee);
  const before = catalog.get(key);
  const held = heldPrivileges(catalog, on, grantee);
  const handedOn = before?.entry === 'grant' ? grantable(before) : [];
  const without = (from: readonly string[]) => from.filter((one) => !privileges.includes(one) && one !== 'all');
  const isGrant = statement.action === 'grant';
  const optionOnly = !isGrant && statement.withGrantOption;
  const after = isGrant ? [...new Set([...held, ...privileges])] : optionOnly ? held : without(held);
  const options =
    isGrant && statement.withGrantOption
      ? [...new Set([...handedOn, ...privileges])]
      : isGrant
        ? handedOn
        : without(handedOn);
  const entry: GrantEntry = {
    entry: 'grant',
    on,
    grantee,
    privileges: after,
    withGrantOption: options.length > 0,
    grantable: options,
  };
  // Of what PUBLIC has by default an empty entry tells that it was revoked.
  execution.change(key, after.length === 0 && grantee !== 'public' ? undefined : entry);
}

/** @throws RedshiftError 42704 */
function granteeName(grantee: Privilege['grantees'][number], execution: Execution): string {
  const { kind, name } = grantee;
  if (kind === 'public') return 'public';
  if (execution.transaction.catalog.principal(kind, name) === undefined) {
    throw new RedshiftError(`${kind} "${name}" does not exist`, '42704');
  }
  return `${kind} ${name}`;
}

function targetsOf(statement: Privilege, execution: Execution): readonly Target[] {
  const { on } = statement;
  if (on === undefined) return statement.privileges.map((role) => roleTarget(role, execution));
  const { catalog } = execution.transaction;
  const { database, user } = execution.session;
  switch (on.kind) {
    case 'system':
      return [{ on: 'system', kind: 'system', label: 'system' }];
    case 'default privileges': {
      const users = on.users === undefined || on.users.length === 0 ? [user] : on.users;
      const schemas = on.names.length === 0 ? [undefined] : on.names.map((name) => schemaOf(name, execution).name);
      return users.flatMap((owner) =>
        schemas.map((schema) => ({ on: defaultsOf(owner, schema), kind: 'default' as const, label: '', owner })),
      );
    }
    case 'table':
      return on.names.map((name) => tableTarget(name, execution));
    case 'all tables in schema':
      return on.names.flatMap((name) => {
        const schema = schemaOf(name, execution);
        return catalog
          .relations()
          .filter(({ definition }) => definition.schema === schema.name)
          .map(({ definition, owner }) => ({
            on: tableObject(definition),
            kind: 'table' as const,
            label: `relation ${definition.name}`,
            owner,
          }));
      });
    case 'schema':
      return on.names.map((name) => {
        const schema = schemaOf(name, execution);
        return { on: `schema ${schema.name}`, kind: 'schema', label: `schema ${schema.name}`, owner: schema.owner };
      });
    case 'procedure':
      return on.names.map((name) => procedureTarget(name, execution));
    default:
      return on.names.map((name) => namedTarget(on.kind as 'database' | 'language' | 'function', name, database));
  }
}

function namedTarget(kind: 'database' | 'language' | 'function', name: QualifiedName, database: string): Target {
  const label = `${kind} ${name.parts.join('.')}`;
  const exists = { database: name.parts[0] === database, language: name.parts[0] === 'plpgsql', function: false }[kind];
  if (!exists) {
    throw new RedshiftError(
      `${kind} "${name.parts.join('.')}" does not exist`,
      kind === 'database' ? '3D000' : '42704',
    );
  }
  return { on: label, kind, label };
}

function tableTarget(name: QualifiedName, execution: Execution): Target {
  const found = execution.catalog().relation(splitName(name, execution));
  if (found === undefined) throw missingRelation(name);
  const owner = relationEntry(found, execution)?.owner;
  return {
    on: tableObject(found),
    kind: 'table',
    label: `relation ${found.name}`,
    ...(owner !== undefined && { owner }),
  };
}

/** All overloads of the name. @throws RedshiftError 42883 */
function procedureTarget(name: QualifiedName, execution: Execution): Target {
  const { schema, name: procedure } = splitName(name, execution);
  const schemas = schema === undefined ? execution.control.settings.searchPath(execution.user) : [schema];
  const [found] = schemas.flatMap((one) => execution.transaction.catalog.procedures({ schema: one, name: procedure }));
  if (found === undefined) {
    throw new RedshiftError(`procedure ${name.parts.join('.')} does not exist`, '42883');
  }
  const { definition, owner } = found;
  return { on: procedureObject(definition), kind: 'procedure', label: `procedure ${definition.name}`, owner };
}

/** @throws RedshiftError 3F000 */
function schemaOf(name: QualifiedName, execution: Execution): { readonly name: string; readonly owner: string } {
  const entry = execution.transaction.catalog.schema(name.parts[0] ?? '');
  if (entry === undefined) throw new RedshiftError(`schema "${name.parts[0]}" does not exist`, '3F000');
  return entry;
}

/** @throws RedshiftError 42704 */
function roleTarget(name: string, execution: Execution): Target {
  const entry = execution.transaction.catalog.principal('role', name);
  if (entry === undefined && !name.startsWith('sys:')) {
    throw new RedshiftError(`role "${name}" does not exist`, '42704');
  }
  const owner = entry?.owner;
  return { on: `role ${name}`, kind: 'role', label: `role ${name}`, ...(owner !== undefined && { owner }) };
}
