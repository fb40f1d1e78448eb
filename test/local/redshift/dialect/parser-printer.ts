import type {
  Expression,
  FrameBound,
  FromItem,
  FunctionCall,
  GroupItem,
  OrderItem,
  Query,
  QueryBody,
  Select,
  SelectItem,
  WindowSpec,
} from '../../../../local/redshift/dialect/ast';
import type { RedshiftType } from '../../../../local/redshift/types';

/** Drops every `position` (and every class), so that trees from different texts compare. */
export function bare<T>(tree: T): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'position' ? undefined : value)));
}

export const printName = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const printString = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
const names = (parts: readonly string[]) => parts.map(printName).join('.');
const nameList = (list: readonly string[]) => `(${list.map(printName).join(', ')})`;
const list = (items: readonly Expression[]) => items.map(printExpression).join(', ');

export function printType(type: RedshiftType): string {
  if (type.name === 'numeric') return `numeric(${type.precision},${type.scale})`;
  return 'length' in type ? `${type.name}(${type.length})` : type.name;
}

const ATOMS = ['literal', 'column', 'call', 'parameter', 'subquery', 'exists', 'case', 'extract', 'row'];

/** In parentheses unless it is one thing already: a second pair around a subquery would be a query's own. */
const inner = (tree: Expression) => (ATOMS.includes(tree.node) ? printExpression(tree) : `(${printExpression(tree)})`);

export function printExpression(tree: Expression): string {
  const not = 'negated' in tree && tree.negated ? 'not ' : '';
  switch (tree.node) {
    case 'literal':
      return printLiteral(tree.literal);
    case 'column':
      return names(tree.parts);
    case 'star':
      return (
        [...tree.qualifier.map(printName), '*'].join('.') +
        (tree.exclude.length ? ` exclude ${nameList(tree.exclude)}` : '')
      );
    case 'parameter':
      return `:${tree.name}`;
    case 'unary':
      return `${tree.operator} ${inner(tree.operand)}`;
    case 'binary':
    case 'logical':
      return `${inner(tree.left)} ${tree.operator} ${inner(tree.right)}`;
    case 'is':
      return `${inner(tree.operand)} is ${not}${tree.test}`;
    case 'between':
      return `${inner(tree.operand)} ${not}between ${inner(tree.low)} and ${inner(tree.high)}`;
    case 'in list':
      return `${inner(tree.operand)} ${not}in (${list(tree.items)})`;
    case 'in query':
      return `${inner(tree.operand)} ${not}in (${printQuery(tree.query)})`;
    case 'like': {
      const tail = tree.escape ? ` escape ${inner(tree.escape)}` : '';
      return `${inner(tree.operand)} ${not}${tree.operator} ${inner(tree.pattern)}${tail}`;
    }
    case 'exists':
      return `exists (${printQuery(tree.query)})`;
    case 'subquery':
      return `(${printQuery(tree.query)})`;
    case 'quantified':
      return `${inner(tree.operand)} ${tree.operator} ${tree.quantifier} (${printQuery(tree.query)})`;
    case 'case': {
      const branches = tree.branches.map((b) => `when ${printExpression(b.when)} then ${printExpression(b.then)}`);
      const otherwise = tree.otherwise ? [`else ${printExpression(tree.otherwise)}`] : [];
      return ['case', ...(tree.operand ? [printExpression(tree.operand)] : []), ...branches, ...otherwise, 'end'].join(
        ' ',
      );
    }
    case 'cast':
      if (tree.tolerant) return `try_cast(${printExpression(tree.operand)} as ${printType(tree.type)})`;
      return `${inner(tree.operand)}::${printType(tree.type)}`;
    case 'call':
      return printCall(tree);
    case 'extract':
      return `extract(${tree.part} from ${printExpression(tree.operand)})`;
    case 'at time zone':
      return `${inner(tree.operand)} at time zone ${inner(tree.zone)}`;
    case 'interval':
      return `interval ${printString(tree.value)}${tree.field ? ` ${tree.field}` : ''}`;
    case 'row':
      return `(${list(tree.items)})`;
    case 'navigate':
      return (
        inner(tree.operand) +
        tree.steps.map((s) => ('key' in s ? `.${printName(s.key)}` : `[${printExpression(s.index)}]`)).join('')
      );
  }
}

function printLiteral(literal: Extract<Expression, { node: 'literal' }>['literal']): string {
  switch (literal.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(literal.value);
    case 'number':
      return literal.text;
    case 'string':
      return printString(literal.value);
    case 'typed':
      return `${literal.type.name} ${printString(literal.value)}`;
  }
}

