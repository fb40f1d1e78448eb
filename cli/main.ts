import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { LocalAwsError } from '../local/client';
import { check } from './commands/check';
import { destroy } from './commands/destroy';
import { iamReport } from './commands/iam-report';
import { load, tick } from './commands/load';
import { plan } from './commands/plan';
import { promote } from './commands/promote';
import { query } from './commands/query';
import { report } from './commands/report';
import { start } from './commands/start';
import { status } from './commands/status';
import { CliError } from './errors';
import { WAREHOUSE_KINDS } from './local-context';
import { FORMATS } from './output';
import { IDENTITIES } from './people';

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`A whole number from ${low} to ${high} is needed.`);
  };
}

const reportFormat = () =>
  new Option('--format <format>', 'for people or for programs').choices(['table', 'json']).default('table');

/** Where an environment is; `--env` itself is each command's own. */
function located(command: Command): Command {
  return command
    .option('--here', 'the environment as npm run promote has made it on this machine, instead of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <region>', 'AWS region, where it is not the one that is configured')
    .option('--assume <role>', 'ARN of a role to look with')
    .option('--as-operator', "work as the stack's role for operators");
}

const environmentOption = () =>
  new Option('--env <name>', 'which environment').choices(['local', 'dev', 'staging', 'prod']).default('local');

/** The whole command line. */
function program(): Command {
  const sparkify = new Command('sparkify')
    .description('The Sparkify warehouse on one machine: start it, query it, load it.')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed (the reason is printed), 2 wrong use, 3 nothing deployed, 4 checks failed,
5 plan refused, 6 approval needed.
State lives in .sparkify/ or in the folder that SPARKIFY_HOME names.`,
    );
  sparkify
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
    .action(start);
  sparkify
    .command('query')
    .description('run one statement of Redshift SQL')
    .argument('<sql>', 'the statement')
    .addOption(new Option('--format <format>', 'how rows are written').choices(FORMATS).default('table'))
    .addOption(new Option('--as <identity>', 'as whom').choices(IDENTITIES).default('admin'))
    .addHelpText(
      'after',
      '\nExample: sparkify query "select level, count(*) from songplays group by level" --format json',
    )
    .action(query);
  sparkify
    .command('status')
    .description('runs, files, counts and the last error')
    .option('--runs <count>', 'how many runs', wholeNumber(1, 1000), 10)
    .option('--files', 'compare the source files with the warehouse: which are new, which are gone')
    .option('--rejects', 'show the rows that the last load has left out')
    .addOption(reportFormat())
    .action(status);
  located(sparkify.command('report'))
    .description('write what an analyst shows in a meeting: one HTML file that needs no network')
    .addOption(environmentOption())
    .option('--output <file>', 'where to; .sparkify/report.html by default')
    .option('--watch', 'write it anew after each run, until Ctrl-C; the page then reloads itself')
    .addHelpText('after', '\nExample: sparkify report --output listening.html')
    .action(report);
  sparkify
    .command('load')
    .description('load what is new, now')
    .option('--name <name>', 'name of the run: the same name never loads twice')
    .option('--full-refresh', 'rebuild the star from all files in one transaction')
    .option('--from <day>', 'only log files of this day (YYYY-MM-DD) and later')
    .option('--to <day>', 'only log files of this day and earlier')
    .option('--dry-run', 'say which files and statements it would be, and do nothing')
    .addOption(reportFormat())
    .action(load);
  sparkify
    .command('tick')
    .description('fire the nightly schedule once, as Scheduler would')
    .addOption(reportFormat())
    .action(tick);
  located(sparkify.command('check'))
    .description('run the data checks in an environment: reads, and changes nothing')
    .addOption(environmentOption())
    .option('--max-age-hours <hours>', 'fail where the last successful run is older', wholeNumber(1, 10_000))
    .addOption(reportFormat())
    .addHelpText('after', '\nExample: sparkify check --env prod --max-age-hours 26')
    .action(check);
  located(sparkify.command('plan'))
    .description('what a deploy would change in an environment, before anything does')
    .addOption(environmentOption())
    .option('--app <folder>', 'a synthesized assembly (cdk.out) instead of this checkout')
    .option('--allow-destructive', 'do not refuse what would lose data')
    .option('--expect <hash>', 'fail where the plan has another hash')
    .addOption(reportFormat())
    .addHelpText('after', '\nThe hash can be required at the deploy: cdk deploy Sparkify-prod -c env=prod -c plan=HASH')
    .action(plan);
  sparkify
    .command('promote')
    .description('take one assembly through dev, staging and prod on this machine (npm run promote)')
    .option('--source <path>', 'a folder or .tar.gz that is a Sparkify bucket; else a generated one')
    .option('--until <env>', 'stop after this environment', 'prod')
    .option('--yes', 'approve prod without asking')
    .option('--allow-destructive', 'do not refuse what would lose data')
    .addOption(reportFormat())
    .action(promote);
  sparkify
    .command('iam-report')
    .description('what each role of the stack was used for here, what it never used, what it was refused')
    .option('--check', 'fail on an unused permission that nobody explains, and on an outdated explanation')
    .addOption(reportFormat())
    .addHelpText(
      'after',
      `
Example: sparkify iam-report --check
Explanations of unused permissions stand in lib/unused-permissions.yaml: role, actions, reason.`,
    )
    .action(iamReport);
  sparkify.command('destroy').description('remove the local stack with the real cdk destroy').action(destroy);
  return sparkify;
}

/** What is printed, and the exit code: a person's mistake or a warehouse's refusal needs no stack. */
function reported(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CliError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof LocalAwsError) return { text: error.message, exitCode: 1 };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 1 };
}

// Whoever reads through `head` has seen enough: the rest goes nowhere, and the command ends in good order.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      // Commander has written its message; asking for help is no error, anything else is wrong use.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const { text, exitCode } = reported(error);
    console.error(pc.red(text));
    process.exitCode = exitCode;
  });
