/** Expressions and queries: each holds the other. */
import type { RedshiftType } from '../types';

/** `a`, `a.b` or `a.b.c`: parts in order, folded. */
export interface QualifiedName {
  readonly parts: readonly string[];
  readonly position: number;
}

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
