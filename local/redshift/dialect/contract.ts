import type { CatalogView, RelationName } from '../catalog/relation';
import type { RedshiftType } from '../types';
import type { ResultColumn } from '../warehouse';
import type { Delete, Insert, Merge, Query, Update } from './ast';

/** What the translator needs to know of the session it translates for. */
export interface TranslationContext {
  readonly catalog: CatalogView;
  /** CURRENT_USER: in a procedure with SECURITY DEFINER its owner. */
  readonly user: string;
  /** Who has signed in. */
  readonly sessionUser: string;
  /** For HAS_TABLE_PRIVILEGE and its kin. @throws RedshiftError where there is no such user or object */
  hasPrivilege(kind: 'table' | 'schema' | 'database', user: string, object: string, privilege: string): boolean;
  readonly database: string;
  readonly pid: number;
  /** Values of `:name` and `$n`; a placeholder without one is a syntax error, as in Redshift. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** The transaction's start and the statement's start, in milliseconds since the epoch. */
  readonly transactionTime: number;
  readonly statementTime: number;
}

export interface ParameterValue {
  /** Text form of the value, null for NULL. */
  readonly text: string | null;
  /** `unknown` takes the type of its context. */
  readonly type: RedshiftType;
}

/** What a statement does with a relation. */
export interface RelationAccess extends RelationName {
  readonly privileges: readonly ('select' | 'insert' | 'update' | 'delete')[];
  /** The view by which it comes to the relation, whose owner's rights count then. */
  readonly through?: RelationName;
}

/** One statement in the engine's SQL. */
export interface Translation {
  /** DuckDB statements, run in order in one transaction; the last one yields the result or the row count. */
  readonly engineSql: readonly string[];
  /** Present when the statement has a result set. */
  readonly columns?: readonly ResultColumn[];
  /** Tables whose write lock must be held first. */
  readonly writes: readonly RelationName[];
  readonly reads: readonly RelationName[];
  /** All relations, views and the system's too, each with what it needs. */
  readonly accesses: readonly RelationAccess[];
  /** Leader-node functions it calls (GENERATE_SERIES): what has some cannot fill a table. */
  readonly leaderFunctions?: readonly string[];
}

export interface Dialect {
  /** Exactly one statement, a trailing semicolon allowed. @throws RedshiftError 42601 */
  translateQuery(query: Query, context: TranslationContext): Translation;
  /** Assignments coerce as Redshift's do: byte lengths, NOT NULL, rounding, defaults, IDENTITY. */
  translateWrite(statement: Insert | Update | Delete | Merge, context: TranslationContext): Translation;
}
