import { RedshiftError } from '../errors';
import type { Expression, GroupItem, OrderItem, Select, SelectItem } from './ast';
import { quoteIdentifier } from './engine-types';
import { settled } from './infer-coerce';
import type { Typed } from './infer-types';
import { expandStar, type Scope } from './scope';
import { translateCondition, translateExpression } from './translate-expression';
import { translateFrom } from './translate-from';
import { labelOf } from './translate-labels';
import { type OutputColumn, orderSuffix, outputPosition, type TranslatedQuery } from './translate-query';

/** One SELECT with the ORDER BY that follows it. */
export function translateSelect(node: Select, frame: Scope, orderBy: readonly OrderItem[]): TranslatedQuery {
  const from = translateFrom(node.from, frame);
  const laterals = new Map<string, Typed>();
  const listScope: Scope = { ...from.scope, laterals };
  const columns = translateItems(node.items, listScope, laterals);
  const list = columns.map(({ value, engineName }) => `${settled(value).sql} AS ${quoteIdentifier(engineName)}`);
  const where = node.where && translateCondition(node.where, from.scope, 'WHERE');
  const groups = node.groupBy.map((item) => translateGroup(item, columns, from.scope));
  const having = node.having && translateCondition(node.having, from.scope, 'HAVING');
  const qualify = node.qualify && translateCondition(node.qualify, listScope, 'QUALIFY');
  const order = orderBy.map((item) => translateOrder(item, columns, listScope));
  const sql = [
    `SELECT ${node.distinct ? 'DISTINCT ' : ''}${list.join(', ')}`,
    from.sql === '' ? '' : `FROM ${from.sql}`,
    where && `WHERE ${where.sql}`,
    groups.length > 0 ? `GROUP BY ${groups.join(', ')}` : '',
    having && `HAVING ${having.sql}`,
    qualify && `QUALIFY ${qualify.sql}`,
    order.length > 0 ? `ORDER BY ${order.join(', ')}` : '',
  ];
  return { sql: sql.filter((part) => part !== undefined && part !== '').join(' '), columns };
}

/** The select list; each alias is known to the items behind it. */
function translateItems(items: readonly SelectItem[], scope: Scope, laterals: Map<string, Typed>): OutputColumn[] {
  const used = new Map<string, number>();
  const columns: OutputColumn[] = [];
  const add = (name: string, value: Typed): void => {
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    columns.push({ name, engineName: count === 1 ? name : `${name}~${count}`, value });
  };
  for (const { expression, alias } of items) {
    if (expression.node === 'star') {
      const excluded = new Set(expression.exclude);
      for (const column of expandStar(scope, expression.qualifier, expression.position)) {
        if (!excluded.has(column.name)) add(column.name, column.value);
      }
      continue;
    }
    const value = translateExpression(expression, scope);
    add(alias ?? labelOf(expression, value), value);
    if (alias !== undefined && !laterals.has(alias)) laterals.set(alias, value);
  }
  return columns;
}

/**
 * A column of FROM comes before an alias of the list, as in PostgreSQL.
 * @throws RedshiftError 42P10 for a position that is not there
 */
function translateGroup(item: GroupItem, columns: readonly OutputColumn[], scope: Scope): string {
  if (item.kind === 'expression') return groupKey(item.expression, columns, scope);
  const set = (members: readonly Expression[]): string => {
    const keys = members.map((member) => groupKey(member, columns, scope));
    return keys.length === 1 && item.kind !== 'grouping sets' ? (keys[0] ?? '') : `(${keys.join(', ')})`;
  };
  return `${item.kind.toUpperCase()} (${item.sets.map(set).join(', ')})`;
}

function groupKey(expression: Expression, columns: readonly OutputColumn[], scope: Scope): string {
  if (expression.node === 'literal' && expression.literal.kind === 'number') {
    const column = columns[Number(expression.literal.text) - 1];
    if (column !== undefined) return settled(column.value).sql;
    throw new RedshiftError(`GROUP BY position ${expression.literal.text} is not in select list`, '42P10');
  }
  const [name, more] = expression.node === 'column' ? expression.parts : [];
  const bare = name !== undefined && more === undefined;
  if (bare && !scope.visible.some((column) => column.name === name)) {
    const column = columns.find((one) => one.name === name);
    if (column !== undefined) return settled(column.value).sql;
  }
  return settled(translateExpression(expression, scope)).sql;
}

function translateOrder(item: OrderItem, columns: readonly OutputColumn[], scope: Scope): string {
  const position = outputPosition(item.expression, columns);
  if (position !== undefined) return `${position} ${orderSuffix(item)}`;
  const { sql } = settled(translateExpression(item.expression, scope));
  const same = columns.findIndex((column) => column.value.sql === sql);
  return `${same >= 0 ? same + 1 : sql} ${orderSuffix(item)}`;
}
