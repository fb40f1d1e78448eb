import { join } from 'node:path';
import { sourceDigest } from '../lambda/batches';
import { readConfig } from '../lambda/config';
import { parseSources, sourcesVariable } from '../statements/sources';
import { filesBelow, makeSqlTree, type SqlText, type SqlTree } from '../statements/tree';
import { OTHER_BUCKET, SOURCE_BUCKET, WORK_BUCKET } from './s3-model';

/** What a deploy puts in place, as far as the load depends on it. A run keeps that of its begin. */
export interface Code {
  /** Which SQL of the load. */
  readonly load: number;
  /** How many migrations follow those of sql/; every other one stands alone. */
  readonly migrations: number;
  /** A migration that is applied was edited. */
  readonly edited: boolean;
  readonly bucket: string;
  /** How many rows of each source a run may reject. */
  readonly rejects: number;
}

export const FIRST_CODE: Code = { load: 0, migrations: 0, edited: false, bucket: SOURCE_BUCKET, rejects: 0 };

const LOADS = 3;
const MOST_MIGRATIONS = 3;

/** The deploys that change something, by what people call them. */
export const CHANGES = {
  'deploy other load SQL': (code) => ({ ...code, load: (code.load + 1) % LOADS }),
  'deploy a migration': (code) => ({ ...code, migrations: Math.min(code.migrations + 1, MOST_MIGRATIONS) }),
  'deploy an edited migration': (code) => ({ ...code, edited: true }),
  'deploy other sources': (code) => ({ ...code, bucket: code.bucket === SOURCE_BUCKET ? OTHER_BUCKET : SOURCE_BUCKET }),
  'deploy other rejects': (code) => ({ ...code, rejects: code.rejects === 0 ? 2 : 0 }),
} as const satisfies Readonly<Record<string, (code: Code) => Code>>;

/** The database users that the function works as. */
export const ADMIN = 'sparkify_admin';
export const LOADER = 'loader';

const ROOT = join(__dirname, '..', 'sql');
const files = filesBelow(ROOT);
const declared = parseSources(files.sources);

/** What the function of this code finds in its environment. */
export function environmentOf({ bucket, rejects }: Code): Readonly<Record<string, string>> {
  return {
    CLUSTER_IDENTIFIER: 'sparkify-sim',
    DATABASE: 'sparkify',
    DATABASE_USER: ADMIN,
    LOADER_USER: LOADER,
    ANALYST_USER: 'analyst',
    OPERATOR_USER: 'operator',
    COPY_ROLE_ARN: 'arn:aws:iam::000000000000:role/copy',
    SOURCE_REGION: 'us-west-2',
    SOURCES: sourcesVariable(declared, bucket, rejects),
    WORK_BUCKET,
    ENVIRONMENT_NAME: 'sim',
    LOAD_DEADLINE_SECONDS: '3300',
  };
}

/** The digest of the sources that a run of this code keeps. */
export function sourceDigestOf(code: Code): string {
  return sourceDigest(readConfig(environmentOf(code)));
}

const trees = new Map<string, SqlTree>();

/** The SQL of this code: that of sql/, changed as people would change it. */
export function sqlOf({ load, migrations, edited }: Code): SqlTree {
  const key = JSON.stringify([load, migrations, edited]);
  const folder = (name: string): readonly SqlText[] => changed(name, files.folder(name), load, migrations, edited);
  const tree = trees.get(key) ?? makeSqlTree({ ...files, folder });
  trees.set(key, tree);
  return tree;
}

function changed(
  folder: string,
  files: readonly SqlText[],
  load: number,
  more: number,
  edited: boolean,
): readonly SqlText[] {
  // Each statement of a changed load says which one it is: by this the model knows what made the star.
  if (folder === 'load' && load > 0) return files.map(({ file, text }) => ({ file, text: `-- load ${load}\n${text}` }));
  if (folder !== 'migrations') return files;
  const known = edited ? files.map((each, index) => (index === 0 ? { ...each, text: `${each.text}\n` } : each)) : files;
  return [...known, ...Array.from({ length: more }, (_, index) => migration(files.length + index + 1, index))];
}

function migration(version: number, index: number): SqlText {
  const file = `migrations/${String(version).padStart(4, '0')}_more_${index}.sql`;
  return { file, text: index % 2 === 0 ? `create table etl.more_${index} (one int)\n` : 'vacuum etl.files\n' };
}

/** Which load a statement is of. */
export function loadOf(sql: string): number {
  return Number(/^-- load (\d+)$/m.exec(sql)?.[1] ?? 0);
}
