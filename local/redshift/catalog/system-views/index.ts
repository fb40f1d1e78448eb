import type { SystemViewDefinition } from '../relation';
import { CONSTRAINT_VIEWS } from './constraint-views';
import { LOG_VIEWS } from './log-views';
import { RELATION_VIEWS } from './relation-views';
import { SCHEMA_VIEWS } from './schema-views';
import type { SystemView, SystemViewContext } from './system-view';

export type { SystemViewContext } from './system-view';

const VIEWS: ReadonlyMap<string, SystemView> = new Map(
  [...LOG_VIEWS, ...RELATION_VIEWS, ...SCHEMA_VIEWS, ...CONSTRAINT_VIEWS].map((view) => [
    `${view.schema}.${view.name}`,
    view,
  ]),
);

/** Names of those that only superusers may read without a grant. */
export const SUPERUSER_VIEWS: ReadonlySet<string> = new Set(
  [...VIEWS.values()].filter(({ superusersOnly }) => superusersOnly).map(({ name }) => name),
);

const OIDS: ReadonlyMap<string, number> = new Map([...VIEWS.keys()].sort().map((key, index) => [key, 10_000 + index]));

/** One of the system's views for one session, undefined when there is none of that name. */
export function systemView(schema: string, name: string, context: SystemViewContext): SystemViewDefinition | undefined {
  const view = VIEWS.get(`${schema}.${name}`);
  if (view === undefined) {
    return undefined;
  }
  if (view.overLogs) {
    context.noteLogs();
  }
  return {
    kind: 'system view',
    schema,
    name,
    oid: OIDS.get(`${schema}.${name}`) ?? 0,
    columns: view.columns,
    engineSql: view.engineSql(context),
  };
}

/** All of the system's views, for SVV_TABLES and the like. */
export function systemViewNames(): readonly { readonly schema: string; readonly name: string }[] {
  return [...VIEWS.values()].map(({ schema, name }) => ({ schema, name }));
}
