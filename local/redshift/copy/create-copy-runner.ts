import { existsSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ObjectStore } from '../../s3/object-store';
import type { Copy } from '../dialect/ast';
import { notImplementedLocally, RedshiftError } from '../errors';
import { loadFailed, roleNotAssumed, roleNotAttached, s3Error } from './copy-errors';
import type { CopyConnection, CopyContext, CopyOutcome, CopyRunner } from './copy-runner';
import { fastLoad } from './fast-path';
import { type JsonPath, parseJsonPathsFile } from './json-paths';
import { type LoadPlan, planLoad } from './load-plan';
import { parseS3Url } from './s3-url';
import { type SlowLoad, slowLoad } from './slow-path';
import { beginsWithWholeLines } from './sniff';
import { findSources, type RoleReader, readObject, type SourceFile } from './sources';

/** First row id of rows that belong to the open transaction only (DuckDB's MAX_ROW_ID). */
const FIRST_LOCAL_ROW = 36_028_797_018_960_000n;

/** What COPY asks IAM. */
export interface CopyAccess {
  /**
   * Takes roles on: the first one as the cluster, each further one as the one before.
   * @returns the last one's reads, or the ARN of the role that could not be taken on
   */
  takeRoles(roleArns: readonly string[]): RoleReads | { readonly notTaken: string };
}

/** What a role may read. */
export interface RoleReads {
  /** Why the role may not list keys of a prefix, in S3's words; undefined where it may. */
  refusesList(bucket: string, prefix: string): string | undefined;
  /** The same of reading an object. */
  refusesRead(bucket: string, key: string): string | undefined;
}

const EVERYTHING: RoleReads = { refusesList: () => undefined, refusesRead: () => undefined };

export interface CopyRunnerOptions {
  readonly objects: ObjectStore;
  /** ARNs of the roles that are attached to the cluster now. */
  attachedRoles(): readonly string[];
  /** `cluster:<name>` in error texts; `cluster` without it. */
  readonly clusterIdentifier?: string;
  /** Without it every attached role may read everything. */
  readonly access?: CopyAccess;
}

/**
 * COPY FROM S3 of JSON, set-wise inside the engine. What it reads, it reads as the role that the statement names.
 * Source: Developer Guide, "COPY" and its pages on JSON, conversion and load errors.
 */
export function createCopyRunner(options: CopyRunnerOptions): CopyRunner {
  return { run: (copy, context) => runCopy(copy, context, options) };
}

async function runCopy(copy: Copy, context: CopyContext, options: CopyRunnerOptions): Promise<CopyOutcome> {
  refuseUnknown(copy);
  const reader = roleReader(copy, context, options);
  const paths = await jsonPaths(copy, reader, context);
  const plan = planLoad(copy, context.table, paths, context);
  const files = await findSources(copy, reader, context);
  const started = { copy, context, plan, files };
  try {
    const { rows, skipped } = await load(started);
    await recordHistory(started, 'completed', rows, skipped);
    await context.recordLoadDetail(
      files.map((file) => ({ fileName: file.url, bytesScanned: file.size, linesScanned: -1 })),
    );
    return { loadedRows: copy.noLoad ? 0 : rows, notices: notices(context.table.name, rows, skipped) };
  } catch (error) {
    await recordHistory(started, 'aborted', 0, error instanceof LoadFailure ? error.count : 0);
    throw error instanceof LoadFailure ? loadFailed(context.table.name) : error;
  }
}

interface Started {
  readonly copy: Copy;
  readonly context: CopyContext;
  readonly plan: LoadPlan;
  readonly files: readonly SourceFile[];
}

/** Ends the load; the load error views hold the rows already. */
class LoadFailure extends Error {
  override readonly name = 'LoadFailure';
  constructor(readonly count: number) {
    super(`${count} rows could not be loaded`);
  }
}

/** @throws RedshiftError for what this engine cannot read */
function refuseUnknown(copy: Copy): void {
  if (copy.format.kind !== 'json') {
    throw notImplementedLocally(`COPY of format ${copy.format.kind === 'other' ? copy.format.name : copy.format.kind}`);
  }
  if (copy.compression !== undefined && copy.compression !== 'gzip') {
    throw notImplementedLocally(`COPY with ${copy.compression.toUpperCase()}`);
  }
  if (copy.ignoreHeader > 0) {
    throw notImplementedLocally('COPY of JSON with IGNOREHEADER');
  }
}

function rolesOf({ authorization }: Copy): readonly string[] {
  if (authorization.kind === 'keys') {
    throw notImplementedLocally('COPY with access keys');
  }
  if (authorization.kind === 'iam role default') {
    throw notImplementedLocally('COPY with IAM_ROLE default');
  }
  return authorization.arns;
}

/** With a chain of roles the last one does the reading. */
function roleReader(copy: Copy, context: CopyContext, options: CopyRunnerOptions): RoleReader {
  const roles = rolesOf(copy);
  const cluster = options.clusterIdentifier ?? 'cluster';
  const userOf = (role: string) => {
    const account = /^arn:[^:]+:iam::(\d+):/.exec(role)?.[1] ?? '';
    return `arn:aws:redshift:us-west-2:${account}:dbuser:${cluster}/${context.user}`;
  };
  const [first = ''] = roles;
  if (!options.attachedRoles().includes(first)) {
    throw roleNotAttached(first, userOf(first));
  }
  const reads = options.access?.takeRoles(roles) ?? EVERYTHING;
  if ('notTaken' in reads) {
    throw roleNotAssumed(reads.notTaken, userOf(reads.notTaken));
  }
  return { objects: options.objects, ...reads };
}

