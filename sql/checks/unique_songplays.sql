-- Grain: one offender a play that stands more than once. Key of songplays: songplay_id, which is made of
-- (session_id, item_in_session).
select 'songplay_id ' || songplay_id::varchar || ' stands ' || count(*)::varchar || ' times' as offender
from public.songplays
group by songplay_id
having count(*) > 1
