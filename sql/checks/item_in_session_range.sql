-- Grain: one offender a play whose place in its session does not fit into songplay_id. Key: songplay_id.
select 'session_id ' || session_id::varchar || ' item_in_session ' || item_in_session::varchar as offender
from public.songplays
where
    item_in_session < 0
    or item_in_session > 999999
    or session_id < 0
