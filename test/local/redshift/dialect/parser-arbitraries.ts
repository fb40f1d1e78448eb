import fc from 'fast-check';
import type { Expression, FromItem, Query, Select } from '../../../../local/redshift/dialect/ast';
import { CaseBranch } from '../../../../local/redshift/dialect/branches';
import type { RedshiftType } from '../../../../local/redshift/types';

/** Any name, reserved words too: the printer quotes them all. `etl` is kept for schemas, away from aliases. */
export const anyName = fc
  .oneof(fc.stringMatching(/^[a-z_][a-z0-9_$]{0,9}$/), fc.constantFrom('select', 'order', 'user', 'Ünï', 'a"b', 'a b'))
  .filter((name) => name !== 'etl');

const anyType = fc.constantFrom<RedshiftType>(
  { name: 'integer' },
  { name: 'double precision' },
  { name: 'timestamptz' },
  { name: 'varchar', length: 20 },
  { name: 'numeric', precision: 12, scale: 3 },
);

const position = 0;
const anyText = fc.string({ unit: 'binary', maxLength: 12 });
const small = { maxLength: 2 };
const some = { minLength: 1, maxLength: 2 };
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** QUALIFY right behind FROM may be taken as an alias; behind another clause it is plain. */
function withoutBareQualify<T extends { where?: unknown; qualify?: unknown }>(select: T): T {
  const { qualify: _, ...rest } = select;
  return select.where === undefined ? (rest as T) : select;
}

const literal = fc
  .oneof(
    fc.constant({ kind: 'null' } as const),
    fc.boolean().map((value) => ({ kind: 'boolean', value }) as const),
    fc.constantFrom('0', '12', '1.5', '.25', '3.', '1e10', '2.5E-3').map((text) => ({ kind: 'number', text }) as const),
    anyText.map((value) => ({ kind: 'string', value }) as const),
    fc
      .tuple(fc.constantFrom('date', 'timestamp', 'timestamptz', 'time'), anyText)
      .map(([name, value]) => ({ kind: 'typed', type: { name }, value }) as const),
  )
  .map((value): Expression => ({ node: 'literal', literal: value, position }));

const column = fc
  .array(anyName, { minLength: 1, maxLength: 3 })
  .map((parts): Expression => ({ node: 'column', parts, position }));

const parameter = fc.stringMatching(/^\w{1,5}$/).map((name): Expression => ({ node: 'parameter', name, position }));

const interval = fc
  .tuple(anyText, maybe(fc.constantFrom('day', 'year to month')))
  .map(([value, field]): Expression => ({ node: 'interval', value, ...(field && { field }), position }));

/** All recursion counts against one depth, so that trees stay small whatever they are made of. */
const DEPTH = { maxDepth: 4, depthSize: 'small', depthIdentifier: 'sql', withCrossShrink: true } as const;

const leafQuery = literal.map(
  (value): Query => ({
    node: 'query',
    with: [],
    recursive: false,
    body: { node: 'select', distinct: false, items: [{ expression: value }], from: [], groupBy: [], position },
    orderBy: [],
    position,
  }),
);

