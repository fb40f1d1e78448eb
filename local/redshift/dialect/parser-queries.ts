import { notSupported } from '../errors';
import type { CommonTable, Expression, GroupItem, Query, QueryBody, Select, SelectItem, Star } from './ast';
import { readOrderItems } from './parser-calls';
import { readExpression, readSubquery } from './parser-expressions';
import { readFrom } from './parser-from';
import type { TokenStream } from './token-stream';

const SET_OPERATORS = ['union', 'intersect', 'except', 'minus'];
const AFTER_INNER_QUERY = [...SET_OPERATORS, 'order', 'limit', 'offset'];
/** More opening parentheses in a row than the parser would nest anyway. */
const LOOKAHEAD_LIMIT = 300;

/** True when the cursor stands where a query begins: SELECT, WITH, or a parenthesis around one. */
export function isQueryStart(tokens: TokenStream): boolean {
  return tokens.isWord(['select', 'with']) || isQueryAt(tokens, tokens.index);
}

/**
 * True when the `(` at an index encloses a query and not an expression that begins with one:
 * `((select 1) union (select 2))` against `((select 1) + 1)`.
 */
export function isQueryAt(tokens: TokenStream, index: number): boolean {
  let inner = index;
  while (inner - index < LOOKAHEAD_LIMIT && isOpening(tokens, inner)) inner += 1;
  const first = tokens.tokenAt(inner);
  if (inner === index || first.kind !== 'word' || (first.value !== 'select' && first.value !== 'with')) return false;
  for (let opening = index + 1; opening < inner; opening += 1) {
    const closing = tokens.closingOf(opening);
    if (closing === undefined) return false;
    const { kind, value } = tokens.tokenAt(closing + 1);
    const goesOn = (kind === 'operator' && value === ')') || (kind === 'word' && AFTER_INNER_QUERY.includes(value));
    if (!goesOn) return false;
  }
  return true;
}

function isOpening(tokens: TokenStream, index: number): boolean {
  const { kind, value } = tokens.tokenAt(index);
  return kind === 'operator' && value === '(';
}

/** `[with …] select … [union …] [order by …] [limit …] [offset …]` */
export function readQuery(tokens: TokenStream): Query {
  return tokens.nested(() => {
    const { position } = tokens;
    const { recursive, tables } = readWith(tokens);
    return readQueryAfterWith(tokens, recursive, tables, position);
  });
}

/** The rest of a query whose WITH clause has been read already. */
export function readQueryAfterWith(
  tokens: TokenStream,
  recursive: boolean,
  tables: readonly CommonTable[],
  position: number,
): Query {
  const body = readSetBody(tokens);
  const orderBy = tokens.accept('order', 'by') ? readOrderItems(tokens) : [];
  return { node: 'query', with: tables, recursive, body, orderBy, ...readLimits(tokens), position };
}

/** LIMIT and OFFSET, in either order. */
function readLimits(tokens: TokenStream): Pick<Query, 'limit' | 'offset'> {
  let limit: Query['limit'];
  let offset: Expression | undefined;
  for (;;) {
    if (limit === undefined && tokens.accept('limit')) limit = tokens.accept('all') ? 'all' : readExpression(tokens);
    else if (offset === undefined && tokens.accept('offset')) offset = readExpression(tokens);
    else return { ...(limit !== undefined && { limit }), ...(offset && { offset }) };
  }
}

/** The WITH clause, if there is one. */
export function readWith(tokens: TokenStream): { recursive: boolean; tables: CommonTable[] } {
  if (!tokens.accept('with')) return { recursive: false, tables: [] };
  const recursive = tokens.isWord('recursive') && tokens.isName(1) && tokens.accept('recursive');
  const tables = tokens.list(() => {
    const name = tokens.name();
    const columns = tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [];
    tokens.expect('as');
    return { name, columns, query: readSubquery(tokens) };
  });
  return { recursive, tables };
}

function readSetBody(tokens: TokenStream): QueryBody {
  const { position } = tokens;
  let left = readIntersection(tokens);
  for (;;) {
    const operator = tokens.accept('union')
      ? 'union'
      : tokens.accept('except') || tokens.accept('minus')
        ? 'except'
        : null;
    if (operator === null) return left;
    const all = tokens.accept('all');
    left = { node: 'set operation', operator, all, left, right: readIntersection(tokens), position };
  }
}

/** INTERSECT binds tighter than UNION and EXCEPT. */
function readIntersection(tokens: TokenStream): QueryBody {
  const { position } = tokens;
  let left = readQueryTerm(tokens);
  while (tokens.accept('intersect')) {
    const all = tokens.accept('all');
    left = { node: 'set operation', operator: 'intersect', all, left, right: readQueryTerm(tokens), position };
  }
  return left;
}

