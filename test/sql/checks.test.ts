import { type EventSeed, StarUnderTest } from './star-under-test';

const MORNING = Date.UTC(2018, 10, 5, 8);
const song = { song_id: 'SO1', title: 'Uprising', artist_id: 'AR1', artist_name: 'Muse' };
const play = (itemInSession: number, more: Partial<EventSeed> = {}): EventSeed => ({
  ts: MORNING,
  sessionId: 256,
  itemInSession,
  ...more,
});

let star: StarUnderTest;
beforeEach(async () => {
  star = await StarUnderTest.open();
});
afterEach(() => star.close());

const failed = (): ReturnType<StarUnderTest['rows']> =>
  star.rows('select check_name, severity, offending_rows::int, examples from etl.check_results where not passed');

describe('a check that fails', () => {
  it('rolls the load back and tells its name, the count and five offending rows', async () => {
    const outOfRange = Array.from({ length: 7 }, (_, index) => play(1_000_000 + index));
    const refused = star.load('refresh', [song], [play(0), ...outOfRange]);
    await expect(refused).rejects.toThrow(
      'check item_in_session_range failed: 7 offending rows, for example: ' +
        Array.from({ length: 5 }, (_, index) => `session_id 256 item_in_session ${1_000_000 + index}`).join('; '),
    );
    await expect(refused).rejects.not.toThrow('item_in_session 1000005');
    expect((await star.tables()).songplays).toEqual([]);
    expect(await star.rows('select count(*)::int from etl.check_results')).toEqual([[0]]);
  });

  it('of severity warn lets the load succeed and stands in its results', async () => {
    await star.load('refresh', [song], [play(0), play(1, { userId: '' })]);
    expect(await failed()).toEqual([['plays_without_user', 'warn', 1, 'songplay_id 256000001']]);
    expect((await star.tables()).songplays).toHaveLength(2);
  });
});

describe('freshness', () => {
  it.each([
    ['passes where the newest log file brings plays of its day', '2018/11/2018-11-05-events', 0],
    ['passes for two days of grace', '2018/11/2018-11-07-events', 0],
    ['warns where newer log files have brought no plays', '2018/11/2018-11-08-events', 1],
    ['passes for a history however old', '2011/01/2011-01-01-events', 0],
    ['passes where the names of the files tell no day', 'tuesday', 0],
    ['takes a name that only looks like a day for one, and fails nothing', '2018-99-99-events', 1],
  ])('%s', async (_name, file, warnings) => {
    await star.load('refresh', [song], [play(0)], file);
    expect((await failed()).map(([name]) => name)).toEqual(Array(warnings).fill('freshness'));
  });

  it('says of which day the newest play is and of which the newest file', async () => {
    await star.load('refresh', [song], [play(0)], '2018-11-30-events');
    expect((await failed())[0]?.[3]).toBe('the newest play is of 2018-11-05, the newest log file of 2018-11-30');
  });

  it('warns where files have come and no play ever has', async () => {
    await star.load('refresh', [song], [play(0, { page: 'Home' })], '2018-11-05-events');
    expect((await failed())[0]?.[3]).toBe('the newest play is of no day, the newest log file of 2018-11-05');
  });
});

describe('the run lock', () => {
  it('is not waited for without end', async () => {
    await star.load('refresh', [song], [play(0)]);
    const stuck = await star.session();
    try {
      for (const sql of ['begin', 'lock etl.run_lock']) for await (const _ of (await stuck.execute(sql)).rows);
      star.lockWait = 20;
      await expect(star.load('incremental', [], [play(1)])).rejects.toThrow(/cancelled on user's request/);
    } finally {
      await stuck.close();
    }
    star.lockWait = 60_000;
    star.generation = 1;
    await star.load('incremental', [], [play(1)]);
    expect((await star.tables()).songplays).toHaveLength(2);
  });

  it('is held before the load looks at anything: what the one before has written counts', async () => {
    await star.load('refresh', [song], [play(0)]);
    const before = await star.session();
    const run = async (sql: string): Promise<void> => {
      for await (const _ of (await before.execute(sql)).rows);
    };
    await run('begin');
    await run('lock etl.run_lock');
    const waiting = star.load('incremental', [], [play(1)]);
    await run('update etl.run_lock set generation = generation + 1');
    await run('commit');
    await before.close();
    await expect(waiting).rejects.toThrow(/superseded: another run has loaded meanwhile \(generation 2, expected 1\)/);
  });
});
