import { StarUnderTest } from './star-under-test';

const MONDAY = Date.UTC(2018, 10, 5, 0, 33, 12, 796);
const SECOND = 1000;

const uprising = {
  song_id: 'SO1',
  title: 'Uprising',
  artist_id: 'AR1',
  artist_name: 'Muse',
  duration: 200,
  year: 2009,
};
const play = { ts: MONDAY, sessionId: 256, itemInSession: 0 };

let star: StarUnderTest;
beforeEach(async () => {
  star = await StarUnderTest.open();
});
afterEach(() => star.close());

describe('the star', () => {
  it('holds a play with its song, its user and its moment', async () => {
    await star.load('refresh', [{ ...uprising, artist_location: 'Devon' }], [play]);
    expect(await star.tables()).toEqual({
      songplays: [
        [
          '256000000',
          expect.stringMatching(/^2018-11-05 00:33:12\.796/),
          15,
          'paid',
          'SO1',
          'AR1',
          256,
          0,
          'Chicago-Naperville-Elgin, IL-IN-WI',
          'Mozilla/5.0 (X11)',
        ],
      ],
      users: [[15, 'Lily', 'Koch', 'F', 'paid']],
      songs: [['SO1', 'Uprising', 'AR1', 2009, 200]],
      artists: [['AR1', 'Muse', 'Devon', null, null]],
      time: [[expect.stringMatching(/^2018-11-05 00:33:12\.796/), 0, 5, 45, 11, 2018, 1]],
    });
  });

  it('keeps plays whose song it does not know, and nothing but plays', async () => {
    await star.load(
      'refresh',
      [uprising],
      [
        { ...play, song: 'Unknown' },
        { ...play, itemInSession: 1, page: 'Home', song: null, artist: null, length: null },
      ],
    );
    expect(await star.rows('select session_id, item_in_session, song_id, artist_id from songplays')).toEqual([
      [256, 0, null, null],
    ]);
    expect(await star.rows('select count(*)::int from public.time')).toEqual([[1]]);
  });

  it('takes the closest duration between songs of one title and artist, then the lowest song_id', async () => {
    const versions = [
      { ...uprising, song_id: 'SO3', duration: 210 },
      { ...uprising, song_id: 'SO2', duration: 190 },
      { ...uprising, song_id: 'SO9', duration: 300 },
    ];
    await star.load('refresh', versions, [
      { ...play, length: 207 },
      { ...play, itemInSession: 1, length: 200 },
      { ...play, itemInSession: 2, length: 1000 },
      { ...play, itemInSession: 3, length: null },
    ]);
    expect(await star.rows('select item_in_session, song_id from songplays order by 1')).toEqual([
      [0, 'SO3'],
      [1, 'SO2'],
      [2, 'SO9'],
      [3, 'SO2'],
    ]);
  });

  it('matches names as Redshift compares them: trailing blanks do not count, case does', async () => {
    await star.load(
      'refresh',
      [{ ...uprising, title: 'Uprising  ' }],
      [play, { ...play, itemInSession: 1, artist: 'Muse ' }, { ...play, itemInSession: 2, song: 'UPRISING' }],
    );
    expect(await star.rows('select song_id from songplays order by item_in_session')).toEqual([
      ['SO1'],
      ['SO1'],
      [null],
    ]);
  });

  it('knows visitors by no user and users by their latest event, of whatever page', async () => {
    await star.load(
      'refresh',
      [],
      [
        { ...play, level: 'free' },
        { ...play, ts: MONDAY + 2 * SECOND, itemInSession: 2, page: 'Upgrade', level: 'paid', song: null },
        { ...play, ts: MONDAY + SECOND, itemInSession: 1, level: 'free', page: 'Home', song: null },
        { ...play, sessionId: 9, userId: '', firstName: null, lastName: null, page: 'Home', song: null },
      ],
    );
    expect(await star.rows('select user_id, level from users')).toEqual([[15, 'paid']]);
  });

  it('counts weekdays from Sunday and weeks as ISO does, and leaves an unknown year empty', async () => {
    await star.load(
      'refresh',
      [{ ...uprising, year: 0 }],
      [
        { ...play, ts: Date.UTC(2018, 11, 30, 23, 59) },
        { ...play, ts: Date.UTC(2018, 11, 31), itemInSession: 1 },
      ],
    );
    expect(await star.rows('select day, week, weekday from public.time order by start_time')).toEqual([
      [30, 52, 0],
      [31, 1, 1],
    ]);
    expect(await star.rows('select year from songs')).toEqual([[null]]);
  });

  it('chooses the name that most songs of an artist bear, then the shortest', async () => {
    const by = (song_id: string, artist_name: string) => ({ ...uprising, song_id, artist_name });
    await star.load(
      'refresh',
      [
        by('S1', 'Muse feat. X'),
        by('S2', 'Muse'),
        by('S3', 'Muse'),
        { ...by('S4', 'Amuse'), artist_id: 'AR2' },
        { ...by('S5', 'Bee'), artist_id: 'AR2' },
      ],
      [play],
    );
    expect(await star.rows('select artist_id, name from artists order by 1')).toEqual([
      ['AR1', 'Muse'],
      ['AR2', 'Bee'],
    ]);
  });

  it('takes numbers that stand in string fields as their text', async () => {
    await star.load(
      'refresh',
      [{ ...uprising, title: 1999, artist_name: 702, artist_location: 27 }],
      [{ ...play, song: '1999', artist: '702' }],
    );
    expect(await star.rows('select song_id from songplays')).toEqual([['SO1']]);
    expect(await star.rows('select name, location from artists')).toEqual([['702', '27']]);
  });
});

