import { grantKey, type PrincipalEntry, principalKey } from '../../catalog/catalog-state';
import type { UserCommand } from '../../dialect/ast';
import { RedshiftError } from '../../errors';
import type { Execution } from '../execution';
import { done, type Outcome } from '../outcome';
import { dropGrants, grantsWhere } from './grants';

/**
 * CREATE, ALTER and DROP of users, groups and roles. Passwords are read and thrown away: who signs in was judged before,
 * by IAM. Source: Developer Guide, CREATE USER, ALTER GROUP, DROP ROLE.
 */
export async function changePrincipal(statement: UserCommand, execution: Execution): Promise<Outcome> {
  const { action, kind, name } = statement;
  const key = principalKey(kind, name);
  const oid = await execution.engine.counter.next();
  await execution.settle(() => {
    mayChange(statement, execution);
    return { content: undefined, locks: [key, 'privileges'] };
  });
  const present = execution.transaction.catalog.principal(kind, name);
  const tag = done(`${action.toUpperCase()} ${kind.toUpperCase()}`);
  if (action === 'create') {
    if (present !== undefined) {
      throw new RedshiftError(`${kind} "${name}" already exists`, '42710');
    }
    const entry: PrincipalEntry = { entry: 'principal', kind, name, oid, superuser: false };
    const owned = kind === 'role' ? { ...entry, owner: execution.user } : entry;
    execution.change(key, withOptions(owned, statement));
    changeMembers(statement, execution);
    return tag;
  }
  if (present === undefined) {
    if (statement.ifExists) {
      return tag;
    }
    throw new RedshiftError(`${kind} "${name}" does not exist`, '42704');
  }
  if (action === 'drop') {
    dropPrincipal(present, statement, execution);
  } else {
    execution.change(key, withOptions(present, statement));
    changeMembers(statement, execution);
  }
  return tag;
}

/** @throws RedshiftError 42501 */
function mayChange({ action, kind, name }: UserCommand, { access, transaction, user }: Execution): void {
  if (kind === 'group') {
    access.system('superuser', `must be superuser to ${action} groups`);
  } else if (kind === 'user') {
    access.system(`${action} user`, `must be superuser to ${action} users`);
  } else if (action === 'create') {
    access.system('create role', 'permission denied to create role');
  } else if (transaction.catalog.principal('role', name)?.owner !== user) {
    access.system(`${action} role`, `must be owner of role ${name}`);
  }
}

function withOptions(entry: PrincipalEntry, { options }: UserCommand): PrincipalEntry {
  const asked = /\b(no)?createuser\b/i.exec(options);
  const logs = /\bsyslog\s+access\s+(un)?restricted\b/i.exec(options);
  return {
    ...entry,
    ...(asked !== null && { superuser: asked[1] === undefined }),
    ...(logs !== null && { seesAllLogs: logs[1] !== undefined }),
  };
}

/** @throws RedshiftError 42704 */
function changeMembers({ kind, name, members }: UserCommand, execution: Execution): void {
  for (const other of members.names) {
    const [group, user] = kind === 'group' ? [name, other] : [other, name];
    for (const [sort, one] of [['group', group] as const, ['user', user] as const]) {
      if (execution.transaction.catalog.principal(sort, one) === undefined) {
        throw new RedshiftError(`${sort} "${one}" does not exist`, '42704');
      }
    }
    const [on, grantee] = [`group ${group}`, `user ${user}`];
    const entry = { entry: 'grant', on, grantee, privileges: ['member'], withGrantOption: false } as const;
    execution.change(grantKey(on, grantee), members.change === 'add' ? entry : undefined);
  }
}

/** @throws RedshiftError 2BP01 while it owns something or holds a privilege */
function dropPrincipal({ kind, name }: PrincipalEntry, { options }: UserCommand, execution: Execution): void {
  const { catalog } = execution.transaction;
  const grantee = `${kind} ${name}`;
  const isMembership = ({ on }: { readonly on: string }): boolean => /^(role|group) /.test(on);
  const held = grantsWhere(execution, (grant) => grant.grantee === grantee);
  const owns =
    kind === 'user' &&
    [...catalog.relations(), ...catalog.schemas(), ...[...catalog.all('procedure')].map(([, entry]) => entry)].some(
      ({ owner }) => owner === name,
    );
  if (owns) {
    throw new RedshiftError(`user "${name}" cannot be dropped because some objects depend on it`, '2BP01');
  }
  const force = kind === 'role' && /\bforce\b/i.test(options);
  const inUse = held.some((grant) => !isMembership(grant)) || (kind === 'role' && hasMembers(grantee, execution));
  if (inUse && !force) {
    throw new RedshiftError(
      kind === 'role'
        ? `cannot drop role "${name}" because other objects depend on it`
        : `${kind} "${name}" cannot be dropped because the ${kind} has a privilege on some object`,
      '2BP01',
      kind === 'role' ? { hint: 'Revoke what it holds and from whom it was granted, or use DROP ROLE ... FORCE.' } : {},
    );
  }
  for (const grant of held) {
    execution.change(grantKey(grant.on, grant.grantee), undefined);
  }
  dropGrants(grantee, execution);
  execution.change(principalKey(kind, name), undefined);
}

function hasMembers(role: string, execution: Execution): boolean {
  return grantsWhere(execution, ({ on }) => on === role).length > 0;
}