async function jsonPaths(
  copy: Copy,
  reader: RoleReader,
  context: CopyContext,
): Promise<readonly JsonPath[] | undefined> {
  if (copy.format.kind !== 'json' || copy.format.mode !== 'paths') {
    return undefined;
  }
  const location = parseS3Url(copy.format.pathsUrl ?? '');
  if (location === undefined) {
    throw s3Error('NoSuchKey', context, 'Problem reading JSONPaths file - ');
  }
  const body = await readObject(location, reader, context, 'Problem reading JSONPaths file - ');
  return parseJsonPathsFile(body.toString('utf8'), context);
}

interface Loaded {
  readonly rows: number;
  readonly skipped: number;
}

async function load(started: Started): Promise<Loaded> {
  const { copy, context, plan, files } = started;
  if (files.length === 0) {
    return { rows: 0, skipped: 0 };
  }
  const relation = context.connection.relationSql(context.table);
  const tolerant = copy.maxError > 1 || copy.ignoreAllErrors;
  if (tolerant || !(await beginsWithWholeLines(files, copy.compression === 'gzip'))) {
    checkPresent(started);
    return loadSlowly(started, context.connection, relation);
  }
  const before = copy.noLoad ? undefined : await lastLocalRow(context.connection, relation);
  let quick: { rows: number; doubts: number };
  try {
    quick = await fastLoad(copy, plan, files, context.connection, relation);
  } catch (cause) {
    return explainAbort(started, cause);
  }
  if (quick.doubts === 0) {
    return { rows: quick.rows, skipped: 0 };
  }
  // Usually there is a bad row: it is found without loading anything again.
  await settle(started, await look(started, context.connection));
  if (before !== undefined) {
    await context.connection.run(`delete from ${relation} where rowid > ${before}`);
  }
  return loadSlowly(started, context.connection, relation);
}

/** The last row of this table that the transaction has put in so far. */
async function lastLocalRow(connection: CopyConnection, relation: string): Promise<bigint> {
  const [row] = await connection.query(`select max(rowid) from ${relation} where rowid >= ${FIRST_LOCAL_ROW}`);
  const last = row?.[0];
  return typeof last === 'bigint' ? last : FIRST_LOCAL_ROW - 1n;
}

function look(started: Started, connection: Pick<CopyConnection, 'run' | 'query'>): Promise<SlowLoad> {
  const { signal, queryId } = started.context;
  return slowLoad({ ...started, connection, relation: undefined, signal, queryId });
}

async function loadSlowly(started: Started, connection: CopyConnection, relation: string): Promise<Loaded> {
  const { copy, context } = started;
  const target = copy.noLoad ? undefined : relation;
  const { signal, queryId } = context;
  return settle(started, await slowLoad({ ...started, connection, relation: target, signal, queryId }));
}

/** Records the errors. @throws LoadFailure when they are too many */
async function settle({ context }: Started, result: SlowLoad): Promise<Loaded> {
  if (result.errors.length > 0) {
    await context.recordLoadErrors(result.errors);
  }
  if (result.stopped) {
    throw new LoadFailure(result.errors.length);
  }
  return { rows: result.rows, skipped: result.errors.length };
}

/** @throws RedshiftError when a file has gone since it was listed */
function checkPresent({ files, context }: Started): void {
  if (files.some((file) => !existsSync(file.path))) {
    throw s3Error('NoSuchKey', context);
  }
}

/**
 * The engine gave up reading and the transaction is lost. A scratch engine finds out which row was to blame.
 * @throws always
 */
async function explainAbort(started: Started, cause: unknown): Promise<never> {
  const { context, copy } = started;
  if (context.signal.aborted) {
    throw cause;
  }
  checkPresent(started);
  const scratch = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '512MB' });
  try {
    const connection = await scratch.connect();
    const found = await look(started, {
      run: async (sql, values) =>
        (await connection.run(sql, values === undefined ? undefined : [...values])).rowsChanged,
      query: async (sql, values) =>
        (await connection.runAndReadAll(sql, values === undefined ? undefined : [...values])).getRows(),
    });
    if (found.errors.length > 0) {
      await context.recordLoadErrors(found.errors);
      throw new LoadFailure(found.errors.length);
    }
  } finally {
    scratch.closeSync();
  }
  throw new RedshiftError(
    `COPY of ${copy.from} could not be read by the local engine (Redshift may accept it): ${(cause as Error).message}`,
    '0A000',
    { hint: 'Write one JSON object a line in every file. See docs/divergences.md.', cause },
  );
}

async function recordHistory(
  { copy, context, files }: Started,
  status: 'completed' | 'aborted',
  rows: number,
  errorCount: number,
): Promise<void> {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  await context.recordLoadHistory({
    status,
    dataSource: copy.from,
    fileFormat: 'json',
    loadedRows: copy.noLoad ? 0 : rows,
    loadedBytes: status === 'completed' ? bytes : 0,
    sourceFileCount: files.length,
    sourceFileBytes: bytes,
    errorCount,
  });
}

function notices(table: string, rows: number, skipped: number): readonly string[] {
  const loaded = `Load into table '${table}' completed, ${rows} record(s) loaded successfully.`;
  return skipped === 0
    ? [loaded]
    : [
        loaded,
        `Load into table '${table}' completed, ${skipped} record(s) could not be loaded.  ` +
          `Check 'sys_load_error_detail' system table for details.`,
      ];
}
