import { newestState } from '../../../cli/runs/run-state';

const succeeded = (payload: unknown) => ({ StepSucceededDetails: { Result: { Payload: JSON.stringify(payload) } } });
const state = { runId: 'operator-x', trigger: 'operator', phase: 'load', startedAt: 5, steps: [] };

describe('where a run stands, out of the history of its execution', () => {
  it('is what it wrote down last', () => {
    const earlier = succeeded({ ...state, phase: 'survey' });
    expect(newestState([{}, succeeded(state), earlier])).toMatchObject({ runId: 'operator-x', phase: 'load' });
  });

  it('is not found in the results of other steps, in null, or in what is no JSON', () => {
    const odd = { StepSucceededDetails: { Result: { Payload: 'no JSON' } } };
    expect(
      newestState([succeeded({ succeeded: true }), succeeded(1795861623185), succeeded(null), odd]),
    ).toBeUndefined();
  });

  it('knows how much is to be loaded: what was compared, and then what was collected', () => {
    const compared = { ...state, comparison: { newFiles: 3, newBytes: 300 } };
    expect(newestState([succeeded(compared)])).toMatchObject({ files: 3, bytes: 300 });
    expect(newestState([succeeded({ ...compared, collected: { files: 9, bytes: 900 } })])).toMatchObject({
      files: 9,
      bytes: 900,
    });
    expect(newestState([succeeded(state)])).not.toHaveProperty('files');
  });

  it('before the first pause is what its event says; the event of a deploy does not name its run', () => {
    const begun = (event: object) => ({
      EventTimestamp: new Date(7),
      ExecutionStartedDetails: { Input: { Payload: JSON.stringify(event) } },
    });
    expect(newestState([{}, begun({ trigger: 'operator', run: 'x' })])).toEqual({
      runId: 'operator-x',
      trigger: 'operator',
      dryRun: false,
      phase: 'begun',
      startedAt: 7,
      steps: [],
    });
    expect(newestState([succeeded(state), begun({ trigger: 'operator', run: 'y' })])).toMatchObject({
      runId: 'operator-x',
    });
    expect(newestState([begun({ trigger: 'operator', run: 'x', dryRun: true })])).toMatchObject({ dryRun: true });
    expect(newestState([begun({ RequestType: 'Create' })])).toBeUndefined();
  });

  it('says what keeps the run, and whether it is only a dry run', () => {
    const kept = { ...state, dryRun: true, trouble: { kind: 'transient', message: 'throttled' } };
    expect(newestState([succeeded(kept)])).toMatchObject({ dryRun: true, trouble: 'throttled' });
  });
});
