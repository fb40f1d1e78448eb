import { isStatementOf, statementName } from './batches';
import type { FunctionConfig } from './config';
import type { RunState } from './state';
import type { ListedStatement, StatementReport, Warehouse } from './warehouse';

/** What became of the statements of a run that is to be told to have failed. */
export interface Cancelled {
  /** A load that has committed all the same. */
  readonly committed?: { readonly report: StatementReport; readonly sentAt: number };
  /** Those that were cancelled and have not ended yet, by name and id. */
  readonly running: readonly string[];
}

/** The clocks of the function and of the service may differ so much, in milliseconds. */
const CLOCKS = 60_000;

/** Each load writes the row of its run with one of these. */
const RUN_ROWS: readonly (string | undefined)[] = ['run/finish/030_run.sql', 'run/idle/020_run.sql'];

/**
 * Cancels whatever still runs of a run and waits a while for its end. Statements are found by their names and not by
 * what the state remembers: a statement whose answer was lost, or whose process died, has an id that nobody knows.
 * @param known the statement that the state remembers
 */
export async function cancelRun(
  warehouse: Warehouse,
  config: FunctionConfig,
  state: RunState,
  known?: string,
): Promise<Cancelled> {
  const own = (await warehouse.list(statementName(config, state.runId, ''), 'ALL')).filter(({ name }) =>
    isStatementOf(config, state.runId, name),
  );
  const going = own.filter(({ status }) => status === 'running').map(({ id }) => id);
  const unlisted = known === undefined || own.some(({ id }) => id === known) ? [] : [known];
  const cancelled = [...unlisted, ...going];
  for (const id of cancelled) await warehouse.cancel(id);
  const ended = own.filter((each) => isFinishedLoad(each, config, state)).map(({ id }) => id);
  const reports = await Promise.all([...cancelled, ...ended].map((id) => warehouse.describe(id, true)));
  const committed = reports.find(({ status, parts }) => status === 'finished' && parts.some(writesRunRow));
  const running = reports.filter(({ status }) => status === 'running').map(({ id }) => labelOf(id, own));
  if (committed === undefined) return { running };
  const sentAt = own.find(({ id }) => id === committed.id)?.createdAt ?? state.startedAt;
  return { committed: { report: committed, sentAt }, running };
}

/** Of this run and not of one of the same name a day ago, in a warehouse that was here before. */
function isFinishedLoad(
  { name, status, createdAt }: ListedStatement,
  config: FunctionConfig,
  state: RunState,
): boolean {
  const begun = createdAt !== undefined && createdAt >= state.startedAt - CLOCKS;
  return begun && status === 'finished' && name === statementName(config, state.runId, 'load');
}

function writesRunRow({ file }: { readonly file?: string }): boolean {
  return RUN_ROWS.includes(file);
}

function labelOf(id: string, own: readonly ListedStatement[]): string {
  const name = own.find((each) => each.id === id)?.name;
  return name === undefined ? `statement ${id}` : `statement ${name} (${id})`;
}
