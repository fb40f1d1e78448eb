import { UnknownRunError } from '../../../cli/errors';
import { resolveRun } from '../../../cli/runs/find-run';

const ids = [
  'operator-backlog-2',
  'operator-backlog-1',
  'schedule-2018-11-05t02-00-00z',
  'deploy-b081d8858600',
  'deploy-b0aa00000000',
];

describe('the run that somebody means', () => {
  it.each([
    ['last', 'operator-backlog-2'],
    ['deploy-b081d8858600', 'deploy-b081d8858600'],
    ['deploy-b08', 'deploy-b081d8858600'],
    ['sched', 'schedule-2018-11-05t02-00-00z'],
    ['backlog-1', 'operator-backlog-1'],
    ['2018-11-05', 'schedule-2018-11-05t02-00-00z'],
  ])('%s is %s', (asked, found) => {
    expect(resolveRun(asked, ids)).toBe(found);
  });

  it('is the one of exactly that id, though another begins with it', () => {
    expect(resolveRun('operator-a', ['operator-a-2', 'operator-a'])).toBe('operator-a');
  });

  it('has to be said with more of its id where several begin so', () => {
    expect(() => resolveRun('deploy-b0', ids)).toThrow(
      new UnknownRunError(
        'deploy-b0 is the beginning of 2 runs: deploy-b081d8858600, deploy-b0aa00000000. Give more of it.',
      ),
    );
  });

  it('is guessed from what is close where there is none', () => {
    expect(() => resolveRun('deploy-b081d8858601', ids)).toThrow(
      /no run deploy-b081d8858601\. The closest is deploy-b081d8858600/,
    );
    expect(() => resolveRun('backlok-1', ids)).toThrow(/The closest is operator-backlog-1/);
    expect(() => resolveRun('', ids)).toThrow(UnknownRunError);
  });

  it('is none before the first', () => {
    expect(() => resolveRun('last', [])).toThrow('No run has ended here yet: sparkify load starts one.');
  });
});
