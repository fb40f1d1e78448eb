import { etlFunctionOf, LoadWatch } from '../../../cli/deploys/load-watch';
import type { RunState } from '../../../cli/runs/run-state';

const event = (status: string, type = 'Custom::WarehouseLoad') =>
  `  Sparkify-dev | 57/60 | 10:56:33 AM | ${status.padEnd(20)} | ${type} | WarehouseLoad`;
const state: RunState = { runId: 'r', trigger: 'deploy', dryRun: false, phase: 'load', startedAt: 0, steps: [] };

describe('the watch over the load of a deploy', () => {
  it('looks from the first event of the load to its last one, and not while other resources are made', async () => {
    const shown: string[] = [];
    let looks = 0;
    let seen: () => void = () => undefined;
    const twice = new Promise<void>((done) => {
      seen = done;
    });
    const look = async () => {
      looks += 1;
      if (looks === 2) throw new Error('throttled');
      if (looks === 4) seen();
      return state;
    };
    const watch = new LoadWatch(
      look,
      (detail) => shown.push(detail),
      0,
      () => 2_000,
    );
    watch.line(event('CREATE_IN_PROGRESS', 'AWS::IAM::Role'));
    expect(looks).toBe(0);
    watch.line(event('CREATE_IN_PROGRESS'));
    watch.line(event('CREATE_IN_PROGRESS'));
    await twice;
    watch.line(event('CREATE_COMPLETE'));
    const then = looks;
    await new Promise((resolve) => setImmediate(resolve));
    expect(looks).toBe(then);
    expect(shown).toEqual(['loading, 2.0 s', 'loading, 2.0 s']);
  });
});

describe('the ETL function of a template', () => {
  it('is the one whose executions are durable', () => {
    const Resources = {
      Limits: { Type: 'AWS::Lambda::Function', Properties: {} },
      Etl: { Type: 'AWS::Lambda::Function', Properties: { DurableConfig: { ExecutionTimeout: 1 } } },
    };
    expect(etlFunctionOf({ Resources })).toBe('Etl');
    expect(etlFunctionOf({})).toBeUndefined();
  });
});
