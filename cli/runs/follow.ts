import type { ExecutionEnd } from '../executions';
import { bytes, duration, files } from '../output';
import type { Target } from '../target';
import { between } from './run-list';
import type { RunState } from './run-state';

/** A run that has succeeded: what it loaded, and how long it took, in milliseconds. */
export interface Measured {
  readonly mode: string;
  readonly bytes: number;
  readonly milliseconds: number;
}

/** The runs that tell how long another one may take, the newest first. */
async function measured({ warehouse }: Pick<Target, 'warehouse'>): Promise<readonly Measured[]> {
  const rows = await warehouse.objects<{ mode: string; bytes: number; started_at: string; finished_at: string }>(
    `select mode, bytes, started_at, finished_at from etl.runs
     where status = 'succeeded' and bytes > 0 order by finished_at desc limit 20`,
  );
  return rows.map((row) => ({
    mode: row.mode,
    bytes: row.bytes,
    milliseconds: between(row.started_at, row.finished_at),
  }));
}

/**
 * How long a run may take in all, in milliseconds: as the newest one of its mode, and for more bytes so much longer. A
 * small run is not expected to be quicker: what does not depend on the bytes is then most of it.
 * @returns undefined where nothing is known of its size, or of an earlier run
 */
export function expectedMilliseconds(state: RunState, earlier: readonly Measured[]): number | undefined {
  const like = earlier.find(({ mode }) => mode === state.mode);
  if (like === undefined || state.bytes === undefined) return undefined;
  return like.milliseconds * Math.max(1, state.bytes / like.bytes);
}

/** What a run does, in the words of people. */
const PHASES: Readonly<Record<string, string>> = {
  prepare: 'preparing',
  migrate: 'migrating',
  access: 'giving access',
  views: 'making the views',
  survey: 'looking at the ledger',
  list: 'listing the sources',
  compare: 'comparing with the ledger',
  collect: 'writing manifests',
  load: 'loading',
  maintain: 'analyzing the tables',
  plan: 'planning',
  explain: 'reading the load errors',
  cancel: 'cancelling',
  'record failure': 'writing down the failure',
};

/** Where a run stands, in a line. @param now milliseconds since the epoch */
export function progressLine(state: RunState | undefined, earlier: readonly Measured[], now: number): string {
  if (state === undefined) return 'begun';
  const elapsed = Math.max(0, now - state.startedAt);
  const size =
    state.files === undefined || state.files === 0 ? [] : [`${files(state.files)}, ${bytes(state.bytes ?? 0)}`];
  const expected = expectedMilliseconds(state, earlier);
  const left = expected === undefined ? [] : [leftOf(expected - elapsed)];
  const trouble = state.trouble === undefined ? [] : [`waiting: ${state.trouble}`];
  return [PHASES[state.phase] ?? state.phase, ...size, duration(elapsed), ...left, ...trouble].join(', ');
}

function leftOf(milliseconds: number): string {
  return milliseconds > 0 ? `about ${duration(milliseconds)} left` : 'longer than the last';
}

/**
 * Waits for the end of a run and says meanwhile where it stands.
 * @param signal ends the waiting, and not the run
 */
export async function followRun(
  target: Pick<Target, 'executions' | 'warehouse'>,
  arn: string,
  update: (detail: string) => void,
  signal?: AbortSignal,
): Promise<ExecutionEnd> {
  // Before the first run there is no such table, and nothing to be told by it.
  const earlier = await measured(target).catch(() => []);
  const looked = async () => update(progressLine(await target.executions.state(arn), earlier, Date.now()));
  return target.executions.end(arn, looked, signal);
}
