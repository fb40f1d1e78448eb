import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './digest';
import { ConfigurationError } from './errors';

/** One statement of Redshift SQL as it stands in its file. */
export interface SqlFile {
  /** Path below `sql/`, for example `load/030_copy_songs.sql`. */
  readonly file: string;
  readonly text: string;
  /** `-- runs: …`: in which modes the statement runs. */
  readonly runs: 'always' | 'incremental' | 'refresh';
  /** `-- when: …`: what the run must have, or the statement is left out. */
  readonly when?: RunHas;
  /** `-- severity: …`: what a check with offending rows does. */
  readonly severity: 'error' | 'warn';
}

/** What a run may have: files of a source, and leave to reject some of that source's rows. */
export type RunHas = (typeof RUN_HAS)[number];
const RUN_HAS = [
  'songs',
  'events',
  'song rejects',
  'event rejects',
  'song rejects without values',
  'event rejects without values',
  'listed files',
] as const;

export interface Migration {
  readonly version: number;
  readonly name: string;
  /** SHA-256 of the file's bytes, in hex. */
  readonly checksum: string;
  readonly sql: SqlFile;
}

/** The whole `sql/` tree. */
export interface SqlTree {
  readonly migrations: readonly Migration[];
  readonly load: readonly SqlFile[];
  readonly checks: readonly SqlFile[];
  readonly maintain: readonly SqlFile[];
  /** The views that people ask, each `create view analytics.…` in a file of its name. */
  readonly analytics: readonly SqlFile[];
  /** Statements of the run itself, by their folder below `run/`. */
  readonly run: Readonly<Record<RunFolder, readonly SqlFile[]>>;
  /** Digest of `load/`: where it differs from that of the last load, the star is rebuilt. */
  readonly loadDigest: string;
}

const RUN_FOLDERS = [
  'prepare',
  'migrate',
  'access',
  'survey',
  'compare',
  'begin',
  'ledger',
  'finish',
  'idle',
  'steps',
  'failure',
] as const;
export type RunFolder = (typeof RUN_FOLDERS)[number];

const ADVICE = 'Mend the SQL file and deploy again.';

/**
 * Reads the SQL files, each folder in the order of its names.
 * @param root the `sql/` folder
 * @throws ConfigurationError for a file with an unknown directive, a migration without a number or a gap between them
 */
export function readSqlTree(root: string): SqlTree {
  return makeSqlTree((name) =>
    readdirSync(join(root, name))
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map((file) => ({ file: `${name}/${file}`, text: readFileSync(join(root, name, file), 'utf8') })),
  );
}

/**
 * The tree of these files.
 * @param filesOf gives the files of a folder, in the order of their names
 * @throws ConfigurationError as readSqlTree does
 */
export function makeSqlTree(filesOf: (folder: string) => readonly Pick<SqlFile, 'file' | 'text'>[]): SqlTree {
  const folder = (name: string): readonly SqlFile[] => filesOf(name).map(({ file, text }) => parseSqlFile(file, text));
  const load = folder('load');
  const run = Object.fromEntries(RUN_FOLDERS.map((name) => [name, folder(`run/${name}`)]));
  return {
    migrations: asMigrations(folder('migrations')),
    load,
    checks: folder('checks'),
    maintain: folder('maintain'),
    analytics: folder('analytics'),
    run: run as Record<RunFolder, readonly SqlFile[]>,
    loadDigest: sha256(...load.flatMap(({ file, text }) => [file, text])),
  };
}

/** Reads the directives from the comment at a file's head. @throws ConfigurationError */
export function parseSqlFile(file: string, text: string): SqlFile {
  const header = text.split('\n').filter((_line, index, lines) => lines.slice(0, index + 1).every(isComment));
  const directive = <T extends string>(name: string, allowed: readonly T[]): T | undefined => {
    const found = header.map((each) => new RegExp(`^-- ${name}: (.*)$`).exec(each)?.[1]).find((each) => each);
    if (found === undefined || allowed.includes(found as T)) return found as T | undefined;
    throw new ConfigurationError(`sql/${file}: '-- ${name}: ${found}' is none of ${allowed.join(', ')}`, ADVICE);
  };
  return {
    file,
    text,
    runs: directive('runs', ['always', 'incremental', 'refresh'] as const) ?? 'always',
    when: directive('when', RUN_HAS),
    severity: directive('severity', ['error', 'warn'] as const) ?? 'error',
  };
}

