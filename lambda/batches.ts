import { sha256 } from '../statements/digest';
import { idleStatements, loadStatements } from '../statements/load-plan';
import { renderSql, type Values } from '../statements/render';
import type { SqlFile } from '../statements/sql-file';
import type { SqlTree } from '../statements/tree';
import { viewStatements } from '../statements/views';
import type { FunctionConfig } from './config';
import { InternalError } from './errors';
import { type LoadSource, loadSources } from './load-sources';
import { type AppliedMigration, migrationStatements, pendingMigrations, recordStatement } from './migrations';
import { sqlTimestamp, stepsStatement } from './run-steps';
import type { RunState, Step } from './state';
import type { BatchRequest, Identity } from './warehouse';

/** Digest of where the sources are: another one means another star. */
export function sourceDigest({ sources }: Pick<FunctionConfig, 'sources'>): string {
  const names = Object.keys(sources).sort();
  return sha256(...names.flatMap((name) => [name, sources[name]?.url ?? '', sources[name]?.jsonPaths ?? '']));
}

/** Names of statements begin so; Delete cancels by it. */
export function statementPrefix(environmentName: string): string {
  return `sparkify-${environmentName}-`;
}

export function statementName(config: FunctionConfig, runId: string, step: string): string {
  return `${statementPrefix(config.environmentName)}${runId}-${step.replaceAll(' ', '-')}`;
}

/** What a run may have sent and must not commit once it was told to have failed: all but the record of the failure. */
const STEPS = [
  ...(['prepare', 'migrate', 'applied', 'access', 'views'] as const),
  ...(['survey', 'compare', 'load', 'maintain', 'explain'] as const),
] as const;

/** The whole name and not its beginning: operator-x-load is the load of the run x, and the beginning of the run x-load. */
export function isStatementOf(config: FunctionConfig, runId: string, name: string | undefined): boolean {
  return STEPS.some((step) => name === statementName(config, runId, step));
}

/** What makes schemas, tables, views, users and grants is the admin's; all that touches data is the loader's. */
export function identityOf(step: Step): Identity {
  return step === 'prepare' || step === 'migrate' || step === 'access' || step === 'views' ? 'admin' : 'loader';
}

/** Same run, step, sequence and SQL, same token: the Data API then answers with the statement it has. */
export function clientToken(state: RunState, step: string, sqls: readonly string[]): string {
  return sha256(state.runId, step, String(state.sequence), ...sqls);
}

/** The batch of a step, made from the state alone, so that it is the same after a crash. */
export function batchFor(
  step: Exclude<Step, 'record failure'>,
  state: RunState,
  tree: SqlTree,
  config: FunctionConfig,
  applied: readonly AppliedMigration[],
): BatchRequest {
  const sqls = statementsFor(step, state, tree, config, applied);
  return {
    name: statementName(config, state.runId, step),
    token: clientToken(state, step, sqls),
    sqls,
    as: identityOf(step),
    mode: step === 'maintain' ? 'AUTO_COMMIT' : 'TRANSACTION',
  };
}

function statementsFor(
  step: Exclude<Step, 'record failure'>,
  state: RunState,
  tree: SqlTree,
  config: FunctionConfig,
  applied: readonly AppliedMigration[],
): readonly string[] {
  const values = valuesFor(state, tree, config);
  const render = (files: readonly SqlFile[]): readonly string[] =>
    files.map((file) => renderSql(file, state.runId, values));
  switch (step) {
    case 'prepare':
      return render(tree.run.prepare);
    case 'migrate':
      return migrateBatch(state, tree, { ...values, applied_migrations: applied.length }, applied);
    case 'access':
      return render(tree.run.access);
    case 'views':
      return viewStatements(tree, state.runId, values);
    case 'survey':
      return render(tree.run.survey);
    case 'compare':
      // COPY fails where nothing lies below its prefix.
      return render(tree.run.compare.filter(({ when }) => when === undefined || (state.listing?.files ?? 0) > 0));
    case 'load':
      return state.idle
        ? idleStatements(tree, state.runId, state.trigger === 'deploy', values)
        : fullLoad(state, tree, config, values);
    case 'maintain':
      return [
        ...render(tree.run.steps),
        stepsStatement(state.runId, state.steps),
        ...(state.idle ? [] : render(tree.maintain)),
      ];
  }
}

