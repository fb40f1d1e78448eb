import type { ParameterValue } from '../../dialect/contract';
import { RedshiftError } from '../../errors';
import type { RedshiftType } from '../../types';
import type { CellValue } from '../../warehouse';

/** A variable of a procedure: a value of a type, or a row (RECORD) with named fields. */
export type Variable =
  | { readonly kind: 'scalar'; readonly type: RedshiftType; readonly constant: boolean; text: string | null }
  | { readonly kind: 'record'; fields: ReadonlyMap<string, ParameterValue> };

export function scalar(type: RedshiftType, text: string | null = null, constant = false): Variable {
  return { kind: 'scalar', type, constant, text };
}

/** The variables that a statement of a procedure sees: its block's own, then those of the blocks around it. */
export class Scope {
  private readonly variables = new Map<string, Variable>();

  constructor(private readonly outer?: Scope) {}

  declare(name: string, variable: Variable): void {
    this.variables.set(name, variable);
  }

  find(name: string): Variable | undefined {
    return this.variables.get(name) ?? this.outer?.find(name);
  }

  /** @throws RedshiftError 42601 for a name that is no variable */
  get(name: string): Variable {
    const found = this.find(name);
    if (found === undefined) {
      throw new RedshiftError(`"${name}" is not a known variable`, '42601');
    }
    return found;
  }

  /**
   * The value that a name in an expression stands for: `v`, or `r.f` for a field of a row.
   * @throws RedshiftError 55000 for a row that has no value yet, 42703 for a field it does not have
   */
  value(parts: readonly string[]): ParameterValue | undefined {
    const [name = '', field] = parts;
    const variable = this.find(name);
    if (variable === undefined || parts.length > 2) {
      return undefined;
    }
    if (variable.kind === 'scalar') {
      return field === undefined ? { text: variable.text, type: variable.type } : undefined;
    }
    if (field === undefined) {
      return undefined;
    }
    if (variable.fields.size === 0) {
      throw new RedshiftError(`record "${name}" is not assigned yet`, '55000');
    }
    const value = variable.fields.get(field);
    if (value === undefined) {
      throw new RedshiftError(`record "${name}" has no field "${field}"`, '42703');
    }
    return value;
  }
}

/** A result's value as a parameter's text. */
export function cellText(value: CellValue): string | null {
  return value === null ? null : String(value);
}
