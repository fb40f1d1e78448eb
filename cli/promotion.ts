import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalAwsHandle } from '../local/client';
import { assembledStack } from './assembly';
import { runCdk } from './cdk';
import { type CheckReport, checkTarget } from './commands/check';
import type { AwsEnvironment } from './environments';
import { DeployError, InterruptedError } from './errors';
import { makePlan } from './plan/make-plan';
import type { Plan } from './plan/plan';
import type { Progress } from './progress';
import { lastRuns, type RunRow, tableCounts } from './run-history';
import { localPlace, openTarget } from './target';

/** What became of one environment. */
export interface StageResult {
  readonly environment: AwsEnvironment;
  readonly account: string;
  readonly plan: Plan;
  readonly lastRun?: RunRow;
  readonly songplays: number;
  readonly report: CheckReport;
  readonly milliseconds: number;
}

/** Digest of an assembly's manifest: the same one goes to every environment. */
export function assemblyDigest(assembly: string): string {
  return createHash('sha256')
    .update(readFileSync(join(assembly, 'manifest.json')))
    .digest('hex');
}

/** What a deploy would change in an environment of the local AWS. */
export async function planStage(aws: LocalAwsHandle, assembly: string, stage: AwsEnvironment): Promise<Plan> {
  return makePlan(await localPlace(aws, stage), assembly);
}

/**
 * Deploys the assembly to one environment with the real CDK CLI, then runs the checks there.
 * @throws DeployError when the deploy fails; the environment is then as it was
 */
export async function deployStage(
  aws: LocalAwsHandle,
  assembly: string,
  plan: Plan,
  progress: Progress,
  now: () => number,
): Promise<StageResult> {
  const environment = plan.environment as AwsEnvironment;
  const begun = now();
  await progress.step(
    environment,
    () => deploy(aws, assembly, plan, progress),
    () => `${plan.stackName} deployed`,
  );
  const target = await openTarget(await localPlace(aws, environment));
  try {
    const report = await progress.step(
      environment,
      (update) => checkTarget(target, { now: now() }, update),
      ({ checks, failures }) => `${checks.length - failures.length} of ${checks.length} checks passed`,
    );
    const [lastRun] = await lastRuns(target.warehouse, 1);
    const tables = await tableCounts(target.warehouse);
    return {
      environment,
      account: assembledStack(assembly, environment).account,
      plan,
      ...(lastRun && { lastRun }),
      songplays: tables.find(({ table }) => table === 'songplays')?.rows ?? 0,
      report,
      milliseconds: now() - begun,
    };
  } finally {
    target.close();
  }
}

/** With the operator's keys of the home's own account: the CDK's roles of the environment's account do the rest. */
async function deploy(aws: LocalAwsHandle, assembly: string, { stackName }: Plan, progress: Progress): Promise<void> {
  const run = await runCdk(
    ['deploy', stackName, '--app', assembly, '--require-approval', 'never', '--progress', 'events'],
    aws.environment,
    (line) => progress.say(`  ${line}`),
  );
  if (run.interrupted) throw new InterruptedError(`Interrupted while ${stackName} was deployed: promote again.`);
  if (run.exitCode !== 0) {
    throw new DeployError(
      `cdk deploy ${stackName} ended with exit code ${run.exitCode}; its reason stands above. What comes after it was not touched.`,
    );
  }
}
