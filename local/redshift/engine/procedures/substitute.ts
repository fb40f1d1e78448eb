import type { Expression } from '../../dialect/ast';
import type { ParameterValue } from '../../dialect/contract';
import type { Scope } from './variables';

/**
 * Puts a procedure's variables into a syntax tree: each column reference that names one becomes a parameter. As in
 * PL/pgSQL, a variable hides a column of the same name; names of tables and of inserted columns are left alone.
 */
export function substitute<Tree>(
  tree: Tree,
  scope: Scope,
): { readonly tree: Tree; readonly parameters: ReadonlyMap<string, ParameterValue> } {
  const parameters = new Map<string, ParameterValue>();
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(visit);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const replaced = asParameter(value as Readonly<Record<string, unknown>>, scope, parameters);
    return replaced ?? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, visit(child)]));
  };
  return { tree: visit(tree) as Tree, parameters };
}

function asParameter(
  node: Readonly<Record<string, unknown>>,
  scope: Scope,
  parameters: Map<string, ParameterValue>,
): object | undefined {
  if (node.node === 'parameter') {
    const name = String(node.name);
    const value = scope.value([`$${name.replace(/^\$/, '')}`]);
    if (value !== undefined) {
      parameters.set(name, value);
    }
    return undefined;
  }
  if (node.node !== 'column') {
    return undefined;
  }
  const value = scope.value(node.parts as readonly string[]);
  if (value === undefined) {
    return undefined;
  }
  const position = Number(node.position);
  const number = numberNode(value, position);
  if (number !== undefined) {
    return number;
  }
  const name = `rs_variable_${parameters.size}`;
  parameters.set(name, value);
  return { node: 'parameter', name, position };
}

const NUMBERS: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric']);

/** A number as a literal of its type, which the engine need not check as it does text. */
function numberNode({ text, type }: ParameterValue, position: number): Expression | undefined {
  const [, minus, digits] = /^(-?)(\d+(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  if (digits === undefined || !NUMBERS.has(type.name)) {
    return undefined;
  }
  const literal: Expression = { node: 'literal', literal: { kind: 'number', text: digits }, position };
  const operand: Expression = minus === '-' ? { node: 'unary', operator: '-', operand: literal, position } : literal;
  return { node: 'cast', operand, type, tolerant: false, position };
}
