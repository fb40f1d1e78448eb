import type { CatalogView, RelationName } from '../catalog/relation';
import type { RedshiftType } from '../types';
import type { ResultColumn } from '../warehouse';
import type { Delete, Insert, Merge, Query, Update } from './ast';

/** What the translator needs to know of the session it translates for. */
export interface TranslationContext {
  readonly catalog: CatalogView;
  readonly user: string;
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

/** One statement in the engine's SQL. */
export interface Translation {
  /** DuckDB statements, run in order in one transaction; the last one yields the result or the row count. */
  readonly engineSql: readonly string[];
  /** Present when the statement has a result set. */
  readonly columns?: readonly ResultColumn[];
  /** Tables whose write lock must be held first. */
  readonly writes: readonly RelationName[];
  readonly reads: readonly RelationName[];
  /** Leader-node functions it calls (GENERATE_SERIES): what has some cannot fill a table. */
  readonly leaderFunctions?: readonly string[];
}

export interface Dialect {
  /** Exactly one statement, a trailing semicolon allowed. @throws RedshiftError 42601 */
  translateQuery(query: Query, context: TranslationContext): Translation;
  /** Assignments coerce as Redshift's do: byte lengths, NOT NULL, rounding, defaults, IDENTITY. */
  translateWrite(statement: Insert | Update | Delete | Merge, context: TranslationContext): Translation;
}
