import { exhausted, type Failure } from './errors';
import type { Mode } from './events';
import { cancelled, enter, fail, giveUpCancelling, hasCommitted, overdue, withWarning } from './failing';
import type { Action, Answer, Comparison, Decision, InFlight, Phase, RunState } from './state';

/** Calls in a row that may go without an answer; with the pauses between them about five minutes. */
const MOST_TROUBLES = 15;
/** Transactions that may be repeated after conflicts. */
const MOST_RETRIES = 5;
/** Where two runs may make the same object. */
const CHANGING_SCHEMA: ReadonlySet<Phase> = new Set(['prepare', 'migrate', 'access', 'views']);
/** Times that a run may be overtaken by another and list the sources again. */
const MOST_ROUNDS = 5;

/**
 * The whole run as a pure function: what is known and what has just happened give what is known then and what to do
 * next. It knows no AWS type, does no I/O and reads no clock. The next action follows from the state alone, so that a
 * run that was interrupted goes on by answering `resumed`.
 */
export function advance(state: RunState, answer: Answer): Decision {
  if (isEnded(state.phase)) return { state, action: { do: 'end' } };
  const after = absorb(state, answer);
  const timely = answer.at > after.deadlineAt && !isEnded(after.phase) ? overdue(after, answer) : after;
  return decide(timely, answer);
}

export function isEnded(phase: Phase): boolean {
  return phase === 'succeeded' || phase === 'failed';
}

/** What to do next; a pause where only time helps. */
function decide(state: RunState, answer: Answer): Decision {
  if (!needsTime(state, answer)) return { state, action: nextAction(state) };
  const seconds = pauseAfter(state, answer);
  return { state: { ...state, pauseSeconds: seconds }, action: { do: 'pause', seconds } };
}

/** A statement runs on, a call got no answer, a transaction is to be repeated; not so when a failure was just found. */
function needsTime(state: RunState, answer: Answer): boolean {
  if (isEnded(state.phase)) return false;
  if (answer.got === 'running') return state.phase !== 'cancel';
  if (answer.got === 'cancelled') return state.phase === 'cancel';
  if (answer.got === 'trouble') return state.troubles > 0;
  return answer.got === 'refused' && state.retries > 0 && state.failure === undefined;
}

function pauseAfter(state: RunState, answer: Answer): number {
  if (answer.got === 'running' || answer.got === 'cancelled') return Math.min(2 + 2 * state.polls, 20);
  return Math.min(2 ** Math.max(state.troubles, state.retries), 30);
}

function nextAction(state: RunState): Action {
  const { phase, statement } = state;
  switch (phase) {
    case 'succeeded':
    case 'failed':
      return { do: 'end' };
    case 'list':
      return { do: 'list sources' };
    case 'collect':
      return { do: 'collect files' };
    case 'plan':
      return { do: 'plan' };
    case 'explain':
      return statement === undefined ? { do: 'end' } : { do: 'explain', id: statement.id };
    case 'cancel':
      return { do: 'cancel', ...(statement !== undefined && { id: statement.id }) };
    default:
      if (statement === undefined) return { do: 'submit', step: phase };
      if (statement.ended && (phase === 'prepare' || phase === 'compare' || phase === 'load'))
        return { do: 'read', step: phase, id: statement.id };
      return { do: 'poll', step: phase, id: statement.id };
  }
}

function absorb(state: RunState, answer: Answer): RunState {
  switch (answer.got) {
    case 'resumed':
      return state;
    case 'trouble':
      return troubled(state, answer.failure);
    case 'submitted':
      // `ended` still needs a look at the outcome: only a poll says whether it finished or failed.
      return { ...state, troubles: 0, polls: 0, statement: inFlight(answer) };
    case 'running':
      return { ...state, troubles: 0, trouble: undefined, polls: state.polls + 1 };
    case 'finished':
      return finished({ ...state, troubles: 0, trouble: undefined, steps: [...state.steps, ...answer.steps] });
    case 'refused':
      return refused({ ...state, troubles: 0 }, answer);
    case 'migrations':
      return enter(state, answer.pending > 0 ? 'migrate' : answer.admitted ? afterAccess(state) : 'access');
    case 'listing':
      return {
        ...enter(timed(state, 'list sources', answer), 'compare'),
        listing: answer.listing,
        rounds: state.rounds + 1,
      };
    case 'comparison':
      return compared(state, answer.comparison);
    case 'collected':
      return { ...enter(timed(state, 'write manifests', answer), 'load'), collected: answer.collected };
    case 'planned':
      return enter({ ...state, plan: answer.plan }, 'succeeded');
    case 'counts':
      return { ...enter(state, 'maintain'), counts: answer.counts };
    case 'explanation':
      return fail(state, answer.failure);
    case 'cancelled':
      return cancelled(state, answer);
  }
}

/** Only a deploy brings other views: no night makes readers wait while they are made anew. */
function afterAccess({ trigger }: RunState): Phase {
  return trigger === 'deploy' ? 'views' : 'survey';
}

function inFlight({ id, migration, at }: Extract<Answer, { got: 'submitted' }>): InFlight {
  return { id, ended: false, sentAt: at, ...(migration !== undefined && { migration }) };
}

