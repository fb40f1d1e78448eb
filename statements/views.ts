import { StatementsError } from './errors';
import { BATCH_LIMIT } from './load-plan';
import { renderSql, tagged, type Values } from './render';
import type { SqlFile } from './sql-file';
import type { SqlTree } from './tree';

/** The name of the view that a file makes. @throws StatementsError when the file makes none of its own name */
export function viewName({ file, text }: SqlFile): string {
  const named = /^analytics\/([a-z][a-z0-9_]*)\.sql$/.exec(file)?.[1];
  const made = /^create view analytics\.([a-z0-9_]+) as$/m.exec(text)?.[1];
  const lateBinding = /\nwith no schema binding\n*$/.test(text);
  if (named === undefined || named !== made || !lateBinding)
    throw new StatementsError(
      file,
      `it is no view of its name: it has to be 'create view analytics.${named ?? 'name'} as … with no schema binding'`,
      'Mend the SQL file and deploy again.',
    );
  return named;
}

/**
 * Puts the views in place, in one transaction: dropped where they are, made anew, and read once. Dropped and not replaced,
 * because CREATE OR REPLACE VIEW takes no other columns; default privileges let analysts read each new one. Late-binding
 * views are bound at their use only, so that no migration of a table has to ask them; the last statement binds them all,
 * or a deploy would not notice a broken one.
 * @throws StatementsError for a file that makes no view of its name
 */
export function viewStatements(tree: SqlTree, runId: string, values: Values): readonly string[] {
  const render = (files: readonly SqlFile[]): readonly string[] => files.map((file) => renderSql(file, runId, values));
  const names = tree.analytics.map(viewName);
  const lock = render(lockOf(tree.run.migrate));
  if (names.length === 0) return lock;
  const drop = `drop view if exists\n${names.map((name) => `    analytics.${name}`).join(',\n')}`;
  const bind = names.map((name) => `select '${name}' as view_name from analytics.${name} where false`);
  return [
    ...lock,
    tagged('analytics/drop', runId, drop),
    ...render(tree.analytics),
    tagged('analytics/bind', runId, bind.join('\nunion all\n')),
  ];
}

/** @throws StatementsError for more views than a batch takes */
export function refuseTooManyViews({ analytics, run }: SqlTree): void {
  // With the lock, the statement that drops them and the one that binds them.
  const room = BATCH_LIMIT - lockOf(run.migrate).length - 2;
  if (analytics.length <= room) return;
  throw new StatementsError(
    'analytics',
    `there are ${analytics.length} views, ${analytics.length - room} too many: with what stands around them a batch of ` +
      `the Data API takes ${room}`,
    'Join some and deploy again.',
  );
}

/** The lock of the migrations: two deploys at once make their views one after the other. */
function lockOf(migrate: readonly SqlFile[]): readonly SqlFile[] {
  return migrate.filter(({ file }) => !file.endsWith('_fence.sql'));
}
