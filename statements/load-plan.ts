import { StatementsError } from './errors';
import { renderSql, tagged, type Values } from './render';
import type { Condition, SqlFile } from './sql-file';
import type { SqlTree } from './tree';

/** Most statements that a batch of the Data API takes. */
export const BATCH_LIMIT = 40;

/** Which statements a load takes. */
export interface LoadChoice {
  readonly mode: 'incremental' | 'refresh';
  /** The sources that it has files of. */
  readonly sources: ReadonlySet<string>;
  /** Those of them of which it may leave out rows. */
  readonly rejecting: ReadonlySet<string>;
  /** Whether the warehouse tells the values of rejected rows: serverless and Multi-AZ clusters do not. */
  readonly rejectedValues: boolean;
}

export interface LoadPlan extends LoadChoice {
  readonly runId: string;
  readonly values: Values;
}

/** A statement of a load before its values are filled in. */
interface Chosen {
  readonly sql: SqlFile;
  /** The source whose rejects it keeps. */
  readonly source?: string;
}

/** What stands before and after the checks of a load. */
function chosen(
  tree: SqlTree,
  choice: LoadChoice,
): { readonly before: readonly Chosen[]; readonly after: readonly Chosen[] } {
  const some = (files: readonly SqlFile[]): readonly Chosen[] =>
    files
      .filter(({ runs }) => runs === 'always' || runs === choice.mode)
      .filter(({ when }) => when === undefined || choice.sources.has(when))
      .map((sql) => ({ sql }));
  const load = some(tree.load).flatMap((each) => [each, ...rejectsAfter(each.sql, tree, choice)]);
  return {
    before: [...some(tree.run.begin), ...load, ...some(tree.run.ledger)],
    after: some(tree.run.finish),
  };
}

/** Directly after its COPY: pg_last_copy_id is that of the session's last one. */
function rejectsAfter(sql: SqlFile, tree: SqlTree, { rejecting, rejectedValues }: LoadChoice): readonly Chosen[] {
  const source = Object.keys(tree.copies).find((name) => tree.copies[name]?.sql.file === sql.file);
  if (source === undefined || !rejecting.has(source)) return [];
  const condition: Condition = rejectedValues ? 'rejected values' : 'no rejected values';
  return tree.run.rejects.filter(({ when }) => when === condition).map((each) => ({ sql: each, source }));
}

/**
 * The statements of a load, one transaction: lock and fence, the load itself, the ledger, the checks, the run's row.
 * Where there are more checks than places in the batch, several share a statement.
 * @throws StatementsError when even so there are more than 40
 */
export function loadStatements(tree: SqlTree, plan: LoadPlan): readonly string[] {
  const { before, after } = chosen(tree, plan);
  const render = (each: readonly Chosen[]): readonly string[] =>
    each.map(({ sql, source }) =>
      source === undefined
        ? renderSql(sql, plan.runId, plan.values)
        : renderSql(sql, plan.runId, { ...plan.values, source }, `${sql.file}+${source}`),
    );
  const places = placesForChecks(tree, plan);
  return [...render(before), ...checkStatements(tree.checks, plan.runId, places), ...render(after)];
}

/**
 * How many statements a load has left for its checks.
 * @throws StatementsError when there is none, and there are checks
 */
export function placesForChecks(tree: SqlTree, choice: LoadChoice): number {
  const { before, after } = chosen(tree, choice);
  const places = BATCH_LIMIT - before.length - after.length;
  const wanted = tree.checks.length > 0 ? 1 : 0;
  if (places >= wanted) return places;
  const others = before.length + after.length - before.filter(({ sql }) => sql.file.startsWith('load/')).length;
  throw new StatementsError(
    'load',
    `${choice.mode === 'incremental' ? 'an' : 'a'} ${choice.mode} run has ${before.length + after.length} statements and ${wanted} for the checks, ` +
      `${wanted - places} more than the ${BATCH_LIMIT} that a batch of the Data API takes: sql/load has room for ` +
      `${BATCH_LIMIT - others - wanted} (the lock, the rejects of ${choice.rejecting.size} sources, the ledger and the ` +
      `run's row take ${others})`,
    'Join some: etl.clear and etl.take_out empty and thin out several tables in one statement, a view or a common table ' +
      'expression saves a temporary table.',
  );
}

const ASSERT_CHECKS = 'run/finish/010_assert_checks.sql';

/**
 * The statements of a run that found nothing to load. One of a deploy checks the star all the same: the deploy may have
 * come for a changed check.
 */
export function idleStatements(tree: SqlTree, runId: string, checked: boolean, values: Values): readonly string[] {
  const render = (files: readonly SqlFile[]) => files.map((file) => renderSql(file, runId, values));
  const idle = render(tree.run.idle);
  if (!checked) return idle;
  const assertion = render(tree.run.finish.filter(({ file }) => file === ASSERT_CHECKS));
  const places = BATCH_LIMIT - idle.length - assertion.length;
  return [...checkStatements(tree.checks, runId, places), ...assertion, ...idle];
}

/** Runs the checks and writes what they find to etl.check_results; etl.assert_checks then fails where it must. */
export function checkStatements(checks: readonly SqlFile[], runId: string, places: number): readonly string[] {
  const groups = Math.min(places, checks.length);
  return Array.from({ length: groups }, (_, group) => {
    const members = checks.filter((_check, index) => Math.floor((index * groups) / checks.length) === group);
    const files = members.map(({ file }) => file);
    const label = files.length === 1 ? String(files[0]) : `${files[0]}+${files.length - 1}`;
    const insert = 'insert into etl.check_results (run_id, check_name, severity, offending_rows, passed, examples)\n';
    return tagged(label, runId, insert + members.map((each) => checkQuery(each, runId)).join('\nunion all\n'));
  });
}

function checkQuery(check: SqlFile, runId: string): string {
  const name = checkName(check);
  return `select
    '${runId}',
    '${name}',
    '${check.severity}',
    count(*),
    count(*) = 0,
    listagg(case when place <= 5 then left(offender, 200) end, '; ') within group (order by place)
from (
    select
        offender,
        row_number() over (order by offender) as place
    from (
${check.text.trimEnd().replace(/^/gm, '        ')}
    ) as found
) as offenders`;
}

/** @throws StatementsError when the file's name would not do in a message */
export function checkName(check: SqlFile): string {
  const name = /^checks\/([a-z0-9_]+)\.sql$/.exec(check.file)?.[1];
  if (name === undefined)
    throw new StatementsError(check.file, 'the name of a check has a-z, 0-9 and _ only', 'Rename it and deploy again.');
  return name;
}
