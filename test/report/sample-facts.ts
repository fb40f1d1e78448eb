import type { Facts } from '../../report/facts/facts';

const WEEKS = ['2018-10-29', '2018-11-05', '2018-11-12', '2018-11-19', '2018-11-26'] as const;
const dayOf = (index: number): string => new Date(Date.UTC(2018, 10, 1 + index)).toISOString().slice(0, 10);
const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const run = {
  run_id: 'deploy-7039e2ace27c',
  trigger: 'deploy',
  mode: 'refresh',
  status: 'succeeded',
  started_at: '2018-12-01 02:00:00.000',
  finished_at: '2018-12-01 02:00:04.400',
  files: 14926,
  bytes: 7_500_000,
  staged_events: 8056,
  staged_songs: 14896,
  rejected_rows: 2,
  vanished_files: 0,
  error: null,
};
const columns = (table_name: string, names: readonly string[]) =>
  names.map((column_name) => ({
    table_schema: 'public',
    table_name,
    column_name,
    data_type: 'character varying',
    is_nullable: 'NO',
  }));
const primary = (table_name: string, column_name: string) => ({
  constraint_type: 'PRIMARY KEY',
  table_name,
  column_name,
  target_table: null,
  target_column: null,
});
const foreign = (table_name: string, column_name: string, target_table: string) => ({
  ...primary(table_name, column_name),
  constraint_type: 'FOREIGN KEY',
  target_table,
  target_column: column_name,
});

/** A month of listening, made up. */
export const SAMPLE: Facts = {
  keyFigures: [
    {
      plays: 6820,
      known_plays: 333,
      listeners: 96,
      sessions: 776,
      days: 30,
      first_play: '2018-11-01 21:01:46.796',
      last_play: '2018-11-30 19:54:24.796',
      users: 97,
      paid_users: 22,
      songs: 14896,
      artists: 9553,
    },
  ],
  byDay: range(30).map((index) => ({
    day: dayOf(index),
    plays: 100 + index * 7,
    paid_plays: 80 + index * 5,
    free_plays: 20 + index * 2,
    listeners: 10 + (index % 7),
  })),
  byWeek: WEEKS.map((week_start, index) => ({
    week_start,
    iso_week: 44 + index,
    plays: 400 + index * 300,
    listeners: 40 + index,
    sessions: 60 + index * 30,
  })),
  byHour: range(24).map((hour) => ({ hour, plays: 100 + hour * 9, listeners: 20, share: (100 + hour * 9) / 4884 })),
  byWeekday: range(7).map((weekday) => ({
    weekday,
    weekday_name: 'Someday',
    plays: 400 + weekday * 50,
    days: 4,
    plays_per_day: 100 + weekday * 12.5,
    listeners: 40,
  })),
  byWeekdayAndHour: range(7).flatMap((weekday) =>
    range(24).map((hour) => ({ weekday, hour, plays: (weekday + 1) * hour })),
  ),
  topSongs: range(10).map((index) => ({
    place: index + 1,
    title: index === 0 ? "You're The One" : `Song ${index}`,
    artist: `Artist ${index}`,
    plays: 37 - index * 3,
    listeners: 5,
  })),
  topArtists: range(10).map((index) => ({
    place: index + 1,
    artist: `Artist ${index}`,
    plays: 37 - index * 3,
    songs: 1,
    listeners: 5,
  })),
  topUsers: range(10).map((index) => ({
    place: index + 1,
    user_id: 49 + index,
    first_name: 'Ann',
    last_name: `Alt ${index}`,
    level: index % 3 === 0 ? 'free' : 'paid',
    plays: 689 - index * 40,
    sessions: 42,
  })),
  topLocations: range(10).map((index) => ({
    place: index + 1,
    location: index === 0 ? 'San Francisco-Oakland-Hayward, CA' : `Town ${index}, ME`,
    plays: 691 - index * 40,
    listeners: 2,
  })),
  levels: [
    { level: 'free', users: 75, plays: 1229, listeners: 82, plays_per_listener: 15 },
    { level: 'paid', users: 22, plays: 5591, listeners: 22, plays_per_listener: 254.1 },
  ],
  levelsByWeek: WEEKS.flatMap((week_start, index) => [
    { week_start, level: 'free', plays: 100 + index * 20, listeners: 30 },
    { week_start, level: 'paid', plays: 300 + index * 250, listeners: 15 },
  ]),
  levelChanges: WEEKS.map((week_start, index) => ({ week_start, conversions: index, cancellations: index % 2 })),
  sessionLengths: [
    { place: 1, plays_in_session: '1', sessions: 284, plays: 284 },
    { place: 2, plays_in_session: '2 to 4', sessions: 492, plays: 1200 },
  ],
  sessionMedians: [{ plays: 2, minutes: 4.4 }],
  browsers: [
    { browser: 'Chrome', plays: 3896, listeners: 45, share: 0.571 },
    { browser: 'Firefox', plays: 2924, listeners: 23, share: 0.429 },
  ],
  devices: [
    { platform: 'Mac', device: 'computer', plays: 6581, listeners: 41, share: 0.965 },
    { platform: 'iPhone', device: 'phone', plays: 239, listeners: 6, share: 0.035 },
  ],
  retention: WEEKS.flatMap((cohort_week, cohort) =>
    range(5 - cohort).map((weeks_since) => ({
      cohort_week,
      weeks_since,
      cohort_users: 20,
      users: 20 - weeks_since * 3,
      share: 1 - weeks_since * 0.15,
    })),
  ),
  coverage: WEEKS.map((week_start, index) => ({
    week_start,
    plays: 1000,
    known_plays: 40 + index,
    share: 0.04 + index / 1000,
  })),
  runs: [run, { ...run, run_id: 'schedule-1', trigger: 'schedule', status: 'failed', error: 'line 3: not a number' }],
  lastLoad: [run],
  checks: [
    { check_name: 'freshness', severity: 'warn', offending_rows: 1, passed: false, examples: 'the newest play is old' },
    { check_name: 'unique_users', severity: 'error', offending_rows: 0, passed: true, examples: null },
  ],
  steps: range(20).map((index) => ({
    step: `load/${String(index).padStart(3, '0')}_step.sql`,
    duration_ms: index * 90,
  })),
  files: [
    {
      source: 'events',
      files: 30,
      bytes: 3_500_000,
      first_url: 's3://lake/log_data/2018/11/2018-11-01-events.json',
      last_url: 's3://lake/log_data/2018/11/2018-11-30-events.json',
      last_loaded_at: '2018-12-01 02:00:04',
    },
    {
      source: 'songs',
      files: 14896,
      bytes: 4_000_000,
      first_url: 's3://lake/song_data/A/A/A/TRAAAAK128F9318786.json',
      last_url: 's3://lake/song_data/B/B/C/TRBBCXX128F4286766.json',
      last_loaded_at: '2018-12-01 02:00:04',
    },
  ],
  tables: ['songplays', 'users', 'songs', 'artists', 'time', 'staging_events', 'staging_songs'].map((table_name) => ({
    table_schema: 'public',
    table_name,
    table_type: 'BASE TABLE',
  })),
  columns: [
    ...columns('songplays', ['songplay_id', 'start_time', 'user_id', 'song_id', 'artist_id']),
    ...columns('users', ['user_id', 'level']),
    ...columns('songs', ['song_id', 'title', 'artist_id']),
    ...columns('artists', ['artist_id', 'name']),
    ...columns('time', ['start_time', 'hour']),
  ],
  keys: [
    primary('songplays', 'songplay_id'),
    foreign('songplays', 'start_time', 'time'),
    foreign('songplays', 'user_id', 'users'),
    foreign('songplays', 'song_id', 'songs'),
    foreign('songplays', 'artist_id', 'artists'),
    primary('users', 'user_id'),
    primary('songs', 'song_id'),
    foreign('songs', 'artist_id', 'artists'),
    primary('artists', 'artist_id'),
    primary('time', 'start_time'),
  ],
  rowCounts: [
    { songplays: 6820, users: 97, songs: 14896, artists: 9553, time: 6813, staging_events: 8056, staging_songs: 14896 },
  ],
  views: [
    { schemaname: 'analytics', viewname: 'top_users', definition: 'select * from public.songplays join public.users' },
    { schemaname: 'analytics', viewname: 'plays_by_hour', definition: 'select * from public.songplays' },
    { schemaname: 'etl', viewname: 'staged_plays', definition: 'select * from public.staging_events' },
  ],
};