function isComment(line: string): boolean {
  return line.startsWith('--');
}

function asMigrations(files: readonly SqlFile[]): readonly Migration[] {
  return files.map((sql, index) => {
    const match = /^migrations\/(\d{4})_([a-z0-9_]+)\.sql$/.exec(sql.file);
    if (match === null)
      throw new ConfigurationError(`sql/${sql.file} is not named NNNN_name.sql`, 'Name it and deploy again.');
    const version = Number(match[1]);
    if (version !== index + 1)
      throw new ConfigurationError(
        `sql/${sql.file} follows migration ${index}: number ${String(index + 1).padStart(4, '0')} is missing or doubled`,
        'Number migrations without gaps and deploy again.',
      );
    return { version, name: match[2] as string, checksum: fileChecksum(sql.text), sql };
  });
}

function fileChecksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Longest statement of the Data API, in bytes. */
const STATEMENT_LIMIT = 100_000;

const IDENTIFIER = /^[a-z0-9][a-z0-9-]{0,127}$/;
const COUNT = /^\d{1,18}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const USER = /^([a-z][a-z0-9_]{0,62}|IAMR:[\w+=,.@-]{1,64})$/;
const URL = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[A-Za-z0-9!_.*()=@:,+/-]+$/;
const PLACEHOLDERS: Readonly<Record<string, RegExp>> = {
  run_id: IDENTIFIER,
  trigger: /^(deploy|schedule|operator)$/,
  mode: /^(incremental|refresh)$/,
  started_at: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/,
  files: COUNT,
  bytes: COUNT,
  vanished_files: COUNT,
  generation: COUNT,
  query_id: COUNT,
  lock_wait_ms: COUNT,
  applied_migrations: COUNT,
  songs_max_errors: COUNT,
  events_max_errors: COUNT,
  load_digest: DIGEST,
  source_digest: DIGEST,
  loader_user: USER,
  analyst_user: USER,
  operator_user: USER,
  copy_role_arn: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  source_region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  log_jsonpaths_url: URL,
  songs_manifest_url: URL,
  events_manifest_url: URL,
  files_url: URL,
  listing_url: URL,
  buckets: /^(all|none|[0-9a-f]{3}(,[0-9a-f]{3})*)$/,
};

/** Values for the placeholders, by their names. */
export type Values = Readonly<Record<string, string | number | undefined>>;

/**
 * Fills `{{name}}` and puts the tag before the statement by which a person finds its file in SYS_QUERY_HISTORY. COPY
 * takes no parameters, so values stand in the text: each must match the strict shape of its placeholder.
 * @throws ConfigurationError for an unknown placeholder, a missing value or one of another shape
 */
export function renderSql(sql: SqlFile, runId: string, values: Values): string {
  const text = sql.text.trimEnd().replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const shape = PLACEHOLDERS[name];
    const value = values[name];
    if (shape === undefined)
      throw new ConfigurationError(`sql/${sql.file} uses the unknown placeholder ${name}`, ADVICE);
    if (value === undefined || !shape.test(String(value)))
      throw new ConfigurationError(
        `sql/${sql.file}: the value of ${name} is ${value === undefined ? 'missing' : `'${value}'`}`,
        `It must match ${shape.source}.`,
      );
    return String(value);
  });
  return tagged(sql.file, runId, text);
}

/** Puts the tag before a statement. @throws ConfigurationError when it is longer than the Data API takes */
export function tagged(file: string, runId: string, text: string): string {
  const statement = `/* sparkify run=${runId} file=${file} */\n${text}`;
  if (Buffer.byteLength(statement) > STATEMENT_LIMIT)
    throw new ConfigurationError(
      `sql/${file} has ${Buffer.byteLength(statement)} bytes, the Data API takes ${STATEMENT_LIMIT} a statement`,
      'Split it and deploy again.',
    );
  return statement;
}

/** The file that a statement's tag names. */
export function taggedFile(statement: string): string | undefined {
  return /^\/\* sparkify run=\S+ file=(\S+) \*\//.exec(statement)?.[1];
}
