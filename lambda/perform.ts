import type { S3Client } from '@aws-sdk/client-s3';
import { renderSql, tagged } from '../statements/render';
import type { Migration, SqlTree } from '../statements/tree';
import { batchFor, clientToken, identityOf, sourceDigest, statementName, valuesFor } from './batches';
import { cancelRun } from './cancel';
import type { FunctionConfig } from './config';
import { Discovery, type DiscoveryLimits } from './discovery';
import { type DryRun, planDryRun } from './dry-run';
import { classify, classifySql, type Failure, isLoadError, isSuperseded } from './errors';
import { explainLoadErrors } from './load-errors';
import { emptySources, type LoadSource, loadSources } from './load-sources';
import type { Log } from './log';
import { type AppliedMigration, appliedStatement, nextAlone, pendingMigrations, unknownMigrations } from './migrations';
import { failureReason } from './report';
import type { StepTiming } from './run-steps';
import type { Action, Comparison, Happened, RunState, Step } from './state';
import type { Identity, PartReport, Row, StatementReport, Warehouse } from './warehouse';
import { WorkBucketFiles } from './work-files';

/** What the actions are done with. */
export interface Tools {
  readonly config: FunctionConfig;
  readonly sql: SqlTree;
  readonly warehouse: Warehouse;
  /** S3 in the source bucket's region. */
  readonly sourceS3: S3Client;
  /** S3 in the function's own region. */
  readonly workS3: S3Client;
  readonly now: () => number;
  readonly log: Log;
  readonly limits?: DiscoveryLimits;
}

/**
 * Does the core's actions. It keeps nothing that the state does not have, but for what it has read from the warehouse
 * or S3 a moment ago and would only read again.
 */
export class Performer {
  private applied: readonly AppliedMigration[] | undefined;
  private startBy = 0;
  private readonly sources: readonly LoadSource[];
  private readonly discovery: Discovery;

  constructor(private readonly tools: Tools) {
    const { config, sql, limits, sourceS3, warehouse, workS3 } = tools;
    const work = new WorkBucketFiles(workS3, config.workBucket);
    this.sources = loadSources(sql, config);
    const { sources } = this;
    this.discovery = new Discovery({ sources, mayBeEmpty: config.sourceMayBeEmpty, sourceS3, warehouse, work, limits });
  }

  /**
   * Never throws.
   * @param startBy after this moment no statement may be started, in milliseconds since the epoch
   * @returns what happened, or `stale` where a statement would have been started too late
   */
  async perform(action: Action, state: RunState, startBy: number): Promise<Happened | 'stale'> {
    this.startBy = startBy;
    try {
      return await this.attempt(action, state);
    } catch (error) {
      if (error instanceof TooLate) return 'stale';
      return { got: 'trouble', failure: classify(error, describe(action)) };
    }
  }

  private async attempt(action: Action, state: RunState): Promise<Happened> {
    switch (action.do) {
      case 'submit':
        return this.submit(action.step, state);
      case 'poll':
        return this.poll(action.step, action.id, state);
      case 'read':
        return this.read(action.step, action.id);
      case 'list sources':
        return this.list(state);
      case 'collect files':
        return this.collect(state);
      case 'plan':
        return { got: 'planned', plan: await this.plan(state) };
      case 'explain':
        return this.explain(action.id, state);
      case 'cancel':
        return this.cancel(state, action.id);
      case 'pause':
      case 'end':
        return { got: 'resumed' };
    }
  }

  private async submit(step: Step, state: RunState): Promise<Happened> {
    const { warehouse, sql, config } = this.tools;
    if (step === 'record failure') return { got: 'submitted', ...(await this.submitFailure(state)) };
    const applied = step === 'migrate' ? await this.appliedMigrations(state, 'admin') : [];
    if (step === 'migrate' && state.unrecorded === undefined) {
      const pending = this.pending(applied);
      // Since this run has looked another one has applied them, or itself did and died before it heard of it.
      if (pending.length === 0) return { got: 'migrations', pending: 0, admitted: false };
      const alone = nextAlone(pending);
      if (alone !== undefined) return this.submitAlone(alone, state);
    }
    const batch = batchFor(step, state, sql, config, applied);
    return { got: 'submitted', ...(await this.inTime(() => warehouse.submit(batch))) };
  }

