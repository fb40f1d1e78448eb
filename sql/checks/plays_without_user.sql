-- Grain: one offender a play of a visitor who was not logged in. Key: songplay_id.
-- severity: warn
select 'songplay_id ' || songplay_id::varchar as offender
from public.songplays
where user_id is null
