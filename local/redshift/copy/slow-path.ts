import type { DuckDBValue } from '@duckdb/node-api';
import type { Copy } from '../dialect/ast';
import { engineType, quoteLiteral } from '../dialect/engine-types';
import { cancelled, unreadableFile } from './copy-errors';
import type { CopyConnection, LoadError } from './copy-runner';
import { LARGEST_OBJECT } from './fast-path';
import { type Frame, scanFrames } from './json-frames';
import { brokenObject, judgeRow } from './judge-row';
import {
  arrayChecks,
  convertedSql,
  fieldExpression,
  fieldReading,
  insertTarget,
  keyTypes,
  type LoadPlan,
} from './load-plan';
import { markBadByte, type Replacement, readPieces, type TextPiece } from './source-text';
import type { SourceFile } from './sources';

/** Objects and characters that are handed to the engine at once. */
const BATCH_FRAMES = 100_000;
const BATCH_CHARACTERS = 16 * 1024 * 1024;
/** Separates the objects of a batch: a control character, which no JSON text can hold. */
const SEPARATOR = '\u001e';
/** A volatile condition stays where it is: moved inwards, it would parse the object anew for each of its checks. */
const SURE = 'case when sure then true else random() < 0 end';
const NOT_SURE = 'case when sure then random() < 0 else true end';
/** The objects of a batch and their 1-based positions, from the joined texts in `$1`. */
const BATCH =
  '(select unnest(texts) as object, unnest(range(1, 1 + len(texts))) as position ' +
  'from (select string_split($1::varchar, chr(30)) as texts))';

export interface SlowLoad {
  readonly rows: number;
  readonly errors: readonly LoadError[];
  /** True when it stopped because there were as many errors as MAXERROR allows. */
  readonly stopped: boolean;
}

export interface SlowOptions {
  readonly copy: Copy;
  readonly plan: LoadPlan;
  readonly files: readonly SourceFile[];
  readonly connection: Pick<CopyConnection, 'run' | 'query'>;
  /** The target's engine name; undefined to look for errors only. */
  readonly relation: string | undefined;
  readonly signal: AbortSignal;
  readonly queryId: number;
}

interface Located extends Frame {
  readonly file: number;
}

/**
 * Reads the files object by object, converts batches of them inside the engine, and judges one by one only the rows
 * of which the engine's checks were not sure. Good rows are loaded, bad ones explained, in the order of the files.
 * @throws RedshiftError 57014 when cancelled
 */
export async function slowLoad(options: SlowOptions): Promise<SlowLoad> {
  const limit = options.copy.ignoreAllErrors ? Number.POSITIVE_INFINITY : Math.max(options.copy.maxError, 1);
  const errors: LoadError[] = [];
  let rows = 0;
  for await (const batch of batches(options)) {
    const loaded = await loadBatch(batch, options);
    rows += loaded.rows;
    errors.push(...loaded.errors.slice(0, limit - errors.length));
    if (errors.length >= limit) {
      return { rows, errors, stopped: true };
    }
  }
  return { rows, errors, stopped: false };
}

async function* batches(options: SlowOptions): AsyncGenerator<readonly Located[]> {
  let batch: Located[] = [];
  let characters = 0;
  for (const [file, source] of options.files.entries()) {
    // Frames come by the thousand: waiting for each of them would cost more than finding it.
    for await (const frames of framesOf(source, options.copy)) {
      for (const { text, line, fault } of frames) {
        batch.push({ text, line, fault, file });
        characters += text.length;
      }
      if (batch.length >= BATCH_FRAMES || characters >= BATCH_CHARACTERS) {
        checkSignal(options);
        yield batch;
        batch = [];
        characters = 0;
      }
    }
  }
  checkSignal(options);
  yield batch;
}

function checkSignal({ signal, queryId }: SlowOptions): void {
  if (signal.aborted) {
    throw cancelled(queryId);
  }
}

async function* framesOf(source: SourceFile, copy: Copy): AsyncGenerator<readonly Frame[]> {
  const accepted = copy.acceptInvalidChars;
  const replacement: Replacement = accepted === undefined ? markBadByte : () => accepted || '?';
  let rest = '';
  let line = 1;
  for await (const piece of piecesOf(source, copy, replacement)) {
    const text = rest + piece.text;
    // An object that is too large is not waited for.
    const scan = scanFrames(text, line, piece.last || text.length > 2 * LARGEST_OBJECT);
    yield scan.frames;
    rest = text.slice(scan.rest);
    line = scan.line;
  }
}

async function* piecesOf(source: SourceFile, copy: Copy, replacement: Replacement): AsyncGenerator<TextPiece> {
  try {
    yield* readPieces(source.path, copy.compression === 'gzip', replacement);
  } catch (cause) {
    throw unreadableFile(source.url, cause);
  }
}

interface BatchLoad {
  readonly rows: number;
  readonly errors: readonly LoadError[];
}

