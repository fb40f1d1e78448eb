-- How does listening go from week to week?
-- Grain: one row an ISO week with plays. Key: week_start, its Monday.
-- iso_week is the ISO number of the week, which begins anew each year: order by week_start.
create view analytics.plays_by_week as
select
    trunc(date_trunc('week', start_time)) as week_start,
    extract(week from min(start_time)) as iso_week,
    count(*) as plays,
    count(distinct user_id) as listeners,
    count(distinct session_id) as sessions
from public.songplays
group by 1
with no schema binding
