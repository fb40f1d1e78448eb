-- Who listens most?
-- Grain: one row a user who has played something. Key: user_id.
-- level is that of the user's latest event; place counts from 1, between equals the lowest user_id first.
create view analytics.top_users as
select
    row_number() over (order by plays.plays desc, plays.user_id) as place,
    plays.user_id,
    users.first_name,
    users.last_name,
    users.level,
    plays.plays,
    plays.sessions
from (
    select
        user_id,
        count(*) as plays,
        count(distinct session_id) as sessions
    from public.songplays
    where user_id is not null
    group by 1
) as plays
left join public.users on plays.user_id = users.user_id
with no schema binding
