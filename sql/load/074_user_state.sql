-- Keeps which event each user's attributes come from.
-- Grain: one row a user. Key: user_id.
-- when: events
insert into etl.user_state (
    user_id,
    ts,
    session_id,
    item_in_session
)
select
    user_id,
    ts,
    session_id,
    item_in_session
from latest_users
