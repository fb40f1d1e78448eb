/** Everything that stands at the beginning of a statement. */
import type { DistStyle, IdentitySpec, SortKey } from '../catalog/relation';
import type { RedshiftType } from '../types';
import type { CommonTable, Expression, FromItem, QualifiedName, Query } from './ast-queries';

export type Statement =
  | { readonly node: 'query statement'; readonly query: Query }
  | Insert
  | Update
  | Delete
  | Merge
  | CreateTable
  | CreateTableAs
  | CreateTableLike
  | CreateView
  | CreateMaterializedView
  | RefreshMaterializedView
  | CreateSchema
  | CreateProcedure
  | AlterTable
  | Drop
  | Truncate
  | Comment
  | Copy
  | Call
  | Lock
  | Analyze
  | Vacuum
  | Begin
  | Commit
  | Rollback
  | SetParameter
  | ShowParameter
  | ResetParameter
  | Explain
  | Privilege
  | UserCommand;

export interface Insert {
  readonly node: 'insert';
  readonly position: number;
  readonly with: readonly CommonTable[];
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  readonly source:
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'values'; readonly rows: readonly (readonly (Expression | 'default')[])[] }
    | { readonly kind: 'default values' };
}
export interface Update {
  readonly node: 'update';
  readonly position: number;
  readonly with: readonly CommonTable[];
  readonly table: QualifiedName;
  readonly alias?: string;
  readonly set: readonly { readonly column: string; readonly value: Expression | 'default' }[];
  readonly from: readonly FromItem[];
  readonly where?: Expression;
}
export interface Delete {
  readonly node: 'delete';
  readonly position: number;
  readonly with: readonly CommonTable[];
  readonly table: QualifiedName;
  readonly alias?: string;
  readonly using: readonly FromItem[];
  readonly where?: Expression;
}
export interface Merge {
  readonly node: 'merge';
  readonly position: number;
  readonly table: QualifiedName;
  readonly source: FromItem;
  readonly on: Expression;
  readonly action:
    | { readonly kind: 'remove duplicates' }
    | {
        readonly kind: 'when';
        readonly matched:
          | { readonly do: 'update'; readonly set: readonly { readonly column: string; readonly value: Expression }[] }
          | { readonly do: 'delete' };
        readonly insert: { readonly columns: readonly string[]; readonly values: readonly Expression[] };
      };
}

export interface ColumnSpec {
  readonly name: string;
  readonly type: RedshiftType;
  readonly notNull: boolean;
  readonly defaultValue?: Expression;
  /** Source text of the default, for the catalogue. */
  readonly defaultSql?: string;
  readonly identity?: IdentitySpec;
  readonly encoding?: string;
  readonly distKey: boolean;
  readonly sortKey: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly references?: { readonly table: QualifiedName; readonly columns: readonly string[] };
  readonly position: number;
}
export type TableConstraintSpec =
  | { readonly kind: 'primary key' | 'unique'; readonly name?: string; readonly columns: readonly string[] }
  | {
      readonly kind: 'foreign key';
      readonly name?: string;
      readonly columns: readonly string[];
      readonly references: { readonly table: QualifiedName; readonly columns: readonly string[] };
    };
