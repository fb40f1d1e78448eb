-- How large the tables are now, how many rows the run has left out and how many checks warn.
-- Grain: one row in all. Key: none.
select
    (select count(*) from public.staging_events) as staging_events,
    (select count(*) from public.staging_songs) as staging_songs,
    (select count(*) from public.songplays) as songplays,
    (select count(*) from public.users) as users,
    (select count(*) from public.songs) as songs,
    (select count(*) from public.artists) as artists,
    (select count(*) from public.time) as times,
    (select count(*) from etl.rejects where run_id = '{{run_id}}') as rejected_rows,
    (select count(*) from etl.check_results where run_id = '{{run_id}}' and not passed) as warned_checks
