-- Grain: one offender a song without title, an artist without name or a user without level. Key: its id.
select 'song_id ' || song_id || ' has no title' as offender
from public.songs
where title is null
union all
select 'artist_id ' || artist_id || ' has no name' as offender
from public.artists
where name is null
union all
select 'user_id ' || user_id::varchar || ' has no level' as offender
from public.users
where level is null
