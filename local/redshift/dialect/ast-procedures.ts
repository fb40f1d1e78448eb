/** The body of a PL/pgSQL procedure. */
import type { RedshiftType } from '../types';
import type { Expression } from './ast-queries';

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
