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
  newBySource: {},
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
const nothingRuns: Happened = { got: 'cancelled', running: [] };
const two = { files: 2, bytes: 10, bySource: { songs: 1, events: 1 } };
const listing: Happened = {
  got: 'listing',
  listing: { digest: 'd', prefix: 'runs/x/', files: 2, buckets: 'all', total: two, wanted: two },
  milliseconds: 5,
};
const collected: Happened = {
  got: 'collected',
  collected: { digest: 'e', files: 2, bytes: 10, manifests: {}, jsonPaths: {}, ledgerPrefix: 'runs/x/e/files/' },
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
    emptySources: [],
    migrations: [],
    statements: [],
  },
};
const prepared = (pending: number, admitted = true): readonly Happened[] => [
  submitted('p'),
  finished,
  { got: 'migrations', pending, admitted },
];
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

  it('gives the database users their roles after the migrations, before anything needs them', () => {
    const { state, actions } = play([
      { got: 'resumed' },
      ...prepared(1, false),
      ...[submitted('g'), finished],
      ...prepared(0, false),
      ...[submitted('a'), finished],
      ...compared({}),
      ...[...loaded, ...maintained],
    ]);
    const steps = actions.flatMap((action) => (action.do === 'submit' ? [action.step] : []));
    expect(steps).toEqual(['prepare', 'migrate', 'prepare', 'access', 'survey', 'compare', 'load', 'maintain']);
    expect(state.phase).toBe('succeeded');
  });

  it('looks again who has a role when another run gives them at the same time', () => {
    const raced = refused({ kind: 'warehouse', message: 'user "loader" already exists', advice: '' }, { raced: true });
    const { actions } = play([
      ...[{ got: 'resumed' } as const, ...prepared(0, false), submitted('a'), raced],
      ...[{ got: 'resumed' } as const, ...prepared(0)],
    ]);
    const steps = actions.flatMap((action) => (action.do === 'submit' ? [action.step] : []));
    expect(steps).toEqual(['prepare', 'access', 'prepare', 'survey']);
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
    expect(state).toMatchObject({ phase: 'cancel', failure: { kind: 'transient' } });
  });

  it('asks why a COPY failed, records the failure and fails', () => {
    const bad: Failure = { kind: 'source data', message: 'COPY failed', advice: 'Mend.' };
    const { state, actions } = play([
      ...untilLoad,
      submitted('l'),
      refused({ kind: 'source data', message: 'Load into table …', advice: '' }, { explainable: true }),
      { got: 'explanation', failure: bad },
      nothingRuns,
      submitted('r'),
      finished,
    ]);
    expect(actions.slice(-5)).toEqual([
      { do: 'explain', id: 'l' },
      { do: 'cancel', id: 'l' },
      { do: 'submit', step: 'record failure' },
      { do: 'poll', step: 'record failure', id: 'r' },
      { do: 'end' },
    ]);
    expect(state).toMatchObject({ phase: 'failed', failure: bad });
  });

  it('keeps its reason when the failure cannot be recorded', () => {
    const { state } = play([
      ...untilLoad,
      { got: 'trouble', failure: final },
      nothingRuns,
      { got: 'trouble', failure: transient },
    ]);
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
    const cancelled = advance(late.state, { got: 'cancelled', running: [], at: state.deadlineAt + 2 });
    expect(cancelled.action).toEqual({ do: 'submit', step: 'record failure' });
    expect(cancelled.state.failure?.message).toMatch(/not done after 3300 s .*'load'/);
  });

  it('that comes long after its deadline cancels once, records nothing and fails', () => {
    const { state } = play([...untilLoad, submitted('l')]);
    const late = state.deadlineAt + 7_200_000;
    const found = advance(state, { got: 'resumed', at: late });
    expect(found.action).toEqual({ do: 'cancel', id: 'l' });
    expect(advance(found.state, { ...nothingRuns, at: late + 1 } as Answer).state.phase).toBe('failed');
    const unknown = advance(found.state, { got: 'trouble', failure: transient, at: late + 1 }).state;
    expect(unknown.phase).toBe('failed');
    expect(unknown.failure?.message).toMatch(
      /not done after 3300 s .*; what this run has sent may still commit: throttled/,
    );
  });

  it('cancels what it cancelled again until that has ended, half of the grace after the deadline at most', () => {
    const { state } = play([...untilLoad, submitted('l')]);
    const running: Happened = { got: 'cancelled', running: ['statement sparkify-dev-x-load (l)'] };
    const late = advance(state, { got: 'running', at: state.deadlineAt + 1 }).state;
    const again = advance(late, { ...running, at: state.deadlineAt + 59_000 } as Answer);
    expect(again.action.do).toBe('pause');
    const given = advance(again.state, { ...running, at: state.deadlineAt + 61_000 } as Answer);
    expect(given.action).toEqual({ do: 'submit', step: 'record failure' });
    expect(given.state.failure?.message).toMatch(/may still commit: statement sparkify-dev-x-load \(l\) was cancelled/);
  });

  it('succeeds when its load has committed all the same, and does not fail any more', () => {
    const { state } = play([...untilLoad, { got: 'trouble', failure: final }]);
    const committed: Happened = { got: 'cancelled', running: [], committed: { id: 'l', steps: [] } };
    const found = advance(state, { ...committed, at: NOON + 50 } as Answer);
    expect(found.action).toEqual({ do: 'read', step: 'load', id: 'l' });
    expect(found.state).toMatchObject({ failure: undefined, rescued: 'l', warnings: ['denied'] });
    const unread = advance(found.state, { got: 'trouble', failure: final, at: NOON + 51 });
    expect(unread.action).toEqual({ do: 'submit', step: 'maintain' });
    const late = advance(found.state, { got: 'resumed', at: state.deadlineAt + 7_200_000 });
    expect(late.state.phase).toBe('succeeded');
  });
});

