import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventSeed, StarUnderTest } from './star-under-test';

const MINUTE = 60_000;
/** Monday of ISO week 45 of 2018, at noon. */
const MONDAY = Date.UTC(2018, 10, 5, 12);
const DAY = 24 * 60 * MINUTE;
const CHROME =
  '"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/36.0.1985.143 Safari/537.36"';
const IPHONE =
  '"Mozilla/5.0 (iPhone; CPU iPhone OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) Version/7.0 Mobile/11D257 Safari/9537.53"';
const IE = 'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko';

/** A play; a new one in each session unless it says which. */
function play(sessionId: number, itemInSession: number, ts: number, more: Partial<EventSeed>): EventSeed {
  return { sessionId, itemInSession, ts, userAgent: CHROME, ...more };
}

const ann = { userId: '1', firstName: 'Ann', lastName: 'Alt', location: 'Portland, ME' } as const;
const bob = { userId: '2', firstName: 'Bob', lastName: 'Bly', location: 'Lansing, MI', userAgent: IPHONE } as const;
const eve = { userId: '3', firstName: 'Eve', lastName: 'Ely', location: 'Portland, ME', userAgent: IE } as const;

/**
 * Ann plays on free level in week 45 (two plays at 12:00 and 12:06) and on paid level in week 46 (one play); Bob pays in
 * week 45 (Tuesday, 12:00) and stops in week 47 (Tuesday, 13:00); Eve plays once, in week 46 (Wednesday, 16:00).
 * Two of the six songs played are in the catalogue: Uprising (twice, by Ann and Bob) and Starlight (once, by Ann).
 */
const EVENTS: readonly EventSeed[] = [
  play(10, 0, MONDAY, { ...ann, level: 'free', song: 'Uprising' }),
  play(10, 1, MONDAY + 6 * MINUTE, { ...ann, level: 'free', song: 'Starlight' }),
  play(20, 0, MONDAY + DAY, { ...bob, level: 'paid', song: 'Uprising' }),
  play(11, 0, MONDAY + 7 * DAY, { ...ann, level: 'paid', song: 'Unheard of' }),
  play(30, 0, MONDAY + 9 * DAY + 240 * MINUTE, { ...eve, level: 'free', song: 'Unheard of' }),
  play(21, 0, MONDAY + 15 * DAY + 60 * MINUTE, { ...bob, level: 'free', song: 'Unheard of' }),
  // No play, but the user's latest event.
  play(30, 1, MONDAY + 9 * DAY + 250 * MINUTE, { ...eve, level: 'paid', page: 'Upgrade', song: null }),
];

const SONGS = [
  { song_id: 'S1', title: 'Uprising', artist_id: 'A1', artist_name: 'Muse' },
  { song_id: 'S2', title: 'Starlight', artist_id: 'A1', artist_name: 'Muse' },
  { song_id: 'S3', title: 'Never played', artist_id: 'A2', artist_name: 'Nobody' },
];