export interface TableAttributes {
  readonly distStyle?: DistStyle;
  readonly sortKey?: SortKey;
  readonly encodeAuto?: boolean;
}
export interface CreateTable {
  readonly node: 'create table';
  readonly position: number;
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnSpec[];
  readonly constraints: readonly TableConstraintSpec[];
  readonly attributes: TableAttributes;
}
export interface CreateTableAs {
  readonly node: 'create table as';
  readonly position: number;
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly columnNames: readonly string[];
  readonly attributes: TableAttributes;
  readonly query: Query;
}
export interface CreateTableLike {
  readonly node: 'create table like';
  readonly position: number;
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly like: QualifiedName;
  readonly includingDefaults: boolean;
}
export interface CreateView {
  readonly node: 'create view';
  readonly position: number;
  readonly name: QualifiedName;
  readonly columnNames: readonly string[];
  readonly orReplace: boolean;
  readonly lateBinding: boolean;
  readonly query: Query;
  /** The query's text as written, for the catalogue. */
  readonly querySql: string;
}
export interface CreateMaterializedView {
  readonly node: 'create materialized view';
  readonly position: number;
  readonly name: QualifiedName;
  readonly autoRefresh: boolean;
  readonly attributes: TableAttributes;
  readonly query: Query;
  readonly querySql: string;
}
export interface RefreshMaterializedView {
  readonly node: 'refresh materialized view';
  readonly position: number;
  readonly name: QualifiedName;
}
export interface CreateSchema {
  readonly node: 'create schema';
  readonly position: number;
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly authorization?: string;
}
export interface CreateProcedure {
  readonly node: 'create procedure';
  readonly position: number;
  readonly name: QualifiedName;
  readonly orReplace: boolean;
  readonly parameters: readonly {
    readonly name: string;
    readonly mode: 'in' | 'out' | 'inout';
    readonly type: RedshiftType;
  }[];
  readonly body: string;
  readonly securityDefiner: boolean;
  readonly nonAtomic: boolean;
}
export interface AlterTable {
  readonly node: 'alter table';
  readonly position: number;
  readonly name: QualifiedName;
  readonly action:
    | { readonly kind: 'add column'; readonly column: ColumnSpec }
    | { readonly kind: 'drop column'; readonly column: string; readonly cascade: boolean }
    | { readonly kind: 'rename column'; readonly from: string; readonly to: string }
    | { readonly kind: 'rename table'; readonly to: string }
    | { readonly kind: 'alter type'; readonly column: string; readonly type: RedshiftType }
    | {
        readonly kind: 'alter encode';
        readonly encodings: readonly { readonly column: string; readonly encoding: string }[];
      }
    | { readonly kind: 'attributes'; readonly attributes: TableAttributes }
    | { readonly kind: 'add constraint'; readonly constraint: TableConstraintSpec }
    | { readonly kind: 'drop constraint'; readonly name: string; readonly cascade: boolean }
    | { readonly kind: 'owner'; readonly owner: string }
    | { readonly kind: 'set schema'; readonly schema: string }
    | { readonly kind: 'append'; readonly from: QualifiedName };
}
export interface Drop {
  readonly node: 'drop';
  readonly position: number;
  readonly what: 'table' | 'view' | 'materialized view' | 'schema' | 'procedure' | 'function';
  readonly names: readonly QualifiedName[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
}
export interface Truncate {
  readonly node: 'truncate';
  readonly position: number;
  readonly table: QualifiedName;
}
export interface Comment {
  readonly node: 'comment';
  readonly position: number;
  readonly on: 'table' | 'column' | 'view' | 'schema' | 'database' | 'constraint' | 'procedure';
  readonly name: QualifiedName;
  readonly text: string | null;
}

/** COPY with its options checked for form and mutual exclusion; all texts decoded. */
export interface Copy {
  readonly node: 'copy';
  readonly position: number;
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  /** `s3://bucket/prefix-or-key` */
  readonly from: string;
  readonly authorization:
    | { readonly kind: 'iam role'; readonly arns: readonly string[] }
    | { readonly kind: 'iam role default' }
    | {
        readonly kind: 'keys';
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly token?: string;
      };
  readonly manifest: boolean;
  readonly format: /** `auto`, `auto ignorecase`, `noshred`, or the S3 url of a JSONPaths file. */
    | {
        readonly kind: 'json';
        readonly mode: 'auto' | 'auto ignorecase' | 'noshred' | 'paths';
        readonly pathsUrl?: string;
      }
    | { readonly kind: 'csv'; readonly quote: string; readonly delimiter: string }
    | { readonly kind: 'delimited'; readonly delimiter: string }
    | { readonly kind: 'parquet' }
    /** Formats that only real Redshift reads here: fixed width, avro, orc, shapefile. */
    | { readonly kind: 'other'; readonly name: string };
  readonly compression?: 'gzip' | 'bzip2' | 'lzop' | 'zstd';
  readonly region?: string;
  readonly maxError: number;
  readonly ignoreAllErrors: boolean;
  readonly ignoreHeader: number;
  readonly acceptInvalidChars?: string;
  readonly truncateColumns: boolean;
  readonly blanksAsNull: boolean;
  readonly emptyAsNull: boolean;
  readonly trimBlanks: boolean;
  readonly roundDecimals: boolean;
  readonly acceptAnyDate: boolean;
  readonly explicitIds: boolean;
  readonly fillRecord: boolean;
  readonly ignoreBlankLines: boolean;
  readonly escape: boolean;
  readonly removeQuotes: boolean;
  readonly nullAs?: string;
  readonly dateFormat?: string;
  readonly timeFormat?: string;
  readonly noLoad: boolean;
  readonly compUpdate?: 'on' | 'off' | 'preset';
  readonly statUpdate?: 'on' | 'off';
}
export interface Call {
  readonly node: 'call procedure';
  readonly position: number;
  readonly name: QualifiedName;
  readonly arguments: readonly Expression[];
}
export interface Lock {
  readonly node: 'lock';
  readonly position: number;
  readonly tables: readonly QualifiedName[];
}
export interface Analyze {
  readonly node: 'analyze';
  readonly position: number;
  readonly table?: QualifiedName;
  readonly columns: readonly string[];
}
export interface Vacuum {
  readonly node: 'vacuum';
  readonly position: number;
  readonly table?: QualifiedName;
}
export interface Begin {
  readonly node: 'begin';
  readonly position: number;
}
export interface Commit {
  readonly node: 'commit';
  readonly position: number;
}
export interface Rollback {
  readonly node: 'rollback';
  readonly position: number;
}
export interface SetParameter {
  readonly node: 'set';
  readonly position: number;
  readonly name: string;
  /** `default` resets. */
  readonly value: string | 'default';
  readonly local: boolean;
}
export interface ShowParameter {
  readonly node: 'show';
  readonly position: number;
  readonly name: string;
}
export interface ResetParameter {
  readonly node: 'reset';
  readonly position: number;
  readonly name: string;
}
export interface Explain {
  readonly node: 'explain';
  readonly position: number;
  readonly verbose: boolean;
  readonly statement: Statement;
}
/** GRANT and REVOKE on tables, schemas, databases, procedures, and of roles. */
export interface Privilege {
  readonly node: 'privilege';
  readonly position: number;
  readonly action: 'grant' | 'revoke';
  /** Lower case, for example `select`, `usage`, `all`; role names when `on` is absent. */
  readonly privileges: readonly string[];
  readonly on?: {
    readonly kind:
      | 'table'
      | 'all tables in schema'
      | 'schema'
      | 'database'
      | 'procedure'
      | 'function'
      | 'language'
      | 'default privileges'
      | 'system';
    readonly names: readonly QualifiedName[];
    /** Whose default privileges, FOR USER; the current user's where none is named. */
    readonly users?: readonly string[];
  };
  readonly grantees: readonly { readonly kind: 'user' | 'group' | 'role' | 'public'; readonly name: string }[];
  readonly withGrantOption: boolean;
}
/** CREATE / ALTER / DROP of USER, GROUP, ROLE. */
export interface UserCommand {
  readonly node: 'user command';
  readonly position: number;
  readonly action: 'create' | 'alter' | 'drop';
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly ifExists: boolean;
  /** The rest of the command as written. */
  readonly options: string;
  /** The groups that a user joins, or the users that a group takes in or leaves out. */
  readonly members: { readonly change: 'none' | 'add' | 'drop'; readonly names: readonly string[] };
}
