import { listValue } from '@duckdb/node-api';
import type { Copy } from '../dialect/ast';
import { quoteIdentifier } from '../dialect/engine-types';
import type { CopyConnection } from './copy-runner';
import {
  arrayChecks,
  convertedSql,
  fieldExpression,
  fieldReading,
  insertTarget,
  keyTypes,
  type LoadPlan,
} from './load-plan';
import type { SourceFile } from './sources';

/** An object may have 4 MB. Source: Developer Guide, "COPY from JSON format". */
export const LARGEST_OBJECT = 4 * 1024 * 1024;

/** Counts the rows in doubt as a side effect: an error would abort the transaction, this does not. */
const DOUBTS = 'rs_copy_doubts';

export interface FastLoad {
  /** Rows put into the table (with NOLOAD: rows that would be). */
  readonly rows: number;
  /** Rows left out because the quick checks were not sure of them. */
  readonly doubts: number;
}

/**
 * Loads all files in one engine statement: every field is read as text, converted and checked there. Rows in doubt
 * are left out and counted; the caller decides about them by the slow path.
 * @throws Error as the engine throws it, when a file is no JSON it can read; the transaction is then aborted
 */
export async function fastLoad(
  copy: Copy,
  plan: LoadPlan,
  files: readonly SourceFile[],
  connection: CopyConnection,
  relation: string,
): Promise<FastLoad> {
  const { into, select } = insertTarget(plan, relation);
  const rows = convertedSql(plan, readSql(copy, plan));
  const kept = `from (${rows}) where case when sure then true else nextval('${DOUBTS}') < 0 end`;
  const paths = [listValue(files.map(({ path }) => path))];
  await connection.run(`create or replace temp sequence ${DOUBTS}`);
  try {
    const count = copy.noLoad
      ? Number((await connection.query(`select count(*) ${kept}`, paths))[0]![0])
      : await connection.run(`${into} select ${select} ${kept}`, paths);
    const [next] = (await connection.query(`select nextval('${DOUBTS}')`))[0]!;
    return { rows: count, doubts: Number(next) - 1 };
  } finally {
    // In an aborted transaction nothing runs any more; its rollback takes the sequence away.
    await connection.run(`drop sequence if exists temp.${DOUBTS}`).catch(() => undefined);
  }
}

/** A relation of the fields `f0`, `f1` … and `live`, which is false for what was no object. */
function readSql(copy: Copy, plan: LoadPlan): string {
  const options = [
    "format = 'newline_delimited'",
    'ignore_errors = true',
    `compression = '${copy.compression === 'gzip' ? 'gzip' : 'uncompressed'}'`,
    `maximum_object_size = ${LARGEST_OBJECT}`,
  ].join(', ');
  const reading = fieldReading(plan);
  if (reading.kind === 'keys') {
    const types = [...keyTypes(plan, reading.keys)].map(([key, type]) => `${quoteIdentifier(key)}: '${type}'`);
    const fields = reading.keys.map((key, i) => `${quoteIdentifier(key)} as f${i}`);
    // A broken line arrives as a row of NULLs; so does an object with none of the keys, which the slow path clears up.
    const live = `coalesce(${[...new Set(reading.keys)].map((key) => `${quoteIdentifier(key)}::varchar`).join(', ')}) is not null`;
    return `select ${fields.join(', ')}, ${live} as live from read_json($1, ${options}, columns = {${types.join(', ')}})`;
  }
  const fields = plan.columns.map((column, i) => `${fieldExpression(column, 'json')} as f${i}`);
  const kinds = plan.rowsMayBeArrays ? "('OBJECT', 'ARRAY')" : "('OBJECT')";
  const live = [`coalesce(json_type(json) in ${kinds}, false)`, ...arrayChecks(plan, 'json')].join(' and ');
  return `select ${fields.join(', ')}, ${live} as live from read_json_objects($1, ${options})`;
}
