import type { Command } from 'commander';
import { examples, lazily, located, reportFormat, wholeNumber } from './options';

/** load, tick, check: what fills the warehouse and judges what is in it. */
export function addLoading(sparkify: Command): void {
  addLoad(sparkify);
  examples(
    sparkify
      .command('tick')
      .description('fire the nightly schedule once, as Scheduler would')
      .addOption(reportFormat())
      .action(lazily(async () => (await import('../commands/load.ts')).tick)),
    'tick',
  );
  addCheck(sparkify);
}

function addLoad(sparkify: Command): void {
  const command = sparkify
    .command('load')
    .description('load what is new, now')
    .option('--name <name>', 'name of the run: the same name never loads twice')
    .option('--full-refresh', 'rebuild the star from all files in one transaction')
    .option('--from <day>', 'only log files of this day (YYYY-MM-DD) and later')
    .option('--to <day>', 'only log files of this day and earlier')
    .option('--dry-run', 'say which files and statements it would be, and do nothing')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/load.ts')).load));
  examples(command, 'load', 'load --dry-run', 'load --from 2018-11-01 --to 2018-11-15');
}

function addCheck(sparkify: Command): void {
  const command = located(sparkify.command('check'))
    .description('run the data checks in an environment: reads, and changes nothing')
    .option('--max-age-hours <hours>', 'fail where the last successful run is older', wholeNumber(1, 10_000))
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/check.ts')).check));
  examples(command, 'check', 'check --env prod --max-age-hours 26');
}
