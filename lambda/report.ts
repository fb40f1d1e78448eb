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
  if (comparison?.alreadyDone === true) return `run ${runId} was done before: nothing to do`;
  if (idle) return `run ${runId} found nothing new`;
  return `run ${runId} loaded ${collected?.files ?? 0} files (${mode})`;
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
