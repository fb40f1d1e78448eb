import { notImplementedLocally, RedshiftError } from '../errors';
import type {
  Between,
  Exists,
  Expression,
  InList,
  InQuery,
  IsTest,
  Like,
  Quantified,
  RowExpression,
  ScalarSubquery,
} from './ast';
import { quoteIdentifier, quoteLiteral } from './engine-types';
import { asText } from './infer-coerce';
import { comparable, compare } from './infer-compare';
import { BOOLEAN, derived, type Typed } from './infer-types';
import { emptyScope, freshAlias, type Scope } from './scope';
import { translateCondition, translateExpression } from './translate-expression';
import { rowsEqual } from './translate-operators';
import { type TranslatedQuery, translateQuery } from './translate-query';

const not = (negated: boolean): string => (negated ? 'NOT ' : '');

export function translateIsTest(node: IsTest, scope: Scope): Typed {
  if (node.test === 'null') {
    const value = translateExpression(node.operand, scope);
    return { sql: `(${value.sql} IS ${not(node.negated)}NULL)`, type: BOOLEAN, nullable: false };
  }
  const condition = translateCondition(node.operand, scope, `IS ${node.test.toUpperCase()}`);
  const test = node.test === 'unknown' ? 'NULL' : node.test.toUpperCase();
  return { sql: `(${condition.sql} IS ${not(node.negated)}${test})`, type: BOOLEAN, nullable: false };
}

export function translateBetween(node: Between, scope: Scope): Typed {
  const value = translateExpression(node.operand, scope);
  const low = translateExpression(node.low, scope);
  const high = translateExpression(node.high, scope);
  const sql = `(${compare('>=', value, low)} AND ${compare('<=', value, high)})`;
  return derived(node.negated ? `(NOT ${sql})` : sql, BOOLEAN, value, low, high);
}

export function translateInList(node: InList, scope: Scope): Typed {
  const { operand } = node;
  if (operand.node === 'row') {
    const matches = node.items.map((item) => rowsEqual(operand, asRow(item), scope));
    return { sql: `(${not(node.negated)}(${matches.join(' OR ')}))`, type: BOOLEAN, nullable: true };
  }
  const value = translateExpression(operand, scope);
  const items = node.items.map((item) => translateExpression(item, scope));
  const pairs = items.map((item) => comparable('=', value, item));
  const left = pairs[0]?.left;
  const sql = pairs.every((pair) => pair.left === left)
    ? `(${left} ${not(node.negated)}IN (${pairs.map((pair) => pair.right).join(', ')}))`
    : `(${not(node.negated)}(${pairs.map((pair) => `${pair.left} = ${pair.right}`).join(' OR ')}))`;
  return derived(sql, BOOLEAN, value, ...items);
}

function asRow(item: Expression): RowExpression {
  if (item.node === 'row') return item;
  throw new RedshiftError('unequal number of entries in row expressions', '42601', { position: item.position });
}

/** A subquery in an expression: it sees the scope around it. */
function subquery(query: ScalarSubquery['query'], scope: Scope): TranslatedQuery {
  return translateQuery(query, emptyScope(scope.statement, scope));
}

function onlyColumn(query: TranslatedQuery, position: number): Typed {
  const [column, second] = query.columns;
  if (column === undefined || second !== undefined) {
    throw new RedshiftError('subquery must return only one column', '42601', { position });
  }
  return column.value;
}

export function translateInQuery(node: InQuery, scope: Scope): Typed {
  const query = subquery(node.query, scope);
  const operands = node.operand.node === 'row' ? node.operand.items : [node.operand];
  if (query.columns.length !== operands.length) {
    const few = query.columns.length < operands.length;
    throw new RedshiftError(`subquery has too ${few ? 'few' : 'many'} columns`, '42601', { position: node.position });
  }
  const alias = quoteIdentifier(freshAlias(scope.statement, 'in'));
  const pairs = operands.map((operand, index) => {
    const column = query.columns[index] as TranslatedQuery['columns'][number];
    const item = reference(alias, column.engineName, column.value);
    return comparable('=', translateExpression(operand, scope), item);
  });
  const left = pairs.map((pair) => pair.left).join(', ');
  const right = pairs.map((pair) => pair.right).join(', ');
  const row = operands.length > 1 ? `(${left})` : left;
  const sql = `(${row} ${not(node.negated)}IN (SELECT ${right} FROM (${query.sql}) AS ${alias}))`;
  return { sql, type: BOOLEAN, nullable: true };
}

