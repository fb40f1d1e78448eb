-- Adds the moments that the run's plays began at and that are not known yet.
-- Grain: one row a start_time. Key: start_time.
-- when: events
insert into public.time (
    start_time,
    hour,
    day,
    week,
    month,
    year,
    weekday
)
select
    moments.start_time,
    extract(hour from moments.start_time),
    extract(day from moments.start_time),
    extract(week from moments.start_time),
    extract(month from moments.start_time),
    extract(year from moments.start_time),
    extract(dow from moments.start_time)
from (
    select distinct start_time
    from etl.staged_plays
) as moments
left join public.time as known
    on moments.start_time = known.start_time
where known.start_time is null
