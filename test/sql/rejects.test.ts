import { type EventSeed, StarUnderTest } from './star-under-test';

const MORNING = Date.UTC(2018, 10, 5, 8);
const song = { song_id: 'SO1', title: 'Uprising', artist_id: 'AR1', artist_name: 'Muse' };
const play = (itemInSession: number, more: Partial<EventSeed> = {}): EventSeed => ({
  ts: MORNING,
  sessionId: 256,
  itemInSession,
  ...more,
});
const tooLong = play(1, { location: 'x'.repeat(600) });
const noNumber = play(2, { userId: 'nobody' });

let star: StarUnderTest;
beforeEach(async () => {
  star = await StarUnderTest.open();
});
afterEach(() => star.close());

const rejects = (): ReturnType<StarUnderTest['rows']> =>
  star.rows(`select run_id, source, file_url, line_number::int, column_name, left(value, 8), error_code, reason
    from etl.rejects order by run_id, file_url, line_number`);
const runs = (): ReturnType<StarUnderTest['rows']> =>
  star.rows('select run_id, staged_events::int, rejected_rows::int from etl.runs order by run_id');

describe('a bad row', () => {
  it('fails the load where none is allowed, and nothing is kept', async () => {
    await expect(star.load('refresh', [song], [play(0), tooLong])).rejects.toThrow(/Load into table .* failed/);
    expect(await rejects()).toEqual([]);
  });

  it('is left out and kept with file, line, column, value, code and reason where some are allowed', async () => {
    star.maxRejects = 2;
    await star.load('refresh', [song], [play(0), tooLong, noNumber, play(3)]);
    const file = ['operator-run-1', 'events', 's3://source/log_data/1.json'];
    expect(await rejects()).toEqual([
      [...file, 2, 'location', 'xxxxxxxx', 1204, 'String length exceeds DDL length'],
      [...file, 3, 'userid', 'nobody', 1207, expect.stringMatching(/^Invalid digit, Value 'n'/)],
    ]);
    expect(await runs()).toEqual([['operator-run-1', 2, 2]]);
    expect((await star.tables()).songplays).toHaveLength(2);
  });

  it('is kept without STL views too, as on serverless, where the value stands in the reason only', async () => {
    await star.close();
    star = await StarUnderTest.open(undefined, { clusterViews: false });
    star.maxRejects = 2;
    await star.load('refresh', [song, { ...song, song_id: 'S'.repeat(65) }], [play(0), noNumber]);
    expect(
      (await rejects()).map(([, source, , line, column, value, code]) => [source, line, column, value, code]),
    ).toEqual([
      ['events', 2, 'userid', null, 1207],
      ['songs', 1, 'song_id', null, 1204],
    ]);
    expect((await rejects())[0]?.[7]).toMatch(/^Invalid digit, Value 'n'/);
  });

  it('too many fails the load as if none were allowed, and keeps none', async () => {
    star.maxRejects = 1;
    await expect(star.load('refresh', [song], [play(0), tooLong, noNumber])).rejects.toThrow(/Load into table/);
    expect(await rejects()).toEqual([]);
    expect((await star.tables()).songplays).toEqual([]);
  });

  it('of the songs is kept as one of the songs, and only once', async () => {
    star.maxRejects = 1;
    await star.load('refresh', [song, { ...song, song_id: 'S'.repeat(65) }], [play(0)]);
    expect((await rejects()).map(([run, source, , , column]) => [run, source, column])).toEqual([
      ['operator-run-1', 'songs', 'song_id'],
    ]);
  });

  it('counts for the run that met it, not for those after', async () => {
    star.maxRejects = 1;
    await star.load('refresh', [song], [play(0), tooLong]);
    await star.load('incremental', [], [play(3)]);
    expect(await runs()).toEqual([
      ['operator-run-1', 1, 1],
      ['operator-run-2', 1, 0],
    ]);
  });
});