describe('the views', () => {
  let star: StarUnderTest;
  beforeAll(async () => {
    star = await StarUnderTest.open();
    await star.load('refresh', SONGS, EVENTS);
  });
  afterAll(() => star.close());

  /** Rows of a view, counts as numbers, moments as the text of their day. */
  async function rows(columns: string, view: string, order = '1, 2'): Promise<readonly (readonly unknown[])[]> {
    const found = await star.rows(`select ${columns} from analytics.${view} order by ${order}`);
    return found.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
  }

  it('count plays by hour of the day', async () => {
    expect(await rows('hour, plays, listeners, share', 'plays_by_hour')).toEqual([
      [12, 4, 2, 4 / 6],
      [13, 1, 1, 1 / 6],
      [16, 1, 1, 1 / 6],
    ]);
  });

  it('count plays by day of the week, and of an average day of that name', async () => {
    expect(await rows('weekday, weekday_name, plays, days, plays_per_day, listeners', 'plays_by_weekday')).toEqual([
      [1, 'Monday', 3, 2, 1.5, 1],
      [2, 'Tuesday', 2, 2, 1, 1],
      [3, 'Wednesday', 1, 1, 1, 1],
    ]);
    expect(await rows('weekday, hour, plays', 'plays_by_weekday_and_hour')).toEqual([
      [1, 12, 3],
      [2, 12, 1],
      [2, 13, 1],
      [3, 16, 1],
    ]);
  });

  it('count plays by day', async () => {
    expect(await rows('day::varchar, plays, paid_plays, free_plays, listeners', 'plays_by_day')).toEqual([
      ['2018-11-05', 2, 0, 2, 1],
      ['2018-11-06', 1, 1, 0, 1],
      ['2018-11-12', 1, 1, 0, 1],
      ['2018-11-14', 1, 0, 1, 1],
      ['2018-11-20', 1, 0, 1, 1],
    ]);
  });

  it('count plays by ISO week', async () => {
    expect(await rows('week_start::varchar, iso_week, plays, listeners, sessions', 'plays_by_week')).toEqual([
      ['2018-11-05', 45, 3, 2, 2],
      ['2018-11-12', 46, 2, 2, 2],
      ['2018-11-19', 47, 1, 1, 1],
    ]);
  });

  it('rank songs and artists by the plays that know them', async () => {
    expect(await rows('place, song_id, title, artist, plays, listeners', 'top_songs')).toEqual([
      [1, 'S1', 'Uprising', 'Muse', 2, 2],
      [2, 'S2', 'Starlight', 'Muse', 1, 1],
    ]);
    expect(await rows('place, artist_id, artist, plays, songs, listeners', 'top_artists')).toEqual([
      [1, 'A1', 'Muse', 3, 2, 2],
    ]);
  });

  it('rank users and locations', async () => {
    expect(await rows('place, user_id, first_name, level, plays, sessions', 'top_users')).toEqual([
      [1, 1, 'Ann', 'paid', 3, 2],
      [2, 2, 'Bob', 'free', 2, 2],
      [3, 3, 'Eve', 'paid', 1, 1],
    ]);
    expect(await rows('place, location, plays, listeners', 'top_locations')).toEqual([
      [1, 'Portland, ME', 4, 2],
      [2, 'Lansing, MI', 2, 1],
    ]);
  });

  it('tell free from paid: users by their latest event, plays by the level that they were made on', async () => {
    expect(await rows('level, users, plays, listeners, plays_per_listener', 'levels')).toEqual([
      ['free', 1, 4, 3, 4 / 3],
      ['paid', 2, 2, 2, 1],
    ]);
    expect(await rows('week_start::varchar, level, plays, listeners', 'levels_by_week')).toEqual([
      ['2018-11-05', 'free', 2, 1],
      ['2018-11-05', 'paid', 1, 1],
      ['2018-11-12', 'free', 1, 1],
      ['2018-11-12', 'paid', 1, 1],
      ['2018-11-19', 'free', 1, 1],
    ]);
  });

  it('find who begins to pay and who stops', async () => {
    expect(await rows('user_id, previous_level, level, change', 'level_changes')).toEqual([
      [1, 'free', 'paid', 'conversion'],
      [2, 'paid', 'free', 'cancellation'],
    ]);
    expect(await rows('week_start::varchar, conversions, cancellations', 'level_changes_by_week')).toEqual([
      ['2018-11-05', 0, 0],
      ['2018-11-12', 1, 0],
      ['2018-11-19', 0, 1],
    ]);
  });

  it('describe sessions', async () => {
    expect(await rows('session_id, user_id, level, plays, minutes', 'sessions')).toEqual([
      [10, 1, 'free', 2, 6],
      [11, 1, 'paid', 1, 0],
      [20, 2, 'paid', 1, 0],
      [21, 2, 'free', 1, 0],
      [30, 3, 'free', 1, 0],
    ]);
    expect(await rows('place, plays_in_session, sessions, plays', 'session_lengths')).toEqual([
      [1, '1', 4, 4],
      [2, '2 to 4', 1, 2],
    ]);
  });

  it('read browsers and devices out of user agents', async () => {
    expect(await rows('browser, plays, listeners, share', 'browsers')).toEqual([
      ['Chrome', 3, 1, 0.5],
      ['Internet Explorer', 1, 1, 1 / 6],
      ['Safari', 2, 1, 1 / 3],
    ]);
    expect(await rows('platform, device, plays, listeners', 'devices')).toEqual([
      ['Windows', 'computer', 4, 2],
      ['iPhone', 'phone', 2, 1],
    ]);
  });

  it('follow those who first listened in a week through the weeks after it', async () => {
    expect(await rows('cohort_week::varchar, weeks_since, cohort_users, users, share', 'retention_by_week')).toEqual([
      ['2018-11-05', 0, 2, 2, 1],
      ['2018-11-05', 1, 2, 1, 0.5],
      ['2018-11-05', 2, 2, 1, 0.5],
      ['2018-11-12', 0, 1, 1, 1],
    ]);
  });

  it('tell how many plays are of songs that the catalogue knows', async () => {
    expect(await rows('week_start::varchar, plays, known_plays, share', 'catalogue_coverage')).toEqual([
      ['2018-11-05', 3, 3, 1],
      ['2018-11-12', 2, 0, 0],
      ['2018-11-19', 1, 0, 0],
    ]);
  });

  it('sum the service up in one line', async () => {
    const columns = 'plays, known_plays, listeners, sessions, days, users, paid_users, songs, artists';
    expect(await rows(columns, 'key_figures')).toEqual([[6, 3, 3, 5, 5, 3, 2, 3, 2]]);
  });

  it.each(['analyst', 'operator'])('are read by an %s, also when a deploy has made them again', async (user) => {
    await star.makeViews();
    expect(await star.rows('select plays from analytics.key_figures', {}, user)).toEqual([[6n]]);
    expect(await star.rows('select browser, plays from analytics.browsers where plays = 3', {}, user)).toHaveLength(1);
  });

  it('are made again by each deploy', async () => {
    await star.makeViews();
    expect(await rows('plays, users', 'key_figures')).toEqual([[6, 3]]);
  });
});

