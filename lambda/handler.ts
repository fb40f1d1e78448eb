import type { DurableContext, RetryDecision, WaitForConditionDecision } from '@aws/durable-execution-sdk-js';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { S3Client } from '@aws-sdk/client-s3';
import { readSqlTree, type SqlTree } from '../statements/tree';
import { isEnded } from './advance';
import { statementPrefix } from './batches';
import type { Outcome, ResponseData } from './cloudformation';
import { type FunctionConfig, readConfig } from './config';
import { lastDeploy, propertiesDigest, rememberDeploy } from './deploys';
import type { DiscoveryLimits } from './discovery';
import type { DryRun } from './dry-run';
import { classify, TransientError } from './errors';
import { type Assignment, type CloudFormationRequest, isCloudFormationRequest, readEvent } from './events';
import { jsonLog, type Log } from './log';
import { runMetrics } from './metrics';
import { Performer } from './perform';
import { countRuns, FADING, type Stopped, stopRuns } from './remove';
import { failureReason, type LeftAlone, leftAlone, responseData, successReason } from './report';
import { goOn } from './run';
import { newRun, type RunState } from './state';
import { dataApiTarget } from './target';
import { Warehouse } from './warehouse';

/** What the handler reaches the world by. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sqlRoot: string;
  /** Instead of the files below the root. */
  readonly sql?: SqlTree;
  /** How much of a listing is held in memory, where it is not what discovery says. */
  readonly limits?: DiscoveryLimits;
  readonly now: () => number;
  readonly write: (line: string) => void;
  readonly respond: (request: CloudFormationRequest, outcome: Outcome) => Promise<void>;
  readonly lambda: () => LambdaClient;
  readonly redshiftData: () => RedshiftDataClient;
  /** @param region undefined for the function's own */
  readonly s3: (region?: string) => S3Client;
}

/** What the durable execution leaves behind. */
export interface RunResult {
  readonly run: string;
  readonly outcome: 'succeeded' | 'deleted' | 'failed';
  readonly reason: string;
  /** What a dry run found. */
  readonly plan?: DryRun;
  /** What the run has left alone, where it has: files that are gone, files of other days. */
  readonly left?: LeftAlone;
}

/**
 * One execution: reads the event, does the run in one durable wait, answers CloudFormation in one durable step.
 * @throws Error when a run that nobody waits for has failed, so that the execution counts as failed
 */
export async function handle(event: unknown, context: DurableContext, world: World): Promise<RunResult> {
  const waiting = isCloudFormationRequest(event) ? event : undefined;
  // Delete needs nothing to be right, not even the function's own configuration.
  if (waiting?.RequestType === 'Delete') return remove(waiting, context, world);
  let config: FunctionConfig;
  let assignment: Assignment;
  try {
    assignment = readEvent(event);
    config = readConfig(world.environment);
  } catch (error) {
    const failure = classify(error, 'reading the event');
    const reason = `${failure.message}. ${failure.advice}`;
    return end(waiting, context, world, 'none', 'failed', { succeeded: false, reason });
  }
  if (waiting?.RequestType === 'Update') {
    const known = await inPlace(waiting, context, world, config);
    if (known !== null)
      return end(waiting, context, world, assignment.runId, 'succeeded', { succeeded: true, ...known });
  }
  // Written down before anything that tells it is sent: the same statement then always goes under the same token.
  const startedAt = await context.step('begin', async () => world.now());
  const state = await load(assignment, startedAt, context, world, config);
  const succeeded = state.phase === 'succeeded';
  const reason = succeeded ? successReason(state) : failureReason(state);
  const outcome = { succeeded, reason, data: responseData(state) };
  const told = waiting === undefined ? outcome : await remember(waiting, context, world, config, outcome);
  const result = await end(waiting, context, world, state.runId, told.succeeded ? 'succeeded' : 'failed', told);
  const { plan } = state;
  const left = leftAlone(state);
  return { ...result, ...(plan && { plan }), ...(left && { left }) };
}

/**
 * CloudFormation sends an Update to the properties that already are in place only when it rolls a failed one back. The
 * failed load has left nothing behind, so there is nothing to do; and doing it could fail on the same source file.
 * @returns the answer of the deploy that put them in place, or null when there is work to do or nobody can tell: an
 * error must not keep CloudFormation waiting for an answer
 */
async function inPlace(
  request: CloudFormationRequest,
  context: DurableContext,
  world: World,
  config: FunctionConfig,
): Promise<{ readonly reason: string; readonly data: ResponseData } | null> {
  const look = async (): Promise<{ readonly reason: string; readonly data: ResponseData } | null> => {
    const last = await lastDeploy(world.s3(), config.workBucket, request);
    if (last?.properties !== propertiesDigest(request)) return null;
    return { reason: 'rolled back: the warehouse is as the last deploy that succeeded left it', data: last.data };
  };
  return context.step('look for the last deploy', look, { retryStrategy: patiently }).catch(() => null);
}

/** A deploy that is not remembered has failed: a later rollback would be told that the one before is in place. */
async function remember(
  request: CloudFormationRequest,
  context: DurableContext,
  world: World,
  config: FunctionConfig,
  outcome: Outcome,
): Promise<Outcome> {
  const keep = (): Promise<Outcome> => rememberDeploy(world.s3(), config.workBucket, request, outcome);
  try {
    return await context.step('remember the deploy', keep, { retryStrategy: patiently });
  } catch (error) {
    if (!outcome.succeeded) return outcome;
    const cause = String((error as Error).message);
    const advice = 'Deploy again when it can be reached: nothing is loaded twice.';
    const reason = `${outcome.reason}, but the work bucket did not take the record of this deploy: ${cause}. ${advice}`;
    return { ...outcome, succeeded: false, reason };
  }
}

