import { type RoundResult, round } from './kill-function';
import { firstLife, killedDuring, secondLife } from './kill-redshift';
import { type Scenario, Scenarios } from './scenario';

/** One death each of those that `npm run sweep` has at every point; test/acceptance/killed-loads.test.ts has more. */
describe('a load that is killed in the middle', () => {
  const scenarios = new Scenarios();
  let nightly: Scenario;
  let clean: RoundResult;

  beforeAll(async () => {
    nightly = await scenarios.nightly();
    clean = await round(nightly);
  });
  afterAll(() => scenarios.remove());

  it('ends well when nothing kills it', () => {
    expect(clean.problems).toEqual([]);
    expect(clean.star.songplays?.length).toBeGreaterThan(0);
  });

  it('makes the same star when the function dies after its last batch was taken, before it hears so', async () => {
    const last = clean.points.findLast(({ kind }) => /^BatchExecuteStatement/.test(kind));
    const { killed, problems } = await round(nightly, last && { ...last, when: 'after' }, clean.star);
    expect({ killed, problems }).toEqual({ killed: true, problems: [] });
  });

  it('makes the same star when the Redshift is killed in the middle of the load', async () => {
    const statement = 'load/055_songplays.sql';
    const { clean } = await firstLife(nightly, statement);
    expect(clean.runs).toContain('operator-sweep,succeeded');
    expect(await secondLife(nightly, clean, await killedDuring(nightly, statement))).toEqual([]);
  });
});
