-- Grain: one offender a song whose artist_id is not in artists. Key: song_id.
select 'song_id ' || songs.song_id || ' has artist_id ' || songs.artist_id as offender
from public.songs
left join public.artists
    on songs.artist_id = artists.artist_id
where artists.artist_id is null
