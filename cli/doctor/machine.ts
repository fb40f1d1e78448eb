import { bytes } from '../output';
import { type Finding, findings } from './finding';

/** What there is to know of the machine, as it was found. */
export interface MachineFacts {
  readonly node: string;
  /** Packages that package-lock.json names and node_modules has not, or in another version; undefined without the file. */
  readonly strayPackages: readonly string[] | undefined;
  /** `linux-x64` */
  readonly platform: string;
  /** DuckDB's version; or why its binary does not load. */
  readonly duckdb: { readonly version: string } | { readonly error: string };
  /** Bytes that may be written below the home. */
  readonly freeDisk: number;
  /** Bytes that a new process may take. */
  readonly freeMemory: number;
  /** UV_THREADPOOL_SIZE as it is set here. */
  readonly threadPool: string | undefined;
  readonly git: GitState | undefined;
  readonly home: string;
  readonly homeWritable: boolean;
}

export interface GitState {
  /** Undefined where no branch is checked out. */
  readonly branch: string | undefined;
  readonly commit: string;
  readonly changedFiles: number;
}

const OLDEST_NODE = 20;
/** A start of the generated bucket was measured to take 100 MB of disk, the benchmark 3 GB (docs/performance.md). */
const LITTLE_DISK = 3e9;
const TOO_LITTLE_DISK = 2e8;
/** The processes of such a start were measured to take 0.8 GB together; the engine may take 1 GB where a load is large. */
const LITTLE_MEMORY = 1.5e9;
const TOO_LITTLE_MEMORY = 8e8;
/** Long queries take a thread of libuv's pool each; below this `select 1` waits for them. */
const SMALLEST_POOL = 8;

const { ok, warn, fail } = findings('machine');

/** Judges a machine. */
export function machineFindings(facts: MachineFacts): readonly Finding[] {
  return [node(facts), packages(facts), duckdb(facts), disk(facts), memory(facts), threadPool(facts), git(facts)];
}

function node({ node: version }: MachineFacts): Finding {
  const major = Number(version.split('.')[0]);
  return major >= OLDEST_NODE
    ? ok('Node', version)
    : fail('Node', `${version}; ${OLDEST_NODE} or newer is needed`, `nvm install ${OLDEST_NODE}`);
}

function packages({ strayPackages }: MachineFacts): Finding {
  if (strayPackages === undefined) {
    return fail('packages', 'there is no package-lock.json', 'git checkout HEAD -- package-lock.json');
  }
  if (strayPackages.length === 0) return ok('packages', 'as package-lock.json names them');
  const named = strayPackages.slice(0, 3).join(', ');
  const more = strayPackages.length > 3 ? ` and ${strayPackages.length - 3} more` : '';
  return fail('packages', `not as package-lock.json names them: ${named}${more}`, 'npm ci');
}

function duckdb({ duckdb: engine, platform }: MachineFacts): Finding {
  return 'version' in engine
    ? ok('DuckDB', `${engine.version} for ${platform}`)
    : fail('DuckDB', `its binary for ${platform} does not load: ${engine.error}`, 'npm ci');
}

function disk({ freeDisk, home, homeWritable }: MachineFacts): Finding {
  const elsewhere = 'export SPARKIFY_HOME=FOLDER';
  if (!homeWritable) return fail('disk', `${home} cannot be written`, elsewhere);
  const found = `${bytes(freeDisk)} free for ${home}`;
  if (freeDisk < TOO_LITTLE_DISK) return fail('disk', `${found}; a start needs ${bytes(TOO_LITTLE_DISK)}`, elsewhere);
  return freeDisk < LITTLE_DISK ? warn('disk', `${found}; large buckets need more`, elsewhere) : ok('disk', found);
}

function memory({ freeMemory }: MachineFacts): Finding {
  const found = `${bytes(freeMemory)} free`;
  const what = 'ps aux --sort=-rss | head';
  if (freeMemory < TOO_LITTLE_MEMORY)
    return fail('memory', `${found}; a start needs ${bytes(TOO_LITTLE_MEMORY)}: end what takes it`, what);
  return freeMemory < LITTLE_MEMORY
    ? warn('memory', `${found}; large loads are slow below ${bytes(LITTLE_MEMORY)}`, what)
    : ok('memory', found);
}

function threadPool({ threadPool: set }: MachineFacts): Finding {
  const size = Number(set);
  return set === undefined || size >= SMALLEST_POOL
    ? ok('thread pool', set === undefined ? '16, when sparkify starts' : set)
    : warn(
        'thread pool',
        `UV_THREADPOOL_SIZE is ${set}: a few long queries make all others wait`,
        'unset UV_THREADPOOL_SIZE',
      );
}

/** A deploy takes the checkout as it is: whoever reads the plan should know which that was. */
function git({ git: state }: MachineFacts): Finding {
  if (state === undefined) return ok('git', 'no repository: this checkout has no history');
  const { branch, commit, changedFiles } = state;
  const changed = changedFiles === 0 ? 'nothing changed' : `${changedFiles} files changed since`;
  return branch === undefined
    ? warn('git', `no branch, at ${commit}; ${changed}`, 'git switch main')
    : ok('git', `${branch} at ${commit}; ${changed}`);
}
