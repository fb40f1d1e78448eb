import type { ColumnDefinition, TableDefinition } from '../catalog/relation';
import type { Copy } from '../dialect/ast';
import { quoteIdentifier, quoteLiteral } from '../dialect/engine-types';
import { notImplementedLocally, RedshiftError } from '../errors';
import { type ColumnSql, columnSql } from './column-sql';
import { badJsonPaths } from './copy-errors';
import type { CopyContext } from './copy-runner';
import type { JsonPath } from './json-paths';

/** One column that the load fills from the files. */
export interface LoadedColumn {
  readonly definition: ColumnDefinition;
  readonly sql: ColumnSql;
  /** IDENTITY columns are NOT NULL without saying so. */
  readonly notNull: boolean;
  /** Where its field stands in an object; 'whole' for the object itself ('noshred'). */
  readonly field: JsonPath | 'whole' | { readonly keyIgnoringCase: string };
}

/** What goes where in one COPY. */
export interface LoadPlan {
  readonly columns: readonly LoadedColumn[];
  /** Columns left out of the column list that have a DEFAULT, with its engine SQL. */
  readonly defaults: readonly { readonly name: string; readonly sql: string }[];
  /** Whether the top level of a row may be an array (JSONPaths that begin with an index). */
  readonly rowsMayBeArrays: boolean;
}

/** How the reader gets at the fields. */
export type FieldReading =
  /** Plain keys of the outermost object, all different even when case is ignored: the engine's quickest way. */
  { readonly kind: 'keys'; readonly keys: readonly string[] } | { readonly kind: 'expressions' };

/**
 * Settles which columns are loaded from which fields.
 * @param paths of the JSONPaths file; undefined for the 'auto' modes and 'noshred'
 * @throws RedshiftError
 */
export function planLoad(
  copy: Copy,
  table: TableDefinition,
  paths: readonly JsonPath[] | undefined,
  context: Pick<CopyContext, 'queryId' | 'pid' | 'defaultSql'>,
): LoadPlan {
  const definitions = loadedDefinitions(copy, table);
  const fields = fieldsFor(copy, definitions, paths, context);
  const names = new Set(definitions.map((column) => column.name));
  const leftOut = table.columns.filter((column) => !names.has(column.name) && column.identity === undefined);
  return {
    columns: definitions.map((definition, index) => ({
      definition,
      notNull: isNotNull(definition),
      sql: columnSql(definition.type, isNotNull(definition), copy),
      field: fields[index]!,
    })),
    defaults: leftOut.flatMap((column) => defaultOf(column, context)),
    rowsMayBeArrays: (paths ?? []).some((path) => typeof path[0] === 'number'),
  };
}

function isNotNull(column: ColumnDefinition): boolean {
  return column.notNull || column.identity !== undefined;
}

function defaultOf(
  column: ColumnDefinition,
  context: Pick<CopyContext, 'defaultSql'>,
): { name: string; sql: string }[] {
  const sql = context.defaultSql(column.name);
  if (sql === undefined && column.notNull) {
    throw new RedshiftError(`Cannot insert a NULL value into column ${column.name}`, '23502', {
      detail: 'COPY names a column list without this column, which has no DEFAULT.',
    });
  }
  return sql === undefined ? [] : [{ name: column.name, sql }];
}

function loadedDefinitions(copy: Copy, table: TableDefinition): readonly ColumnDefinition[] {
  if (copy.columns.length === 0) {
    return table.columns.filter((column) => column.identity === undefined);
  }
  const seen = new Set<string>();
  return copy.columns.map((name) => {
    const definition = table.columns.find((column) => column.name === name);
    if (definition === undefined) {
      throw new RedshiftError(`column "${name}" of relation "${table.name}" does not exist`, '42703');
    }
    if (seen.has(name)) {
      throw new RedshiftError(`column "${name}" specified more than once`, '42701');
    }
    seen.add(name);
    if (definition.identity !== undefined && !definition.identity.byDefault && !copy.explicitIds) {
      throw new RedshiftError('cannot set an identity column to a value', '0A000', {
        hint: 'Leave the column out of the list, or add EXPLICIT_IDS.',
      });
    }
    return definition;
  });
}

function fieldsFor(
  copy: Copy,
  definitions: readonly ColumnDefinition[],
  paths: readonly JsonPath[] | undefined,
  where: Pick<CopyContext, 'queryId' | 'pid'>,
): readonly LoadedColumn['field'][] {
  if (copy.format.kind !== 'json') {
    throw notImplementedLocally(`COPY of format ${copy.format.kind === 'other' ? copy.format.name : copy.format.kind}`);
  }
  if (paths !== undefined) {
    if (paths.length !== definitions.length) {
      throw badJsonPaths(
        'Number of jsonpaths and the number of columns should match. ' +
          `JSONPath size: ${paths.length}, Number of columns in table or column list: ${definitions.length}`,
        where,
      );
    }
    return paths;
  }
  switch (copy.format.mode) {
    case 'noshred':
      if (definitions.length !== 1 || definitions[0]!.type.name !== 'super') {
        throw new RedshiftError("COPY with JSON 'noshred' needs exactly one column, of type SUPER", '0A000');
      }
      return ['whole'];
    case 'auto ignorecase':
      return definitions.map((column) => ({ keyIgnoringCase: column.name }));
    default:
      return definitions.map((column) => [column.name]);
  }
}

