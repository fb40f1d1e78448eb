-- On which days of the week is music played? By weekday, and by an average day of that name, because a month has five
-- of some and four of others.
-- Grain: one row a day of the week. Key: weekday.
-- weekday counts from 0 (Sunday) as in the time dimension; days are those with plays.
create view analytics.plays_by_weekday as
select
    extract(dow from start_time) as weekday,
    trim(to_char(min(start_time), 'Day')) as weekday_name,
    count(*) as plays,
    count(distinct trunc(start_time)) as days,
    count(*)::double precision / count(distinct trunc(start_time)) as plays_per_day,
    count(distinct user_id) as listeners
from public.songplays
group by 1
with no schema binding
