-- Chooses name and place of each artist of the staged songs among all versions of its songs.
-- Grain: one row an artist_id. Key: artist_id.
-- when: songs
insert into public.artists (
    artist_id,
    name,
    location,
    latitude,
    longitude
)
select
    artist_id,
    artist_name,
    nullif(artist_location, '') as location,
    artist_latitude,
    artist_longitude
from (
    select
        counted.artist_id,
        counted.artist_name,
        counted.artist_location,
        counted.artist_latitude,
        counted.artist_longitude,
        row_number() over (
            partition by counted.artist_id
            order by
                counted.name_songs desc,
                len(counted.artist_name),
                counted.artist_name,
                case when counted.artist_location <> '' then 0 else 1 end,
                case when counted.artist_latitude is not null then 0 else 1 end,
                counted.artist_location,
                counted.artist_latitude,
                counted.artist_longitude
        ) as choice
    from (
        select
            versions.artist_id,
            versions.artist_name,
            versions.artist_location,
            versions.artist_latitude,
            versions.artist_longitude,
            count(*) over (partition by versions.artist_id, versions.artist_name) as name_songs
        from etl.song_versions as versions
        where versions.artist_id in (select staged.artist_id from public.staging_songs as staged)
    ) as counted
) as chosen
where choice = 1
