import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Copy, findCopies } from './copies';
import { sha256 } from './digest';
import { StatementsError } from './errors';
import { judgeTree } from './judge';
import { parseSources, type Source } from './sources';
import { parseSqlFile, type SqlFile } from './sql-file';
import { tableCounts } from './table-counts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  /** SHA-256 of the file's bytes, in hex. */
  readonly checksum: string;
  readonly sql: SqlFile;
}

/** The whole `sql/` tree. */
export interface SqlTree {
  /** What sql/sources.yaml declares, in its order. */
  readonly sources: readonly Source[];
  /** Texts of the JSONPaths files beside the SQL, by their path below `sql/`. */
  readonly jsonPaths: Readonly<Record<string, string>>;
  /** The COPY of each source, by its name. */
  readonly copies: Readonly<Record<string, Copy>>;
  readonly migrations: readonly Migration[];
  readonly load: readonly SqlFile[];
  readonly checks: readonly SqlFile[];
  readonly maintain: readonly SqlFile[];
  /** The views that people ask, each `create view analytics.…` in a file of its name. */
  readonly analytics: readonly SqlFile[];
  /** Statements of the run itself, by their folder below `run/`. */
  readonly run: Readonly<Record<RunFolder, readonly SqlFile[]>>;
  /** What a run counts at its end, as items of a select list. */
  readonly tableCounts: string;
  /** Digest of `load/` and of the JSONPaths files: where it differs from the last load's, the star is rebuilt. */
  readonly loadDigest: string;
}

const RUN_FOLDERS = [
  'prepare',
  'migrate',
  'access',
  'survey',
  'compare',
  'begin',
  'rejects',
  'ledger',
  'finish',
  'idle',
  'steps',
  'failure',
] as const;
export type RunFolder = (typeof RUN_FOLDERS)[number];

/** A file of the tree before it is read. */
export type SqlText = Pick<SqlFile, 'file' | 'text'>;

/** What gives the files of a tree. */
export interface TreeFiles {
  /** The files of a folder, in the order of their names; none where there is no such folder. */
  folder(name: string): readonly SqlText[];
  /** The text of sql/sources.yaml. */
  readonly sources: string;
  /** The JSONPaths files, as `folder` gives SQL files. */
  readonly jsonPaths: readonly SqlText[];
}

/** The files below a `sql/` folder on disk. @throws StatementsError when it holds no sources.yaml */
export function filesBelow(root: string): TreeFiles {
  const folder = (name: string, ending: string): readonly SqlText[] =>
    existsSync(join(root, name))
      ? readdirSync(join(root, name))
          .filter((file) => file.endsWith(ending))
          .sort()
          .map((file) => ({ file: `${name}/${file}`, text: readFileSync(join(root, name, file), 'utf8') }))
      : [];
  const sources = join(root, 'sources.yaml');
  if (!existsSync(sources))
    throw new StatementsError('sources.yaml', 'there is no such file', 'It declares the sources: restore it.');
  return {
    folder: (name) => folder(name, '.sql'),
    sources: readFileSync(sources, 'utf8'),
    jsonPaths: folder('jsonpaths', '.json'),
  };
}

/**
 * Reads and judges the SQL files, each folder in the order of its names.
 * @param root the `sql/` folder
 * @throws StatementsError for what cannot be deployed: judge.ts says what that is
 */
export function readSqlTree(root: string): SqlTree {
  return makeSqlTree(filesBelow(root));
}

/** The tree of these files. @throws StatementsError as readSqlTree does */
export function makeSqlTree(files: TreeFiles): SqlTree {
  const sources = parseSources(files.sources);
  const names = sources.map(({ name }) => name);
  const folder = (name: string): readonly SqlFile[] =>
    files.folder(name).map(({ file, text }) => parseSqlFile(file, text, names));
  const load = folder('load');
  const copies = findCopies(load);
  const migrations = asMigrations(folder('migrations'));
  const run = Object.fromEntries(RUN_FOLDERS.map((name) => [name, folder(`run/${name}`)]));
  const tree: SqlTree = {
    sources,
    jsonPaths: Object.fromEntries(files.jsonPaths.map(({ file, text }) => [file, text])),
    copies,
    migrations,
    tableCounts: tableCounts(
      migrations.map(({ sql }) => sql),
      copies,
    ),
    load,
    checks: folder('checks'),
    maintain: folder('maintain'),
    analytics: folder('analytics'),
    run: run as Record<RunFolder, readonly SqlFile[]>,
    loadDigest: sha256(...[...load, ...files.jsonPaths].flatMap(({ file, text }) => [file, text])),
  };
  judgeTree(tree);
  return tree;
}

function asMigrations(files: readonly SqlFile[]): readonly Migration[] {
  return files.map((sql, index) => {
    const wanted = String(index + 1).padStart(4, '0');
    const match = /^migrations\/(\d{4})_([a-z0-9_]+)\.sql$/.exec(sql.file);
    if (match === null)
      throw new StatementsError(
        sql.file,
        'a migration is named NNNN_name.sql, with a-z, 0-9 and _ in name',
        `Name it ${wanted}_….sql.`,
      );
    if (Number(match[1]) !== index + 1)
      throw new StatementsError(
        sql.file,
        Number(match[1]) <= index
          ? `number ${match[1]} is doubled: ${files[index - 1]?.file} has it too`
          : `it follows migration ${String(index).padStart(4, '0')}, so that number ${wanted} is missing`,
        `Number migrations without gaps: a new one is ${String(files.length).padStart(4, '0')}_….sql.`,
      );
    return { version: index + 1, name: match[2] as string, checksum: fileChecksum(sql.text), sql };
  });
}

function fileChecksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