/** A warehouse that has been deployed and never loaded. */
export const EMPTY = Object.fromEntries(Object.keys(SAMPLE).map((name) => [name, []])) as unknown as Facts;

const NASTY = `<script>console.error("run")</script> & "quoted" ${'x'.repeat(300)}`;

/** What a source file may hold, and more than a year of it. */
export const NASTY_FACTS: Facts = {
  ...SAMPLE,
  topSongs: SAMPLE.topSongs.map((row) => ({ ...row, title: NASTY, artist: NASTY })),
  topLocations: SAMPLE.topLocations.map((row) => ({ ...row, location: NASTY })),
  topUsers: SAMPLE.topUsers.map((row) => ({ ...row, first_name: NASTY, last_name: null })),
  checks: SAMPLE.checks.map((row) => ({ ...row, passed: false, examples: NASTY })),
  runs: SAMPLE.runs.map((row) => ({ ...row, run_id: 'r'.repeat(100), error: NASTY })),
  byDay: range(400).map((index) => ({ day: dayOf(index), plays: 9, paid_plays: 5, free_plays: 4, listeners: 3 })),
  byWeek: range(60).map((index) => ({
    week_start: dayOf(index * 7 - 3),
    iso_week: (index % 52) + 1,
    plays: 63,
    listeners: 3,
    sessions: 9,
  })),
  coverage: range(60).map((index) => ({ week_start: dayOf(index * 7 - 3), plays: 63, known_plays: 3, share: 3 / 63 })),
  levelChanges: range(60).map((index) => ({ week_start: dayOf(index * 7 - 3), conversions: 1, cancellations: 1 })),
  retention: range(60).flatMap((cohort) =>
    range(20).map((weeks_since) => ({
      cohort_week: dayOf(cohort * 7 - 3),
      weeks_since,
      cohort_users: 20,
      users: 10,
      share: 0.5,
    })),
  ),
};
