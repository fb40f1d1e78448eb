import fc from 'fast-check';
import { advance, chooseMode, isEnded } from '../../lambda/advance';
import type { Failure } from '../../lambda/errors';
import { type Action, type Answer, type Comparison, type Happened, newRun, type RunState } from '../../lambda/state';

const NOON = 1_540_900_800_000;
const run = newRun({ runId: 'operator-x', trigger: 'operator', mode: 'incremental' }, NOON, 3300);
const transient: Failure = { kind: 'transient', message: 'throttled', advice: 'Wait.' };
const final: Failure = { kind: 'configuration', message: 'denied', advice: 'Allow it.' };
const nothingNew: Comparison = {
  generation: 4,
  newFiles: 0,
  newBytes: 0,
  newSongs: 0,
  newFilesOutside: 0,
  newFilesUndated: 0,
  changedFiles: 0,
  vanishedFiles: 0,
  vanished: [],
  firstLoad: false,
  loadChanged: false,
  sourcesChanged: false,
  alreadyDone: false,
  newFilesStatementId: 's:7',
};

/** Answers in turn, one millisecond apart; gives the actions asked for and the last state. */
function play(answers: readonly Happened[], from: RunState = run): { state: RunState; actions: readonly Action[] } {
  const actions: Action[] = [];
  let state = from;
  for (const [index, happened] of answers.entries()) {
    const decision = advance(state, { ...happened, at: NOON + index });
    state = decision.state;
    actions.push(decision.action);
  }
  return { state, actions };
}

const submitted = (id: string): Happened => ({ got: 'submitted', id, ended: true });
const finished: Happened = { got: 'finished', steps: [] };
const refused = (failure: Failure, more: Partial<Extract<Happened, { got: 'refused' }>> = {}): Happened => ({
  got: 'refused',
  failure,
  superseded: false,
  explainable: false,
  raced: false,
  ...more,
});
const two = { files: 2, bytes: 10, songs: 1 };
const listing: Happened = {
  got: 'listing',
  listing: { digest: 'd', prefix: 'runs/x/', files: 2, buckets: 'all', total: two, wanted: two },
  milliseconds: 5,
};
const collected: Happened = {
  got: 'collected',
  collected: { digest: 'e', files: 2, bytes: 10, ledgerPrefix: 'runs/x/e/files/' },
  milliseconds: 5,
};
const planned: Happened = {
  got: 'planned',
  plan: {
    mode: 'incremental',
    why: [],
    files: 0,
    bytes: 0,
    firstFiles: [],
    changedFiles: 0,
    vanishedFiles: 0,
    vanished: [],
    outsideDays: 0,
    undatedFiles: 0,
    migrations: [],
    statements: [],
  },
};
const prepared = (pending: number): readonly Happened[] => [submitted('p'), finished, { got: 'migrations', pending }];
const compared = (comparison: Partial<Comparison>): readonly Happened[] => [
  submitted('y'),
  finished,
  listing,
  submitted('c'),
  finished,
  { got: 'comparison', comparison: { ...nothingNew, ...comparison } },
];
const loaded: readonly Happened[] = [submitted('l'), finished, { got: 'counts', counts: { songplays: 3 } }];
const maintained: readonly Happened[] = [submitted('m'), finished];
const untilLoad: readonly Happened[] = [{ got: 'resumed' }, ...prepared(0), ...compared({ newFiles: 2 }), collected];

