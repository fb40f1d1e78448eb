import type { Command } from 'commander';
import { examples, lazily, located, reportFormat, wholeNumber } from './options';

/** status, report, iam-report: what happened, and what came of it. */
export function addLooking(sparkify: Command): void {
  addStatus(sparkify);
  addReport(sparkify);
  addIamReport(sparkify);
}

function addStatus(sparkify: Command): void {
  const command = sparkify
    .command('status')
    .description('runs, files, counts and the last error')
    .option('--runs <count>', 'how many runs', wholeNumber(1, 1000), 10)
    .option('--files', 'compare the source files with the warehouse: which are new, which are gone')
    .option('--rejects', 'show the rows that the last load has left out')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/status.ts')).status));
  examples(command, 'status', 'status --files', 'status --format json');
}

function addReport(sparkify: Command): void {
  const command = located(sparkify.command('report'))
    .description('write what an analyst shows in a meeting: one HTML file that needs no network')
    .option('--output <file>', 'where to; .sparkify/report.html by default')
    .option('--watch', 'write it anew after each run, until Ctrl-C; the page then reloads itself')
    .action(lazily(async () => (await import('../commands/report.ts')).report));
  examples(command, 'report --output listening.html', 'report --watch');
}

function addIamReport(sparkify: Command): void {
  const command = sparkify
    .command('iam-report')
    .description('what each role of the stack was used for here, what it never used, what it was refused')
    .option('--check', 'fail on an unused permission that nobody explains, and on an outdated explanation')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/iam-report.ts')).iamReport));
  examples(command, 'iam-report --check').addHelpText(
    'after',
    '\nExplanations of unused permissions stand in lib/unused-permissions.yaml: role, actions, reason.',
  );
}