function timed(
  state: RunState,
  step: string,
  answer: { readonly at: number; readonly milliseconds: number },
): RunState {
  const timing = { step, startedAt: answer.at - answer.milliseconds, milliseconds: answer.milliseconds };
  return { ...state, steps: [...state.steps, timing] };
}

function finished(state: RunState): RunState {
  switch (state.phase) {
    case 'migrate':
      return migrated(state);
    case 'access':
      return enter(state, afterAccess(state));
    case 'views':
      return enter(state, 'survey');
    case 'survey':
      return { ...enter(state, 'list'), survey: state.statement?.id };
    case 'maintain':
      return enter(state, 'succeeded');
    case 'record failure':
      return enter(state, 'failed');
    default:
      return state.statement === undefined ? state : { ...state, statement: { ...state.statement, ended: true } };
  }
}

/** A migration that stands alone is recorded in a batch of its own; then what is pending is read again. */
function migrated(state: RunState): RunState {
  const alone = state.statement?.migration;
  return alone === undefined
    ? { ...enter(state, 'prepare'), unrecorded: undefined }
    : { ...enter(state, 'migrate'), unrecorded: alone };
}

function refused(state: RunState, answer: Extract<Answer, { got: 'refused' }>): RunState {
  const { failure } = answer;
  if (state.phase === 'maintain')
    return enter({ ...state, warnings: [...state.warnings, failure.message] }, 'succeeded');
  if (state.phase === 'record failure')
    return enter({ ...state, warnings: [...state.warnings, failure.message] }, 'failed');
  if (answer.superseded && state.phase === 'load') return overtaken(state, failure);
  const changesSchema = CHANGING_SCHEMA.has(state.phase);
  const again = failure.kind === 'transient' || (answer.raced && changesSchema);
  if (again && (state.retries < MOST_RETRIES || failure.lasting === true)) {
    const phase = changesSchema ? 'prepare' : state.phase;
    return { ...enter(state, phase), retries: state.retries + 1, trouble: failure };
  }
  if (answer.explainable && state.statement !== undefined) return { ...state, phase: 'explain', failure, troubles: 0 };
  return fail(state, again ? exhausted(failure, state.retries + 1) : failure);
}

/** Another run has loaded since this one compared: look again what is left to do. */
function overtaken(state: RunState, failure: Failure): RunState {
  if (state.rounds < MOST_ROUNDS)
    return {
      ...enter(state, 'survey'),
      overtaken: (state.overtaken ?? 0) + 1,
      comparison: undefined,
      collected: undefined,
      mode: undefined,
      idle: false,
    };
  return fail(state, { ...failure, kind: 'transient', advice: 'Too many runs at once: try again later.' });
}

function compared(state: RunState, comparison: Comparison): RunState {
  if (comparison.alreadyDone) return enter({ ...state, comparison }, 'succeeded');
  // A rebuild from no files would be refused as a wrong address.
  const mode = comparison.awaitsData === true ? 'incremental' : chooseMode(state.requested, comparison);
  const idle = mode === 'incremental' && comparison.newFiles === 0;
  if (state.dryRun === true) return { ...enter(state, 'plan'), comparison, mode, idle };
  const failure = outdated(state, comparison);
  if (failure !== undefined) return fail({ ...state, comparison }, failure);
  return { ...enter(state, idle ? 'load' : 'collect'), comparison, mode, idle };
}

/**
 * A run keeps the SQL and the sources with which it began. Where a deploy of others has loaded since, it would put the
 * older star in the place of the newer one. A deploy itself gives way to another deploy only.
 */
function outdated({ trigger }: RunState, { otherVersion }: Comparison): Failure | undefined {
  if (otherVersion === undefined || (trigger === 'deploy' && otherVersion.trigger !== 'deploy')) return undefined;
  return {
    kind: 'transient',
    message: `superseded: run ${otherVersion.runId} has loaded the star with other SQL or from other sources since this run began`,
    advice: 'Start it again: it then runs with what is deployed now.',
  };
}

/**
 * A refresh rebuilds the star from all files: asked for, at the first load, when the load's SQL or the sources'
 * addresses have changed, and when a file has changed (its old rows cannot be told from others).
 */
export function chooseMode(requested: Mode, comparison: Comparison): Mode {
  const { firstLoad, loadChanged, sourcesChanged, changedFiles } = comparison;
  const must = requested === 'refresh' || firstLoad || loadChanged || sourcesChanged || changedFiles > 0;
  return must ? 'refresh' : 'incremental';
}

function troubled(state: RunState, failure: Failure): RunState {
  const next = { ...state, troubles: state.troubles + 1, trouble: failure };
  const again = failure.kind === 'transient' && (next.troubles < MOST_TROUBLES || failure.lasting === true);
  switch (state.phase) {
    case 'explain':
      return again && next.troubles < 3 ? next : fail(next, state.failure ?? failure);
    case 'cancel':
      return again ? next : giveUpCancelling(next);
    case 'record failure':
      return again && next.troubles < 3 ? next : enter(withWarning(next, failure), 'failed');
    case 'maintain':
      return again ? next : enter(withWarning(next, failure), 'succeeded');
    default:
      if (again) return next;
      // Nothing is lost but the numbers of its rows.
      return hasCommitted(state)
        ? enter(withWarning(next, failure), 'maintain')
        : fail(next, exhausted(failure, state.troubles + 1));
  }
}
