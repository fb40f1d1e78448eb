import type { RelationDefinition, TableDefinition, ViewDefinition } from '../catalog/relation';
import { notImplementedLocally, notSupported, RedshiftError } from '../errors';
import type { Expression, FromItem, QualifiedName } from './ast';
import { quoteIdentifier } from './engine-types';
import { castTo, settled } from './infer-coerce';
import { compare } from './infer-compare';
import { INTEGER, isInteger, SUPER, type Typed, typed, unifyTypes } from './infer-types';
import { parseStatement } from './parser';
import { emptyScope, freshAlias, noteAccess, type Relation, type Scope, type ScopeColumn } from './scope';
import { translateCondition, translateExpression } from './translate-expression';
import { type OutputColumn, outside, translateQuery } from './translate-query';

export interface TranslatedFrom {
  readonly sql: string;
  readonly scope: Scope;
}

/** One FROM item: its text and what can be named of it. */
export interface Source {
  readonly sql: string;
  readonly relations: readonly Relation[];
  readonly visible: readonly ScopeColumn[];
}

/** The FROM clause: its text and the scope of the query above it. */
export function translateFrom(items: readonly FromItem[], frame: Scope, first: readonly Source[] = []): TranslatedFrom {
  const sources: Source[] = [...first];
  for (const item of items) {
    const before = sources.flatMap((source) => source.relations);
    const source = translateItem(item, frame, before);
    refuseSameName([...before, ...source.relations]);
    sources.push(source);
  }
  const scope: Scope = {
    ...frame,
    relations: sources.flatMap((source) => source.relations),
    visible: sources.flatMap((source) => source.visible),
  };
  return {
    sql: sources
      .slice(first.length)
      .map((source) => source.sql)
      .join(', '),
    scope,
  };
}

function refuseSameName(relations: readonly Relation[]): void {
  const names = relations.map((relation) => relation.name).filter((name) => name !== undefined);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined && new Set(relations.filter((one) => one.name === twice).map((one) => one.schema)).size < 2) {
    throw new RedshiftError(`table name "${twice}" specified more than once`, '42712');
  }
}

function translateItem(item: FromItem, frame: Scope, before: readonly Relation[]): Source {
  switch (item.node) {
    case 'table':
      return translateTable(item, frame);
    case 'derived':
      return translateDerived(item, frame);
    case 'table function':
      return translateTableFunction(item, frame);
    case 'unnest':
      return translateUnnest(item, frame, before);
    case 'join':
      return translateJoin(item, frame, before);
  }
}

type Of<N extends FromItem['node']> = Extract<FromItem, { node: N }>;

function translateTable(item: Of<'table'>, frame: Scope): Source {
  const [name = ''] = item.name.parts;
  const common = item.name.parts.length === 1 ? frame.commonTables.get(name) : undefined;
  const alias = item.alias ?? item.name.parts.at(-1) ?? '';
  if (common !== undefined) {
    const engineAlias = freshAlias(frame.statement, alias);
    const columns = common.columns.map((column) => ({
      name: column.name,
      value: typed(`${quoteIdentifier(engineAlias)}.${quoteIdentifier(column.engineName)}`, column.type),
    }));
    const sql = `${quoteIdentifier(common.engineName)} AS ${quoteIdentifier(engineAlias)}`;
    return source(sql, alias, columns, item.columnAliases);
  }
  const definition = findRelation(item.name, frame);
  return relationSource(definition, alias, item, frame);
}

function relationSource(definition: RelationDefinition, alias: string, item: Of<'table'>, frame: Scope): Source {
  const schema = item.alias === undefined ? definition.schema : undefined;
  noteAccess(frame.statement, definition, 'select');
  switch (definition.kind) {
    case 'table': {
      frame.statement.reads.set(`${definition.schema}.${definition.name}`, definition);
      return tableSource(definition, alias, item.columnAliases, frame, schema);
    }
    case 'system view': {
      const engineAlias = quoteIdentifier(freshAlias(frame.statement, alias));
      const columns = definition.columns.map(({ name, type }) => ({
        name,
        value: typed(`${engineAlias}.${quoteIdentifier(name)}`, type),
      }));
      return source(`(${definition.engineSql}) AS ${engineAlias}`, alias, columns, item.columnAliases, schema);
    }
    case 'view':
      return viewSource(definition, alias, item.columnAliases, frame, schema);
  }
}

/** A table under an alias, with the columns' types, nullability and origin. */
export function tableSource(
  table: TableDefinition,
  alias: string,
  columnAliases: readonly string[],
  frame: Scope,
  schema?: string,
): Source {
  const engineAlias = quoteIdentifier(freshAlias(frame.statement, alias));
  const columns = table.columns.map(({ name, type, notNull }) => ({
    name,
    value: {
      sql: `${engineAlias}.${quoteIdentifier(name)}`,
      type,
      nullable: !notNull,
      source: { schema: table.schema, table: table.name, column: name },
    },
  }));
  return source(`${engineTable(table)} AS ${engineAlias}`, alias, columns, columnAliases, schema);
}

