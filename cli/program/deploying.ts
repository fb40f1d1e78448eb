import { type Command, Option } from 'commander';
import { AWS_ENVIRONMENTS } from '../environments';
import { WAREHOUSE_KINDS } from '../local-context';
import { examples, lazily, located, reportFormat, wholeNumber } from './options';

/** start, plan, deploy, promote, destroy: what makes warehouses and takes them away. */
export function addDeploying(sparkify: Command): void {
  addStart(sparkify);
  addPlan(sparkify);
  addDeploy(sparkify);
  addPromote(sparkify);
  examples(
    sparkify
      .command('destroy')
      .description('remove the local stack with the real cdk destroy')
      .action(lazily(async () => (await import('../commands/destroy.ts')).destroy)),
    'destroy',
  );
}

function addStart(sparkify: Command): void {
  const command = sparkify
    .command('start')
    .description('source bucket, local AWS, the real cdk deploy, and what came of it (npm start)')
    .option('--source <path>', 'a folder or .tar.gz that is a Sparkify bucket; remembered for the next start')
    .addOption(
      new Option('--warehouse <kind>', 'kind of warehouse; remembered, another one is loaded anew').choices(
        WAREHOUSE_KINDS,
      ),
    )
    .option('--fresh', 'forget everything first, the remembered source too')
    .option('--serve', 'keep the endpoints up until Ctrl-C')
    .option('--port <port>', 'port of the local AWS', wholeNumber(1, 65_535))
    .option('--songs <count>', 'songs in the generated bucket', wholeNumber(0, 1_000_000))
    .option('--events <count>', 'events in the generated bucket', wholeNumber(1, 100_000_000))
    .option('--seed <number>', 'seed of the generated bucket', wholeNumber(0, 2_147_483_647))
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/start.ts')).start));
  examples(command, 'start', 'start --source udacity-dend.tar.gz --serve', 'start --fresh --events 100000');
}

function addPlan(sparkify: Command): void {
  const command = located(sparkify.command('plan'))
    .description('what a deploy would change in an environment, before anything does')
    .option('--app <folder>', 'a synthesized assembly (cdk.out) instead of this checkout')
    .option('--allow-destructive', 'do not refuse what would lose data')
    .option('--expect <hash>', 'fail where the plan has another hash')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/plan.ts')).plan));
  examples(command, 'plan', 'plan --env prod --format json').addHelpText(
    'after',
    '\nThe hash can be required at the deploy: cdk deploy Sparkify-prod -c env=prod -c plan=HASH',
  );
}

function addDeploy(sparkify: Command): void {
  const command = located(sparkify.command('deploy'))
    .description('show the plan, ask, and deploy it with the real cdk deploy; then outputs, counts and checks')
    .option('--app <folder>', 'a synthesized assembly (cdk.out) instead of this checkout')
    .option('--yes', 'approve without asking; the local environment asks nobody')
    .option('--allow-destructive', 'do not refuse what would lose data')
    .option('--expect <hash>', 'fail where the plan has another hash')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/deploy.ts')).deploy));
  examples(command, 'deploy', 'deploy --env dev --profile sparkify-dev', 'deploy --env dev --here --yes').addHelpText(
    'after',
    '\nThe account and region of an environment stand in lib/config; the account has to be bootstrapped for the CDK once.',
  );
}

function addPromote(sparkify: Command): void {
  const command = sparkify
    .command('promote')
    .description('take one assembly through dev, staging and prod on this machine (npm run promote)')
    .option('--source <path>', 'a folder or .tar.gz that is a Sparkify bucket; else a generated one')
    .addOption(new Option('--until <env>', 'stop after this environment').choices(AWS_ENVIRONMENTS).default('prod'))
    .option('--yes', 'approve prod without asking')
    .option('--allow-destructive', 'do not refuse what would lose data')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/promote.ts')).promote));
  examples(command, 'promote', 'promote --until staging');
}
