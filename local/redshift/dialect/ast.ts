/**
 * The syntax tree of Redshift SQL. Names are folded to lower case (in double quotes too, as Redshift does);
 * string literals are decoded. `position` is the 1-based character offset of a node's first token.
 */

import type { DistStyle, IdentitySpec, SortKey } from '../catalog/relation';
import type { RedshiftType } from '../types';

/** `a`, `a.b` or `a.b.c`: parts in order, folded. */
export interface QualifiedName {
  readonly parts: readonly string[];
  readonly position: number;
}

// ---------------------------------------------------------------- expressions

export type Expression =
  | Literal
  | ColumnRef
  | Star
  | Parameter
  | Unary
  | Binary
  | Logical
  | IsTest
  | Between
  | InList
  | InQuery
  | Like
  | Exists
  | ScalarSubquery
  | Quantified
  | Case
  | Cast
  | FunctionCall
  | Extract
  | AtTimeZone
  | IntervalLiteral
  | RowExpression
  | Navigation;

interface Node {
  readonly position: number;
}

export interface Literal extends Node {
  readonly node: 'literal';
  readonly literal:
    | { readonly kind: 'null' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    /** As written, so that no digit is lost. */
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'string'; readonly value: string }
    /** `date '…'`, `timestamp '…'`, `timestamptz '…'`, `time '…'`; the value `epoch` is legal for timestamps. */
    | { readonly kind: 'typed'; readonly type: RedshiftType; readonly value: string };
}
export interface ColumnRef extends Node {
  readonly node: 'column';
  /** Parts as written: column, table.column, schema.table.column; more (or fewer tables) when SUPER attributes follow. */
  readonly parts: readonly string[];
}
export interface Star extends Node {
  readonly node: 'star';
  readonly qualifier: readonly string[];
  /** `* exclude (a, b)` */
  readonly exclude: readonly string[];
}
/** `:name` (Data API) or `$1` (wire and PL/pgSQL). */
export interface Parameter extends Node {
  readonly node: 'parameter';
  readonly name: string;
}
export interface Unary extends Node {
  readonly node: 'unary';
  readonly operator: '-' | '+' | 'not' | '~' | '|/' | '||/' | '@';
  readonly operand: Expression;
}
export interface Binary extends Node {
  readonly node: 'binary';
  /** Arithmetic, comparison, concatenation, regular expressions, bits. `<>` also for `!=`. */
  readonly operator:
    | '+'
    | '-'
    | '*'
    | '/'
    | '%'
    | '^'
    | '||'
    | '='
    | '<>'
    | '<'
    | '<='
    | '>'
    | '>='
    | '~'
    | '!~'
    | '~*'
    | '!~*'
    | '&'
    | '|'
    | '#'
    | '<<'
    | '>>';
  readonly left: Expression;
  readonly right: Expression;
}
export interface Logical extends Node {
  readonly node: 'logical';
  readonly operator: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}
export interface IsTest extends Node {
  readonly node: 'is';
  readonly operand: Expression;
  readonly test: 'null' | 'true' | 'false' | 'unknown';
  readonly negated: boolean;
}
export interface Between extends Node {
  readonly node: 'between';
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
}
export interface InList extends Node {
  readonly node: 'in list';
  readonly operand: Expression;
  readonly items: readonly Expression[];
  readonly negated: boolean;
}
export interface InQuery extends Node {
  readonly node: 'in query';
  readonly operand: Expression;
  readonly query: Query;
  readonly negated: boolean;
}
export interface Like extends Node {
  readonly node: 'like';
  readonly operator: 'like' | 'ilike' | 'similar to';
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression;
  readonly negated: boolean;
}
export interface Exists extends Node {
  readonly node: 'exists';
  readonly query: Query;
}
export interface ScalarSubquery extends Node {
  readonly node: 'subquery';
  readonly query: Query;
}
/** `x = any (select …)`, `x > all (select …)` */
export interface Quantified extends Node {
  readonly node: 'quantified';
  readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>=';
  readonly quantifier: 'any' | 'all';
  readonly operand: Expression;
  readonly query: Query;
}
export interface Case extends Node {
  readonly node: 'case';
  readonly operand?: Expression;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise?: Expression;
}
/** `cast(x as t)`, `x::t`, `try_cast(x as t)`. */
export interface Cast extends Node {
  readonly node: 'cast';
  readonly operand: Expression;
  readonly type: RedshiftType;
  readonly tolerant: boolean;
}
export interface FunctionCall extends Node {
  readonly node: 'call';
  /** Lower case; `schema.function` keeps its schema in `schema`. Date parts arrive as string literals. */
  readonly name: string;
  readonly schema?: string;
  readonly arguments: readonly Expression[];
  readonly distinct: boolean;
  /** `approximate count(distinct x)` */
  readonly approximate: boolean;
  readonly nulls?: 'ignore' | 'respect';
  readonly withinGroup?: readonly OrderItem[];
  readonly over?: WindowSpec | { readonly windowName: string };
}
/** `extract(part from x)`; part as written, in lower case. */
export interface Extract extends Node {
  readonly node: 'extract';
  readonly part: string;
  readonly operand: Expression;
}
export interface AtTimeZone extends Node {
  readonly node: 'at time zone';
  readonly operand: Expression;
  readonly zone: Expression;
}
/** `interval '1 day'`, `interval '1' day`, `interval '2 hours 3 minutes'`. */
export interface IntervalLiteral extends Node {
  readonly node: 'interval';
  readonly value: string;
  readonly field?: string;
}
/** `(a, b)` with two or more members, in comparisons and IN. */
export interface RowExpression extends Node {
  readonly node: 'row';
  readonly items: readonly Expression[];
}
/** PartiQL steps into a SUPER value behind a non-name: `f(x)[0].a`. Steps behind a name are ColumnRef parts and [i]. */
export interface Navigation extends Node {
  readonly node: 'navigate';
  readonly operand: Expression;
  readonly steps: readonly ({ readonly key: string } | { readonly index: Expression })[];
}

