import type { SessionCatalog } from '../../catalog/session-catalog';
import type { QualifiedName, Query } from '../../dialect/ast';
import type { Execution } from '../execution';
import { splitName } from './names';

/**
 * A view's query with the schema written before each bare table name, so that it means the same under every search
 * path. Names of common table expressions stay bare.
 */
export function bindNames(query: Query, sql: string, execution: Execution, catalog: SessionCatalog): string {
  const common = new Set<string>();
  const names: QualifiedName[] = [];
  walk(query, (node) => {
    if (node.node === 'table') {
      names.push(node.name as QualifiedName);
    } else if (node.node === 'query') {
      for (const { name } of (node as unknown as Query).with) {
        common.add(name);
      }
    }
  });
  const insertions = names.flatMap((name) => insertion(name, common, query.position, execution, catalog));
  return insertions
    .sort((a, b) => b.offset - a.offset)
    .reduce((text, { offset, schema }) => `${text.slice(0, offset)}${schema}.${text.slice(offset)}`, sql);
}

function insertion(
  name: QualifiedName,
  common: ReadonlySet<string>,
  start: number,
  execution: Execution,
  catalog: SessionCatalog,
): readonly { readonly offset: number; readonly schema: string }[] {
  if (name.parts.length > 1 || common.has(name.parts[0] ?? '')) {
    return [];
  }
  const found = catalog.relation(splitName(name, execution));
  return found === undefined ? [] : [{ offset: name.position - start, schema: found.schema }];
}

type TreeNode = { readonly node?: unknown } & Readonly<Record<string, unknown>>;

/** Visits every object of a syntax tree. */
function walk(value: unknown, visit: (node: TreeNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      walk(item, visit);
    }
  } else if (typeof value === 'object' && value !== null) {
    visit(value as TreeNode);
    for (const child of Object.values(value)) {
      walk(child, visit);
    }
  }
}
