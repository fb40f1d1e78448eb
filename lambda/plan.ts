import { ConfigurationError } from './errors';
import type { Mode, Trigger } from './events';
import { type RunHas, renderSql, type SqlFile, type SqlTree, tagged, type Values } from './sql-files';

/** Most statements that a batch of the Data API takes. */
const BATCH_LIMIT = 40;

export interface LoadPlan {
  readonly mode: Mode;
  readonly runId: string;
  /** Which sources this run has files of, and of which it may leave out rows. */
  readonly has: ReadonlySet<RunHas>;
  readonly values: Values;
}

/**
 * The statements of a load, one transaction: lock and fence, the load itself, the ledger, the checks, the run's row.
 * Where there are more checks than places in the batch, several share a statement.
 * @throws ConfigurationError when even so there are more than 40
 */
export function loadStatements(tree: SqlTree, plan: LoadPlan): readonly string[] {
  const chosen = (files: readonly SqlFile[]): readonly string[] =>
    files
      .filter(({ runs }) => runs === 'always' || runs === plan.mode)
      .filter(({ when }) => when === undefined || plan.has.has(when))
      .map((file) => renderSql(file, plan.runId, plan.values));
  const before = [...chosen(tree.run.begin), ...chosen(tree.load), ...chosen(tree.run.ledger)];
  const after = chosen(tree.run.finish);
  const places = BATCH_LIMIT - before.length - after.length;
  if (places < (tree.checks.length > 0 ? 1 : 0))
    throw new ConfigurationError(
      `sql/load has ${before.length + after.length} statements for a ${plan.mode} run, ${-places + 1} too many: ` +
        `a batch of the Data API takes ${BATCH_LIMIT}`,
      'Join some and deploy again.',
    );
  return [...before, ...checkStatements(tree.checks, plan.runId, places), ...after];
}

const ASSERT_CHECKS = 'run/finish/010_assert_checks.sql';

/**
 * The statements of a run that found nothing to load. One of a deploy checks the star all the same: the deploy may have
 * come for a changed check.
 */
export function idleStatements(tree: SqlTree, runId: string, trigger: Trigger, values: Values): readonly string[] {
  const render = (files: readonly SqlFile[]) => files.map((file) => renderSql(file, runId, values));
  const idle = render(tree.run.idle);
  if (trigger !== 'deploy') return idle;
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

/** @throws ConfigurationError when the file's name would not do in a message */
export function checkName(check: SqlFile): string {
  const name = /^checks\/([a-z0-9_]+)\.sql$/.exec(check.file)?.[1];
  if (name === undefined)
    throw new ConfigurationError(`sql/${check.file} is not named with a-z, 0-9 and _`, 'Rename it and deploy again.');
  return name;
}

/** How long one step of a run took. */
export interface StepTiming {
  readonly step: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** Records the steps of a run. */
export function stepsStatement(runId: string, steps: readonly StepTiming[]): string {
  const rows = steps.map(({ step, startedAt, milliseconds }, index) => {
    const name = step.replace(/[^\w ./+-]/g, '_').slice(0, 200);
    return `    ('${runId}', ${index + 1}, '${name}', '${sqlTimestamp(startedAt)}', ${Math.max(0, Math.round(milliseconds))})`;
  });
  const insert = 'insert into etl.run_steps (run_id, position, step, started_at, duration_ms)\nvalues\n';
  return tagged('run_steps', runId, insert + rows.join(',\n'));
}

/** Milliseconds since the epoch as `2018-11-05 02:00:00.000`, in UTC. */
export function sqlTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