export interface OrderItem {
  readonly expression: Expression;
  readonly direction: 'asc' | 'desc';
  readonly nulls?: 'first' | 'last';
}
export interface WindowSpec {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: {
    readonly unit: 'rows' | 'range';
    readonly start: FrameBound;
    readonly end: FrameBound;
  };
}
export type FrameBound =
  | { readonly bound: 'unbounded preceding' | 'unbounded following' | 'current row' }
  | { readonly bound: 'preceding' | 'following'; readonly offset: Expression };

// -------------------------------------------------------------------- queries

export interface Query {
  readonly node: 'query';
  readonly position: number;
  readonly with: readonly CommonTable[];
  readonly recursive: boolean;
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: Expression | 'all';
  readonly offset?: Expression;
}
export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}
export type QueryBody = Select | SetOperation | Query;
export interface SetOperation {
  readonly node: 'set operation';
  readonly position: number;
  /** MINUS is parsed as except. */
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}
export interface Select {
  readonly node: 'select';
  readonly position: number;
  readonly distinct: boolean;
  /** `select top n` */
  readonly top?: Expression;
  readonly items: readonly SelectItem[];
  /** `select … into [temp] [table] name` */
  readonly into?: { readonly name: QualifiedName; readonly temporary: boolean };
  readonly from: readonly FromItem[];
  readonly where?: Expression;
  readonly groupBy: readonly GroupItem[];
  readonly having?: Expression;
  readonly qualify?: Expression;
}
export interface SelectItem {
  readonly expression: Expression;
  readonly alias?: string;
}
export type GroupItem =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | {
      readonly kind: 'rollup' | 'cube' | 'grouping sets';
      readonly sets: readonly (readonly Expression[])[];
    };
export type FromItem =
  | {
      readonly node: 'table';
      readonly name: QualifiedName;
      readonly alias?: string;
      readonly columnAliases: readonly string[];
    }
  | {
      readonly node: 'derived';
      readonly query: Query;
      readonly alias?: string;
      readonly columnAliases: readonly string[];
      readonly position: number;
    }
  /** `generate_series(1, 3) as g(n)` and the like. */
  | {
      readonly node: 'table function';
      readonly call: FunctionCall;
      readonly alias?: string;
      readonly columnAliases: readonly string[];
    }
  /** PartiQL: `from t, t.items as i`. */
  | {
      readonly node: 'unnest';
      readonly path: Expression;
      readonly alias: string;
      readonly indexAlias?: string;
      readonly position: number;
    }
  | {
      readonly node: 'join';
      readonly kind: 'inner' | 'left' | 'right' | 'full' | 'cross';
      readonly natural: boolean;
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on?: Expression;
      readonly using?: readonly string[];
      readonly position: number;
    };

// ----------------------------------------------------------------- statements

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
      | 'default privileges';
    readonly names: readonly QualifiedName[];
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
}

// ------------------------------------------------------------------- PL/pgSQL

export interface ProcedureBlock {
  readonly declarations: readonly {
    readonly name: string;
    readonly type: RedshiftType | { readonly name: 'record' };
    readonly constant: boolean;
    readonly initial?: Expression;
  }[];
  readonly body: readonly ProcedureStatement[];
  /** EXCEPTION WHEN OTHERS THEN … */
  readonly handler?: readonly ProcedureStatement[];
}
export type ProcedureStatement =
  | { readonly do: 'block'; readonly block: ProcedureBlock }
  | { readonly do: 'assign'; readonly target: string; readonly value: Expression }
  | {
      readonly do: 'if';
      readonly branches: readonly { readonly condition: Expression; readonly then: readonly ProcedureStatement[] }[];
      readonly otherwise: readonly ProcedureStatement[];
    }
  | { readonly do: 'loop'; readonly label?: string; readonly body: readonly ProcedureStatement[] }
  | {
      readonly do: 'while';
      readonly label?: string;
      readonly condition: Expression;
      readonly body: readonly ProcedureStatement[];
    }
  | {
      readonly do: 'for range';
      readonly label?: string;
      readonly variable: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly by?: Expression;
      readonly reverse: boolean;
      readonly body: readonly ProcedureStatement[];
    }
  | {
      readonly do: 'for query';
      readonly label?: string;
      readonly targets: readonly string[];
      readonly query: { readonly sql: string } | { readonly dynamic: Expression };
      readonly body: readonly ProcedureStatement[];
    }
  | { readonly do: 'exit' | 'continue'; readonly label?: string; readonly when?: Expression }
  | { readonly do: 'return' }
  | {
      readonly do: 'raise';
      readonly level: 'exception' | 'warning' | 'notice' | 'info' | 'log';
      readonly format: string;
      readonly arguments: readonly Expression[];
    }
  /** `execute <expression> [into a, b]` */
  | { readonly do: 'execute'; readonly command: Expression; readonly into: readonly string[] }
  /** `select … into a, b from …`; `sql` is the statement without its INTO clause. */
  | { readonly do: 'select into'; readonly sql: string; readonly into: readonly string[] }
  /** Any other SQL statement, run for its effect; variables are the interpreter's to put in. */
  | { readonly do: 'sql'; readonly sql: string }
  | { readonly do: 'null' };
