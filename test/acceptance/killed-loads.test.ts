import { differences } from '../support/local-world/star-dump';
import { inTurn } from '../sweep/in-turn';
import { firstLife, killedDuring, secondLife } from '../sweep/kill-redshift';
import { type Scenario, Scenarios } from '../sweep/scenario';
import { type ThreeRuns, threeRuns } from '../sweep/together';

/** What `npm run sweep` takes for granted, and what it does not do. */
describe('a load', () => {
  const scenarios = new Scenarios();
  let nightly: Scenario;

  beforeAll(async () => {
    nightly = await scenarios.nightly();
  });
  afterAll(() => scenarios.remove());

  it('makes the same star from the files of a Redshift that is stopped as from those of one that is killed', async () => {
    const statement = 'load/055_songplays.sql';
    const { clean, deaths } = await firstLife(nightly, statement);
    expect(clean.runs).toContain('operator-sweep,succeeded');
    expect(deaths).toHaveLength(1);
    const inEarnest = await killedDuring(nightly, statement);
    const ends = await inTurn([...deaths, inEarnest], (death) => secondLife(nightly, clean, death));
    expect(ends).toEqual([[], []]);
  });

  it('makes the same star as one after another when a deploy, the schedule and an operator load at the same moment', async () => {
    const oneByOne = await threeRuns(nightly, scenarios, false);
    const atOnce = await threeRuns(nightly, scenarios, true);
    expect(differences(oneByOne.star, atOnce.star)).toEqual([]);
    for (const { deploy, loaded } of [oneByOne, atOnce]) {
      expect(deploy).toBe('UPDATE_COMPLETE');
      expect(loaded.map(({ trigger }) => trigger).toSorted()).toEqual(['deploy', 'operator', 'schedule']);
      expect(loaded.map(({ status, files }) => [status, files])).toEqual([
        ['succeeded', 2],
        ['succeeded', 0],
        ['succeeded', 0],
      ]);
    }
    const superseded = ({ said }: ThreeRuns) => said.filter((text) => text.includes('which superseded it'));
    expect([superseded(oneByOne).length, superseded(atOnce).length]).toEqual([0, 2]);
  });
});
