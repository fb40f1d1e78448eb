import type { Failure } from './errors';
import type { StepTiming } from './run-steps';
import type { Answer, Phase, RunState } from './state';

/** How long after the deadline a run may still tidy up, in milliseconds. */
const GRACE = 120_000;

/** Another phase, with a clean slate: no statement, a new sequence number for the next token. */
export function enter(state: RunState, next: Phase): RunState {
  // A dry run leaves no row behind, not even that of its failure.
  const phase = state.dryRun === true && next === 'record failure' ? 'failed' : next;
  return {
    ...state,
    phase,
    sequence: state.sequence + 1,
    statement: undefined,
    troubles: 0,
    trouble: undefined,
    polls: 0,
  };
}

/** The load was seen to have finished: the run cannot fail any more. */
export function hasCommitted({ phase, statement }: RunState): boolean {
  return phase === 'load' && statement?.ended === true;
}

/**
 * A run is not told to have failed while something that it has sent may still commit: an answer may have been lost, a
 * process may have died before it wrote down what it had sent.
 */
export function fail(state: RunState, failure: Failure): RunState {
  return { ...state, failure, phase: 'cancel', troubles: 0, trouble: undefined, polls: 0 };
}

export function cancelled(
  state: RunState,
  { committed, running, at }: Extract<Answer, { got: 'cancelled' }>,
): RunState {
  if (committed !== undefined) return rescued(state, committed, at);
  if (running.length === 0) return enter(state, 'record failure');
  const trouble: Failure = {
    kind: 'warehouse',
    message: `${running.join(', ')} was cancelled but has not ended`,
    advice: 'Look for it in SYS_QUERY_HISTORY.',
  };
  return { ...state, troubles: 0, trouble, polls: state.polls + 1 };
}

/** The load has committed, whatever the run has met since: its rows are counted and the run succeeds. */
function rescued(
  state: RunState,
  { id, steps }: { readonly id: string; readonly steps: readonly StepTiming[] },
  sentAt: number,
): RunState {
  const { failure, warnings } = state;
  return {
    ...enter(state, 'load'),
    failure: undefined,
    rescued: id,
    steps: [...state.steps, ...steps],
    statement: { id, ended: true, sentAt },
    warnings: [...warnings, ...(failure === undefined ? [] : [failure.message])],
  };
}

/** The failure then says what nobody knows. */
export function giveUpCancelling(state: RunState): RunState {
  const { failure, trouble } = state;
  if (failure === undefined) return enter(state, 'record failure');
  const known = trouble?.message.replace(/\.$/, '') ?? 'there was no time to look for it';
  const message = `${failure.message.replace(/\.$/, '')}; what this run has sent may still commit: ${known}`;
  return enter({ ...state, failure: { ...failure, message } }, 'record failure');
}

export function withWarning(state: RunState, failure: Failure): RunState {
  return { ...state, warnings: [...state.warnings, failure.message] };
}

/**
 * Past the deadline: cancel what runs, for half of the grace, record, fail. Past the grace what runs is cancelled once,
 * and nothing is recorded.
 */
export function overdue(state: RunState, { at, got }: Answer): RunState {
  const { phase, deadlineAt } = state;
  // What the load did is committed: maintenance may stay behind.
  if (phase === 'maintain' || hasCommitted(state))
    return enter({ ...state, warnings: [...state.warnings, 'no time left'] }, 'succeeded');
  const late = at > deadlineAt + GRACE;
  if (phase === 'record failure') return late ? enter(state, 'failed') : state;
  if (phase === 'explain') return late ? fail(state, state.failure ?? deadlineFailure(state)) : state;
  if (phase !== 'cancel') return fail(state, deadlineFailure(state));
  const tried = got === 'cancelled' || (got === 'trouble' && state.troubles > 0);
  if (!tried || at <= deadlineAt + GRACE / 2) return state;
  const given = giveUpCancelling(state);
  return late ? enter(given, 'failed') : given;
}

function deadlineFailure(state: RunState): Failure {
  const seconds = Math.round((state.deadlineAt - state.startedAt) / 1000);
  const { trouble } = state;
  if (trouble !== undefined) {
    const message = `${trouble.message.replace(/\.$/, '')}: this lasted until the run's deadline, ${seconds} s after its begin`;
    return { kind: trouble.kind, message, advice: trouble.advice };
  }
  return {
    kind: 'warehouse',
    message: `the run was not done after ${seconds} s (its deadline): it was at '${state.phase}' and is cancelled`,
    advice: 'Look for what held it in SYS_QUERY_HISTORY, give it a larger warehouse or a later deadline.',
  };
}
