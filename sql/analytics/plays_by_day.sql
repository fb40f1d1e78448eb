-- How does listening go from day to day, and who listens: free or paid?
-- Grain: one row a day (UTC) with plays. Key: day.
create view analytics.plays_by_day as
select
    trunc(start_time) as day,
    count(*) as plays,
    sum(case when level = 'paid' then 1 else 0 end) as paid_plays,
    sum(case when level = 'free' then 1 else 0 end) as free_plays,
    count(distinct user_id) as listeners
from public.songplays
group by 1
with no schema binding