/** A view is its query, translated where it is used. */
function viewSource(
  view: ViewDefinition,
  alias: string,
  columnAliases: readonly string[],
  frame: Scope,
  schema: string | undefined,
): Source {
  const { statement } = frame;
  if (statement.expanding.some((one) => one.schema === view.schema && one.name === view.name)) {
    throw new RedshiftError(`infinite recursion detected in rules for relation "${view.name}"`, '42P17');
  }
  const parsed = parseStatement(view.querySql);
  if (parsed.node !== 'query statement') throw new RedshiftError(`view "${view.name}" holds no query`, 'XX000');
  const inner = emptyScope({ ...statement, expanding: [...statement.expanding, view] });
  const { sql, columns } = translateQuery(parsed.query, inner);
  const renamed = columns.map((column, index) => ({ ...column, name: view.columns[index]?.name ?? column.name }));
  return derivedSource(sql, renamed, alias, columnAliases, frame, schema);
}

/** @throws RedshiftError 42601 without an alias, as Redshift demands one */
function translateDerived(item: Of<'derived'>, frame: Scope): Source {
  if (item.alias === undefined) {
    throw new RedshiftError('subquery in FROM must have an alias', '42601', {
      hint: 'For example, FROM (SELECT ...) [AS] foo.',
      position: item.position,
    });
  }
  const { sql, columns } = translateQuery(item.query, frame);
  return derivedSource(sql, columns, item.alias, item.columnAliases, frame);
}

function derivedSource(
  sql: string,
  columns: readonly OutputColumn[],
  alias: string,
  columnAliases: readonly string[],
  frame: Scope,
  schema?: string,
): Source {
  const engineAlias = quoteIdentifier(freshAlias(frame.statement, alias));
  const visible = columns.map((column) => ({ name: column.name, value: settled(outside(column, engineAlias)) }));
  return source(`(${sql}) AS ${engineAlias}`, alias, visible, columnAliases, schema);
}

/** @throws RedshiftError 42P10 when there are more column aliases than columns */
function source(
  sql: string,
  name: string,
  columns: readonly ScopeColumn[],
  columnAliases: readonly string[],
  schema?: string,
): Source {
  if (columnAliases.length > columns.length) {
    throw new RedshiftError(
      `table "${name}" has ${columns.length} columns available but ${columnAliases.length} columns specified`,
      '42P10',
    );
  }
  const named = columns.map((column, index) => ({ ...column, name: columnAliases[index] ?? column.name }));
  return { sql, relations: [{ name, columns: named, ...(schema !== undefined && { schema }) }], visible: named };
}

/** GENERATE_SERIES over whole numbers, of the leader node only. */
function translateTableFunction(item: Of<'table function'>, frame: Scope): Source {
  const { call } = item;
  if (call.name !== 'generate_series') throw notImplementedLocally(`Table function ${call.name}`);
  frame.statement.leaderFunctions.add(call.name);
  const bounds = call.arguments.map((argument) => translateExpression(argument, frame));
  if (bounds.length < 2 || bounds.length > 3 || bounds.some(({ type }) => !isInteger(type))) {
    throw notImplementedLocally('GENERATE_SERIES over anything but two or three integers');
  }
  const type = unifyTypes(
    bounds.map((bound) => bound.type),
    'generate_series',
  );
  const alias = item.alias ?? 'generate_series';
  const engineAlias = quoteIdentifier(freshAlias(frame.statement, alias));
  const series = `SELECT ${castTo(typed('"value"', { name: 'bigint' }), type).sql} AS "value"
    FROM generate_series(${bounds.map((bound) => castTo(bound, { name: 'bigint' }).sql).join(', ')}) AS series("value")`;
  const column = { name: alias, value: typed(`${engineAlias}."value"`, type, false) };
  return source(`(${series}) AS ${engineAlias}`, alias, [column], item.columnAliases);
}

/** PartiQL: the elements of an array in a SUPER column of a FROM item further left. */
function translateUnnest(item: Of<'unnest'>, frame: Scope, before: readonly Relation[]): Source {
  const scope = { ...frame, relations: before, visible: before.flatMap((relation) => relation.columns) };
  const path = translateExpression(item.path, scope);
  if (path.type.name !== 'super') throw notSupported('Only SUPER values can be unnested in FROM');
  const engineAlias = quoteIdentifier(freshAlias(frame.statement, item.alias));
  const elements = `CASE WHEN json_type(${path.sql}) = 'ARRAY' THEN CAST(${path.sql} AS JSON[]) END`;
  const columns = [
    { name: item.alias, value: typed(`${engineAlias}."element"`, SUPER) },
    ...(item.indexAlias === undefined
      ? []
      : [{ name: item.indexAlias, value: typed(`${engineAlias}."index"`, INTEGER, false) }]),
  ];
  const rows = `SELECT unnest(${elements}) AS "element", CAST(generate_subscripts(${elements}, 1) - 1 AS INTEGER) AS "index"`;
  return source(`LATERAL (${rows}) AS ${engineAlias}`, item.alias, columns, []);
}

