import type { ProcedureDefinition, RelationName, TableDefinition, ViewDefinition } from './relation';

export interface SchemaEntry {
  readonly entry: 'schema';
  readonly name: string;
  readonly oid: number;
  readonly owner: string;
}
export interface RelationEntry {
  readonly entry: 'relation';
  readonly definition: TableDefinition | ViewDefinition;
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Present when the table holds the rows of a materialized view: its query as Redshift SQL. */
  readonly materialized?: { readonly querySql: string; readonly autoRefresh: boolean };
  /** Keys of the relations that a view's query names, itself bound to them. */
  readonly dependsOn?: readonly string[];
}
export interface ProcedureEntry {
  readonly entry: 'procedure';
  readonly definition: ProcedureDefinition;
  readonly oid: number;
  readonly owner: string;
}
export interface PrincipalEntry {
  readonly entry: 'principal';
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
  readonly oid: number;
  readonly superuser: boolean;
  /** SYSLOG ACCESS UNRESTRICTED: sees the others' rows of the logs too. */
  readonly seesAllLogs?: boolean;
  /** Of a role. */
  readonly owner?: string;
}
export interface GrantEntry {
  readonly entry: 'grant';
  /**
   * For example `table public.songs`, `schema etl`, `role analyst` (its members), `system` (system privileges),
   * `default privileges of ann in etl`.
   */
  readonly on: string;
  /** For example `user alice`, `role analyst`, `public`. */
  readonly grantee: string;
  readonly privileges: readonly string[];
  /** True where any of them may be handed on. */
  readonly withGrantOption: boolean;
  /** Those that may be handed on; absent in older catalogues, where `withGrantOption` means all. */
  readonly grantable?: readonly string[];
}
export interface CommentEntry {
  readonly entry: 'comment';
  /** For example `column public.songs.title`. */
  readonly on: string;
  readonly text: string;
}

export type CatalogEntry = SchemaEntry | RelationEntry | ProcedureEntry | PrincipalEntry | GrantEntry | CommentEntry;

/** What a transaction has changed: the entry by its key, undefined where it was removed. */
export type CatalogChanges = ReadonlyMap<string, CatalogEntry | undefined>;

export const schemaKey = (name: string): string => `schema ${name}`;
export const relationKey = (name: RelationName): string => `relation ${name.schema}.${name.name}`;
export const procedureKey = (name: RelationName, inputTypes: readonly string[]): string =>
  `procedure ${name.schema}.${name.name}(${inputTypes.join(',')})`;
export const principalKey = (kind: PrincipalEntry['kind'], name: string): string => `${kind} ${name}`;
export const grantKey = (on: string, grantee: string): string => `grant ${on} to ${grantee}`;
export const commentKey = (on: string): string => `comment ${on}`;

/** The catalogue as one transaction sees it: a value that never changes. */
export class CatalogState {
  static readonly empty = new CatalogState(new Map());

  constructor(private readonly entries: ReadonlyMap<string, CatalogEntry>) {}

  /** A catalogue with `changes` applied. */
  with(changes: CatalogChanges): CatalogState {
    if (changes.size === 0) {
      return this;
    }
    const entries = new Map(this.entries);
    for (const [key, entry] of changes) {
      if (entry === undefined) {
        entries.delete(key);
      } else {
        entries.set(key, entry);
      }
    }
    return new CatalogState(entries);
  }

  get(key: string): CatalogEntry | undefined {
    return this.entries.get(key);
  }

  schema(name: string): SchemaEntry | undefined {
    const entry = this.entries.get(schemaKey(name));
    return entry?.entry === 'schema' ? entry : undefined;
  }

  relation(name: RelationName): RelationEntry | undefined {
    const entry = this.entries.get(relationKey(name));
    return entry?.entry === 'relation' ? entry : undefined;
  }

  principal(kind: PrincipalEntry['kind'], name: string): PrincipalEntry | undefined {
    const entry = this.entries.get(principalKey(kind, name));
    return entry?.entry === 'principal' ? entry : undefined;
  }

  /** All entries of one sort, with their keys, in the order of their making. */
  *all<Kind extends CatalogEntry['entry']>(kind: Kind): Iterable<[string, Extract<CatalogEntry, { entry: Kind }>]> {
    for (const [key, entry] of this.entries) {
      if (entry.entry === kind) {
        yield [key, entry as Extract<CatalogEntry, { entry: Kind }>];
      }
    }
  }

  relations(): readonly RelationEntry[] {
    return [...this.all('relation')].map(([, entry]) => entry);
  }

  schemas(): readonly SchemaEntry[] {
    return [...this.all('schema')].map(([, entry]) => entry);
  }

  procedures(name: RelationName): readonly ProcedureEntry[] {
    return [...this.all('procedure')]
      .map(([, entry]) => entry)
      .filter(({ definition }) => definition.schema === name.schema && definition.name === name.name);
  }
}
