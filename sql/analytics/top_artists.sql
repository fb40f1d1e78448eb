-- Which artists are played most? Of the plays whose song is in the catalogue only: see catalogue_coverage.
-- Grain: one row an artist who was played. Key: artist_id.
-- place counts from 1; between equals the first by name, then by artist_id.
create view analytics.top_artists as
select
    row_number() over (order by plays.plays desc, artists.name, artists.artist_id) as place,
    artists.artist_id,
    artists.name as artist,
    plays.plays,
    plays.songs,
    plays.listeners
from (
    select
        artist_id,
        count(*) as plays,
        count(distinct song_id) as songs,
        count(distinct user_id) as listeners
    from public.songplays
    where artist_id is not null
    group by 1
) as plays
inner join public.artists on plays.artist_id = artists.artist_id
with no schema binding
