import { type Command, Option } from 'commander';
import { moment } from '../logs/since';
import { examples, lazily, located, reportFormat, rowFormat, wholeNumber } from './options';

/** status, runs, run, files, rejects, logs, report, open, iam-report: what happened, and what came of it. */
export function addLooking(sparkify: Command): void {
  addStatus(sparkify);
  addRuns(sparkify);
  addRun(sparkify);
  addFiles(sparkify);
  addRejects(sparkify);
  addLogs(sparkify);
  addReport(sparkify);
  addOpen(sparkify);
  addIamReport(sparkify);
}

function addStatus(sparkify: Command): void {
  const command = located(sparkify.command('status'))
    .description('runs, files, counts and the last error')
    .option('--runs <count>', 'how many runs', wholeNumber(1, 1000), 10)
    .option('--files', 'compare the source files with the warehouse: which are new, which are gone')
    .option('--rejects', 'show the rows that the last load has left out')
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/status.ts')).status));
  examples(command, 'status', 'status --files', 'status --format json');
}

function addRuns(sparkify: Command): void {
  const command = located(sparkify.command('runs'))
    .description('the runs of the load, the newest first, and those that are on their way')
    .option('--last <count>', 'how many', wholeNumber(1, 100_000), 20)
    .option('--failed', 'only those that have failed')
    .addOption(rowFormat())
    .action(lazily(async () => (await import('../commands/runs.ts')).runs));
  examples(command, 'runs --last 5', 'runs --failed --env prod', 'runs --format csv');
}

function addRun(sparkify: Command): void {
  const command = located(sparkify.command('run'))
    .description("one run's whole story: why, files, rejects, checks, steps, error, and what to do next")
    .argument('<run-id>', "a run's id, the beginning of one, or last")
    .addOption(reportFormat())
    .action(lazily(async () => (await import('../commands/run.ts')).run));
  examples(command, 'run last', 'run deploy-b081 --env staging');
}

function addFiles(sparkify: Command): void {
  const command = located(sparkify.command('files'))
    .description('the ledger: which source files are loaded, by which run; or how the source differs from it')
    .argument('[text]', 'only files that have this in their URL')
    .addOption(new Option('--source <kind>', 'only files of this kind, such as songs or events'))
    .option('--run <run-id>', 'only what this run has loaded; last is the last one')
    .option('--new', 'what waits in the source instead: the next load takes it')
    .option('--gone', 'what was loaded and is gone from the source instead')
    .option('--limit <count>', '100 in a table by default, all for programs', wholeNumber(1, 1_000_000_000))
    .option('--after <url>', 'go on behind this file')
    .addOption(rowFormat())
    .action(lazily(async () => (await import('../commands/files.ts')).files));
  examples(command, 'files 2018-11-02', 'files --run last --source events', 'files --new', 'files --format csv');
}

function addRejects(sparkify: Command): void {
  const command = located(sparkify.command('rejects'))
    .description('the rows of source files that a run has left out, with file, line, column and reason')
    .option('--run <run-id>', 'of this run; of the last that has loaded files by default')
    .option('--limit <count>', 'how many at most', wholeNumber(1, 10_000_000), 1000)
    .addOption(rowFormat())
    .action(lazily(async () => (await import('../commands/rejects.ts')).rejects));
  examples(command, 'rejects', 'rejects --run last --format csv');
}

function addLogs(sparkify: Command): void {
  const command = located(sparkify.command('logs'))
    .description('what the ETL function writes to CloudWatch Logs')
    .option('--follow', 'go on as lines come, until Ctrl-C')
    .option('--run <run-id>', 'only of this run, from its beginning; last is the last one')
    .option('--since <when>', '30s, 10m, 2h, 1d ago, or a time; an hour ago by default', (text) => moment(text))
    .addOption(
      new Option('--format <format>', 'for people, or JSON lines for programs')
        .choices(['table', 'json'])
        .default('table'),
    )
    .action(lazily(async () => (await import('../commands/logs.ts')).logs));
  examples(command, 'logs --since 10m', 'logs --run last', 'logs --follow --env prod');
}

function addReport(sparkify: Command): void {
  const command = located(sparkify.command('report'))
    .description('write what an analyst shows in a meeting: one HTML file that needs no network')
    .option('--output <file>', 'where to; report.html, or report-ENV.html, in .sparkify by default')
    .option('--watch', 'write it anew after each run, until Ctrl-C; the page then reloads itself')
    .action(lazily(async () => (await import('../commands/report.ts')).report));
  examples(command, 'report --output listening.html', 'report --watch');
}

function addOpen(sparkify: Command): void {
  const command = located(sparkify.command('open'))
    .description('write the report anew and open it in your browser')
    .option('--no-write', 'open the one that is there')
    .option('--print', 'only print where it lies')
    .action(lazily(async () => (await import('../commands/open.ts')).open));
  examples(command, 'open', 'open --no-write --print', 'open --env prod');
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
