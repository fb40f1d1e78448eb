-- How large the tables are now, how far the star reaches, how many rows the run has left out, how many checks warn.
-- Grain: one row in all. Key: none.
-- table_counts: a count each of the star's tables and of the staging tables, as the migrations and the COPYs name them.
-- newest_play is in seconds since the epoch. newest_log_day is a number such as 20181130 out of a file's name, which
-- may be no day of the calendar: it is read where that fails nothing.
select
    {{table_counts}},
    (select date_part(epoch, max(start_time))::bigint from public.songplays) as newest_play,
    (
        select replace(max(nullif(regexp_substr(url, '[0-9]{4}-[0-9]{2}-[0-9]{2}'), '')), '-', '')::bigint
        from etl.files
        where source = 'events'
    ) as newest_log_day,
    (select count(*) from etl.rejects where run_id = '{{run_id}}') as rejected_rows,
    (select count(*) from etl.check_results where run_id = '{{run_id}}' and not passed) as warned_checks
