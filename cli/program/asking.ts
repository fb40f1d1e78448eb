import { type Command, Option } from 'commander';
import { IDENTITIES } from '../identities';
import { FORMATS } from '../output';
import { examples, lazily } from './options';

/** query: the warehouse asked in SQL. */
export function addAsking(sparkify: Command): void {
  const command = sparkify
    .command('query')
    .description('run one statement of Redshift SQL')
    .argument('<sql>', 'the statement')
    .addOption(new Option('--format <format>', 'how rows are written').choices(FORMATS).default('table'))
    .addOption(new Option('--as <identity>', 'as whom').choices(IDENTITIES).default('admin'))
    .action(lazily(async () => (await import('../commands/query.ts')).query));
  examples(command, 'query "select level, count(*) from songplays group by level" --format json');
}
