import { UsageError } from '../errors';
import { Progress } from '../progress';
import { runNamed } from '../run-history';
import { cancelRun } from '../runs/cancel-run';
import { findRun } from '../runs/find-run';
import { type TargetChoice, withTarget } from '../target';

/**
 * `sparkify cancel RUN_ID`: stops a run that is on its way, and cancels what it has started in the warehouse as far as
 * the Data API lets who asks.
 * @throws UsageError when the run is not on its way
 */
export async function cancel(asked: string, options: TargetChoice): Promise<void> {
  await withTarget(options, async (target) => {
    const { warehouse, executions, outputs } = target;
    const going = (await executions.running(outputs.FunctionAliasArn)).flatMap(({ arn, state }) =>
      state === undefined || state.dryRun ? [] : [{ arn, runId: state.runId }],
    );
    const ids = going.map(({ runId }) => runId);
    const runId = await findRun(warehouse, asked, ids);
    const run = going.find((each) => each.runId === runId);
    if (run === undefined) {
      throw new UsageError(`Run ${runId} is not on its way: there is nothing to cancel. See: sparkify run ${runId}`);
    }
    const cancelled = await new Progress().step(
      'cancel',
      () => cancelRun(target, run),
      (statements) => `run ${runId} stopped, statements cancelled: ${statements}`,
    );
    console.log(await outcome(target, runId, cancelled));
  });
}

async function outcome(
  { warehouse }: Parameters<typeof cancelRun>[0],
  runId: string,
  cancelled: number,
): Promise<string> {
  const row = await runNamed(warehouse, runId);
  if (row?.status === 'succeeded')
    return `Run ${runId} has committed all the same, before it could be stopped: what it loaded is there, and whole.`;
  return cancelled > 0
    ? `The transaction of run ${runId} is rolled back: the warehouse is as before.`
    : `No statement of run ${runId} was to be seen by who asked. One that runs all the same ends by itself, wholly or not at all.`;
}