/** A derived table's column as the query around it names it. */
function reference(alias: string, engineName: string, value: Typed): Typed {
  const type = value.type.name === 'unknown' ? asText(value).type : value.type;
  return { sql: `${alias}.${quoteIdentifier(engineName)}`, type, nullable: value.nullable };
}

export function translateQuantified(node: Quantified, scope: Scope): Typed {
  const query = subquery(node.query, scope);
  const value = onlyColumn(query, node.position);
  const alias = quoteIdentifier(freshAlias(scope.statement, 'any'));
  const item = reference(alias, query.columns[0]?.engineName ?? '', value);
  const { left, right } = comparable(node.operator, translateExpression(node.operand, scope), item);
  const sql = `(${left} ${node.operator} ${node.quantifier.toUpperCase()} (SELECT ${right} FROM (${query.sql}) AS ${alias}))`;
  return { sql, type: BOOLEAN, nullable: true };
}

export function translateExists(node: Exists, scope: Scope): Typed {
  return { sql: `EXISTS (${subquery(node.query, scope).sql})`, type: BOOLEAN, nullable: false };
}

export function translateScalarSubquery(node: ScalarSubquery, scope: Scope): Typed {
  const query = subquery(node.query, scope);
  const value = onlyColumn(query, node.position);
  const known = value.type.name === 'unknown' ? asText(value).type : value.type;
  return { sql: `(${query.sql})`, type: known, nullable: true };
}

/** LIKE, ILIKE, SIMILAR TO; a backslash escapes unless ESCAPE says otherwise. */
export function translateLike(node: Like, scope: Scope): Typed {
  const operand = asText(translateExpression(node.operand, scope));
  const pattern = translateExpression(node.pattern, scope);
  const escapeWith = node.escape && translateExpression(node.escape, scope);
  if (node.operator === 'similar to') return similarTo(node.negated, operand, pattern, escapeWith);
  const literal = pattern.constant?.kind === 'string' ? pattern.constant.value : undefined;
  const clause =
    escapeWith !== undefined ? ` ESCAPE ${escapeWith.sql}` : literal?.includes('\\') === false ? '' : " ESCAPE '\\'";
  const word = node.operator.toUpperCase();
  const sql = `(${operand.sql} ${not(node.negated)}${word} ${asText(pattern).sql}${clause})`;
  return derived(sql, BOOLEAN, operand, pattern);
}

function similarTo(negated: boolean, operand: Typed, pattern: Typed, escapeWith: Typed | undefined): Typed {
  if (pattern.constant?.kind !== 'string') throw notImplementedLocally('SIMILAR TO a pattern that is no literal');
  const mark = escapeWith?.constant?.kind === 'string' ? escapeWith.constant.value : '\\';
  const regex = quoteLiteral(similarToRegex(pattern.constant.value, mark));
  return derived(`(${not(negated)}regexp_full_match(${operand.sql}, ${regex}))`, BOOLEAN, operand);
}

/** The SQL standard's pattern as a regular expression: `%` is `.*`, `_` is `.`, dots and anchors are plain. */
export function similarToRegex(pattern: string, escapeWith: string): string {
  let regex = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === escapeWith && index + 1 < pattern.length) {
      index += 1;
      regex += `\\${pattern.charAt(index)}`;
    } else if (character === '%') regex += '(?s:.*)';
    else if (character === '_') regex += '(?s:.)';
    else regex += '.^$\\'.includes(character) ? `\\${character}` : character;
  }
  return regex;
}
