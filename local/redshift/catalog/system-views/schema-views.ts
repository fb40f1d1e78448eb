import { engineType } from '../../dialect/engine-types';
import { constraintName } from '../constraint-names';
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
    context.catalog.schemas().map(({ name, owner }) => ({
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
    [...context.catalog.all('grant')].flatMap(([, grant]) => {
      const [, schema = '', relation = ''] = /^table ([^.]*)\.(.*)$/.exec(grant.on) ?? [];
      const [kind = '', name = ''] = grant.grantee.split(' ');
      return relation === ''
        ? []
        : grant.privileges.map((privilege) => ({
            namespace_name: schema,
            relation_name: relation,
            privilege_type: privilege.toUpperCase(),
            identity_name: name === '' ? kind : name,
            identity_type: kind,
            admin_option: grant.withGrantOption,
          }));
    }),
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
  tableConstraints,
];