/** The quickest reading that serves all fields of the plan. */
export function fieldReading(plan: LoadPlan): FieldReading {
  const keys = plan.columns.map(({ field }) =>
    Array.isArray(field) && field.length === 1 && typeof field[0] === 'string' && field[0] !== ''
      ? field[0]
      : undefined,
  );
  const plain = keys.filter((key): key is string => key !== undefined);
  const distinct = new Set(plain);
  const folded = new Set(plain.map((key) => key.toLowerCase()));
  // The engine's structs ignore case: keys that differ in nothing else need the longer way.
  return plain.length === keys.length && folded.size === distinct.size && !plan.rowsMayBeArrays
    ? { kind: 'keys', keys: plain }
    : { kind: 'expressions' };
}

/** The engine's type of a field as it is read: SUPER keeps its structure. */
export function fieldType(column: LoadedColumn): 'JSON' | 'VARCHAR' {
  return column.definition.type.name === 'super' ? 'JSON' : 'VARCHAR';
}

/** `{"k": 'VARCHAR', …}` for read_json and, as JSON, for from_json. Each key once. */
export function keyTypes(plan: LoadPlan, keys: readonly string[]): ReadonlyMap<string, 'JSON' | 'VARCHAR'> {
  return new Map(keys.map((key, index) => [key, fieldType(plan.columns[index]!)]));
}

/** SQL of a column's field out of `document`, an engine expression of type JSON. */
export function fieldExpression(column: LoadedColumn, document: string): string {
  const { field } = column;
  if (field === 'whole') {
    return document;
  }
  const extract = fieldType(column) === 'JSON' ? 'json_extract' : 'json_extract_string';
  if ('keyIgnoringCase' in field) {
    const name = quoteLiteral(field.keyIgnoringCase.toLowerCase());
    const key = `list_filter(json_keys(${document}), lambda k: lower(k) = ${name})[1]`;
    return `${extract}(${document}, '$."' || replace(${key}, '"', '\\"') || '"')`;
  }
  return `${extract}(${document}, ${quoteLiteral(enginePath(field))})`;
}

function enginePath(path: JsonPath): string {
  return `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step}"`)).join('')}`;
}

/** Paths through arrays: an index out of range is an error of the row, where a missing member is NULL. */
export function arrayChecks(plan: LoadPlan, document: string): readonly string[] {
  return plan.columns.flatMap(({ field }) =>
    Array.isArray(field) && field.some((step) => typeof step === 'number')
      ? [`json_extract(${document}, ${quoteLiteral(enginePath(field as JsonPath))}) is not null`]
      : [],
  );
}

/**
 * The conversion shared by both paths: from a relation with the fields `f0`, `f1` … and
 * `live` (false for what was no object) to one with `v0`, `v1` … and
 * `sure`, which is false for each row that needs a closer look. Further columns are passed on by name.
 */
export function convertedSql(plan: LoadPlan, fieldsSql: string, passOn: readonly string[] = []): string {
  const rest = passOn.map((name) => `, ${name}`).join('');
  const texts = plan.columns.map((column, i) => `${column.sql.text(`f${i}`)} as t${i}`);
  const values = plan.columns.map((column, i) => `${column.sql.value(`t${i}`)} as v${i}`);
  const checks = plan.columns.map((column, i) => column.sql.sure(`t${i}`, `v${i}`)).filter((check) => check !== 'true');
  const names = plan.columns.map((_, i) => `v${i}`);
  return (
    `select ${names.join(', ')}, live, ${['live', ...checks].join(' and ')} as sure${rest} from (` +
    `select live, ${plan.columns.map((_, i) => `t${i}`).join(', ')}, ${values.join(', ')}${rest} from (` +
    `select live, ${texts.join(', ')}${rest} from (${fieldsSql})))`
  );
}

/** `insert into t (columns)` and the list to select, defaults included. */
export function insertTarget(plan: LoadPlan, relation: string): { readonly into: string; readonly select: string } {
  const names = [...plan.columns.map(({ definition }) => definition.name), ...plan.defaults.map(({ name }) => name)];
  const values = [...plan.columns.map((_, i) => `v${i}`), ...plan.defaults.map(({ sql }) => sql)];
  return {
    into: `insert into ${relation} (${names.map(quoteIdentifier).join(', ')})`,
    select: values.join(', '),
  };
}
