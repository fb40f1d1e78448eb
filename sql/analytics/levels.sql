-- How many users are free and paid now, and how much do the two listen?
-- Grain: one row a level. Key: level.
-- users have that level by their latest event; plays and listeners are those made while on it: who changed level counts
-- in both.
create view analytics.levels as
select
    coalesce(users.level, plays.level) as level,
    coalesce(users.users, 0) as users,
    coalesce(plays.plays, 0) as plays,
    coalesce(plays.listeners, 0) as listeners,
    plays.plays::double precision / nullif(plays.listeners, 0) as plays_per_listener
from (
    select
        level,
        count(*) as users
    from public.users
    group by 1
) as users
full outer join (
    select
        level,
        count(*) as plays,
        count(distinct user_id) as listeners
    from public.songplays
    group by 1
) as plays on users.level = plays.level
with no schema binding
