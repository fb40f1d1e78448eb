/** Places shown of each ranking. */
export const PLACES = 10;

/**
 * What the report asks, by the name of the answer: all of it in one transaction, so that the numbers fit each other. The
 * questions themselves are views of `analytics`; nothing is computed here that a view could say.
 */
export const QUERIES = {
  keyFigures: 'select * from analytics.key_figures',
  byDay: 'select day, plays, paid_plays, free_plays, listeners from analytics.plays_by_day order by day',
  byWeek: 'select week_start, iso_week, plays, listeners, sessions from analytics.plays_by_week order by week_start',
  byHour: 'select hour, plays, listeners, share from analytics.plays_by_hour order by hour',
  byWeekday:
    'select weekday, weekday_name, plays, days, plays_per_day, listeners from analytics.plays_by_weekday order by weekday',
  byWeekdayAndHour: 'select weekday, hour, plays from analytics.plays_by_weekday_and_hour order by weekday, hour',
  topSongs: `select place, title, artist, plays, listeners from analytics.top_songs where place <= ${PLACES} order by place`,
  topArtists: `select place, artist, plays, songs, listeners from analytics.top_artists where place <= ${PLACES} order by place`,
  topUsers: `select place, user_id, first_name, last_name, level, plays, sessions from analytics.top_users
    where place <= ${PLACES} order by place`,
  topLocations: `select place, location, plays, listeners from analytics.top_locations where place <= ${PLACES} order by place`,
  levels: 'select level, users, plays, listeners, plays_per_listener from analytics.levels order by level',
  levelsByWeek: 'select week_start, level, plays, listeners from analytics.levels_by_week order by week_start, level',
  levelChanges:
    'select week_start, conversions, cancellations from analytics.level_changes_by_week order by week_start',
  sessionLengths: 'select place, plays_in_session, sessions, plays from analytics.session_lengths order by place',
  sessionMedians: 'select median(plays) as plays, median(minutes) as minutes from analytics.sessions',
  browsers: 'select browser, plays, listeners, share from analytics.browsers order by plays desc, browser',
  devices: 'select platform, device, plays, listeners, share from analytics.devices order by plays desc, platform',
  retention:
    'select cohort_week, weeks_since, cohort_users, users, share from analytics.retention_by_week order by cohort_week, weeks_since',
  coverage: 'select week_start, plays, known_plays, share from analytics.catalogue_coverage order by week_start',
  runs: `select run_id, trigger, mode, status, started_at, finished_at, files, bytes, staged_events, staged_songs,
      rejected_rows, vanished_files, left(error, 300) as error
    from etl.runs order by finished_at desc, run_id limit 12`,
  lastLoad: `select run_id, trigger, mode, started_at, finished_at, files, bytes, staged_events, staged_songs, rejected_rows
    from etl.runs where status = 'succeeded' and files > 0 order by finished_at desc, run_id limit 1`,
  checks: `select check_name, severity, offending_rows, passed, left(examples, 300) as examples from etl.check_results
    where run_id = (
        select run_id from etl.runs where status = 'succeeded' and files > 0 order by finished_at desc, run_id limit 1
    ) order by passed, check_name`,
  steps: `select step, duration_ms from etl.run_steps
    where run_id = (
        select run_id from etl.runs where status = 'succeeded' and files > 0 order by finished_at desc, run_id limit 1
    ) order by position`,
  files: `select source, count(*) as files, sum(size_bytes) as bytes, min(url) as first_url, max(url) as last_url,
      max(loaded_at) as last_loaded_at
    from etl.files group by source order by source`,
  tables: `select table_schema, table_name, table_type from svv_tables
    where table_schema in ('public', 'etl', 'analytics') order by table_schema, table_name`,
  columns: `select table_schema, table_name, column_name, data_type, is_nullable from svv_columns
    where table_schema = 'public' order by table_schema, table_name, ordinal_position`,
  keys: `select constraints.constraint_type, keys.table_name, keys.column_name,
      used.table_name as target_table, used.column_name as target_column
    from information_schema.table_constraints as constraints
    inner join information_schema.key_column_usage as keys
        on constraints.constraint_schema = keys.constraint_schema
        and constraints.constraint_name = keys.constraint_name
        and constraints.table_name = keys.table_name
    left join information_schema.constraint_column_usage as used
        on constraints.constraint_schema = used.constraint_schema
        and constraints.constraint_name = used.constraint_name
        and constraints.constraint_type = 'FOREIGN KEY'
    where constraints.table_schema = 'public' and constraints.constraint_type in ('PRIMARY KEY', 'FOREIGN KEY')
    order by keys.table_name, keys.column_name`,
  views: `select schemaname, viewname, definition from pg_views
    where schemaname in ('public', 'etl', 'analytics') order by schemaname, viewname`,
} as const;

/** The tables whose rows are counted: the star, and what is staged beside it. */
export const COUNTED_TABLES = `select table_name from svv_tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`;

/** Counts the rows of tables of the star, as one row with a column a table. @param tables at least one */
export function rowCounts(tables: readonly string[]): string {
  const quoted = tables.map((table) => `"${table.replaceAll('"', '""')}"`);
  return `select\n  ${quoted.map((table) => `(select count(*) from public.${table}) as ${table}`).join(',\n  ')}`;
}

export type QueryName = keyof typeof QUERIES;