describe('a run that is older than what is deployed', () => {
  const other = (trigger: string): Partial<Comparison> => ({
    loadChanged: true,
    newFiles: 1,
    otherVersion: { runId: 'deploy-x', trigger },
  });
  const of = (trigger: 'operator' | 'deploy', comparison: Partial<Comparison>): RunState => {
    const begun = newRun({ runId: `${trigger}-x`, trigger, mode: 'incremental' }, NOON, 3300);
    return play([...prepared(0), ...compared(comparison)], begun).state;
  };

  it('gives way to a deploy, and says so', () => {
    const { phase, failure } = of('operator', other('deploy'));
    expect(phase).toBe('cancel');
    expect(failure?.message).toMatch(/^superseded: run deploy-x has loaded the star with other SQL/);
    expect(of('deploy', other('deploy')).failure?.message).toMatch(/^superseded/);
  });

  it('is not one that began after it, nor a deploy that met the night before it', () => {
    expect(of('operator', { ...other('deploy'), otherVersion: undefined })).toMatchObject({ mode: 'refresh' });
    expect(of('deploy', other('schedule'))).toMatchObject({ phase: 'collect', mode: 'refresh' });
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
function outcomes(action: Action, loadSent: boolean): fc.Arbitrary<Happened> {
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
          fc
            .tuple(count, fc.boolean())
            .map(([pending, admitted]): Happened => ({ got: 'migrations', pending, admitted })),
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
      return fc.oneof(
        fc.constantFrom<Happened>(
          { got: 'cancelled', running: [] },
          { got: 'cancelled', running: ['statement s'] },
          { got: 'cancelled', running: [], ...(loadSent && { committed: { id: 's', steps: [] } }) },
        ),
        trouble,
      );
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
          const loadSent = done.some((action) => action.do === 'submit' && action.step === 'load');
          answer = { ...gen(outcomes, decision.action, loadSent), at } as Answer;
        }
        expect(isEnded(state.phase)).toBe(true);
        // Besides one action at most that began before the grace was over, and one that cancels what it has started.
        expect(at).toBeLessThanOrEqual(state.deadlineAt + 120_000 + 3 * slowness + 30_000);
        expect(state.phase === 'failed').toBe(state.failure !== undefined);
        const load = done.findIndex((action) => action.do === 'submit' && action.step === 'load');
        const comparison = done.findIndex((action) => action.do === 'read' && action.step === 'compare');
        if (load >= 0) expect(comparison).toBeLessThan(load);
        if (state.phase === 'succeeded' && !dryRun) expect(load).toBeGreaterThanOrEqual(0);
        if (dryRun) expect(done.filter(changes)).toEqual([]);
        expect(JSON.stringify(state).length).toBeLessThan(100_000);
        expect(advance(state, { got: 'resumed', at: at + 1 })).toEqual({ state, action: { do: 'end' } });
      }),
      { numRuns: 500, endOnFailure: true },
    );
  });
});
