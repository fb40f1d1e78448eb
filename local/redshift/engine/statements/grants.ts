import { type GrantEntry, grantKey } from '../../catalog/catalog-state';
import type { RelationName } from '../../catalog/relation';
import { tableObject } from '../access-control';
import { TEMP_SCHEMA } from '../engine-names';
import type { Execution } from '../execution';

/** The key of the default privileges of what a user makes, everywhere or in one schema. */
export function defaultsOf(user: string, schema: string | undefined): string {
  return `default privileges of ${user}${schema === undefined ? '' : ` in ${schema}`}`;
}

/** Gives a new relation the default privileges of its maker. Source: Developer Guide, ALTER DEFAULT PRIVILEGES. */
export function grantDefaults(relation: RelationName, execution: Execution): void {
  if (relation.schema === TEMP_SCHEMA) return;
  const sources = [defaultsOf(execution.user, undefined), defaultsOf(execution.user, relation.schema)];
  const on = tableObject(relation);
  for (const grant of grantsWhere(execution, (one) => sources.includes(one.on))) {
    const key = grantKey(on, grant.grantee);
    const before = execution.transaction.catalog.get(key);
    const held = before?.entry === 'grant' ? before.privileges : [];
    execution.change(key, { ...grant, on, privileges: [...new Set([...held, ...grant.privileges])] });
  }
}

/** Takes all grants on an object away with it. */
export function dropGrants(on: string, execution: Execution): void {
  for (const grant of grantsWhere(execution, (one) => one.on === on)) {
    execution.change(grantKey(on, grant.grantee), undefined);
  }
}

/** An object has got another name. */
export function moveGrants(from: string, to: string, execution: Execution): void {
  for (const grant of grantsWhere(execution, (one) => one.on === from)) {
    execution.change(grantKey(from, grant.grantee), undefined);
    execution.change(grantKey(to, grant.grantee), { ...grant, on: to });
  }
}

export function grantsWhere(execution: Execution, test: (grant: GrantEntry) => boolean): readonly GrantEntry[] {
  return [...execution.transaction.catalog.all('grant')].map(([, grant]) => grant).filter(test);
}