describe('a migration that takes away what a view reads', () => {
  it('is not held up by the view, but a deploy does not get by with it', async () => {
    const star = await StarUnderTest.open();
    await star.rows('alter table public.users drop column last_name');
    await expect(star.makeViews()).rejects.toThrow(/column users\.last_name does not exist/);
    expect(await star.rows('select plays from analytics.key_figures')).toEqual([[0n]]);
    await star.close();
  });
});

describe('docs/data-model.md', () => {
  it('tells each view, its grain and its question as its file does', () => {
    const root = join(__dirname, '..', '..');
    const told = readFileSync(join(root, 'docs', 'data-model.md'), 'utf8');
    for (const file of readdirSync(join(root, 'sql', 'analytics'))) {
      const header = (/^(--.*\n)+/.exec(readFileSync(join(root, 'sql', 'analytics', file), 'utf8'))?.[0] ?? '')
        .replace(/^-- /gm, '')
        .replaceAll('\n', ' ');
      const question = /^.*?[?.](?= )/.exec(header)?.[0];
      const grain = /Grain: one row (.*?)\. Key/.exec(header)?.[1];
      expect(told).toContain(`| \`${file.replace('.sql', '')}\` | ${grain} | ${question} |`);
    }
  });
});

describe('a user agent', () => {
  const agents: readonly (readonly [string, string, string])[] = [
    [
      '"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_4) AppleWebKit/537.77.4 (KHTML, like Gecko) Version/7.0.5 Safari/537.77.4"',
      'Safari',
      'Mac',
    ],
    ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:31.0) Gecko/20100101 Firefox/31.0', 'Firefox', 'Linux'],
    ['Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)', 'Internet Explorer', 'Windows'],
    [
      '"Mozilla/5.0 (iPad; CPU OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) CriOS/36.0 Mobile Safari/9537.53"',
      'Chrome',
      'iPad',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36',
      'Chrome',
      'Android',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0',
      'Edge',
      'Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 OPR/105.0',
      'Opera',
      'Windows',
    ],
    ['curl/8.0', 'other', 'other'],
  ];
  it('names its browser and its platform', async () => {
    const star = await StarUnderTest.open();
    const events = agents.map(([userAgent], index) => play(index + 1, 0, MONDAY + index, { userAgent }));
    await star.load('refresh', [], events);
    const found = await star.rows('select user_agent, browser, platform from analytics.user_agents');
    expect(new Map(found.map(([agent, ...rest]) => [agent, rest]))).toEqual(
      new Map(agents.map(([agent, ...rest]) => [agent, rest])),
    );
    await star.close();
  });
});
