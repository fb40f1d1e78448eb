import { outColours as pc } from '../colours';
import type { RunningExecution } from '../executions';
import { bytes, count, duration, type Rows, render } from '../output';
import { fromSqlTime, RUN_COLUMNS, type RunRow, sqlTime } from '../run-history';
import type { Target } from '../target';

/** A run of a list: one that has ended has a row in etl.runs, one on its way has what is known of it. */
export type ListedRun = Omit<RunRow, 'finished_at' | 'staged_events' | 'staged_songs' | 'rejected_rows'> & {
  readonly finished_at: string | null;
  readonly staged_events: number | null;
  readonly staged_songs: number | null;
  readonly rejected_rows: number | null;
};

export interface RunFilter {
  /** How many at most, the newest first. */
  readonly last: number;
  readonly failed?: boolean;
}

/** The runs of an environment, those on their way first, then the newest. */
export async function listRuns(
  { warehouse, executions, outputs }: Pick<Target, 'warehouse' | 'executions' | 'outputs'>,
  { last, failed }: RunFilter,
): Promise<readonly ListedRun[]> {
  const where = failed === true ? "where status = 'failed'" : '';
  const ended = await warehouse.objects<RunRow>(
    `select ${RUN_COLUMNS} from etl.runs ${where} order by finished_at desc, run_id limit ${Math.trunc(last)}`,
  );
  if (failed === true) return ended;
  const going = onTheirWay(await executions.running(outputs.FunctionAliasArn), ended);
  return [...going, ...ended].slice(0, last);
}

/** A run may have written its row and not have ended yet: it is one run all the same. */
function onTheirWay(running: readonly RunningExecution[], ended: readonly RunRow[]): readonly ListedRun[] {
  return running.flatMap(({ state }) => {
    if (state === undefined || state.dryRun || ended.some(({ run_id }) => run_id === state.runId)) return [];
    return [
      {
        run_id: state.runId,
        trigger: state.trigger,
        mode: state.mode ?? '',
        status: `running: ${state.phase}`,
        started_at: sqlTime(state.startedAt),
        finished_at: null,
        files: state.files ?? 0,
        bytes: state.bytes ?? 0,
        staged_events: null,
        staged_songs: null,
        vanished_files: 0,
        rejected_rows: null,
        error: state.trouble ?? null,
      },
    ];
  });
}

/** Milliseconds between two of the warehouse's times; the later one has whole seconds only, so it may seem to be before. */
export function between(from: string, to: string): number {
  return Math.max(0, fromSqlTime(to) - fromSqlTime(from));
}

/** `succeeded` green, `failed` red, what goes on yellow. */
export function colouredStatus(status: string): string {
  if (status === 'succeeded') return pc.green(status);
  return status === 'failed' ? pc.red(status) : pc.yellow(status);
}

const column = (name: string, numeric = false) => ({ name, numeric });
const orNothing = (value: number | null) => (value === null ? '' : count(value));

/** The runs for people. */
export function runsTable(runs: readonly ListedRun[]): string {
  const columns = [
    column('run'),
    column('why'),
    column('mode'),
    column('status'),
    column('finished (UTC)'),
    column('took', true),
    column('files', true),
    column('bytes', true),
    column('events', true),
    column('songs', true),
    column('rejected', true),
  ];
  const rows = runs.map((run) => [
    run.run_id,
    run.trigger,
    run.mode,
    colouredStatus(run.status),
    run.finished_at ?? '',
    run.finished_at === null ? '' : duration(between(run.started_at, run.finished_at)),
    count(run.files),
    bytes(run.bytes),
    orNothing(run.staged_events),
    orNothing(run.staged_songs),
    orNothing(run.rejected_rows),
  ]);
  return render({ columns, rows }, 'table');
}

/** The runs as rows of their columns, for programs. */
export function runRows(runs: readonly ListedRun[]): Rows {
  const names = RUN_COLUMNS.split(', ') as (keyof ListedRun)[];
  const numeric = new Set<string>([
    'files',
    'bytes',
    'staged_events',
    'staged_songs',
    'vanished_files',
    'rejected_rows',
  ]);
  return {
    columns: names.map((name) => column(name, numeric.has(name))),
    rows: runs.map((run) => names.map((name) => run[name])),
  };
}
