import type { Expression } from '../dialect/ast';
import type { RedshiftType } from '../types';

/** The session's last COPY. */
export interface LastCopy {
  /** -1 before any. */
  queryId: number;
  /** 0 before any and after a failure. */
  rows: number;
}

type TreeNode = Readonly<Record<string, unknown>>;

/**
 * Puts the session's values for PG_LAST_COPY_ID() and PG_LAST_COPY_COUNT() into a syntax tree.
 * Source: Developer Guide, "System information functions".
 */
export function bindCopyFunctions<Tree>(tree: Tree, lastCopy: LastCopy): Tree {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(visit);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    return replaced(value as TreeNode, lastCopy) ?? mapValues(named(value as TreeNode), visit);
  };
  return visit(tree) as Tree;
}

function mapValues(node: TreeNode, visit: (value: unknown) => unknown): TreeNode {
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
}

/** A select item that is nothing but the call keeps the function's name as its label. */
function named(node: TreeNode): TreeNode {
  const name = copyFunction(node.expression);
  return name !== undefined && node.alias === undefined && node.direction === undefined
    ? { ...node, alias: name }
    : node;
}

function copyFunction(node: unknown): 'pg_last_copy_id' | 'pg_last_copy_count' | undefined {
  const call = node as TreeNode | undefined;
  if (call?.node !== 'call' || (call.arguments as readonly unknown[]).length > 0) {
    return undefined;
  }
  return call.name === 'pg_last_copy_id' || call.name === 'pg_last_copy_count' ? call.name : undefined;
}

function replaced(node: TreeNode, lastCopy: LastCopy): Expression | undefined {
  const name = copyFunction(node);
  if (name === undefined) {
    return undefined;
  }
  const position = Number(node.position);
  const value = name === 'pg_last_copy_id' ? lastCopy.queryId : lastCopy.rows;
  const type: RedshiftType = { name: name === 'pg_last_copy_id' ? 'integer' : 'bigint' };
  const literal = { kind: 'string', value: String(value) } as const;
  return { node: 'cast', operand: { node: 'literal', literal, position }, type, tolerant: false, position };
}
