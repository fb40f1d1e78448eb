-- What is a session like: how long, how many songs, on which level?
-- Grain: one row a session with plays. Key: session_id.
-- minutes go from the beginning of the first play to that of the last one: the log does not say when a play ends.
create view analytics.sessions as
select
    session_id,
    min(user_id) as user_id,
    max(level) as level,
    min(start_time) as started_at,
    max(start_time) as last_play_at,
    count(*) as plays,
    datediff(second, min(start_time), max(start_time)) / 60.0::double precision as minutes
from public.songplays
group by 1
with no schema binding
