import { LoadError, UsageError } from '../errors';
import { interruptible } from '../interruption';
import { locationOptions } from '../location';
import type { Format } from '../output';
import { Progress } from '../progress';
import type { RunRow } from '../run-history';
import { runOf, showEndedRuns } from '../runs/ended-runs';
import { followRun } from '../runs/follow';
import { goesOn } from '../runs/goes-on';
import { scheduledRunId } from '../runs/run-state';
import { isOnAws, type Target, type TargetChoice, withTarget } from '../target';

export interface TickOptions extends TargetChoice {
  readonly format: Extract<Format, 'table' | 'json'>;
}

/** `sparkify tick`: lets the nightly schedule fire once and waits for its load. @throws LoadError when it fails */
export async function tick(options: TickOptions): Promise<void> {
  if (isOnAws(options)) {
    throw new UsageError(
      `On AWS the clock is not ours to move: EventBridge Scheduler fires the schedule of ${options.env} by itself, at night.\n` +
        `The same load, now:      sparkify load${locationOptions(options)}\n` +
        `What it has done so far: sparkify runs${locationOptions(options)}`,
    );
  }
  await withTarget(options, (target) => ticked(target, options));
}

async function ticked(target: Target, options: TickOptions): Promise<void> {
  const progress = new Progress();
  const runs: RunRow[] = [];
  for (const { schedule, scheduledTime, durableExecutionArn: arn, error } of await fire(target)) {
    if (arn === undefined) {
      throw new LoadError(`The schedule ${schedule} could not reach its target: ${error ?? 'no reason given'}`);
    }
    const end = await interruptible(
      (signal) => {
        progress.say(`${schedule} fired for ${scheduledTime}`);
        return progress.step(
          'tick',
          (update) => followRun(target, arn, update, signal),
          ({ status }) => `${target.stackName}: ${status.toLowerCase()}`,
        );
      },
      () => goesOn(scheduledRunId(scheduledTime), target, options),
    );
    runs.push(await runOf(target, end, arn));
  }
  if (runs.length === 0) throw new LoadError(`There is no enabled schedule to fire in ${target.environment}.`);
  await showEndedRuns(target, runs, options.format);
}

async function fire({ here }: Target) {
  if (here === undefined) throw new UsageError('Only a local AWS lets time pass.');
  return here.aws.tick(undefined, here.account);
}
