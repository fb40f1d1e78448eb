import { locationOptions } from '../location';
import type { Target, TargetChoice } from '../target';

/** What somebody who stops waiting for a run should know. */
export function goesOn(runId: string, { here }: Pick<Target, 'here'>, choice: TargetChoice): string {
  const options = locationOptions(choice);
  const rests = here?.aws.startedHere === true;
  return [
    `Interrupted. Run ${runId} was not cancelled; nothing that was loaded before is touched by that.`,
    rests
      ? 'The local AWS is stopped with this command: the run rests, and goes on with the next command.'
      : 'It goes on by itself in Lambda, and loads wholly or not at all.',
    `How it stands: sparkify run ${runId}${options}`,
    `Cancel it:     sparkify cancel ${runId}${options}`,
  ].join('\n');
}
