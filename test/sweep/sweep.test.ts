import { inTurn } from './in-turn';
import { type KillPoint, type RoundResult, round } from './kill-function';
import { outage, undisturbed } from './kill-redshift';
import { type Scenario, Scenarios } from './scenario';

/** A sample of what `npm run sweep` does at every point. */
describe('a load that is killed in the middle', () => {
  const scenarios = new Scenarios();
  let first: Scenario;
  let clean: RoundResult;

  beforeAll(async () => {
    first = await scenarios.firstLoad();
    clean = await round(first);
  });
  afterAll(() => scenarios.remove());

  /** The last request of a kind, so that the sample does not depend on how many there are. */
  const at = (kind: RegExp, when: KillPoint['when']): KillPoint => ({
    request: clean.requests.findLastIndex((what) => kind.test(what)) + 1,
    when,
  });

  it('ends well when nothing kills it', () => {
    expect(clean.problems).toEqual([]);
    expect(clean.star.songplays?.length).toBeGreaterThan(0);
  });

  it('makes the same star when the function dies around the requests that count', async () => {
    const points = [
      at(/^PUT .*manifest/, 'after'),
      at(/^BatchExecuteStatement/, 'after'),
      at(/^PUT .*_cloudformation/, 'after'),
    ];
    const results = await inTurn(points, (point) => round(first, point, clean.star));
    expect(results.filter(({ killedAt }) => killedAt === undefined)).toEqual([]);
    expect(results.flatMap(({ point, problems }) => problems.map((problem) => ({ point, problem })))).toEqual([]);
  });

  it('makes the same star when the Redshift dies in the middle of the load', async () => {
    const nightly = await scenarios.nightly();
    const whole = await undisturbed(nightly);
    const statement = whole.statements.indexOf('load/055_songplays.sql') + 1;
    const { killed, problems } = await outage(nightly, whole, { statement, when: 'during' });
    expect({ killed, problems }).toEqual({ killed: true, problems: [] });
  });
});
