-- How do free and paid listening develop?
-- Grain: one row an ISO week and level with plays. Key: (week_start, level).
create view analytics.levels_by_week as
select
    trunc(date_trunc('week', start_time)) as week_start,
    level,
    count(*) as plays,
    count(distinct user_id) as listeners
from public.songplays
group by 1, 2
with no schema binding
