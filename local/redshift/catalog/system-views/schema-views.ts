import { engineType } from '../../dialect/engine-types';
import { constraintName } from '../constraint-names';
import { grantable } from '../rights';
import {
  BOOLEAN,
  type Columns,
  char,
  columnList,
  INTEGER,
  type SystemView,
  type SystemViewContext,
  type Value,
  valuesSql,
  varchar,
} from './system-view';

type Row = Readonly<Record<string, Value>>;

function view(name: string, columns: Columns, rows: (context: SystemViewContext) => readonly Row[]): SystemView {
  return {
    schema: 'pg_catalog',
    name,
    columns: columnList(columns),
    overLogs: false,
    engineSql: (context) => valuesSql(columns, engineType, rows(context)),
  };
}

const ownerId = (context: SystemViewContext, owner: string): number =>
  context.catalog.principal('user', owner)?.oid ?? 100;

const visibleSchemas = (context: SystemViewContext) =>
  context.catalog.schemas().filter(({ name }) => context.seesAllMetadata || context.mayUse(name));

const visibleGrants = (context: SystemViewContext) =>
  [...context.catalog.all('grant')]
    .map(([, grant]) => grant)
    .filter((grant) => context.seesAllMetadata || context.isOwnGrant(grant));

const namespace = view(
  'pg_namespace',
  { oid: { name: 'oid' }, nspname: { name: 'name' }, nspowner: INTEGER },
  (context) =>
    context.catalog
      .schemas()
      .map(({ oid, name, owner }) => ({ oid, nspname: name, nspowner: ownerId(context, owner) })),
);

const pgUser = view(
  'pg_user',
  { usename: { name: 'name' }, usesysid: INTEGER, usecreatedb: BOOLEAN, usesuper: BOOLEAN },
  (context) =>
    [...context.catalog.all('principal')]
      .map(([, principal]) => principal)
      .filter(({ kind }) => kind === 'user')
      .map(({ name, oid, superuser }) => ({
        usename: name,
        usesysid: oid,
        usecreatedb: superuser,
        usesuper: superuser,
      })),
);

const allSchemas = view(
  'svv_all_schemas',
  {
    database_name: varchar(128),
    schema_name: varchar(128),
    schema_owner: INTEGER,
    schema_type: varchar(128),
    schema_acl: varchar(128),
    source_database: varchar(128),
    schema_option: varchar(128),
  },
  (context) =>
    visibleSchemas(context).map(({ name, owner }) => ({
      database_name: context.database,
      schema_name: name,
      schema_owner: ownerId(context, owner),
      schema_type: 'local',
    })),
);

const relationPrivileges = view(
  'svv_relation_privileges',
  {
    namespace_name: varchar(128),
    relation_name: varchar(128),
    privilege_type: varchar(128),
    identity_name: varchar(128),
    identity_type: varchar(128),
    admin_option: BOOLEAN,
  },
  (context) =>
    visibleGrants(context).flatMap((grant) => {
      const [, schema = '', relation = ''] = /^table ([^.]*)\.(.*)$/.exec(grant.on) ?? [];
      const identity = identityOf(grant.grantee);
      return relation === ''
        ? []
        : grant.privileges.map((privilege) => ({
            namespace_name: schema,
            relation_name: relation,
            privilege_type: privilege.toUpperCase(),
            ...identity,
            admin_option: grantable(grant).includes(privilege),
          }));
    }),
);

/** `role analyst` as the views show it. */
function identityOf(grantee: string): { readonly identity_name: string; readonly identity_type: string } {
  const [, kind = 'public', name = 'public'] = /^(\w+) (.*)$/.exec(grantee) ?? [];
  return { identity_name: name, identity_type: kind };
}

const schemaPrivileges = view(
  'svv_schema_privileges',
  {
    namespace_name: varchar(128),
    privilege_type: varchar(128),
    identity_id: INTEGER,
    identity_name: varchar(128),
    identity_type: varchar(128),
    admin_option: BOOLEAN,
  },
  (context) =>
    visibleGrants(context).flatMap((grant) =>
      grant.on.startsWith('schema ')
        ? grant.privileges.map((privilege) => ({
            namespace_name: grant.on.slice('schema '.length),
            privilege_type: privilege.toUpperCase(),
            identity_id: idOf(context, grant.grantee),
            ...identityOf(grant.grantee),
            admin_option: grantable(grant).includes(privilege),
          }))
        : [],
    ),
);

const systemPrivileges = view(
  'svv_system_privileges',
  {
    system_privilege: varchar(128),
    identity_id: INTEGER,
    identity_name: varchar(128),
    identity_type: varchar(128),
  },
  (context) =>
    visibleGrants(context)
      .filter(({ on }) => on === 'system')
      .flatMap((grant) =>
        grant.privileges.map((privilege) => ({
          system_privilege: privilege.toUpperCase(),
          identity_id: idOf(context, grant.grantee),
          ...identityOf(grant.grantee),
        })),
      ),
);