describe('a later run', () => {
  it('gives earlier plays a song that comes late, or one that fits better', async () => {
    await star.load(
      'refresh',
      [{ ...uprising, song_id: 'SO7', duration: 230 }],
      [play, { ...play, itemInSession: 1, song: 'Starlight' }],
    );
    await star.load('incremental', [uprising, { ...uprising, song_id: 'SO2', title: 'Starlight' }], []);
    expect(await star.rows('select song_id from songplays order by item_in_session')).toEqual([['SO1'], ['SO2']]);
    expect(await star.rows('select count(*)::int from staging_events')).toEqual([[0]]);
  });

  it('never lets a late file overwrite newer attributes of a user', async () => {
    await star.load('refresh', [], [{ ...play, level: 'paid' }]);
    await star.load(
      'incremental',
      [],
      [{ ...play, ts: MONDAY - SECOND, sessionId: 9, level: 'free', firstName: 'Old' }],
    );
    expect(await star.rows('select first_name, level from users')).toEqual([['Lily', 'paid']]);
  });

  it('changes nothing when it brings the same events again', async () => {
    const events = [play, { ...play, itemInSession: 1, song: 'Starlight' }];
    await star.load('refresh', [uprising], events);
    const before = await star.tables();
    await star.load('incremental', [uprising], [...events, ...events]);
    expect(await star.tables()).toEqual(before);
  });

  it('lets a corrected event replace a play, with its moment', async () => {
    await star.load('refresh', [uprising], [play, { ...play, sessionId: 9 }]);
    await star.load('incremental', [], [{ ...play, ts: MONDAY + SECOND, level: 'free' }]);
    expect(await star.rows('select session_id, level from songplays order by 1')).toEqual([
      [9, 'paid'],
      [256, 'free'],
    ]);
    await star.load('incremental', [], [{ ...play, sessionId: 9, ts: MONDAY + SECOND }]);
    expect(await star.rows('select start_time from public.time')).toEqual([[expect.stringMatching(/00:33:13\.796/)]]);
  });

  it('is the old one, whole, for everybody who reads until a full refresh commits', async () => {
    await star.load('refresh', [uprising], [play]);
    const before = await star.tables();
    const seen: unknown[] = [];
    star.meanwhile = async () => void seen.push(await star.tables());
    await star.load('refresh', [{ ...uprising, song_id: 'SO2' }], [{ ...play, sessionId: 9, userId: '16' }]);
    star.meanwhile = undefined;
    expect(seen.length).toBeGreaterThan(30);
    expect(seen).toEqual(seen.map(() => before));
    expect(await star.rows('select song_id, session_id, user_id from songplays')).toEqual([['SO2', 9, 16]]);
  });

  it('writes the files that it has loaded into the ledger', async () => {
    await star.load('refresh', [uprising], [play]);
    await star.load('incremental', [], [{ ...play, sessionId: 9 }]);
    expect(await star.rows('select url, source, run_id from etl.files order by run_id, source')).toEqual([
      ['s3://source/log_data/1.json', 'events', 'operator-run-1'],
      ['s3://source/song_data/1/0.json', 'songs', 'operator-run-1'],
      ['s3://source/log_data/2.json', 'events', 'operator-run-2'],
    ]);
  });

  it('is stopped by the fence when another has loaded since it compared', async () => {
    await star.load('refresh', [uprising], [play]);
    star.generation = 0;
    await expect(star.load('incremental', [], [{ ...play, sessionId: 9 }])).rejects.toThrow(
      /superseded: another run has loaded/,
    );
    expect(await star.rows('select count(*)::int from songplays')).toEqual([[1]]);
  });
});

describe('a check', () => {
  it('that fails rolls everything back and names itself, the count and the rows', async () => {
    await star.load('refresh', [uprising], [play]);
    const before = await star.tables();
    await expect(star.load('incremental', [], [{ ...play, itemInSession: 1_000_000 }])).rejects.toThrow(
      /check item_in_session_range failed: 1 offending rows, for example: session_id 256 item_in_session 1000000/,
    );
    expect(await star.tables()).toEqual(before);
    expect(await star.rows('select count(*)::int from etl.runs')).toEqual([[1]]);
  });

  it('of severity warn is recorded and lets the load pass', async () => {
    await star.load('refresh', [], [{ ...play, userId: '' }]);
    expect(
      await star.rows(
        'select check_name, severity, offending_rows::int, passed, examples from etl.check_results where not passed',
      ),
    ).toEqual([['plays_without_user', 'warn', 1, false, 'songplay_id 256000000']]);
  });
});
