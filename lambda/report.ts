import type { ResponseData } from './cloudformation';
import type { RunState } from './state';

/** Why a run failed, what to do, and under which id to look: the same text everywhere. */
export function failureReason(state: RunState): string {
  const { failure, runId } = state;
  if (failure === undefined) return `The run ended without a reason: this is a mistake of the function. run ${runId}`;
  const message = /[.!?]$/.test(failure.message) ? failure.message : `${failure.message}.`;
  return `${message} ${failure.advice} run ${runId}`;
}

/** What a run has done, in a sentence. */
export function successReason(state: RunState): string {
  const { runId, collected, mode, idle, comparison } = state;
  if (state.plan !== undefined)
    return `run ${runId} would load ${state.plan.files} files (${state.plan.mode}): it was a dry run and did nothing`;
  if (comparison?.alreadyDone === true) return `run ${runId} was done before: nothing to do`;
  if (state.rescued !== undefined)
    return `run ${runId} has loaded: statement ${state.rescued} had committed, though the run met this: ${state.warnings.join('; ')}`;
  const overtaken = (state.overtaken ?? 0) > 0;
  if (idle)
    return `run ${runId} found nothing new${overtaken ? ': another run, which superseded it, had loaded it' : ''}`;
  const rejected = state.counts?.rejected_rows ?? 0;
  const without = rejected > 0 ? `, without ${rejected} rejected rows (etl.rejects)` : '';
  const after = overtaken ? ', after another run had superseded it' : '';
  return `run ${runId} loaded ${collected?.files ?? 0} files (${mode})${without}${after}`;
}

/** Attributes of the custom resource. */
export function responseData(state: RunState): ResponseData {
  const counts = Object.entries(state.counts ?? {}).map(([table, rows]) => [pascal(table), String(rows)]);
  return {
    RunId: state.runId,
    Mode: state.mode ?? state.requested,
    Files: String(state.collected?.files ?? 0),
    ...Object.fromEntries(counts),
  };
}

function pascal(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_match, _gap, letter: string) => letter.toUpperCase());
}

/** Files that a run saw and did not load. */
export interface LeftAlone {
  /** Files that were loaded before and are gone: the star keeps what they brought. */
  readonly vanishedFiles: number;
  /** The first of them. */
  readonly vanished: readonly string[];
  /** New log files of other days than those asked for. */
  readonly outsideDays: number;
  /** New log files without a day in their name, where days were asked for. */
  readonly undatedFiles: number;
}

/** What a run has left alone, undefined where it is nothing. */
export function leftAlone({ comparison }: RunState): LeftAlone | undefined {
  const { vanishedFiles = 0, vanished = [], newFilesOutside = 0, newFilesUndated = 0 } = comparison ?? {};
  if (vanishedFiles + newFilesOutside + newFilesUndated === 0) return undefined;
  return { vanishedFiles, vanished, outsideDays: newFilesOutside, undatedFiles: newFilesUndated };
}
