-- Keeps every different row that the song files brought. Except compares nulls as equal and drops duplicates.
-- Grain: one row a distinct content of a song file. Key: all columns.
-- when: songs
insert into etl.song_versions (
    song_id,
    title,
    artist_id,
    artist_name,
    artist_location,
    artist_latitude,
    artist_longitude,
    year,
    duration
)
select
    song_id,
    title,
    artist_id,
    artist_name,
    artist_location,
    artist_latitude,
    artist_longitude,
    year,
    duration
from public.staging_songs
except
select
    song_id,
    title,
    artist_id,
    artist_name,
    artist_location,
    artist_latitude,
    artist_longitude,
    year,
    duration
from etl.song_versions
