import type { RunningExecution } from '../executions';
import { type RejectRow, rejectsOf } from '../rejects';
import {
  type CheckRow,
  checksOf,
  type LedgerRow,
  ledgerOfRun,
  type RunRow,
  runNamed,
  type StepRow,
  stepsOf,
  type TableCount,
  tableCounts,
} from '../run-history';
import type { Target } from '../target';
import { findRun } from './find-run';
import type { RunState } from './run-state';

/** How many rejected rows a story tells; `sparkify rejects` has all of them. */
const REJECTS_SHOWN = 10;

/** All that is known of a run that has ended. */
export interface EndedRun {
  readonly stackName: string;
  /** The schedule's name, which a nightly run goes by. */
  readonly scheduleName: string;
  readonly run: RunRow;
  /** What the ledger holds of it now, by kind of source; a later run that loads a file again takes its line over. */
  readonly sources: readonly LedgerRow[];
  /** The first of its rejected rows. */
  readonly rejects: readonly RejectRow[];
  readonly checks: readonly CheckRow[];
  readonly steps: readonly StepRow[];
  /** The tables as they are now; undefined for a run that has left them as they were. */
  readonly tables?: readonly TableCount[];
}

/** A run that goes on. */
export interface RunOnItsWay {
  readonly stackName: string;
  readonly executionArn: string;
  readonly running: RunState;
}

export type RunStory = EndedRun | RunOnItsWay;

/** Reads the story of a run. @param asked see `findRun`. @throws UnknownRunError, QueryError */
export async function runStory(target: Target, asked: string): Promise<RunStory> {
  const { warehouse, executions, outputs, stackName } = target;
  const going = await executions.running(outputs.FunctionAliasArn);
  const runId = await findRun(warehouse, asked, asked === 'last' ? [] : idsOf(going));
  const run = await runNamed(warehouse, runId);
  if (run !== undefined) return ended(target, run);
  const execution = going.find(({ state }) => state?.runId === runId);
  if (execution?.state !== undefined) return { stackName, executionArn: execution.arn, running: execution.state };
  // It has ended between the two looks.
  return runStory(target, asked);
}

function idsOf(running: readonly RunningExecution[]): readonly string[] {
  return running.flatMap(({ state }) => (state === undefined || state.dryRun ? [] : [state.runId]));
}

async function ended({ warehouse, outputs, stackName }: Target, run: RunRow): Promise<EndedRun> {
  const { run_id } = run;
  return {
    stackName,
    scheduleName: outputs.ScheduleName,
    run,
    sources: await ledgerOfRun(warehouse, run_id),
    rejects: run.rejected_rows > 0 ? await rejectsOf(warehouse, run_id, REJECTS_SHOWN) : [],
    checks: await checksOf(warehouse, run_id),
    steps: await stepsOf(warehouse, run_id),
    ...(run.status === 'succeeded' && run.files > 0 && { tables: await tableCounts(warehouse) }),
  };
}
