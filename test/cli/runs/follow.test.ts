import { FADING, isStatementOf } from '../../../cli/runs/cancel-run';
import { expectedMilliseconds, progressLine } from '../../../cli/runs/follow';
import { scheduledRunId } from '../../../cli/runs/run-state';
import { isStatementOf as isOfTheFunction, statementName } from '../../../lambda/batches';
import type { FunctionConfig } from '../../../lambda/config';
import { readEvent } from '../../../lambda/events';
import { FADING as FADING_OF_THE_FUNCTION } from '../../../lambda/remove';

const state = { runId: 'r', trigger: 'operator', dryRun: false, phase: 'load', startedAt: 10_000, steps: [] };
const earlier = [
  { mode: 'incremental', bytes: 1000, milliseconds: 4_000 },
  { mode: 'refresh', bytes: 100_000, milliseconds: 60_000 },
  { mode: 'refresh', bytes: 100_000, milliseconds: 90_000 },
];

describe('where a run stands, in a line', () => {
  it('is its phase, its size and its time', () => {
    expect(progressLine(undefined, [], 0)).toBe('begun');
    expect(progressLine({ ...state, phase: 'survey' }, [], 12_500)).toBe('looking at the ledger, 2.5 s');
    expect(progressLine({ ...state, files: 3, bytes: 2000 }, [], 11_000)).toBe('loading, 3 files, 2.0 kB, 1.0 s');
  });

  it('has the time left by the newest run of its mode, as the bytes are', () => {
    const refresh = { ...state, mode: 'refresh', files: 3, bytes: 200_000 };
    expect(progressLine(refresh, earlier, 30_000)).toMatch(/20\.0 s, about 1 min 40 s left/);
    expect(progressLine(refresh, earlier, 140_000)).toMatch(/longer than the last$/);
  });

  it('does not expect a small run to be quicker than what every run costs', () => {
    expect(expectedMilliseconds({ ...state, mode: 'refresh', bytes: 1 }, earlier)).toBe(60_000);
    expect(expectedMilliseconds({ ...state, mode: 'incremental' }, earlier)).toBeUndefined();
    expect(expectedMilliseconds({ ...state, mode: 'refresh', bytes: 1 }, [])).toBeUndefined();
  });

  it('says what it waits for', () => {
    expect(progressLine({ ...state, trouble: 'throttled' }, [], 10_000)).toBe('loading, 0.0 s, waiting: throttled');
  });
});

describe('the id of a nightly run', () => {
  it('is told by the time that it was due, as the function makes it', () => {
    const scheduledTime = '2026-11-29T03:00:00.000Z';
    expect(scheduledRunId(scheduledTime)).toBe(readEvent({ trigger: 'schedule', scheduledTime }).runId);
  });
});

describe('the statements of a run', () => {
  it('may come as long after its stop as the function itself waits for them', () => {
    expect(FADING).toBe(FADING_OF_THE_FUNCTION);
  });

  it('are those of its whole name: the run x-load begins as the load of the run x', () => {
    expect(isStatementOf('dev', 'operator-x', 'sparkify-dev-operator-x-load')).toBe(true);
    expect(isStatementOf('dev', 'operator-x', 'sparkify-dev-operator-x-load-load')).toBe(false);
    expect(isStatementOf('dev', 'operator-x', 'sparkify-dev-operator-x-record-failure')).toBe(false);
  });

  it.each([
    ...['prepare', 'migrate', 'applied', 'access', 'views', 'survey', 'compare', 'load', 'maintain', 'explain'],
    ...['record failure', 'load-load', ''],
  ])('are the same ones for the command line as for the function: %s', (step) => {
    const config = { environmentName: 'dev' } as FunctionConfig;
    const name = statementName(config, 'operator-x', step);
    expect(isStatementOf('dev', 'operator-x', name)).toBe(isOfTheFunction(config, 'operator-x', name));
  });
});
