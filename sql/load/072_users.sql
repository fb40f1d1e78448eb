-- Writes the attributes of each user's latest event.
-- Grain: one row a user. Key: user_id.
-- when: events
insert into public.users (
    user_id,
    first_name,
    last_name,
    gender,
    level
)
select
    user_id,
    first_name,
    last_name,
    gender,
    level
from latest_users
