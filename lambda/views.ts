import { ConfigurationError } from './errors';
import { renderSql, type SqlFile, type SqlTree, tagged, type Values } from './sql-files';

const BATCH_LIMIT = 40;

/** The name of the view that a file makes. @throws ConfigurationError when the file makes none of its own name */
export function viewName({ file, text }: SqlFile): string {
  const named = /^analytics\/([a-z][a-z0-9_]*)\.sql$/.exec(file)?.[1];
  const made = /^create view analytics\.([a-z0-9_]+) as$/m.exec(text)?.[1];
  const lateBinding = /\nwith no schema binding\n*$/.test(text);
  if (named === undefined || named !== made || !lateBinding)
    throw new ConfigurationError(
      `sql/${file} is no view of its name: it has to be 'create view analytics.${named ?? 'name'} as … with no schema binding'`,
      'Mend the SQL file and deploy again.',
    );
  return named;
}

/**
 * Puts the views in place, in one transaction: dropped where they are, made anew, and read once. Dropped and not replaced,
 * because CREATE OR REPLACE VIEW takes no other columns; default privileges let analysts read each new one. Late-binding
 * views are bound at their use only, so that no migration of a table has to ask them; the last statement binds them all,
 * or a deploy would not notice a broken one.
 * @throws ConfigurationError for a file that makes no view of its name, and for more than a batch takes
 */
export function viewStatements(tree: SqlTree, runId: string, values: Values): readonly string[] {
  const render = (files: readonly SqlFile[]): readonly string[] => files.map((file) => renderSql(file, runId, values));
  const names = tree.analytics.map(viewName);
  // The lock of the migrations: two deploys at once make their views one after the other.
  const lock = render(tree.run.migrate.filter(({ file }) => !file.endsWith('_fence.sql')));
  if (names.length === 0) return lock;
  const drop = `drop view if exists\n${names.map((name) => `    analytics.${name}`).join(',\n')}`;
  const bind = names.map((name) => `select '${name}' as view_name from analytics.${name} where false`);
  const statements = [
    ...lock,
    tagged('analytics/drop', runId, drop),
    ...render(tree.analytics),
    tagged('analytics/bind', runId, bind.join('\nunion all\n')),
  ];
  if (statements.length > BATCH_LIMIT)
    throw new ConfigurationError(
      `sql/analytics has ${names.length} views, ${statements.length - BATCH_LIMIT} too many: with what stands around ` +
        `them a batch of the Data API takes ${BATCH_LIMIT} statements`,
      'Join some and deploy again.',
    );
  return statements;
}
