import type { RelationName } from '../catalog/relation';
import { RedshiftError } from '../errors';
import type { RedshiftType } from '../types';
import type { RelationAccess, TranslationContext } from './contract';
import type { Typed } from './infer-types';

/** What a whole statement gathers while it is translated. */
export interface Statement {
  readonly context: TranslationContext;
  /** Engine aliases handed out so far; one each, so that inner scopes never hide outer ones. */
  readonly aliases: Map<string, number>;
  readonly reads: Map<string, RelationName>;
  readonly accesses: Map<string, RelationAccess>;
  /** Leader-node functions met, as they are called. */
  readonly leaderFunctions: Set<string>;
  /** Views being expanded, the innermost last. */
  readonly expanding: readonly RelationName[];
}

export function newStatement(context: TranslationContext): Statement {
  return {
    context,
    aliases: new Map(),
    reads: new Map(),
    accesses: new Map(),
    leaderFunctions: new Set(),
    expanding: [],
  };
}

/** Notes what the statement, or the view that is being expanded, does with a relation. */
export function noteAccess(
  { accesses, expanding }: Statement,
  { schema, name }: RelationName,
  ...privileges: RelationAccess['privileges']
): void {
  const through = expanding.at(-1);
  const key = `${schema}.${name} ${through === undefined ? '' : `${through.schema}.${through.name}`}`;
  const before = accesses.get(key)?.privileges ?? [];
  accesses.set(key, {
    schema,
    name,
    privileges: [...new Set([...before, ...privileges])],
    ...(through !== undefined && { through }),
  });
}

/** An alias for the engine, the name itself where it is still free. */
export function freshAlias(statement: Statement, name: string): string {
  const used = statement.aliases.get(name) ?? 0;
  statement.aliases.set(name, used + 1);
  return used === 0 ? name : `${name}~${used + 1}`;
}

export interface ScopeColumn {
  readonly name: string;
  readonly value: Typed;
}

/** One item of FROM. */
export interface Relation {
  /** The name by which its columns are qualified; none for a derived table without an alias. */
  readonly name?: string;
  readonly schema?: string;
  readonly columns: readonly ScopeColumn[];
}

/** A WITH item. */
export interface CommonTableEntry {
  readonly name: string;
  readonly engineName: string;
  readonly columns: readonly { readonly name: string; readonly engineName: string; readonly type: RedshiftType }[];
}

export interface Scope {
  readonly statement: Statement;
  readonly relations: readonly Relation[];
  /** Columns as `*` lists them and bare names find them; USING columns once. */
  readonly visible: readonly ScopeColumn[];
  /** The query around this one, for correlated references. */
  readonly parent?: Scope;
  readonly commonTables: ReadonlyMap<string, CommonTableEntry>;
  /** Select-list aliases usable further on in the same list (lateral column aliases). */
  readonly laterals?: ReadonlyMap<string, Typed>;
}

export function emptyScope(statement: Statement, parent?: Scope): Scope {
  return {
    statement,
    relations: [],
    visible: [],
    commonTables: parent?.commonTables ?? new Map(),
    ...(parent && { parent }),
  };
}

/** What a name leads to: a column, and the steps into a SUPER value behind it. */
export interface Found {
  readonly value: Typed;
  readonly rest: readonly string[];
}

/**
 * Resolves `a`, `t.a`, `s.t.a`, and names followed by steps into a SUPER column.
 * @throws RedshiftError 42703 no such column, 42702 ambiguous, 42P01 no such table, 0A000 skip-level correlation
 */
export function resolveColumn(scope: Scope, parts: readonly string[], position: number): Found {
  let depth = 0;
  for (let level: Scope | undefined = scope; level !== undefined; level = level.parent, depth += 1) {
    const found = resolveHere(level, parts, position);
    if (found === undefined) continue;
    if (depth > 1) {
      throw new RedshiftError('This type of correlated subquery pattern is not supported yet', '0A000', { position });
    }
    return found;
  }
  throw notFound(scope, parts, position);
}

function resolveHere(scope: Scope, parts: readonly string[], position: number): Found | undefined {
  const [first = '', second, third] = parts;
  if (second !== undefined && third !== undefined) {
    const relation = scope.relations.find((one) => one.schema === first && one.name === second);
    const column = relation?.columns.find((one) => one.name === third);
    if (column) return { value: column.value, rest: parts.slice(3) };
  }
  if (second !== undefined) {
    const column = findQualified(scope, first, second, position);
    if (column) return { value: column.value, rest: parts.slice(2) };
  }
  const bare = findBare(scope, first, position);
  if (bare !== undefined && (parts.length === 1 || bare.type.name === 'super')) {
    return { value: bare, rest: parts.slice(1) };
  }
  return undefined;
}

function findQualified(scope: Scope, table: string, column: string, position: number): ScopeColumn | undefined {
  const relation = scope.relations.find((one) => one.name === table);
  const matches = relation?.columns.filter((one) => one.name === column) ?? [];
  if (matches.length > 1) throw ambiguous(column, position);
  return matches[0];
}

function findBare(scope: Scope, name: string, position: number): Typed | undefined {
  const matches = scope.visible.filter((one) => one.name === name);
  if (matches.length > 1) throw ambiguous(name, position);
  return matches[0]?.value ?? scope.laterals?.get(name);
}

function ambiguous(name: string, position: number): RedshiftError {
  return new RedshiftError(`column reference "${name}" is ambiguous`, '42702', { position });
}

function notFound(scope: Scope, parts: readonly string[], position: number): RedshiftError {
  const qualifier = parts.slice(0, -1);
  const last = parts.at(-1) ?? '';
  if (qualifier.length === 0) return new RedshiftError(`column "${last}" does not exist`, '42703', { position });
  const table = qualifier.at(-1) ?? '';
  if (!hasRelation(scope, table)) {
    return new RedshiftError(`relation "${table}" does not exist`, '42P01', { position });
  }
  return new RedshiftError(`column ${table}.${last} does not exist`, '42703', { position });
}

function hasRelation(scope: Scope, name: string): boolean {
  return scope.relations.some((one) => one.name === name) || (scope.parent ? hasRelation(scope.parent, name) : false);
}

/** The columns of `*` or `t.*`. @throws RedshiftError 42P01 */
export function expandStar(scope: Scope, qualifier: readonly string[], position: number): readonly ScopeColumn[] {
  if (qualifier.length === 0) {
    if (scope.relations.length === 0) {
      throw new RedshiftError('SELECT * with no tables specified is not valid', '42601', { position });
    }
    return scope.visible;
  }
  const name = qualifier.at(-1) ?? '';
  const schema = qualifier.at(-2);
  const relation = scope.relations.find((one) => one.name === name && (schema === undefined || one.schema === schema));
  if (relation === undefined) throw new RedshiftError(`relation "${name}" does not exist`, '42P01', { position });
  return relation.columns;
}
