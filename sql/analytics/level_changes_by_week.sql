-- How many users begin to pay and stop paying, week by week?
-- Grain: one row an ISO week with plays. Key: week_start. A week without changes has zeros.
create view analytics.level_changes_by_week as
select
    weeks.week_start,
    sum(case when changes.change = 'conversion' then 1 else 0 end) as conversions,
    sum(case when changes.change = 'cancellation' then 1 else 0 end) as cancellations
from (
    select distinct trunc(date_trunc('week', start_time)) as week_start
    from public.songplays
) as weeks
left join analytics.level_changes as changes
    on weeks.week_start = trunc(date_trunc('week', changes.changed_at))
group by weeks.week_start
with no schema binding
