-- Chooses one row for each staged song among all its versions: a known year first, then the first in order.
-- Grain: one row a song_id. Key: song_id.
-- when: songs
insert into public.songs (
    song_id,
    title,
    artist_id,
    year,
    duration
)
select
    song_id,
    title,
    artist_id,
    nullif(year, 0) as year,
    duration
from (
    select
        versions.song_id,
        versions.title,
        versions.artist_id,
        versions.year,
        versions.duration,
        row_number() over (
            partition by versions.song_id
            order by
                case when versions.year > 0 then 0 else 1 end,
                versions.title,
                versions.artist_id,
                versions.year,
                versions.duration
        ) as choice
    from etl.song_versions as versions
    where versions.song_id in (select staged.song_id from public.staging_songs as staged)
) as chosen
where choice = 1