/** Trees as the parser builds them, of every kind of node. */
export const { expression, query } = fc.letrec<{
  expression: Expression;
  query: Query;
  select: Select;
  from: FromItem;
}>((tie) => {
  const e = tie('expression');
  const q = fc.oneof(DEPTH, leafQuery, tie('query'));
  const negated = fc.boolean();
  const comparison = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');
  const orderItem = fc.record(
    { expression: e, direction: fc.constantFrom('asc', 'desc'), nulls: fc.constantFrom('first', 'last') },
    { requiredKeys: ['expression', 'direction'] },
  );
  const bound = fc.oneof(
    fc.record({ bound: fc.constantFrom('unbounded preceding', 'unbounded following', 'current row') }),
    fc.record({ bound: fc.constantFrom('preceding', 'following'), offset: e }),
  );
  const window = fc.record(
    {
      partitionBy: fc.array(e, small),
      orderBy: fc.array(orderItem, small),
      frame: fc.record({ unit: fc.constantFrom('rows', 'range'), start: bound, end: bound }),
    },
    { requiredKeys: ['partitionBy', 'orderBy'] },
  );
  const call = fc.record(
    {
      node: fc.constant('call'),
      schema: fc.constant('etl'),
      name: fc.constantFrom('sum', 'nvl', 'listagg', 'left', 'my_function'),
      arguments: fc.array(e, some),
      distinct: fc.boolean(),
      approximate: fc.constant(false),
      nulls: fc.constantFrom('ignore', 'respect'),
      withinGroup: fc.array(orderItem, some),
      over: fc.oneof(window, fc.record({ windowName: anyName })),
      position: fc.constant(position),
    },
    { requiredKeys: ['node', 'name', 'arguments', 'distinct', 'approximate', 'position'] },
  );
  const step = fc.oneof(fc.record({ key: anyName }), fc.record({ index: e }));
  const made = (node: string, members: Record<string, fc.Arbitrary<unknown>>, optional: readonly string[] = []) => {
    const requiredKeys = Object.keys(members).filter((key) => !optional.includes(key));
    return fc.record(members, { requiredKeys }).map((rest) => ({ node, ...rest, position }) as unknown as Expression);
  };
  const expressionTree = fc.oneof(
    DEPTH,
    literal,
    column,
    parameter,
    interval,
    made('unary', { operator: fc.constantFrom('-', '+', 'not', '~', '|/', '||/', '@'), operand: e }),
    made('binary', {
      operator: fc.oneof(comparison, fc.constantFrom(...'+ - * / % ^ || ~ !~ ~* !~* & | # << >>'.split(' '))),
      left: e,
      right: e,
    }),
    made('logical', { operator: fc.constantFrom('and', 'or'), left: e, right: e }),
    made('is', { operand: e, test: fc.constantFrom('null', 'true', 'false', 'unknown'), negated }),
    made('between', { operand: e, low: e, high: e, negated }),
    made('in list', { operand: e, items: fc.array(e, some).filter(([first]) => first?.node !== 'subquery'), negated }),
    made('in query', { operand: e, query: q, negated }),
    made(
      'like',
      {
        operator: fc.constantFrom('like', 'ilike', 'similar to'),
        operand: e,
        pattern: e,
        escape: e,
        negated,
      },
      ['escape'],
    ),
    made('exists', { query: q }),
    made('subquery', { query: q }),
    made('quantified', { operator: comparison, quantifier: fc.constantFrom('any', 'all'), operand: e, query: q }),
    made(
      'case',
      {
        operand: e,
        branches: fc.array(
          fc.tuple(e, e).map(([when, result]) => new CaseBranch(when, result)),
          some,
        ),
        otherwise: e,
      },
      ['operand', 'otherwise'],
    ),
    made('cast', { operand: e, type: anyType, tolerant: fc.boolean() }),
    call as fc.Arbitrary<Expression>,
    made('extract', { part: fc.constantFrom('year', 'dow', 'epoch'), operand: e }),
    made('at time zone', { operand: e, zone: e }),
    made('row', { items: fc.array(e, { minLength: 2, maxLength: 3 }) }),
    made('navigate', { operand: call as fc.Arbitrary<Expression>, steps: fc.array(step, some) }),
  );
  const alias = { alias: anyName, columnAliases: fc.array(anyName, small) };
  const table = fc.tuple(fc.boolean(), anyName, maybe(fc.record(alias))).map(([qualified, name, named]) => ({
    node: 'table',
    name: { parts: qualified ? ['etl', name] : [name], position },
    ...(named ?? { columnAliases: [] }),
  }));
  const derived = fc.record({ node: fc.constant('derived'), query: q, ...alias, position: fc.constant(position) });
  const tableFunction = fc.record({ node: fc.constant('table function'), call, ...alias });
  const join = fc.record({
    node: fc.constant('join'),
    kind: fc.constantFrom('inner', 'left', 'right', 'full'),
    natural: fc.constant(false),
    left: tie('from'),
    right: tie('from'),
    on: e,
    position: fc.constant(position),
  });
  const select = fc.record(
    {
      node: fc.constant('select'),
      distinct: fc.boolean(),
      top: fc.constant({ node: 'literal', literal: { kind: 'number', text: '3' }, position }),
      items: fc.array(
        fc.oneof(
          fc.record({ expression: e, alias: anyName }, { requiredKeys: ['expression'] }),
          fc.record({
            expression: fc.record({
              node: fc.constant('star'),
              qualifier: fc.array(anyName, small),
              exclude: fc.array(anyName, small),
              position: fc.constant(position),
            }),
          }),
        ),
        some,
      ),
      from: fc.array(tie('from'), small),
      where: e,
      groupBy: fc.array(
        fc.oneof(
          e.map((value) => ({ kind: 'expression', expression: value })),
          fc.record({
            kind: fc.constantFrom('rollup', 'cube', 'grouping sets'),
            sets: fc.array(fc.array(column, small), some),
          }),
        ),
        small,
      ),
      having: e,
      qualify: e,
      position: fc.constant(position),
    },
    { requiredKeys: ['node', 'distinct', 'items', 'from', 'groupBy', 'position'] },
  );
  const operand = fc.oneof(DEPTH, tie('select'), q);
  const setOperation = fc.record({
    node: fc.constant('set operation'),
    operator: fc.constantFrom('union', 'intersect', 'except'),
    all: fc.boolean(),
    left: operand,
    right: operand,
    position: fc.constant(position),
  });
  const queryTree = fc
    .record(
      {
        node: fc.constant('query'),
        with: fc.array(fc.record({ name: anyName, columns: fc.array(anyName, small), query: q }), { maxLength: 1 }),
        body: fc.oneof(DEPTH, tie('select'), setOperation, q),
        orderBy: fc.array(orderItem, small),
        limit: fc.oneof(fc.constant('all'), e),
        offset: e,
        position: fc.constant(position),
      },
      { requiredKeys: ['node', 'with', 'body', 'orderBy', 'position'] },
    )
    .map((value) => ({ ...value, recursive: value.with.length > 0 }));
  return {
    expression: expressionTree,
    query: queryTree as unknown as fc.Arbitrary<Query>,
    select: select.map(withoutBareQualify) as unknown as fc.Arbitrary<Select>,
    from: fc.oneof(DEPTH, table, derived, tableFunction, join) as unknown as fc.Arbitrary<FromItem>,
  };
});
