-- Which songs are played most? Of the plays whose song is in the catalogue only: see catalogue_coverage.
-- Grain: one row a song that was played. Key: song_id.
-- place counts from 1; between equals the first by title, then by song_id.
create view analytics.top_songs as
select
    row_number() over (order by plays.plays desc, songs.title, songs.song_id) as place,
    songs.song_id,
    songs.title,
    artists.name as artist,
    plays.plays,
    plays.listeners
from (
    select
        song_id,
        count(*) as plays,
        count(distinct user_id) as listeners
    from public.songplays
    where song_id is not null
    group by 1
) as plays
inner join public.songs on plays.song_id = songs.song_id
left join public.artists on songs.artist_id = artists.artist_id
with no schema binding