describe('a run', () => {
  it('prepares, migrates, compares, collects, loads and maintains', () => {
    const { state, actions } = play([
      { got: 'resumed' },
      ...prepared(2),
      submitted('g'),
      finished,
      ...prepared(0),
      ...compared({ newFiles: 2, firstLoad: true }),
      collected,
      ...loaded,
      ...maintained,
    ]);
    expect(actions.map((action) => ('step' in action ? `${action.do} ${action.step}` : action.do))).toEqual([
      ...['submit prepare', 'poll prepare', 'read prepare', 'submit migrate', 'poll migrate'],
      ...['submit prepare', 'poll prepare', 'read prepare', 'submit survey', 'poll survey', 'list sources'],
      ...['submit compare', 'poll compare', 'read compare', 'collect files'],
      ...['submit load', 'poll load', 'read load', 'submit maintain', 'poll maintain', 'end'],
    ]);
    expect(state).toMatchObject({ phase: 'succeeded', mode: 'refresh', counts: { songplays: 3 } });
  });

  it('records a run but writes no manifest when nothing is new', () => {
    const { state, actions } = play([{ got: 'resumed' }, ...prepared(0), ...compared({}), ...loaded, ...maintained]);
    expect(actions.map((action) => action.do)).not.toContain('collect files');
    expect(state).toMatchObject({ phase: 'succeeded', idle: true });
  });

  it('does nothing when the same run has succeeded before', () => {
    const { state, actions } = play([
      { got: 'resumed' },
      ...prepared(0),
      ...compared({ alreadyDone: true, newFiles: 9 }),
    ]);
    expect(state.phase).toBe('succeeded');
    expect(actions.filter((action) => action.do === 'submit')).toHaveLength(3);
  });

  it('asks for the same thing again after it was interrupted', () => {
    const { state } = play(untilLoad);
    const again = advance(JSON.parse(JSON.stringify(state)), { got: 'resumed', at: NOON + 100 });
    expect(again.action).toEqual({ do: 'submit', step: 'load' });
    expect(again.state.sequence).toBe(state.sequence);
  });

  it('repeats a call that got no answer under the same sequence number', () => {
    const before = play(untilLoad).state;
    const { state, action } = advance(before, { got: 'trouble', failure: transient, at: NOON });
    expect(action).toEqual({ do: 'pause', seconds: 2 });
    expect(state.sequence).toBe(before.sequence);
    expect(advance(state, { got: 'resumed', at: NOON + 2000 }).action).toEqual({ do: 'submit', step: 'load' });
  });

  it('repeats a transaction that met a conflict as another statement', () => {
    const before = play([...untilLoad, submitted('l')]).state;
    const { state, action } = advance(before, { ...refused(transient), at: NOON } as Answer);
    expect(action.do).toBe('pause');
    expect(state).toMatchObject({ phase: 'load', retries: 1 });
    expect(state.sequence).toBeGreaterThan(before.sequence);
  });

  it('lists the sources again when another run has overtaken it', () => {
    const { state, actions } = play([
      ...untilLoad,
      submitted('l'),
      refused({ kind: 'warehouse', message: 'superseded: …', advice: '' }, { superseded: true }),
    ]);
    expect(actions.at(-1)).toEqual({ do: 'submit', step: 'survey' });
    expect(state.collected).toBeUndefined();
  });

  it('gives up being overtaken after five rounds', () => {
    const overtaken = refused({ kind: 'warehouse', message: 'superseded: …', advice: '' }, { superseded: true });
    const round: readonly Happened[] = [...compared({ newFiles: 1 }), collected, submitted('l'), overtaken];
    const { state } = play([{ got: 'resumed' }, ...prepared(0), ...round, ...round, ...round, ...round, ...round]);
    expect(state).toMatchObject({ phase: 'record failure', failure: { kind: 'transient' } });
  });

  it('asks why a COPY failed, records the failure and fails', () => {
    const bad: Failure = { kind: 'source data', message: 'COPY failed', advice: 'Mend.' };
    const { state, actions } = play([
      ...untilLoad,
      submitted('l'),
      refused({ kind: 'source data', message: 'Load into table …', advice: '' }, { explainable: true }),
      { got: 'explanation', failure: bad },
      submitted('r'),
      finished,
    ]);
    expect(actions.slice(-4)).toEqual([
      { do: 'explain', id: 'l' },
      { do: 'submit', step: 'record failure' },
      { do: 'poll', step: 'record failure', id: 'r' },
      { do: 'end' },
    ]);
    expect(state).toMatchObject({ phase: 'failed', failure: bad });
  });

  it('keeps its reason when the failure cannot be recorded', () => {
    const { state } = play([...untilLoad, { got: 'trouble', failure: final }, { got: 'trouble', failure: transient }]);
    expect(state.phase).toBe('record failure');
    const { state: end } = play([{ got: 'trouble', failure: final }], state);
    expect(end).toMatchObject({ phase: 'failed', failure: final, warnings: ['denied'] });
  });

  it('succeeds with a warning when only the maintenance fails', () => {
    const { state } = play([...untilLoad, ...loaded, submitted('m'), refused(final)]);
    expect(state).toMatchObject({ phase: 'succeeded', warnings: ['denied'] });
  });

  it('cancels what runs at its deadline and fails with that reason', () => {
    const { state } = play([...untilLoad, submitted('l')]);
    const late = advance(state, { got: 'running', at: state.deadlineAt + 1 });
    expect(late.action).toEqual({ do: 'cancel', id: 'l' });
    const cancelled = advance(late.state, { got: 'cancelled', at: state.deadlineAt + 2 });
    expect(cancelled.action).toEqual({ do: 'submit', step: 'record failure' });
    expect(cancelled.state.failure?.message).toMatch(/not done after 3300 s .*'load'/);
  });

  it('fails at once when even tidying up takes too long', () => {
    const { state } = play([...untilLoad, submitted('l')]);
    expect(advance(state, { got: 'running', at: state.deadlineAt + 200_000 }).state.phase).toBe('failed');
  });
});

