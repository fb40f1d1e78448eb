import { type Command, Option } from 'commander';
import { IDENTITIES } from '../identities';
import { FORMATS } from '../output';
import { examples, lazily, located } from './options';

/** query: the warehouse asked in SQL, statement by statement or in a shell. */
export function addAsking(sparkify: Command): void {
  const command = located(sparkify.command('query'))
    .alias('shell')
    .description('run Redshift SQL; without any, on a terminal, the interactive shell')
    .argument('[sql]', 'one statement or several; - reads them from standard input')
    .option('--file <file>', 'run the statements of a file in turn, up to the first that fails')
    .addOption(
      new Option('--format <format>', 'how rows are written; a table, or what the ending of --output says').choices(
        FORMATS,
      ),
    )
    .option('--output <file>', 'write the rows of the last statement to a file: .csv, .json, .txt')
    .option('--force', 'write over the file of --output')
    .option('--expanded', 'a line for each column instead of a table')
    .option('--no-pager', 'never show long results in $PAGER (less)')
    .addOption(new Option('--as <identity>', 'as whom').choices(IDENTITIES).default('admin'))
    .action(lazily(async () => (await import('../commands/query.ts')).query));
  examples(
    command,
    'query "select level, count(*) from songplays group by level" --format json',
    'query --file daily.sql --output plays.csv',
    'query',
  ).addHelpText(
    'after',
    '\nCtrl-C cancels the statement in the warehouse and says what was left as it was. Several statements are one session.',
  );
}
