-- The service in one line: how much is played, by whom, over which time, and how much of it the catalogue knows.
-- Grain: one row in all. Key: none.
-- listeners have played something; paid_users are of that level by their latest event; days are those with plays.
create view analytics.key_figures as
select
    plays.plays,
    plays.known_plays,
    plays.listeners,
    plays.sessions,
    plays.days,
    plays.first_play,
    plays.last_play,
    users.users,
    users.paid_users,
    (select count(*) from public.songs) as songs,
    (select count(*) from public.artists) as artists
from (
    select
        count(*) as plays,
        count(song_id) as known_plays,
        count(distinct user_id) as listeners,
        count(distinct session_id) as sessions,
        count(distinct trunc(start_time)) as days,
        min(start_time) as first_play,
        max(start_time) as last_play
    from public.songplays
) as plays
cross join (
    select
        count(*) as users,
        count(case when level = 'paid' then 1 end) as paid_users
    from public.users
) as users
with no schema binding