  /** Every statement is started through here. @throws TooLate */
  private inTime<T>(start: () => Promise<T>): Promise<T> {
    if (this.tools.now() > this.startBy) throw new TooLate();
    return start();
  }

  private async cancel(state: RunState, id: string | undefined): Promise<Happened> {
    const { committed, running } = await cancelRun(this.tools.warehouse, this.tools.config, state, id);
    if (committed === undefined) return { got: 'cancelled', running };
    const { report, sentAt } = committed;
    return { got: 'cancelled', running, committed: { id: report.id, steps: timings('load', report, sentAt) } };
  }

  private pending(applied: readonly AppliedMigration[]): readonly Migration[] {
    return pendingMigrations(this.tools.sql.migrations, applied);
  }

  /** A migration that Redshift refuses in a transaction block: a statement by itself; its row follows. */
  private async submitAlone({ sql: { file, text }, version }: Migration, state: RunState): Promise<Happened> {
    const { warehouse, config } = this.tools;
    const sql = tagged(file, state.runId, text.trimEnd());
    const token = clientToken(state, 'migrate', [sql]);
    const name = statementName(config, state.runId, 'migrate');
    const sent = await this.inTime(() => warehouse.execute({ as: 'admin', name, token, sql }));
    return { got: 'submitted', migration: version, ...sent };
  }

  private async submitFailure(state: RunState): Promise<{ readonly id: string; readonly ended: boolean }> {
    const { warehouse, sql, config } = this.tools;
    const file = fileOf(sql, 'failure/010_record');
    const statement = renderSql(file, state.runId, valuesFor(state, sql, config));
    const request = {
      as: identityOf('record failure'),
      name: statementName(config, state.runId, 'record failure'),
      token: clientToken(state, 'record failure', [statement]),
      sql: statement,
      parameters: { error: cutBytes(failureReason(state), 4000) },
    };
    return this.inTime(() => warehouse.execute(request));
  }

  /** What the prepare batch has read; read once more where another invocation did it. */
  private async appliedMigrations(state: RunState, as: Identity): Promise<readonly AppliedMigration[]> {
    if (this.applied !== undefined) return this.applied;
    const { warehouse, config } = this.tools;
    const sqls = [appliedStatement(state.runId)];
    const token = clientToken(state, 'applied', sqls);
    const name = statementName(config, state.runId, 'applied');
    const { id } = await this.inTime(() => warehouse.submit({ as, name, token, sqls, mode: 'TRANSACTION' }));
    this.applied = asApplied(await warehouse.allRows(`${id}:1`));
    return this.applied;
  }

  private async poll(step: Step, id: string, state: RunState): Promise<Happened> {
    const sentAt = state.statement?.sentAt ?? this.tools.now();
    const report = await this.tools.warehouse.describe(id, true);
    if (report.status === 'running') return { got: 'running' };
    if (report.status === 'finished') return { got: 'finished', steps: timings(step, report, sentAt) };
    const refused = refusal(step, report);
    return state.dryRun === true && step === 'survey' ? beforeFirstDeploy(refused) : refused;
  }

  private async read(step: 'prepare' | 'compare' | 'load', id: string): Promise<Happened> {
    const { warehouse, sql, log } = this.tools;
    const report = await warehouse.describe(id, false);
    if (step === 'compare') return { got: 'comparison', comparison: await this.comparison(report) };
    if (step === 'load') return { got: 'counts', counts: numbers(await this.lastRows(report)) };
    const rows = (name: string): Promise<readonly Row[]> =>
      this.rowsOf(report, partOf(report, `run/prepare/${name}.sql`));
    this.applied = asApplied(await rows('030_applied'));
    const admitted = Number((await rows('040_admitted'))[0]?.admitted) === sql.run.access.length;
    const pending = this.pending(this.applied);
    const unknown = unknownMigrations(sql.migrations, this.applied);
    if (unknown.length > 0) log('warn', 'the warehouse has migrations of a newer version', { unknown });
    return { got: 'migrations', pending: pending.length, admitted };
  }

