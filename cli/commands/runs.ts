import { outColours as pc } from '../colours';
import { type Format, render } from '../output';
import { listRuns, type RunFilter, runRows, runsTable } from '../runs/run-list';
import { type TargetChoice, withTarget } from '../target';

/** `sparkify runs`: which runs there were and which are on their way, the newest first. @throws CliError */
export async function runs(options: TargetChoice & RunFilter & { readonly format: Format }): Promise<void> {
  const found = await withTarget(options, (target) => listRuns(target, options));
  if (options.format !== 'table') {
    console.log(render(runRows(found), options.format));
    return;
  }
  if (found.length === 0) {
    console.log(options.failed === true ? 'No run has failed.' : 'There was no run yet: sparkify load starts one.');
    return;
  }
  console.log(runsTable(found));
  console.error(pc.dim(`All of one: sparkify run ${found[0]?.run_id}`));
}
