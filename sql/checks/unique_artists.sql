-- Grain: one offender a value of the key that stands more than once. Key of artists: artist_id.
select 'artist_id ' || artist_id || ' stands ' || count(*)::varchar || ' times' as offender
from public.artists
group by artist_id
having count(*) > 1