  private lastRows(report: StatementReport): Promise<readonly Row[]> {
    return this.rowsOf(report, report.parts.at(-1));
  }

  private rowsOf(report: StatementReport, part: PartReport | undefined): Promise<readonly Row[]> {
    return this.tools.warehouse.allRows(part?.id ?? report.id);
  }

  private async comparison(report: StatementReport): Promise<Comparison> {
    const { sql, config } = this.tools;
    const part = (name: string): PartReport | undefined => partOf(report, `run/compare/${name}.sql`);
    const rows = (name: string): Promise<readonly Row[]> => this.rowsOf(report, part(name));
    const [generation, thisRun, lastRun, totals, bySource, vanished] = [
      (await rows('030_generation'))[0],
      (await rows('040_this_run'))[0],
      (await rows('050_last_run'))[0],
      (await rows('060_totals'))[0],
      await rows('062_new_by_source'),
      await rows('065_vanished_files'),
    ];
    const loadChanged = lastRun !== undefined && lastRun.load_digest !== sql.loadDigest;
    const sourcesChanged = lastRun !== undefined && lastRun.source_digest !== sourceDigest(config);
    return {
      generation: Number(generation?.generation ?? 0),
      newFiles: Number(totals?.new_files ?? 0),
      newBytes: Number(totals?.new_bytes ?? 0),
      newBySource: Object.fromEntries(bySource.map(({ source, files }) => [String(source), Number(files)])),
      newFilesOutside: Number(totals?.new_files_outside ?? 0),
      newFilesUndated: Number(totals?.new_files_undated ?? 0),
      changedFiles: Number(totals?.changed_files ?? 0),
      vanishedFiles: Number(totals?.vanished_files ?? 0),
      vanished: vanished.map(({ url }) => String(url)),
      firstLoad: lastRun === undefined,
      ...(config.sourceMayBeEmpty && lastRun === undefined && listed(totals) === 0 && { awaitsData: true }),
      loadChanged,
      sourcesChanged,
      ...((loadChanged || sourcesChanged) &&
        lastRun.since_begin === true && {
          otherVersion: { runId: String(lastRun.run_id), trigger: String(lastRun.trigger) },
        }),
      alreadyDone: thisRun !== undefined,
      newFilesStatementId: part('070_new_files')?.id ?? report.id,
    };
  }

  private async list(state: RunState): Promise<Happened> {
    const since = this.tools.now();
    const listing = await this.discovery.list(state);
    for (const url of emptySources(listing, this.sources))
      this.tools.log('warn', `no file lies below ${url}: a source of sql/sources.yaml without files`);
    return { got: 'listing', listing, milliseconds: this.tools.now() - since };
  }

  private async collect(state: RunState): Promise<Happened> {
    const since = this.tools.now();
    const collected = await this.discovery.collect(state);
    return { got: 'collected', collected, milliseconds: this.tools.now() - since };
  }

  private async plan(state: RunState): Promise<DryRun> {
    const { sql, config } = this.tools;
    return planDryRun(state, this.discovery, sql, config, await this.appliedMigrations(state, 'loader'));
  }

  /** Reads what the failed COPY stumbled over, in statements of their own: its transaction is gone. */
  private async explain(id: string, state: RunState): Promise<Happened> {
    const unexplained: Failure = state.failure ?? classifySql('the load failed', 'load');
    const failed = (await this.tools.warehouse.describe(id, false)).parts.find(({ status }) => status === 'failed');
    if (failed?.queryId === undefined) return { got: 'explanation', failure: unexplained };
    const details = await this.query('failure/020_load_errors', failed.queryId, state);
    // Serverless and Multi-AZ clusters have no stl_load_errors: the message then goes without the value.
    const values = await this.query('failure/030_rejected_values', failed.queryId, state).catch((error: unknown) => {
      if (error instanceof TooLate) throw error;
      return [];
    });
    const { sql, config } = this.tools;
    const [source, copy] = Object.entries(sql.copies).find(([, each]) => each.sql.file === failed.file) ?? [];
    const allowed = config.sources[source ?? '']?.rejects ?? 0;
    return { got: 'explanation', failure: explainLoadErrors(copy?.table, details, values, unexplained, allowed) };
  }

