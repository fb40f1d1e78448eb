import leven from 'leven';
import { UnknownRunError } from '../errors';
import { literal } from '../run-history';
import type { WarehouseClient } from '../warehouse';

/** How many runs are looked through for a part of an id: 27 years of nights. */
const MOST_LOOKED_AT = 10_000;

/**
 * The run that somebody means.
 * @param asked `last`, an id, the beginning of one, or the beginning of a run's name, which stands behind its trigger
 * @param ids the runs that there are, the newest first
 * @throws UnknownRunError with the closest id when there is none, and with all of them when there are several
 */
export function resolveRun(asked: string, ids: readonly string[]): string {
  const [newest] = ids;
  if (newest === undefined) throw new UnknownRunError('No run has ended here yet: sparkify load starts one.');
  if (asked === 'last') return newest;
  if (ids.includes(asked)) return asked;
  const found = ids.filter((id) => id.startsWith(asked) || nameOf(id).startsWith(asked));
  const [only] = found;
  if (only === undefined || asked === '') {
    throw new UnknownRunError(`There is no run ${asked}. The closest is ${closest(asked, ids)}. All: sparkify runs`);
  }
  if (found.length > 1) {
    const named = found.slice(0, 5).join(', ');
    const more = found.length > 5 ? ` and ${found.length - 5} more` : '';
    throw new UnknownRunError(`${asked} is the beginning of ${found.length} runs: ${named}${more}. Give more of it.`);
  }
  return only;
}

/** An operator types the name of a run, and the function puts what triggered it before. */
function nameOf(id: string): string {
  return id.replace(/^(operator|schedule|deploy)-/, '');
}

function closest(asked: string, ids: readonly string[]): string {
  const far = (id: string) => Math.min(leven(asked, id), leven(asked, nameOf(id)));
  return ids.reduce((best, id) => (far(id) < far(best) ? id : best));
}

/**
 * Finds a run of the warehouse, or one that is on its way.
 * @param running ids of runs that have not ended and so have no row yet, the newest first
 * @throws UnknownRunError
 */
export async function findRun(
  warehouse: WarehouseClient,
  asked: string,
  running: readonly string[] = [],
): Promise<string> {
  const rows = await warehouse.objects<{ readonly run_id: string }>(
    `select run_id from etl.runs
     order by case when run_id = ${literal(asked)} then 0 else 1 end, finished_at desc, run_id limit ${MOST_LOOKED_AT}`,
  );
  return resolveRun(asked, [...running, ...rows.map(({ run_id }) => run_id)]);
}
