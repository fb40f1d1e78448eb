-- When in the day is music played? Hours are UTC, 0 to 23; an hour without plays has no row.
-- Grain: one row an hour of the day. Key: hour.
-- share is the hour's part of all plays, 0 to 1; listeners are different users.
create view analytics.plays_by_hour as
select
    extract(hour from start_time) as hour,
    count(*) as plays,
    count(distinct user_id) as listeners,
    count(*)::double precision / sum(count(*)) over () as share
from public.songplays
group by 1
with no schema binding
