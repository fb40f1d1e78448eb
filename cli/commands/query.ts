import { UsageError } from '../errors';
import type { IdentityName } from '../identities';
import { withLocalStack } from '../local-stack';
import { count, type Format, render } from '../output';

/** `sparkify query`: one statement, its rows on standard output. @throws CliError */
export async function query(
  sql: string,
  options: { readonly format: Format; readonly as: IdentityName },
): Promise<void> {
  if (sql.trim() === '')
    throw new UsageError('query: the statement is empty. Example: sparkify query "select count(*) from songplays"');
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const rows = await withLocalStack((stack) =>
    stack.as(options.as, (warehouse) => warehouse.query(sql, controller.signal)),
  );
  if (rows === undefined) {
    if (options.format === 'json') console.log('[]');
    console.error('done; the statement has no result set');
    return;
  }
  console.log(render(rows, options.format));
  if (options.format === 'table') console.error(`${count(rows.rows.length)} row${rows.rows.length === 1 ? '' : 's'}`);
}
