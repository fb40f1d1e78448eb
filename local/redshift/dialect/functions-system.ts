import { notImplementedLocally } from '../errors';
import type { TranslationContext } from './contract';
import { quoteLiteral } from './engine-types';
import {
  type CallSite,
  type FunctionTable,
  integerArgument,
  literalText,
  noFunction,
  type ScalarFunction,
  scalar,
} from './functions-signature';
import { castTo } from './infer-coerce';
import { BOOLEAN, INTEGER, isInteger, type Typed, typed, unifyTypes, varchar } from './infer-types';

const leader = (entry: ScalarFunction): ScalarFunction => ({ ...entry, leader: true });

const named = (read: (context: TranslationContext) => string): ScalarFunction =>
  scalar(0, 0, (_args, { scope }) => typed(quoteLiteral(read(scope.statement.context)), varchar(128), false));

/** A row for each number, in the select list; the leader node's own. */
function generateSeries(args: readonly Typed[], site: CallSite): Typed {
  const types = args.map((arg) => arg.type);
  if (!types.every(isInteger)) throw noFunction(site);
  const type = unifyTypes(types, 'generate_series');
  const bounds = [0, 1, ...(args.length > 2 ? [2] : [])].map(
    (index) => integerArgument(args, index, site, { name: 'bigint' }).sql,
  );
  return castTo(typed(`unnest(generate_series(${bounds.join(', ')}))`, { name: 'bigint' }, false), type);
}

/** HAS_TABLE_PRIVILEGE([user,] object, privilege) and its kin, of names that stand in the text. */
function hasPrivilege(kind: 'table' | 'schema' | 'database'): ScalarFunction['build'] {
  return (args, site) => {
    const { context } = site.scope.statement;
    const texts = args.map((arg) => (arg.sql === quoteLiteral(context.user) ? context.user : literalText(arg)));
    const [privileges, object, user = context.user] = [...texts].reverse();
    if (texts.includes(undefined) || privileges === undefined || object === undefined) {
      throw notImplementedLocally(`${site.call.name} of anything but literals and CURRENT_USER`);
    }
    const any = privileges.split(',').some((one) => context.hasPrivilege(kind, user, object, one.trim().toLowerCase()));
    return typed(String(any), BOOLEAN, false);
  };
}

const VERSION =
  'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0';

export const SYSTEM_FUNCTIONS: FunctionTable = {
  current_user: named((context) => context.user),
  session_user: named((context) => context.sessionUser),
  user: named((context) => context.user),
  current_database: named((context) => context.database),
  current_schema: leader(named((context) => context.catalog.searchPath[0] ?? 'public')),
  version: leader(scalar(0, 0, () => typed(quoteLiteral(VERSION), varchar(256), false))),
  pg_backend_pid: scalar(0, 0, (_args, { scope }) =>
    typed(`CAST(${scope.statement.context.pid} AS INTEGER)`, INTEGER, false),
  ),
  generate_series: leader(scalar(2, 3, generateSeries)),
  has_table_privilege: leader(scalar(2, 3, hasPrivilege('table'))),
  has_schema_privilege: leader(scalar(2, 3, hasPrivilege('schema'))),
  has_database_privilege: leader(scalar(2, 3, hasPrivilege('database'))),
};