function load(
  assignment: Assignment,
  startedAt: number,
  context: DurableContext,
  world: World,
  config: FunctionConfig,
): Promise<RunState> {
  const log = jsonLog(assignment.runId, world.now, world.write);
  let performer: Performer | undefined;
  const goOnSafely = async (begun: RunState): Promise<RunState> => {
    try {
      performer ??= makePerformer(config, world, log);
      return await goOn(begun, performer, world.now, log);
    } catch (error) {
      const failed: RunState = { ...begun, phase: 'failed', failure: classify(error, 'the run') };
      log('error', failureReason(failed), { kind: failed.failure?.kind });
      return failed;
    }
  };
  const look = async (begun: RunState): Promise<RunState> => {
    const after = await goOnSafely(begun);
    // A dry run is no run: neither its end nor its failure is an operator's business.
    if (isEnded(after.phase) && after.dryRun !== true)
      log('info', 'metrics', runMetrics(after, config.environmentName, world.now()));
    return after;
  };
  return context.waitForCondition<RunState>('run', look, {
    initialState: newRun(assignment, startedAt, config.loadDeadlineSeconds),
    waitStrategy: nextLook,
  });
}

/** Our own and not createWaitStrategy, which gives up after 60 attempts. */
function nextLook(state: RunState): WaitForConditionDecision {
  if (isEnded(state.phase)) return { shouldContinue: false };
  return { shouldContinue: true, delay: { seconds: Math.max(1, state.pauseSeconds) } };
}

const MINUTE = 60_000;

const trees = new Map<string, SqlTree>();

/** The files of a bundle never change: one process reads them once, however often its runs are resumed. */
function sqlTree(root: string): SqlTree {
  const tree = trees.get(root) ?? readSqlTree(root);
  trees.set(root, tree);
  return tree;
}

function makePerformer(config: FunctionConfig, world: World, log: Log): Performer {
  return new Performer({
    config,
    sql: world.sql ?? sqlTree(world.sqlRoot),
    limits: world.limits,
    warehouse: makeWarehouse(config, world),
    sourceS3: world.s3(config.sourceRegion),
    workS3: world.s3(),
    now: world.now,
    log,
  });
}

function makeWarehouse(config: FunctionConfig, world: World): Warehouse {
  return new Warehouse(world.redshiftData(), (identity) => dataApiTarget(config, identity));
}

async function remove(request: CloudFormationRequest, context: DurableContext, world: World): Promise<RunResult> {
  const run = `delete-${request.RequestId}`.toLowerCase();
  const log = jsonLog(run, world.now, world.write);
  const self = context.executionContext.durableExecutionArn;
  const warehouse = (): { readonly warehouse: Warehouse; readonly prefix: string } => {
    const config = readConfig(world.environment);
    return { warehouse: makeWarehouse(config, world), prefix: statementPrefix(config.environmentName) };
  };
  const stop = async (): Promise<Stopped> => {
    try {
      const target = warehouse();
      return await stopRuns(self, world.lambda(), target.warehouse, target.prefix, log);
    } catch (error) {
      if (error instanceof TransientError) throw error;
      return { runs: 0, reason: `Nothing was stopped: ${String((error as Error).message)}` };
    }
  };
  const found = await context
    .step('look for runs', () => countRuns(self, world.lambda()), { retryStrategy: patiently })
    .catch(() => 1);
  // What is throttled now would run on after the answer: again for some minutes, then the Delete goes on without.
  const { runs, reason } = await context
    .step('stop runs', stop, { retryStrategy: patiently })
    .catch((error: unknown) => ({ runs: 1, reason: `Not all was stopped: ${String((error as Error).message)}` }));
  if (found + runs > 0) await fade(context, world, async () => warehouse().warehouse.cancelAll(warehouse().prefix));
  return end(request, context, world, run, 'deleted', { succeeded: true, reason });
}

/** Stopped runs may still start statements for a moment: cancels those too, until nothing can come any more. */
async function fade(context: DurableContext, world: World, cancelAll: () => Promise<number>): Promise<void> {
  interface Fading {
    /** Milliseconds since the epoch, 0 before the first look. */
    readonly since: number;
    readonly over: boolean;
  }
  const look = async ({ since }: Fading): Promise<Fading> => {
    const now = world.now();
    const begun = since === 0 ? now : since;
    const cancelled = await cancelAll().catch(() => undefined);
    const over = now - begun > (cancelled === undefined ? 4 * MINUTE : FADING);
    return { since: begun, over };
  };
  await context.waitForCondition<Fading>('cancel what stopped runs still start', look, {
    initialState: { since: 0, over: false },
    waitStrategy: ({ over }) => (over ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: 4 } }),
  });
}

/** Eight times within three minutes. */
function patiently(_error: Error, attempt: number): RetryDecision {
  return attempt < 8 ? { shouldRetry: true, delay: { seconds: Math.min(2 ** attempt, 60) } } : { shouldRetry: false };
}

async function end(
  request: CloudFormationRequest | undefined,
  context: DurableContext,
  world: World,
  run: string,
  result: RunResult['outcome'],
  outcome: Outcome,
): Promise<RunResult> {
  if (request === undefined) {
    if (!outcome.succeeded) throw new Error(outcome.reason);
    return { run, outcome: result, reason: outcome.reason };
  }
  await context.step('answer CloudFormation', () => world.respond(request, outcome), { retryStrategy: patiently });
  return { run, outcome: result, reason: outcome.reason };
}
