import { advance, isEnded } from './advance';
import type { Log } from './log';
import type { Performer } from './perform';
import { failureReason, leftAlone, successReason } from './report';
import type { Action, Answer, RunState } from './state';

/** How long one look may take before the state is written down, in milliseconds. */
const LOOK_LIMIT = 60_000;
/**
 * How long after the state was written down a run may still start statements, in milliseconds. A process whose execution
 * was stopped is told so only when it writes down the next time: until then it must not start much. Where an action
 * starts several statements, each of them keeps to it: the next look does the rest, under the same tokens.
 */
export const FRESH = 5_000;

/**
 * Goes on with a run until there is nothing to do but wait, or until it has ended. Never throws: a throw inside
 * `waitForCondition` would end the wait, and CloudFormation would get no answer.
 */
export async function goOn(state: RunState, performer: Performer, now: () => number, log: Log): Promise<RunState> {
  const since = now();
  let current = state;
  let answer: Answer = { got: 'resumed', at: now() };
  for (;;) {
    const { state: next, action } = advance(current, answer);
    report(current, next, action, answer, log);
    current = next;
    if (action.do === 'end' || action.do === 'pause') return current;
    if (now() - since > LOOK_LIMIT) return { ...current, pauseSeconds: 1 };
    const happened = await performer.perform(action, current, since + FRESH);
    if (happened === 'stale') return { ...current, pauseSeconds: 1 };
    answer = { ...happened, at: now() };
  }
}

function report(before: RunState, after: RunState, action: Action, answer: Answer, log: Log): void {
  if (answer.got === 'trouble') log('warn', answer.failure.message, { kind: answer.failure.kind, phase: before.phase });
  if (answer.got === 'refused') log('warn', answer.failure.message, { kind: answer.failure.kind, phase: before.phase });
  if (before.phase === after.phase && answer.got !== 'resumed') return;
  const timing = after.steps.at(-1);
  const done = after.steps.length > before.steps.length && timing !== undefined ? { last: timing } : {};
  if (!isEnded(after.phase)) {
    log('info', `step ${after.phase}`, { action: action.do, sequence: after.sequence, ...done });
    return;
  }
  if (before.phase === after.phase) return;
  if (after.phase === 'succeeded')
    log('info', successReason(after), {
      mode: after.mode,
      counts: after.counts,
      warnings: after.warnings,
      left: leftAlone(after),
    });
  else log('error', failureReason(after), { kind: after.failure?.kind, warnings: after.warnings });
}