describe('the mode', () => {
  it.each([
    ['incremental when only new files came', {}, 'incremental'],
    ['refresh at the first load', { firstLoad: true }, 'refresh'],
    ['refresh when the SQL of the load has changed', { loadChanged: true }, 'refresh'],
    ['refresh when the sources lie elsewhere', { sourcesChanged: true }, 'refresh'],
    ['refresh when a file has changed', { changedFiles: 1 }, 'refresh'],
    ['incremental when files have only vanished', { vanishedFiles: 3 }, 'incremental'],
  ])('is %s', (_name, difference, mode) => {
    expect(chooseMode('incremental', { ...nothingNew, newFiles: 1, ...difference })).toBe(mode);
  });

  it('is refresh when that was asked for, even with nothing new', () => {
    expect(chooseMode('refresh', nothingNew)).toBe('refresh');
  });
});

/** What may happen when an action is done, in any order and with any failure. */
function outcomes(action: Action): fc.Arbitrary<Happened> {
  const failure = fc.constantFrom(transient, final);
  const trouble = failure.map((each): Happened => ({ got: 'trouble', failure: each }));
  const refusal = fc
    .tuple(failure, fc.boolean(), fc.boolean(), fc.boolean())
    .map(([each, superseded, explainable, raced]) => refused(each, { superseded, explainable, raced }));
  const count = fc.nat({ max: 2 });
  switch (action.do) {
    case 'submit':
      return fc.oneof(
        { weight: 4, arbitrary: fc.boolean().map((ended): Happened => ({ got: 'submitted', id: 's', ended })) },
        trouble,
      );
    case 'poll':
      return fc.oneof(
        { weight: 4, arbitrary: fc.constant(finished) },
        fc.constant<Happened>({ got: 'running' }),
        refusal,
        trouble,
      );
    case 'read':
      if (action.step === 'prepare')
        return fc.oneof(
          count.map((pending): Happened => ({ got: 'migrations', pending })),
          trouble,
        );
      if (action.step === 'load') return fc.oneof(fc.constant<Happened>({ got: 'counts', counts: {} }), trouble);
      return fc.oneof(
        fc.tuple(count, count, fc.boolean()).map(
          ([newFiles, changedFiles, firstLoad]): Happened => ({
            got: 'comparison',
            comparison: { ...nothingNew, newFiles, changedFiles, firstLoad },
          }),
        ),
        trouble,
      );
    case 'plan':
      return fc.oneof(fc.constant(planned), trouble);
    case 'list sources':
      return fc.oneof(fc.constant(listing), trouble);
    case 'collect files':
      return fc.oneof(fc.constant(collected), trouble);
    case 'explain':
      return fc.oneof(fc.constant<Happened>({ got: 'explanation', failure: final }), trouble);
    case 'cancel':
      return fc.oneof(fc.constant<Happened>({ got: 'cancelled' }), trouble);
    default:
      return fc.constant<Happened>({ got: 'resumed' });
  }
}

const dry = newRun({ runId: 'dry-run-x', trigger: 'operator', mode: 'incremental', dryRun: true }, NOON, 3300);

/** True for what leaves something behind. */
function changes(action: Action): boolean {
  return action.do === 'collect files' || (action.do === 'submit' && !['survey', 'compare'].includes(action.step));
}

describe('any run, whatever happens', () => {
  it('ends in time, once, loads only what it has compared, and stays small', () => {
    fc.assert(
      fc.property(fc.gen(), fc.integer({ min: 1, max: 400_000 }), fc.boolean(), (gen, slowness, dryRun) => {
        let at = NOON;
        let answer: Answer = { got: 'resumed', at };
        let state = dryRun ? dry : run;
        const done: Action[] = [];
        for (let turn = 0; turn < 5000; turn += 1) {
          const decision = advance(state, answer);
          expect(decision.state.sequence).toBeGreaterThanOrEqual(state.sequence);
          state = decision.state;
          if (decision.action.do === 'end') break;
          done.push(decision.action);
          at += decision.action.do === 'pause' ? decision.action.seconds * 1000 : slowness;
          answer = { ...gen(() => outcomes(decision.action)), at } as Answer;
        }
        expect(isEnded(state.phase)).toBe(true);
        // Besides one action at most that began before the grace was over.
        expect(at).toBeLessThanOrEqual(state.deadlineAt + 120_000 + 2 * slowness + 30_000);
        expect(state.phase === 'failed').toBe(state.failure !== undefined);
        const load = done.findIndex((action) => action.do === 'submit' && action.step === 'load');
        const comparison = done.findIndex((action) => action.do === 'read' && action.step === 'compare');
        if (load >= 0) expect(comparison).toBeLessThan(load);
        if (state.phase === 'succeeded' && !dryRun) expect(load).toBeGreaterThanOrEqual(0);
        if (dryRun) expect(done.filter(changes)).toEqual([]);
        expect(JSON.stringify(state).length).toBeLessThan(100_000);
        expect(advance(state, { got: 'resumed', at: at + 1 })).toEqual({ state, action: { do: 'end' } });
      }),
      { numRuns: 500 },
    );
  });
});
