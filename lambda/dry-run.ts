import { taggedFile } from '../statements/render';
import type { SqlTree } from '../statements/tree';
import { batchFor } from './batches';
import type { FunctionConfig } from './config';
import { type Discovery, refreshRange } from './discovery';
import type { Mode } from './events';
import { emptySources, loadSources } from './load-sources';
import type { SourceFile } from './manifests';
import { type AppliedMigration, pendingMigrations } from './migrations';
import type { Extent, RunState } from './state';

/** What a run would do now. */
export interface DryRun {
  readonly mode: Mode;
  /** Why it would be a refresh. */
  readonly why: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** The first of the files. */
  readonly firstFiles: readonly { readonly url: string; readonly bytes: number }[];
  readonly changedFiles: number;
  readonly vanishedFiles: number;
  /** The first of the vanished files. */
  readonly vanished: readonly string[];
  /** New files that the run would leave alone: of other days, or without a day in their name. */
  readonly outsideDays: number;
  readonly undatedFiles: number;
  /** Addresses of sources below which no file lies, where others have files. */
  readonly emptySources: readonly string[];
  /** Migrations that would be applied before. */
  readonly migrations: readonly string[];
  /** The SQL files that would run, in their order. */
  readonly statements: readonly string[];
}

/** Even with the longest of names they stay far below what an execution's step may hold, 256 KB. */
const SHOWN_FILES = 100;

/** Makes the plan of a run that has compared; it reads a few names and changes nothing. */
export async function planDryRun(
  state: RunState,
  discovery: Discovery,
  sql: SqlTree,
  config: FunctionConfig,
  applied: readonly AppliedMigration[],
): Promise<DryRun> {
  const { comparison, mode = 'incremental' } = state;
  const found = extent(state);
  const { files, bytes } = found;
  return {
    mode,
    why: reasons(state),
    files,
    bytes,
    firstFiles:
      files === 0 ? [] : await first(mode === 'refresh' ? discovery.forRefresh(state) : discovery.newFiles(state)),
    changedFiles: comparison?.changedFiles ?? 0,
    vanishedFiles: comparison?.vanishedFiles ?? 0,
    vanished: comparison?.vanished ?? [],
    outsideDays: comparison?.newFilesOutside ?? 0,
    undatedFiles: comparison?.newFilesUndated ?? 0,
    emptySources: emptySources(state.listing, loadSources(sql, config)),
    migrations: pendingMigrations(sql.migrations, applied).map(({ sql: { file } }) => file),
    statements: statements(state, found, sql, config),
  };
}

function extent(state: RunState): Extent {
  const { mode, comparison, listing } = state;
  const none: Extent = { files: 0, bytes: 0, bySource: {} };
  if (mode === 'refresh') return (refreshRange(state) === undefined ? listing?.total : listing?.wanted) ?? none;
  if (comparison === undefined) return none;
  return { files: comparison.newFiles, bytes: comparison.newBytes, bySource: comparison.newBySource };
}

function reasons({ requested, comparison }: RunState): readonly string[] {
  const found: readonly (readonly [boolean | undefined, string])[] = [
    [requested === 'refresh', 'it was asked for'],
    [comparison?.firstLoad, 'no run has succeeded yet'],
    [comparison?.loadChanged, 'the SQL of the load has changed'],
    [comparison?.sourcesChanged, 'the addresses of the sources have changed'],
    [(comparison?.changedFiles ?? 0) > 0, 'files that were loaded have changed'],
  ];
  return found.flatMap(([holds, reason]) => (holds === true ? [reason] : []));
}

/** The names of what the run would send, from the very batches that it would send. */
function statements(
  state: RunState,
  { files, bytes, bySource }: Extent,
  sql: SqlTree,
  config: FunctionConfig,
): readonly string[] {
  const root = `runs/${state.runId}/`;
  const keysBySource = (keyOf: (name: string) => string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.keys(bySource).map((name) => [name, keyOf(name)]));
  const collected = {
    digest: 'none',
    files,
    bytes,
    ledgerPrefix: `${root}files/`,
    manifests: keysBySource((name) => `${root}${name}.manifest`),
    jsonPaths: keysBySource((name) => `${root}${name}.jsonpaths.json`),
  };
  if (state.mode === 'refresh' && files === 0) return [];
  const batches = (['load', 'maintain'] as const).map((step) =>
    batchFor(step, { ...state, collected }, sql, config, []),
  );
  return batches.flatMap(({ sqls }) => sqls.map((each) => taggedFile(each) ?? ''));
}

async function first(files: AsyncIterable<SourceFile>): Promise<DryRun['firstFiles']> {
  const shown: { readonly url: string; readonly bytes: number }[] = [];
  for await (const { url, sizeBytes } of files) {
    shown.push({ url, bytes: sizeBytes });
    if (shown.length === SHOWN_FILES) break;
  }
  return shown;
}
