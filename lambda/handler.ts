import type { DurableContext, WaitForConditionDecision } from '@aws/durable-execution-sdk-js';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { S3Client } from '@aws-sdk/client-s3';
import { isEnded } from './advance';
import { statementPrefix } from './batches';
import type { Outcome, ResponseData } from './cloudformation';
import { type FunctionConfig, readConfig } from './config';
import { lastDeploy, propertiesDigest, rememberDeploy } from './deploys';
import { classify } from './errors';
import { type Assignment, type CloudFormationRequest, isCloudFormationRequest, readEvent } from './events';
import { jsonLog, type Log } from './log';
import { Performer } from './perform';
import { stopRuns } from './remove';
import { failureReason, responseData, successReason } from './report';
import { goOn } from './run';
import { readSqlTree } from './sql-files';
import { newRun, type RunState } from './state';
import { Warehouse } from './warehouse';

/** What the handler reaches the world by. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sqlRoot: string;
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
  const state = await load(assignment, context, world, config);
  const succeeded = state.phase === 'succeeded';
  const reason = succeeded ? successReason(state) : failureReason(state);
  const outcome = { succeeded, reason, data: responseData(state) };
  if (waiting !== undefined && succeeded) await remember(waiting, context, world, config, outcome.data);
  return end(waiting, context, world, state.runId, succeeded ? 'succeeded' : 'failed', outcome);
}

/**
 * CloudFormation sends an Update to the properties that already are in place only when it rolls a failed one back. The
 * failed load has left nothing behind, so there is nothing to do; and doing it could fail on the same source file.
 * @returns the answer of the deploy that put them in place, or null when there is work to do
 */
function inPlace(
  request: CloudFormationRequest,
  context: DurableContext,
  world: World,
  config: FunctionConfig,
): Promise<{ readonly reason: string; readonly data: ResponseData } | null> {
  return context.step('look for the last deploy', async () => {
    const last = await lastDeploy(world.s3(), config.workBucket, request);
    if (last?.properties !== propertiesDigest(request)) return null;
    return { reason: 'rolled back: the warehouse is as the last deploy that succeeded left it', data: last.data };
  });
}

function remember(
  request: CloudFormationRequest,
  context: DurableContext,
  world: World,
  config: FunctionConfig,
  data: ResponseData,
): Promise<void> {
  return context.step('remember the deploy', () => rememberDeploy(world.s3(), config.workBucket, request, data));
}

function load(
  assignment: Assignment,
  context: DurableContext,
  world: World,
  config: FunctionConfig,
): Promise<RunState> {
  const log = jsonLog(assignment.runId, world.now, world.write);
  let performer: Performer | undefined;
  const look = async (state: RunState): Promise<RunState> => {
    // The clock may only be read inside the wait: outside of it, a replay would read another time.
    const begun = state.startedAt === 0 ? newRun(assignment, world.now(), config.loadDeadlineSeconds) : state;
    try {
      performer ??= makePerformer(config, world, log);
      return await goOn(begun, performer, world.now, log);
    } catch (error) {
      const failure = classify(error, 'the run');
      log('error', failure.message, { kind: failure.kind });
      return { ...begun, phase: 'failed', failure };
    }
  };
  return context.waitForCondition<RunState>('run', look, {
    initialState: newRun(assignment, 0, config.loadDeadlineSeconds),
    waitStrategy: nextLook,
  });
}

/** Our own and not createWaitStrategy, which gives up after 60 attempts. */
function nextLook(state: RunState): WaitForConditionDecision {
  if (isEnded(state.phase)) return { shouldContinue: false };
  return { shouldContinue: true, delay: { seconds: Math.max(1, state.pauseSeconds) } };
}

function makePerformer(config: FunctionConfig, world: World, log: Log): Performer {
  return new Performer({
    config,
    sql: readSqlTree(world.sqlRoot),
    warehouse: makeWarehouse(config, world),
    sourceS3: world.s3(config.sourceRegion),
    workS3: world.s3(),
    now: world.now,
    log,
  });
}

function makeWarehouse(config: FunctionConfig, world: World): Warehouse {
  return new Warehouse(world.redshiftData(), {
    ClusterIdentifier: config.clusterIdentifier,
    Database: config.database,
    DbUser: config.databaseUser,
  });
}

async function remove(request: CloudFormationRequest, context: DurableContext, world: World): Promise<RunResult> {
  const run = `delete-${request.RequestId}`.toLowerCase();
  const log = jsonLog(run, world.now, world.write);
  const self = context.executionContext.durableExecutionArn;
  const reason = await context.step('stop runs', async () => {
    try {
      const config = readConfig(world.environment);
      const prefix = statementPrefix(config.environmentName);
      return await stopRuns(self, world.lambda(), makeWarehouse(config, world), prefix, log);
    } catch (error) {
      return `Nothing was stopped: ${String((error as Error).message)}`;
    }
  });
  return end(request, context, world, run, 'deleted', { succeeded: true, reason });
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
  await context.step('answer CloudFormation', () => world.respond(request, outcome), {
    retryStrategy: (_error, attempt) =>
      attempt < 8 ? { shouldRetry: true, delay: { seconds: Math.min(2 ** attempt, 60) } } : { shouldRetry: false },
  });
  return { run, outcome: result, reason: outcome.reason };
}
