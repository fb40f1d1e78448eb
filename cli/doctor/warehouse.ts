import { type CheckFinding, runChecks, stops } from '../checks';
import { type DryRun, dryRun } from '../dry-run';
import { bytes, files, rows as rowsText } from '../output';
import { lastRuns, type RunRow } from '../run-history';
import type { Target } from '../target';
import { type Finding, findings } from './finding';
import type { Commands } from './where';

/** What there is to know of a deployed warehouse. */
export interface WarehouseFacts {
  /** The newest first. */
  readonly runs: readonly RunRow[];
  readonly checks: readonly CheckFinding[];
  readonly waiting: Pick<DryRun, 'files' | 'bytes' | 'vanishedFiles'>;
}

const { ok, warn, fail, skipped } = findings('warehouse');

/** Judges a warehouse. */
export function warehouseFindings(facts: WarehouseFacts, commands: Commands): readonly Finding[] {
  const [last] = facts.runs;
  if (last === undefined) return [warn('last run', 'nothing was ever loaded', commands.sparkify('load'))];
  return [lastRun(last, commands), ...checks(facts, commands), rejects(facts, commands), waiting(facts, commands)];
}

function lastRun({ run_id, status, finished_at, error }: RunRow, commands: Commands): Finding {
  const found = `${run_id} ${status} at ${finished_at} UTC`;
  return status === 'succeeded'
    ? ok('last run', found)
    : fail('last run', `${found}: ${error}. When that is mended`, commands.sparkify('load'));
}

/** A star that breaks its own rules is made anew from the files; what a check only warns of stands in the source. */
function checks({ checks: all }: WarehouseFacts, commands: Commands): readonly Finding[] {
  const found = all.filter(({ offendingRows }) => offendingRows > 0);
  if (found.length === 0) return [ok('checks', `${all.length} passed`)];
  return found.map((finding) => {
    const { check, offendingRows, examples } = finding;
    const text = `${check}: ${rowsText(offendingRows)}, for example ${examples[0]}`;
    return stops(finding)
      ? fail('checks', text, commands.sparkify('load', '--full-refresh'))
      : warn('checks', text, commands.sparkify('check'));
  });
}

function rejects({ runs }: WarehouseFacts, commands: Commands): Finding {
  const last = runs.find(({ status, files: loaded }) => status === 'succeeded' && loaded > 0);
  const rows = last?.rejected_rows ?? 0;
  return rows === 0
    ? ok('rejects', 'none in the last load')
    : warn('rejects', `${rowsText(rows)} were left out by ${last?.run_id}`, commands.sparkify('status', '--rejects'));
}

function waiting({ waiting: found }: WarehouseFacts, commands: Commands): Finding {
  if (found.files > 0) {
    return warn('files', `${files(found.files)} (${bytes(found.bytes)}) wait to be loaded`, commands.sparkify('load'));
  }
  return found.vanishedFiles === 0
    ? ok('files', 'all are loaded')
    : warn(
        'files',
        `${files(found.vanishedFiles)} were loaded and are gone from the source`,
        commands.sparkify('status', '--files'),
      );
}

/** Looks into a warehouse. @throws QueryError, LoadError when it cannot be asked */
export async function warehouseFacts(target: Target, update: (detail: string) => void): Promise<WarehouseFacts> {
  update('runs');
  const runs = await lastRuns(target.warehouse, 50);
  const found = await runChecks(target.warehouse, (detail) => update(`check ${detail}`));
  update('files of the source');
  return { runs, checks: found, waiting: await dryRun(target, {}) };
}

/** The warehouse does not answer. */
export function unanswered(error: Error, commands: Commands): Finding {
  return fail('warehouse', `does not answer: ${error.message}`, commands.deploy);
}

/** Nobody looked, and why. */
export const notAsked = (why: string): Finding => skipped('warehouse', why);
