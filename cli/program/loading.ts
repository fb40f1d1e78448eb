import type { Command } from 'commander';
import { day, examples, lazily, located, reportFormat, wholeNumber } from './options';

/** load, tick, cancel, check: what fills the warehouse and judges what is in it. */
export function addLoading(sparkify: Command): void {
  addLoad(sparkify);
  examples(
    located(sparkify.command('tick'))
      .description('fire the nightly schedule once, as Scheduler would; on this machine only')
      .addOption(reportFormat())
      .action(lazily(async () => (await import('../commands/tick.ts')).tick)),
    'tick',
    'tick --env dev --here',
  );
  examples(
    located(sparkify.command('cancel'))
      .description('stop a run that is on its way')
      .argument('<run-id>', "the run's id, or the beginning of it")
      .action(lazily(async () => (await import('../commands/cancel.ts')).cancel)),
    'cancel operator-manual-20261128',
  );
  addCheck(sparkify);
}

function addLoad(sparkify: Command): void {
  const command = located(sparkify.command('load'))
    .description('load what is new, now')
    .option('--name <name>', 'name of the run: the same name never loads twice')
    .option('--full-refresh', 'rebuild the star from all files in one transaction')
    .option('--from <day>', 'only log files of this day (YYYY-MM-DD) and later', day)
    .option('--to <day>', 'only log files of this day and earlier', day)
    .option('--dry-run', 'say which files and statements it would be, and do nothing')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/load.ts')).load));
  examples(command, 'load', 'load --dry-run --env prod', 'load --from 2018-11-01 --to 2018-11-15');
}

function addCheck(sparkify: Command): void {
  const command = located(sparkify.command('check'))
    .description('run the data checks in an environment: reads, and changes nothing')
    .option('--max-age-hours <hours>', 'fail where the last successful run is older', wholeNumber(1, 10_000))
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/check.ts')).check));
  examples(command, 'check', 'check --env prod --max-age-hours 26');
}