/** The next migrations as one transaction; after one that stands alone, its row. */
function migrateBatch(
  state: RunState,
  tree: SqlTree,
  values: Values,
  applied: readonly AppliedMigration[],
): readonly string[] {
  const before = tree.run.migrate.map((file) => renderSql(file, state.runId, values));
  const done = tree.migrations.find(({ version }) => version === state.unrecorded);
  if (done !== undefined) return [...before, recordStatement(done, state.runId)];
  return [...before, ...migrationStatements(pendingMigrations(tree.migrations, applied), state.runId)];
}

/** STL_LOAD_ERRORS, which alone has them, is there on a cluster in one zone only. */
function showsRejectedValues({ warehouse }: FunctionConfig): boolean {
  return warehouse.kind === 'provisioned' && !warehouse.multiAz;
}

function fullLoad(state: RunState, tree: SqlTree, config: FunctionConfig, values: Values): readonly string[] {
  const { mode, collected, runId } = state;
  if (mode === undefined || collected === undefined)
    throw new InternalError('the load was asked for before its files were collected', 'Report this.');
  const sources = new Set(Object.keys(collected.manifests));
  const rejecting = new Set([...sources].filter((name) => (config.sources[name]?.rejects ?? 0) > 0));
  return loadStatements(tree, { mode, runId, sources, rejecting, rejectedValues: showsRejectedValues(config), values });
}

/**
 * How long a batch waits for its lock, in milliseconds: so long that with its repetitions (see advance.ts) a run spends
 * half of its time at most behind another.
 */
export function lockWait(state: Pick<RunState, 'startedAt' | 'deadlineAt'>): number {
  return Math.max(1000, Math.round((state.deadlineAt - state.startedAt) / 12));
}

/** What the placeholders of the SQL files stand for at this point of the run. */
export function valuesFor(state: RunState, tree: SqlTree, config: FunctionConfig): Values {
  const work = (key: string | undefined): string | undefined =>
    key === undefined ? undefined : `s3://${config.workBucket}/${key}`;
  return {
    run_id: state.runId,
    trigger: state.trigger,
    mode: state.mode ?? state.requested,
    started_at: sqlTimestamp(state.startedAt),
    files: state.collected?.files ?? 0,
    bytes: state.collected?.bytes ?? 0,
    vanished_files: state.comparison?.vanishedFiles ?? 0,
    generation: state.comparison?.generation,
    table_counts: tree.tableCounts,
    load_digest: tree.loadDigest,
    source_digest: sourceDigest(config),
    loader_user: config.loaderUser,
    analyst_user: config.analystUser,
    operator_user: config.operatorUser,
    lock_wait_ms: lockWait(state),
    copy_role_arn: config.copyRoleArn,
    source_region: config.sourceRegion,
    files_url: work(state.collected?.ledgerPrefix),
    listing_url: work(state.listing?.prefix),
    buckets: state.listing?.buckets,
    ...Object.assign({}, ...loadSources(tree, config).map((source) => sourceValues(source, state, work))),
  };
}

function sourceValues(
  { name, rejects, jsonPaths }: LoadSource,
  { collected }: RunState,
  work: (key: string | undefined) => string | undefined,
): Values {
  return {
    [`${name}_manifest_url`]: work(collected?.manifests[name]),
    [`${name}_jsonpaths_url`]: jsonPaths ?? work(collected?.jsonPaths[name]),
    // COPY fails when its errors reach MAXERROR: one more than are allowed.
    [`${name}_max_errors`]: rejects + 1,
  };
}