function printCall(call: FunctionCall): string {
  const name = call.schema === undefined ? call.name : `${printName(call.schema)}.${printName(call.name)}`;
  const within = call.withinGroup ? ` within group (order by ${printOrder(call.withinGroup)})` : '';
  const nulls = call.nulls ? ` ${call.nulls} nulls` : '';
  const over = call.over
    ? ` over ${'windowName' in call.over ? printName(call.over.windowName) : printWindow(call.over)}`
    : '';
  const args = `${call.distinct ? 'distinct ' : ''}${list(call.arguments)}`;
  return `${call.approximate ? 'approximate ' : ''}${name}(${args})${within}${nulls}${over}`;
}

function printWindow(window: WindowSpec): string {
  const partition = window.partitionBy.length ? [`partition by ${list(window.partitionBy)}`] : [];
  const order = window.orderBy.length ? [`order by ${printOrder(window.orderBy)}`] : [];
  const { frame } = window;
  const frames = frame ? [`${frame.unit} between ${printBound(frame.start)} and ${printBound(frame.end)}`] : [];
  return `(${[...partition, ...order, ...frames].join(' ')})`;
}

const printBound = (bound: FrameBound) => ('offset' in bound ? `${inner(bound.offset)} ${bound.bound}` : bound.bound);

const printOrder = (items: readonly OrderItem[]) =>
  items
    .map((item) => `${inner(item.expression)} ${item.direction}${item.nulls ? ` nulls ${item.nulls}` : ''}`)
    .join(', ');

export function printQuery(query: Query): string {
  const tables = query.with.map((table) => {
    const columns = table.columns.length ? ` ${nameList(table.columns)}` : '';
    return `${printName(table.name)}${columns} as (${printQuery(table.query)})`;
  });
  const parts = tables.length ? [`with ${query.recursive ? 'recursive ' : ''}${tables.join(', ')}`] : [];
  parts.push(printBody(query.body));
  if (query.orderBy.length) parts.push(`order by ${printOrder(query.orderBy)}`);
  if (query.limit) parts.push(`limit ${query.limit === 'all' ? 'all' : inner(query.limit)}`);
  if (query.offset) parts.push(`offset ${inner(query.offset)}`);
  return parts.join(' ');
}

function printBody(body: QueryBody): string {
  if (body.node === 'query') return `(${printQuery(body)})`;
  if (body.node === 'select') return printSelect(body);
  return `${printBody(body.left)} ${body.operator}${body.all ? ' all' : ''} ${printBody(body.right)}`;
}

function printSelect(select: Select): string {
  const top = select.top ? `top ${printExpression(select.top)} ` : '';
  const parts = [`select ${top}${select.distinct ? 'distinct ' : ''}${select.items.map(printItem).join(', ')}`];
  if (select.from.length) parts.push(`from ${select.from.map(printFrom).join(', ')}`);
  if (select.where) parts.push(`where ${printExpression(select.where)}`);
  if (select.groupBy.length) parts.push(`group by ${select.groupBy.map(printGroup).join(', ')}`);
  if (select.having) parts.push(`having ${printExpression(select.having)}`);
  if (select.qualify) parts.push(`qualify ${printExpression(select.qualify)}`);
  return parts.join(' ');
}

const printItem = (item: SelectItem) =>
  printExpression(item.expression) + (item.alias === undefined ? '' : ` as ${printName(item.alias)}`);

function printGroup(item: GroupItem): string {
  if (item.kind === 'expression') return inner(item.expression);
  return `${item.kind} (${item.sets.map((set) => `(${list(set)})`).join(', ')})`;
}

function printFrom(item: FromItem): string {
  switch (item.node) {
    case 'table':
      return names(item.name.parts) + printAlias(item);
    case 'derived':
      return `(${printQuery(item.query)})${printAlias(item)}`;
    case 'table function':
      return printCall(item.call) + printAlias(item);
    case 'unnest':
      return `${printExpression(item.path)} as ${printName(item.alias)}`;
    case 'join': {
      const right = item.right.node === 'join' ? `(${printFrom(item.right)})` : printFrom(item.right);
      const condition = item.on
        ? ` on ${printExpression(item.on)}`
        : item.using
          ? ` using ${nameList(item.using)}`
          : '';
      return `${printFrom(item.left)} ${item.natural ? 'natural ' : ''}${item.kind} join ${right}${condition}`;
    }
  }
}

function printAlias({ alias, columnAliases }: { alias?: string; columnAliases: readonly string[] }): string {
  if (alias === undefined) return '';
  return ` as ${printName(alias)}${columnAliases.length ? ` ${nameList(columnAliases)}` : ''}`;
}
