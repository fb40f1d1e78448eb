import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureLocalAws, type LocalAwsHandle } from '../../local/client';
import { synthesize } from '../cdk';
import { errorColours, outColours as pc } from '../colours';
import { approve } from '../deploys/approval';
import { AWS_ENVIRONMENTS, type AwsEnvironment, SOURCE_BUCKET } from '../environments';
import { ChecksFailedError } from '../errors';
import { sparkifyHome } from '../home';
import { count, duration, type Format, render } from '../output';
import { describePlan } from '../plan/describe';
import { Progress } from '../progress';
import { assemblyDigest, deployStage, planStage, type StageResult } from '../promotion';
import { GENERATED, prepareSource, sourceNamed } from '../source';
import { promotedAssembly } from '../target';
import { refusePlan } from './plan';

export interface PromoteOptions {
  readonly source?: string;
  readonly until: AwsEnvironment;
  readonly yes?: boolean;
  readonly allowDestructive?: boolean;
  readonly format: Extract<Format, 'table' | 'json'>;
}

/** What a promotion came to. */
interface PromotionSummary {
  /** SHA-256 of the one assembly's manifest. */
  readonly assembly: string;
  readonly stages: readonly StageResult[];
}

/**
 * `npm run promote`: one assembly through dev, staging and prod, three accounts of the local AWS, each with its own
 * warehouse. A failing deploy or check ends it, and what comes after is left as it was.
 * @throws DeployError, ChecksFailedError, PlanRefusedError, ApprovalNeededError
 */
export async function promote(options: PromoteOptions): Promise<void> {
  const stages = AWS_ENVIRONMENTS.slice(0, AWS_ENVIRONMENTS.indexOf(options.until) + 1);
  const home = sparkifyHome();
  const progress = new Progress();
  await mkdir(home, { recursive: true });
  progress.say(`One assembly through ${stages.join(', ')} on one machine; state in ${home}`);
  const source = await progress.step(
    'source',
    (update) =>
      prepareSource(
        options.source === undefined ? GENERATED : sourceNamed(options.source),
        join(home, 'sources'),
        update,
      ),
    ({ description }) => description,
  );
  const assembly = promotedAssembly(home);
  await progress.step(
    'synth',
    () => synthesize(assembly),
    () => `once: ${assemblyDigest(assembly).slice(0, 12)}`,
  );
  const aws = await progress.step(
    'local AWS',
    () => ensureLocalAws({ home }),
    ({ url }) => url,
  );
  try {
    await aws.mountSource(SOURCE_BUCKET, source.folder);
    const results = await throughStages(stages, aws, assembly, options, progress);
    const summary: PromotionSummary = { assembly: assemblyDigest(assembly), stages: results };
    console.log(options.format === 'json' ? JSON.stringify(summary, null, 2) : describe(summary));
  } finally {
    await aws.stop();
  }
}

async function throughStages(
  stages: readonly AwsEnvironment[],
  aws: LocalAwsHandle,
  assembly: string,
  options: PromoteOptions,
  progress: Progress,
): Promise<readonly StageResult[]> {
  const results: StageResult[] = [];
  for (const stage of stages) {
    const plan = await planStage(aws, assembly, stage);
    refusePlan(plan, options);
    if (stage === 'prod') {
      progress.say(describePlan(plan, errorColours));
      await approve(plan, options);
    }
    const result = await deployStage(aws, assembly, plan, progress, Date.now);
    results.push(result);
    const { failures } = result.report;
    if (failures.length > 0) {
      const rest = stages.slice(stages.indexOf(stage) + 1);
      const left =
        rest.length === 0 ? '' : ` ${rest.join(' and ')} ${rest.length === 1 ? 'is' : 'are'} left as before.`;
      throw new ChecksFailedError(`The checks in ${stage} failed: ${failures.join('; ')}.${left}`);
    }
  }
  return results;
}

function describe({ assembly, stages }: PromotionSummary): string {
  const columns = ['environment', 'account', 'last run', 'plays', 'checks', 'took'].map((name) => ({
    name,
    numeric: name === 'plays' || name === 'took',
  }));
  const rows = stages.map((stage) => [
    stage.environment,
    stage.account,
    stage.lastRun === undefined ? '' : `${stage.lastRun.run_id}, ${stage.lastRun.mode}, ${stage.lastRun.status}`,
    count(stage.songplays),
    `${stage.report.checks.filter(({ offendingRows }) => offendingRows === 0).length} of ${stage.report.checks.length} passed`,
    duration(stage.milliseconds),
  ]);
  return [`\n${pc.bold('Promoted')} assembly ${assembly.slice(0, 12)}`, render({ columns, rows }, 'table')].join('\n');
}