async function loadBatch(batch: readonly Located[], options: SlowOptions): Promise<BatchLoad> {
  const whole = batch.filter((frame) => isWhole(frame, options.plan));
  const broken = batch.filter((frame) => !isWhole(frame, options.plan));
  const found = broken.map((frame) => ({ frame, error: brokenObject(frame, urlOf(frame, options)) }));
  let rows = whole.length === 0 ? 0 : await loadSureRows(whole, options);
  if (rows < whole.length) {
    const rescued: (readonly (string | null)[])[] = [];
    for (const { frame, fields } of await rowsInDoubt(whole, options)) {
      const verdict = judgeRow(frame, fields, urlOf(frame, options), options);
      if ('error' in verdict) {
        found.push({ frame, error: verdict.error });
      } else {
        rescued.push(verdict.values);
      }
    }
    rows += await insertRescued(rescued, options);
  }
  found.sort((a, b) => a.frame.file - b.frame.file || a.frame.line - b.frame.line);
  return { rows, errors: found.map(({ error }) => error) };
}

/** Whether the engine should look at it: it may still find wrong words or escapes in it. */
function isWhole({ fault, text }: Located, plan: LoadPlan): boolean {
  const opens = text.startsWith('{') || (plan.rowsMayBeArrays && text.startsWith('['));
  return fault === undefined && opens && text.length <= LARGEST_OBJECT && !text.includes(SEPARATOR);
}

function urlOf(frame: Located, options: SlowOptions): string {
  return options.files[frame.file]!.url;
}

function joined(frames: readonly Located[]): [string] {
  return [frames.map(({ text }) => text).join(SEPARATOR)];
}

/** Hands the batch's objects to the engine and loads (or only counts) those of which its checks are sure. */
async function loadSureRows(frames: readonly Located[], options: SlowOptions): Promise<number> {
  const { plan, connection, relation } = options;
  const texts = joined(frames);
  const rows = `from (${convertedSql(plan, fieldsSql(plan))}) where ${SURE}`;
  if (relation === undefined) {
    return Number((await connection.query(`select count(*) ${rows}`, texts))[0]![0]);
  }
  const { into, select } = insertTarget(plan, relation);
  return connection.run(`${into} select ${select} ${rows}`, texts);
}

/** A relation of the fields, `live`, and the 1-based `position` in the batch. */
function fieldsSql(plan: LoadPlan): string {
  const valid = `select position, case when json_valid(object) then object end as document from ${BATCH}`;
  const reading = fieldReading(plan);
  if (reading.kind === 'keys') {
    const types = JSON.stringify(Object.fromEntries(keyTypes(plan, reading.keys)));
    const fields = reading.keys.map((key, i) => `struct_extract(object, ${quoteLiteral(key)}) as f${i}`);
    return `select position, object is not null as live, ${fields.join(', ')} from (select position, from_json(document, ${quoteLiteral(types)}) as object from (${valid}))`;
  }
  const fields = plan.columns.map((column, i) => `${fieldExpression(column, 'document')} as f${i}`);
  const live = ['document is not null', ...arrayChecks(plan, 'document').map((check) => `coalesce(${check}, false)`)];
  return `select position, ${live.join(' and ')} as live, ${fields.join(', ')} from (select position, document::json as document from (${valid}))`;
}

interface DoubtfulRow {
  readonly frame: Located;
  /** The fields as text; undefined when the object is none. */
  readonly fields: readonly (string | null)[] | undefined;
}

async function rowsInDoubt(frames: readonly Located[], options: SlowOptions): Promise<readonly DoubtfulRow[]> {
  const fields = options.plan.columns.map((_, i) => `f${i}::varchar`).join(', ');
  const passOn = ['position', ...options.plan.columns.map((_, i) => `f${i}`)];
  const rows = await options.connection.query(
    `select position, live, ${fields} from (${convertedSql(options.plan, fieldsSql(options.plan), passOn)}) ` +
      `where ${NOT_SURE} order by position`,
    joined(frames),
  );
  return rows.map(([position, live, ...values]) => ({
    frame: frames[Number(position) - 1]!,
    fields: live === true ? values.map(textOf) : undefined,
  }));
}

function textOf(value: DuckDBValue): string | null {
  return value === null ? null : String(value);
}

/** Loads the rows that the judge let pass. */
async function insertRescued(rescued: readonly (readonly (string | null)[])[], options: SlowOptions): Promise<number> {
  const { plan, connection, relation } = options;
  if (relation === undefined || rescued.length === 0) {
    return rescued.length;
  }
  const { into, select } = insertTarget(plan, relation);
  const values = plan.columns.map((column, i) => `${rescuedValue(column, `r->>${i}`)} as v${i}`);
  const rows = `select ${values.join(', ')} from (select unnest(from_json($1::json, '["JSON"]')) as r)`;
  return connection.run(`${into} select ${select} from (${rows})`, [JSON.stringify(rescued)]);
}

function rescuedValue(column: LoadPlan['columns'][number], text: string): string {
  // The judge answers in the engine's own spelling: a plain cast reads it.
  return `cast(${text} as ${engineType(column.definition.type)})`;
}
