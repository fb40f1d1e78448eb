import type { Expression, Query, Select, Statement } from '../../dialect/ast';
import type { RedshiftType } from '../../types';

/** `select a, b, …` without FROM. */
export function selectOf(expressions: readonly Expression[]): Statement {
  const select: Select = {
    node: 'select',
    position: 1,
    distinct: false,
    items: expressions.map((expression, index) => ({ expression, alias: `v${index}` })),
    from: [],
    groupBy: [],
  };
  const query: Query = { node: 'query', position: 1, with: [], recursive: false, body: select, orderBy: [] };
  return { node: 'query statement', query };
}

export function castTo(operand: Expression, type: RedshiftType): Expression {
  return { node: 'cast', operand, type, tolerant: false, position: operand.position };
}

export function parameterNode(name: string): Expression {
  return { node: 'parameter', name, position: 1 };
}