function idOf(context: SystemViewContext, key: string): number {
  const entry = context.catalog.get(key);
  return entry?.entry === 'principal' ? entry.oid : 0;
}

const roles = view(
  'svv_roles',
  { role_id: INTEGER, role_name: varchar(128), role_owner: varchar(128), external_id: varchar(128) },
  (context) =>
    [...context.catalog.all('principal')]
      .map(([, principal]) => principal)
      .filter(({ kind, name }) => kind === 'role' && (context.seesAllMetadata || context.isMember(`role ${name}`)))
      .map(({ name, oid, owner }) => ({ role_id: oid, role_name: name, role_owner: owner ?? null })),
);

/** Members of roles of one kind: users (SVV_USER_GRANTS) or roles (SVV_ROLE_GRANTS). */
function memberships(context: SystemViewContext, kind: 'user' | 'role') {
  return visibleGrants(context).flatMap((grant) =>
    grant.on.startsWith('role ') && grant.grantee.startsWith(`${kind} `)
      ? [
          {
            memberId: idOf(context, grant.grantee),
            member: grant.grantee.slice(kind.length + 1),
            roleId: idOf(context, grant.on),
            role: grant.on.slice('role '.length),
            admin: grant.withGrantOption,
          },
        ]
      : [],
  );
}

const userGrants = view(
  'svv_user_grants',
  {
    user_id: INTEGER,
    user_name: varchar(128),
    role_id: INTEGER,
    role_name: varchar(128),
    admin_option: BOOLEAN,
  },
  (context) =>
    memberships(context, 'user').map(({ memberId, member, roleId, role, admin }) => ({
      user_id: memberId,
      user_name: member,
      role_id: roleId,
      role_name: role,
      admin_option: admin,
    })),
);

const roleGrants = view(
  'svv_role_grants',
  {
    role_id: INTEGER,
    role_name: varchar(128),
    granted_role_id: INTEGER,
    granted_role_name: varchar(128),
    admin_option: BOOLEAN,
  },
  (context) =>
    memberships(context, 'role').map(({ memberId, member, roleId, role, admin }) => ({
      role_id: memberId,
      role_name: member,
      granted_role_id: roleId,
      granted_role_name: role,
      admin_option: admin,
    })),
);

const relations = (context: SystemViewContext) => [...context.catalog.relations(), ...context.temporary.relations()];

const pgClass = view(
  'pg_class',
  {
    oid: { name: 'oid' },
    relname: { name: 'name' },
    relnamespace: { name: 'oid' },
    relowner: INTEGER,
    relkind: char(1),
  },
  (context) =>
    relations(context).map(({ definition, owner }) => ({
      oid: definition.oid,
      relname: definition.name,
      relnamespace: context.catalog.schema(definition.schema)?.oid ?? 0,
      relowner: ownerId(context, owner),
      relkind: definition.kind === 'table' ? 'r' : 'v',
    })),
);

const pgTables = view(
  'pg_tables',
  { schemaname: { name: 'name' }, tablename: { name: 'name' }, tableowner: { name: 'name' } },
  (context) =>
    relations(context)
      .filter(({ definition }) => definition.kind === 'table')
      .map(({ definition, owner }) => ({
        schemaname: definition.schema,
        tablename: definition.name,
        tableowner: owner,
      })),
);

const pgViews = view(
  'pg_views',
  { schemaname: { name: 'name' }, viewname: { name: 'name' }, viewowner: { name: 'name' }, definition: varchar(65535) },
  (context) =>
    relations(context).flatMap(({ definition, owner }) =>
      definition.kind === 'view'
        ? [
            {
              schemaname: definition.schema,
              viewname: definition.name,
              viewowner: owner,
              definition: definition.querySql,
            },
          ]
        : [],
    ),
);

const pgDatabase = view('pg_database', { datname: { name: 'name' } }, ({ database }) => [{ datname: database }]);

const tableConstraints: SystemView = {
  ...view(
    'table_constraints',
    {
      constraint_schema: varchar(128),
      constraint_name: varchar(128),
      table_schema: varchar(128),
      table_name: varchar(128),
      constraint_type: varchar(32),
    },
    (context) =>
      relations(context).flatMap(({ definition }) =>
        definition.kind === 'table'
          ? definition.constraints.map((constraint) => ({
              constraint_schema: definition.schema,
              constraint_name: constraintName(definition, constraint),
              table_schema: definition.schema,
              table_name: definition.name,
              constraint_type: constraint.kind.toUpperCase(),
            }))
          : [],
      ),
  ),
  schema: 'information_schema',
};

/** Views over schemas, users, privileges and what schemas hold. Source: Developer Guide, "System catalog tables". */
export const SCHEMA_VIEWS: readonly SystemView[] = [
  namespace,
  pgUser,
  pgClass,
  pgTables,
  pgViews,
  pgDatabase,
  allSchemas,
  relationPrivileges,
  schemaPrivileges,
  systemPrivileges,
  roles,
  userGrants,
  roleGrants,
  tableConstraints,
];