function readQueryTerm(tokens: TokenStream): QueryBody {
  return tokens.isOperator('(') ? readSubquery(tokens) : readSelect(tokens);
}

function readSelect(tokens: TokenStream): Select {
  const { position } = tokens;
  tokens.expect('select');
  const { distinct, top } = readSelectModifiers(tokens);
  const items = tokens.list(() => readSelectItem(tokens));
  const into = tokens.accept('into') ? readInto(tokens) : undefined;
  const from = tokens.accept('from') ? readFrom(tokens) : [];
  const where = tokens.accept('where') ? readExpression(tokens) : undefined;
  const groupBy = tokens.accept('group', 'by') ? tokens.list(() => readGroupItem(tokens)) : [];
  const having = tokens.accept('having') ? readExpression(tokens) : undefined;
  const qualify = tokens.accept('qualify') ? readExpression(tokens) : undefined;
  const clauses = { ...(where && { where }), groupBy, ...(having && { having }), ...(qualify && { qualify }) };
  return {
    node: 'select',
    distinct,
    ...(top && { top }),
    items,
    ...(into && { into }),
    from,
    ...clauses,
    position,
  };
}

function readSelectModifiers(tokens: TokenStream): { distinct: boolean; top?: Expression } {
  let top = readTop(tokens);
  const distinct = tokens.accept('distinct');
  if (distinct && tokens.isWord('on')) throw notSupported('SELECT DISTINCT ON is not supported');
  if (!distinct) tokens.accept('all');
  top ??= readTop(tokens);
  return { distinct, ...(top && { top }) };
}

function readTop(tokens: TokenStream): Expression | undefined {
  if (!tokens.accept('top')) return undefined;
  const { kind, value, start } = tokens.peek();
  if (kind === 'number') {
    tokens.next();
    return { node: 'literal', literal: { kind: 'number', text: value }, position: start + 1 };
  }
  if (kind === 'parameter') {
    tokens.next();
    return { node: 'parameter', name: value, position: start + 1 };
  }
  tokens.expectOperator('(');
  const count = readExpression(tokens);
  tokens.expectOperator(')');
  return count;
}

function readSelectItem(tokens: TokenStream): SelectItem {
  const star = readStar(tokens);
  if (star) return { expression: star };
  const expression = readExpression(tokens);
  if (tokens.accept('as')) return { expression, alias: tokens.label() };
  return tokens.isName() && !tokens.isWord('returning') ? { expression, alias: tokens.name() } : { expression };
}

/** `*`, `t.*` or `s.t.*`, with `exclude (…)`. */
function readStar(tokens: TokenStream): Star | undefined {
  let ahead = 0;
  while (tokens.isName(ahead) && tokens.isOperator('.', ahead + 1)) ahead += 2;
  if (!tokens.isOperator('*', ahead)) return undefined;
  const { position } = tokens;
  const qualifier: string[] = [];
  while (!tokens.acceptOperator('*')) {
    qualifier.push(tokens.name());
    tokens.expectOperator('.');
  }
  return { node: 'star', qualifier, exclude: readExclude(tokens), position };
}

function readExclude(tokens: TokenStream): string[] {
  if (!tokens.accept('exclude')) return [];
  return tokens.isOperator('(') ? tokens.parenthesized(() => tokens.name()) : [tokens.name()];
}

function readInto(tokens: TokenStream): NonNullable<Select['into']> {
  const local = tokens.isWord('local') && tokens.isWord(['temp', 'temporary'], 1) && tokens.accept('local');
  const temporary = tokens.isWord(['temp', 'temporary']) && (tokens.isName(1) || tokens.isWord('table', 1));
  if (temporary) tokens.next();
  else if (local) throw tokens.unexpected();
  tokens.accept('table');
  return { name: tokens.qualifiedName(), temporary };
}

function readGroupItem(tokens: TokenStream): GroupItem {
  if (tokens.isOperator('(', 1) && (tokens.isWord('rollup') || tokens.isWord('cube'))) {
    const kind = tokens.next().value === 'cube' ? 'cube' : 'rollup';
    return { kind, sets: tokens.parenthesized(() => readGroupSet(tokens)) };
  }
  if (tokens.accept('grouping', 'sets')) {
    return { kind: 'grouping sets', sets: tokens.parenthesized(() => readGroupSet(tokens)) };
  }
  return { kind: 'expression', expression: readExpression(tokens) };
}

function readGroupSet(tokens: TokenStream): readonly Expression[] {
  if (tokens.isOperator('(') && tokens.isOperator(')', 1)) {
    tokens.next();
    tokens.next();
    return [];
  }
  const expression = readExpression(tokens);
  return expression.node === 'row' ? expression.items : [expression];
}
