import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalAwsHandle } from '../../local/client';
import { assembledStack } from '../assembly';
import { synthesize } from '../cdk';
import { errorColours } from '../colours';
import { approve } from '../deploys/approval';
import { cdkDeploy, cdkFor } from '../deploys/cdk-deploy';
import { type DeploySummary, deploySummary, describeDeploy } from '../deploys/deploy-summary';
import { watchingLoad } from '../deploys/load-watch';
import { SOURCE_BUCKET } from '../environments';
import { sparkifyHome } from '../home';
import { describePlan } from '../plan/describe';
import { makePlan } from '../plan/make-plan';
import type { Plan } from '../plan/plan';
import { Progress } from '../progress';
import { rememberedSource } from '../remembered-source';
import { prepareSource } from '../source';
import { deployedAssembly, isOnAws, openTarget, type Place, promotedAssembly, withPlace } from '../target';
import { contextOf, type PlanOptions, refusePlan } from './plan';

export interface DeployOptions extends PlanOptions {
  readonly yes?: boolean;
}

/**
 * `sparkify deploy`: synthesizes, plans, asks, and deploys what was planned with the real CDK CLI; then says what came
 * of it.
 * @throws PlanRefusedError, ApprovalNeededError, DeployError, InterruptedError, AwsAccessError
 */
export async function deploy(options: DeployOptions): Promise<void> {
  const progress = new Progress();
  const assembly = options.app ?? (await synthesized(options, progress));
  // Where the stack goes stands in the assembly: nobody has to say the region again.
  const region = options.region ?? assembledStack(assembly, options.env).region;
  const choice = isOnAws(options) ? { ...options, region } : options;
  const summary = await withPlace(choice, (place) => deployed(place, assembly, choice, progress), assembly);
  console.log(options.format === 'json' ? JSON.stringify(summary, null, 2) : describeDeploy(summary));
}

/** What is deployed here stays, for it names the accounts of the environments. */
async function synthesized(choice: DeployOptions, progress: Progress): Promise<string> {
  const home = sparkifyHome();
  const assembly =
    choice.here === true && choice.env !== 'local' ? deployedAssembly(home) : join(home, 'plan', 'cdk.out');
  await mkdir(home, { recursive: true });
  await progress.step(
    'synth',
    () => synthesize(assembly, contextOf(choice)),
    () => 'offline, by the CDK CLI',
  );
  return assembly;
}

async function deployed(
  place: Place,
  assembly: string,
  options: DeployOptions,
  progress: Progress,
): Promise<DeploySummary> {
  const plan = await progress.step(
    'plan',
    () => makePlan(place, assembly),
    ({ stackName }) => stackName,
  );
  progress.say(describePlan(plan, errorColours));
  refusePlan(plan, options);
  // What is on this machine only is made anew in a minute: nobody has to say yes to it.
  if (options.env !== 'local') await approve(plan, options);
  // Also where no resource changes: outputs are none, and the CDK CLI sees what is the same.
  const changed = await carriedOut(place, plan, assembly, options, progress);
  const target = await openTarget(place);
  try {
    return await deploySummary(target, plan, changed);
  } finally {
    target.close();
  }
}

async function carriedOut(
  place: Place,
  plan: Plan,
  assembly: string,
  options: DeployOptions,
  progress: Progress,
): Promise<boolean> {
  if (place.here !== undefined && plan.first && options.env !== 'local') await giveSource(place.here.aws, progress);
  return progress.step(
    'deploy',
    (update) =>
      watchingLoad(place, assembly, update, (watch) =>
        cdkDeploy(cdkFor(place, options), place, assembly, options, (line) => {
          progress.say(`  ${line}`);
          watch.line(line);
        }),
      ),
    (changed) => `${plan.stackName}${changed ? '' : ', no changes'}`,
  );
}

/** An environment of AWS reads a public bucket, which on this machine is the bucket of the last start. */
async function giveSource(aws: LocalAwsHandle, progress: Progress): Promise<void> {
  const home = sparkifyHome();
  // A promotion has given it another, which its environments have loaded.
  if (existsSync(join(promotedAssembly(home), 'manifest.json'))) return;
  const source = await progress.step(
    'source',
    (update) => prepareSource(rememberedSource(home), join(home, 'sources'), update),
    ({ description }) => description,
  );
  await aws.mountSource(SOURCE_BUCKET, source.folder);
}
