import { join } from 'node:path';
import { synthesize } from '../cdk';
import { PlanRefusedError } from '../errors';
import { sparkifyHome } from '../home';
import { localContext, localDeploy } from '../local-context';
import type { Format } from '../output';
import { describePlan } from '../plan/describe';
import { makePlan } from '../plan/make-plan';
import type { Plan } from '../plan/plan';
import { Progress } from '../progress';
import { type TargetChoice, withPlace } from '../target';

export interface PlanOptions extends TargetChoice {
  readonly format: Extract<Format, 'table' | 'json'>;
  /** An assembly that is there; without it the checkout is synthesized. */
  readonly app?: string;
  readonly allowDestructive?: boolean;
  /** The hash that the plan must have. */
  readonly expect?: string;
}

/**
 * Refuses what must not be deployed.
 * @throws PlanRefusedError for a plan that loses data without leave, that the function would refuse, or another one
 */
export function refusePlan(plan: Plan, options: Pick<PlanOptions, 'allowDestructive' | 'expect'>): void {
  const { environment, hash, refused, destructive } = plan;
  if (options.expect !== undefined && options.expect !== hash) {
    throw new PlanRefusedError(
      `The plan for ${environment} is ${hash}, not ${options.expect}: what would be deployed, or what it would be deployed over, has changed. Look at the plan again.`,
    );
  }
  if (refused.length > 0) throw new PlanRefusedError(`${environment} would refuse this deploy: ${refused.join('; ')}.`);
  if (destructive.length > 0 && options.allowDestructive !== true) {
    throw new PlanRefusedError(
      `This deploy would lose data in ${environment}: ${destructive.join('; ')}. If that is meant: --allow-destructive`,
    );
  }
}

/** The context under which the CDK app is an environment as it is deployed: on this machine all of AWS's at once. */
export function contextOf({ env, here }: Pick<TargetChoice, 'env' | 'here'>): readonly string[] {
  if (env === 'local') return localContext(localDeploy(sparkifyHome()));
  return here === true ? [] : ['-c', `env=${env}`];
}

/** `sparkify plan`: what a deploy would change, before anything does. @throws PlanRefusedError */
export async function plan(options: PlanOptions): Promise<void> {
  const progress = new Progress();
  const assembly = options.app ?? join(sparkifyHome(), 'plan', 'cdk.out');
  if (options.app === undefined) {
    await progress.step(
      'synth',
      () => synthesize(assembly, contextOf(options)),
      () => 'offline, by the CDK CLI',
    );
  }
  const made = await progress.step(
    'plan',
    () => withPlace(options, (place) => makePlan(place, assembly)),
    ({ stackName }) => stackName,
  );
  console.log(options.format === 'json' ? JSON.stringify(made, null, 2) : describePlan(made));
  refusePlan(made, options);
}
