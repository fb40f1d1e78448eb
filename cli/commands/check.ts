import { type CheckFinding, runChecks, stops } from '../checks';
import { outColours as pc } from '../colours';
import { ChecksFailedError } from '../errors';
import { count, type Format, render, rows } from '../output';
import { Progress } from '../progress';
import { fromSqlTime, lastRuns, type RunRow } from '../run-history';
import { type Target, type TargetChoice, withTarget } from '../target';

/** What was found in an environment's warehouse. */
export interface CheckReport {
  readonly environment: string;
  readonly checks: readonly CheckFinding[];
  /** The last run that loaded or found nothing new. */
  readonly lastRun?: Pick<RunRow, 'run_id' | 'status' | 'finished_at'>;
  /** Why this must stop a promotion, in a sentence each. */
  readonly failures: readonly string[];
}

const HOUR = 3_600_000;

/** Runs the checks in a deployed environment. @param maxAgeHours how old the last successful run may be */
export async function checkTarget(
  target: Target,
  options: { readonly maxAgeHours?: number; readonly now: number },
  update: (detail: string) => void,
): Promise<CheckReport> {
  const checks = await runChecks(target.warehouse, update);
  const runs = await lastRuns(target.warehouse, 50);
  const lastRun = runs.find(({ status }) => status === 'succeeded');
  const failed = checks
    .filter(stops)
    .map(({ check, offendingRows, examples }) => `${check}: ${rows(offendingRows)}, for example ${examples[0]}`);
  const late = lateness(lastRun, options);
  return {
    environment: target.environment,
    checks,
    ...(lastRun && { lastRun }),
    failures: late === undefined ? failed : [...failed, late],
  };
}

function lateness(
  lastRun: RunRow | undefined,
  { maxAgeHours, now }: { readonly maxAgeHours?: number; readonly now: number },
): string | undefined {
  if (maxAgeHours === undefined) return undefined;
  if (lastRun === undefined) return 'no run has succeeded yet';
  const hours = (now - fromSqlTime(lastRun.finished_at)) / HOUR;
  if (hours <= maxAgeHours) return undefined;
  return `the last successful run, ${lastRun.run_id}, ended ${hours.toFixed(1)} hours ago; ${maxAgeHours} are allowed`;
}

/** The report for people. */
export function describeChecks({ checks, lastRun, failures }: CheckReport): string {
  const state = (finding: CheckFinding) => {
    if (finding.offendingRows === 0) return pc.green('passed');
    return finding.severity === 'error' ? pc.red('failed') : pc.yellow('warned');
  };
  const rows = checks.map((finding) => [
    finding.check,
    finding.severity,
    state(finding),
    count(finding.offendingRows),
    finding.examples.join('; ').slice(0, 120),
  ]);
  const columns = ['check', 'severity', 'result', 'rows', 'examples'].map((name) => ({
    name,
    numeric: name === 'rows',
  }));
  const last = lastRun === undefined ? 'none' : `${lastRun.run_id}, ${lastRun.status} at ${lastRun.finished_at} UTC`;
  return [
    render({ columns, rows }, 'table'),
    `Last run: ${last}`,
    ...failures.map((failure) => pc.red(`✗ ${failure}`)),
  ].join('\n');
}

/**
 * `sparkify check`: the files of sql/checks against an environment's warehouse as it is now.
 * @throws ChecksFailedError when a check of severity error finds rows, or the last run is too old
 */
export async function check(
  options: TargetChoice & { readonly format: Extract<Format, 'table' | 'json'>; readonly maxAgeHours?: number },
): Promise<void> {
  const progress = new Progress();
  const report = await withTarget(options, (target) =>
    progress.step(
      'checks',
      (update) => checkTarget(target, { maxAgeHours: options.maxAgeHours, now: Date.now() }, update),
      ({ checks }) => `${checks.length} in ${target.stackName}`,
    ),
  );
  console.log(options.format === 'json' ? JSON.stringify(report, null, 2) : describeChecks(report));
  if (report.failures.length > 0) {
    throw new ChecksFailedError(
      `${options.env} must not go on: ${report.failures.join('; ')}. What to do stands in docs/runbook.md.`,
    );
  }
}
