-- Grain: one offender in all, where the newest play is older than the newest log file says. Key: none.
-- A log file is named by the day of its events. Measured against that and not against the clock, the check means the
-- same for last night and for the history of 2018: files arrive but bring no plays, so somebody cuts them off. Two days
-- of grace. Days are compared as text, so that a name that is no date fails nothing.
-- severity: warn
select
    'the newest play is of ' || coalesce(plays.newest, 'no day')
    || ', the newest log file of ' || files.newest as offender
from (
    select
        to_char(max(start_time), 'YYYY-MM-DD') as newest,
        to_char(dateadd(day, 2, max(start_time)), 'YYYY-MM-DD') as latest_file
    from public.songplays
) as plays
cross join (
    select max(nullif(regexp_substr(url, '[0-9]{4}-[0-9]{2}-[0-9]{2}'), '')) as newest
    from etl.files
    where source = 'events'
) as files
where
    files.newest > plays.latest_file
    or (
        files.newest is not null
        and plays.newest is null
    )