  private async query(name: string, queryId: number, state: RunState): Promise<readonly Row[]> {
    const { warehouse, sql, config } = this.tools;
    const statement = renderSql(fileOf(sql, name), state.runId, { query_id: queryId });
    const request = {
      as: 'loader' as const,
      name: statementName(config, state.runId, 'explain'),
      token: clientToken(state, name, [statement]),
      sql: statement,
    };
    const { id, ended } = await this.inTime(() => warehouse.execute(request));
    if (!ended) await warehouse.describe(id, true);
    return warehouse.allRows(id);
  }
}

/** The state was written down too long ago to start a statement: see run.ts. */
class TooLate extends Error {
  override readonly name = 'TooLate';
}

function fileOf(sql: SqlTree, name: string): SqlTree['load'][number] {
  const file = sql.run.failure.find((each) => each.file === `run/${name}.sql`);
  if (file === undefined) throw new Error(`sql/run/${name}.sql is missing from the bundle`);
  return file;
}

function partOf(report: StatementReport, file: string): PartReport | undefined {
  return report.parts.find((part) => part.file === file);
}

function asApplied(rows: readonly Row[]): readonly AppliedMigration[] {
  return rows.map(({ version, name, checksum }) => ({
    version: Number(version),
    name: String(name),
    checksum: String(checksum),
  }));
}

/** Files that a comparison with an empty ledger has met, whatever days were asked for. */
function listed(totals: Row | undefined): number {
  const { new_files = 0, new_files_outside = 0, new_files_undated = 0 } = totals ?? {};
  return Number(new_files) + Number(new_files_outside) + Number(new_files_undated);
}

function numbers(rows: readonly Row[]): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
}

/** One timing a statement of the load, one for each other batch. */
function timings(step: Step, report: StatementReport, sentAt: number): readonly StepTiming[] {
  if (step !== 'load') return [{ step, startedAt: sentAt, milliseconds: report.milliseconds }];
  let startedAt = sentAt;
  return report.parts.map(({ file, milliseconds }) => {
    const timing = { step: file ?? step, startedAt, milliseconds };
    startedAt += milliseconds;
    return timing;
  });
}

/** Its only way to fail: another run has migrated meanwhile. */
const MIGRATION_FENCE = 'run/migrate/020_fence.sql';

function cancelledByHand(where: string): Failure {
  return {
    kind: 'warehouse',
    message: `${where} was cancelled by a person or a program`,
    advice: 'SYS_QUERY_HISTORY tells by whom; then start the run again.',
  };
}

function refusal(step: Step, report: StatementReport): Happened {
  const failed = report.parts.find(({ status }) => status === 'failed');
  const text = failed?.error ?? report.error ?? `the statement was ${report.status}`;
  const where = failed?.file === undefined ? `step ${step}` : `sql/${failed.file}`;
  return {
    got: 'refused',
    failure: report.status === 'aborted' ? cancelledByHand(where) : classifySql(text, where),
    superseded: isSuperseded(text),
    explainable: step === 'load' && isLoadError(text),
    raced: /already exists/.test(text) || failed?.file === MIGRATION_FENCE,
  };
}

/** A dry run creates neither tables nor users: without them it has nothing to compare with, and nobody to be. */
function beforeFirstDeploy(refused: Happened): Happened {
  if (
    refused.got !== 'refused' ||
    !/does not exist|password authentication failed|permission denied/.test(refused.failure.message)
  )
    return refused;
  const message = `the warehouse has no ledger yet, or no user for this version (${refused.failure.message})`;
  return {
    ...refused,
    failure: { kind: 'configuration', message, advice: 'Deploy first: a dry run creates nothing.' },
  };
}

function describe(action: Action): string {
  const step = 'step' in action ? ` (${action.step})` : '';
  return `${action.do}${step}`;
}

/** At most so many bytes of UTF-8, never half a character. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes - 3) return `${kept}…`;
    kept += character;
  }
  return kept;
}
