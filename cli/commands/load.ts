import { describeDryRun, dryRun, type RunOptions, runFields } from '../dry-run';
import { LoadError, UsageError } from '../errors';
import { interruptible } from '../interruption';
import type { Format } from '../output';
import { Progress } from '../progress';
import { freshRunName } from '../run-name';
import { runOf, showEndedRuns } from '../runs/ended-runs';
import { followRun } from '../runs/follow';
import { goesOn } from '../runs/goes-on';
import { type Target, type TargetChoice, withTarget } from '../target';

export interface LoadOptions extends TargetChoice, RunOptions {
  readonly format: Extract<Format, 'table' | 'json'>;
  readonly name?: string;
  readonly dryRun?: boolean;
}

/** `sparkify load`: starts a load now and waits for its end. @throws LoadError when it fails */
export async function load(options: LoadOptions): Promise<void> {
  if (options.dryRun === true) return plan(options);
  const name = options.name ?? freshRunName('manual');
  if (!/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(name)) {
    throw new UsageError(
      `--name ${name}: 1 to 60 lower-case letters, digits and hyphens (not at the ends) are allowed.`,
    );
  }
  await withTarget(options, (target) => loaded(target, name, options));
}

async function plan(options: LoadOptions): Promise<void> {
  if (options.name !== undefined) throw new UsageError('--dry-run and --name: a dry run is no run and has no name.');
  const found = await withTarget(options, (target) => dryRun(target, options));
  console.log(options.format === 'json' ? JSON.stringify(found, null, 2) : describeDryRun(found));
}

async function loaded(target: Target, name: string, options: LoadOptions): Promise<void> {
  const progress = new Progress();
  const event = { trigger: 'operator', run: name, ...runFields(options) };
  // Listened for before the run is sent: from then on a Ctrl-C must tell what goes on by itself.
  const { arn, end } = await interruptible(
    async (signal) => {
      const arn = await target.executions.start(target.outputs.FunctionAliasArn, name, event);
      progress.say(`Run operator-${name} has begun in ${target.stackName}`);
      const end = await progress.step(
        'load',
        (update) => followRun(target, arn, update, signal),
        ({ status }) => status.toLowerCase(),
      );
      return { arn, end };
    },
    () => goesOn(`operator-${name}`, target, options),
  );
  const run = await runOf(target, end, arn);
  await showEndedRuns(target, [run], options.format);
  if (run.status !== 'succeeded') throw new LoadError(`Run ${run.run_id} has ${run.status}.`);
}