function translateJoin(item: Of<'join'>, frame: Scope, before: readonly Relation[]): Source {
  const left = translateItem(item.left, frame, before);
  const right = translateItem(item.right, frame, [...before, ...left.relations]);
  refuseSameName([...left.relations, ...right.relations]);
  const leftNulls = item.kind === 'right' || item.kind === 'full';
  const rightNulls = item.kind === 'left' || item.kind === 'full';
  const sides = [withNulls(left, leftNulls), withNulls(right, rightNulls)] as const;
  const shared = item.natural ? commonNames(left, right) : item.using;
  const relations = [...sides[0].relations, ...sides[1].relations];
  const word = { inner: 'INNER', left: 'LEFT', right: 'RIGHT', full: 'FULL', cross: 'CROSS' }[item.kind];
  if (shared !== undefined && shared.length > 0) {
    const { condition, visible } = joinUsing(sides[0], sides[1], shared, item.kind);
    return { sql: `(${left.sql} ${word} JOIN ${right.sql} ON ${condition})`, relations, visible };
  }
  const visible = [...sides[0].visible, ...sides[1].visible];
  if (item.kind === 'cross' || item.on === undefined) {
    return { sql: `(${left.sql} CROSS JOIN ${right.sql})`, relations, visible };
  }
  const scope: Scope = { ...frame, relations, visible };
  const condition = translateCondition(item.on as Expression, scope, 'JOIN/ON');
  return { sql: `(${left.sql} ${word} JOIN ${right.sql} ON ${condition.sql})`, relations, visible };
}

/** An outer join makes the other side's columns nullable. */
function withNulls(side: Source, nulls: boolean): Source {
  if (!nulls) return side;
  const loosen = (column: ScopeColumn): ScopeColumn => ({ ...column, value: { ...column.value, nullable: true } });
  return {
    ...side,
    relations: side.relations.map((relation) => ({ ...relation, columns: relation.columns.map(loosen) })),
    visible: side.visible.map(loosen),
  };
}

function commonNames(left: Source, right: Source): readonly string[] {
  return left.visible
    .map((column) => column.name)
    .filter((name) => right.visible.some((column) => column.name === name));
}

/** USING: shared columns first and once, then the rest of either side. @throws RedshiftError 42703 */
function joinUsing(left: Source, right: Source, names: readonly string[], kind: Of<'join'>['kind']) {
  const pick = (side: Source, name: string, which: string): Typed => {
    const found = side.visible.find((column) => column.name === name);
    if (found !== undefined) return found.value;
    throw new RedshiftError(`column "${name}" specified in USING clause does not exist in ${which} table`, '42703');
  };
  const pairs = names.map((name) => [name, pick(left, name, 'left'), pick(right, name, 'right')] as const);
  const merged = pairs.map(([name, a, b]) => ({ name, value: mergedColumn(a, b, kind) }));
  const rest = (side: Source): readonly ScopeColumn[] => side.visible.filter((column) => !names.includes(column.name));
  return {
    condition: `(${pairs.map(([, a, b]) => compare('=', a, b)).join(' AND ')})`,
    visible: [...merged, ...rest(left), ...rest(right)],
  };
}

function mergedColumn(left: Typed, right: Typed, kind: Of<'join'>['kind']): Typed {
  if (kind === 'right') return right;
  if (kind !== 'full') return left;
  const type = unifyTypes([left.type, right.type], 'JOIN/USING');
  return typed(`COALESCE(${castTo(left, type).sql}, ${castTo(right, type).sql})`, type);
}

/** The engine's name of a table; temporary tables live in a database of their own. */
export function engineTable(table: { readonly schema: string; readonly name: string }): string {
  const name = quoteIdentifier(table.name);
  return table.schema === 'pg_temp' ? `"temp"."main".${name}` : `${quoteIdentifier(table.schema)}.${name}`;
}

/** @throws RedshiftError 42P01 no such relation, 0A000 another database */
export function findRelation(name: QualifiedName, frame: Scope): RelationDefinition {
  const { catalog, database } = frame.statement.context;
  const [relation = '', schema, other] = [...name.parts].reverse();
  if (other !== undefined && other !== database) {
    throw notImplementedLocally(`Reading from another database (${other})`);
  }
  const found = catalog.relation({ name: relation, ...(schema !== undefined && { schema }) });
  if (found !== undefined) return found;
  const written = schema === undefined ? relation : `${schema}.${relation}`;
  throw new RedshiftError(`relation "${written}" does not exist`, '42P01', { position: name.position });
}
