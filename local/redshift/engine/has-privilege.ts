import type { SessionCatalog } from '../catalog/session-catalog';
import { RedshiftError } from '../errors';
import type { Execution } from './execution';

/**
 * HAS_TABLE_PRIVILEGE, HAS_SCHEMA_PRIVILEGE, HAS_DATABASE_PRIVILEGE.
 * @throws RedshiftError 42704, 42P01, 3F000, 3D000 where there is no such user or object
 */
export function hasPrivilege(
  kind: 'table' | 'schema' | 'database',
  user: string,
  object: string,
  privilege: string,
  catalog: SessionCatalog,
  execution: Execution,
): boolean {
  const { access, transaction, session } = execution;
  if (transaction.catalog.principal('user', user) === undefined) {
    throw new RedshiftError(`user "${user}" does not exist`, '42704');
  }
  const rights = access.rightsOf(user);
  switch (kind) {
    case 'table': {
      const [name = '', schema] = object.toLowerCase().split('.').reverse();
      const found = catalog.relation({ name, ...(schema !== undefined && { schema }) });
      if (found === undefined) throw new RedshiftError(`relation "${object}" does not exist`, '42P01');
      return access.may(found, privilege, user);
    }
    case 'schema': {
      const entry = transaction.catalog.schema(object.toLowerCase());
      if (entry === undefined) throw new RedshiftError(`schema "${object}" does not exist`, '3F000');
      return entry.owner === user || rights.holds(`schema ${entry.name}`, privilege);
    }
    case 'database': {
      if (object.toLowerCase() !== session.database) {
        throw new RedshiftError(`database "${object}" does not exist`, '3D000');
      }
      return rights.holds(`database ${session.database}`, privilege === 'temp' ? 'temporary' : privilege);
    }
  }
}
