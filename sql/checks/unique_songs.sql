-- Grain: one offender a value of the key that stands more than once. Key of songs: song_id.
select 'song_id ' || song_id || ' stands ' || count(*)::varchar || ' times' as offender
from public.songs
group by song_id
having count(*) > 1
