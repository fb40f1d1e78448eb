import type { ProcedureEntry, RelationEntry } from '../catalog/catalog-state';
import type { RelationName } from '../catalog/relation';
import { type Rights, rightsOf } from '../catalog/rights';
import { SUPERUSER_VIEWS } from '../catalog/system-views';
import type { RelationAccess } from '../dialect/contract';
import { RedshiftError } from '../errors';
import { TEMP_SCHEMA } from './engine-names';
import type { Execution } from './execution';

/**
 * Nobody may read these on serverless and on Multi-AZ clusters, superusers neither; the SYS views are there instead.
 * Source: Management Guide, "Multi-AZ deployment", Developer Guide, "System monitoring (provisioned only)"; the text in
 * DataHub's issues 11922 (Multi-AZ) and 12415 (serverless).
 */
const CLUSTER_VIEWS = /^(stl|stv|svl|svcs)_/;
const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set([TEMP_SCHEMA, 'pg_catalog', 'information_schema']);

/** 42501 in Redshift's words. */
export function permissionDenied(what: string): RedshiftError {
  return new RedshiftError(`permission denied for ${what}`, '42501');
}

export function mustOwn(what: string): RedshiftError {
  return new RedshiftError(`must be owner of ${what}`, '42501');
}

export function procedureObject(name: RelationName): string {
  return `procedure ${name.schema}.${name.name}`;
}

/**
 * Decides what the current user of a statement may do. Sources: Developer Guide, GRANT, and "Required privileges" of
 * each command; the texts are those of PostgreSQL 8, which Redshift kept.
 */
export class AccessControl {
  constructor(private readonly execution: Execution) {}

  get rights(): Rights {
    return this.rightsOf(this.execution.user);
  }

  rightsOf(user: string): Rights {
    const { transaction, engine } = this.execution;
    return rightsOf(transaction.catalog, user, engine.masterUser);
  }

  /** All that a translated statement does. @throws RedshiftError 42501 */
  check(accesses: readonly RelationAccess[]): void {
    for (const access of accesses) {
      const view = access.through === undefined ? undefined : this.entry(access.through);
      if (access.through === undefined) this.useSchema(access.schema);
      for (const privilege of access.privileges) this.relation(access, privilege, view?.owner);
    }
  }

  /** @throws RedshiftError 42501 without the privilege on a relation */
  relation(name: RelationName, privilege: string, user: string = this.execution.user): void {
    if (!this.may(name, privilege, user)) throw permissionDenied(`relation ${name.name}`);
  }

  may(name: RelationName, privilege: string, user: string = this.execution.user): boolean {
    const rights = this.rightsOf(user);
    const { clusterViews } = this.execution.engine;
    if (!clusterViews && name.schema === 'pg_catalog' && CLUSTER_VIEWS.test(name.name)) return false;
    if (rights.superuser || name.schema === TEMP_SCHEMA) return true;
    if (SYSTEM_SCHEMAS.has(name.schema)) {
      if (privilege !== 'select') return false;
      return (
        !SUPERUSER_VIEWS.has(name.name) ||
        rights.holdsSystem('access system table') ||
        rights.holds(tableObject(name), privilege)
      );
    }
    return this.entry(name)?.owner === user || rights.holds(tableObject(name), privilege);
  }

  /** What metadata views and the search path go by: a schema that the user may use. */
  mayUseSchema(schema: string, user: string = this.execution.user): boolean {
    if (SYSTEM_SCHEMAS.has(schema)) return true;
    const rights = this.rightsOf(user);
    const entry = this.execution.transaction.catalog.schema(schema);
    return entry === undefined || entry.owner === user || rights.holds(`schema ${schema}`, 'usage');
  }

  /** @throws RedshiftError 42501 */
  useSchema(schema: string): void {
    if (!this.mayUseSchema(schema)) throw permissionDenied(`schema ${schema}`);
  }

  /** To make a relation or a procedure there. @throws RedshiftError 42501 */
  createIn(schema: string, systemPrivilege: string): void {
    const { rights, execution } = this;
    if (schema === TEMP_SCHEMA) {
      this.createTemporary();
      return;
    }
    this.useSchema(schema);
    const owner = execution.transaction.catalog.schema(schema)?.owner;
    const allowed =
      owner === execution.user || rights.holds(`schema ${schema}`, 'create') || rights.holdsSystem(systemPrivilege);
    if (!allowed) throw permissionDenied(`schema ${schema}`);
  }

  /** @throws RedshiftError 42501 */
  createSchema(): void {
    const { database } = this.execution.session;
    if (!this.rights.holds(`database ${database}`, 'create') && !this.rights.holdsSystem('create schema')) {
      throw permissionDenied(`database ${database}`);
    }
  }

  /** For DROP, ALTER and TRUNCATE: the owner, or a holder of that privilege. @throws RedshiftError 42501 */
  own(entry: RelationEntry, privilege?: 'drop' | 'alter' | 'truncate'): void {
    const { definition, owner } = entry;
    const { rights, execution } = this;
    if (definition.schema === TEMP_SCHEMA) return;
    this.useSchema(definition.schema);
    const schemaOwner = execution.transaction.catalog.schema(definition.schema)?.owner;
    const granted =
      privilege !== undefined &&
      ((privilege === 'drop' && schemaOwner === execution.user) ||
        rights.holds(tableObject(definition), privilege) ||
        rights.holdsSystem(`${privilege} ${definition.kind}`));
    if (owner !== execution.user && !rights.superuser && !granted) throw mustOwn(`relation ${definition.name}`);
  }

  /** @throws RedshiftError 42501 */
  ownSchema(name: string): void {
    const owner = this.execution.transaction.catalog.schema(name)?.owner;
    const granted = this.rights.holds(`schema ${name}`, 'drop') || this.rights.holdsSystem('drop schema');
    if (owner !== this.execution.user && !granted) throw mustOwn(`schema ${name}`);
  }

  ownsProcedure({ owner }: ProcedureEntry): boolean {
    return this.rights.superuser || owner === this.execution.user;
  }

  /** @throws RedshiftError 42501 */
  executeProcedure(entry: ProcedureEntry): void {
    const { definition } = entry;
    this.useSchema(definition.schema);
    if (!this.ownsProcedure(entry) && !this.rights.holds(procedureObject(definition), 'execute')) {
      throw permissionDenied(`procedure ${definition.name}`);
    }
  }

  /** A privilege over the whole database. @throws RedshiftError 42501 with the text given */
  system(privilege: string, refusal: string): void {
    if (!this.rights.holdsSystem(privilege)) throw new RedshiftError(refusal, '42501');
  }

  private createTemporary(): void {
    const { database } = this.execution.session;
    if (!this.rights.holds(`database ${database}`, 'temporary')) {
      throw new RedshiftError(`permission denied to create temporary tables in database "${database}"`, '42501');
    }
  }

  private entry(name: RelationName): RelationEntry | undefined {
    return this.execution.transaction.catalog.relation(name);
  }
}

export function tableObject(name: RelationName): string {
  return `table ${name.schema}.${name.name}`;
}
