-- Loads the run's song files. The keys of the files are the names of the columns.
-- maxerror is one more than the rows that may be rejected: COPY fails when its errors reach it.
-- Grain: one row a song file. Key: none.
-- when: songs
copy public.staging_songs (
    num_songs,
    artist_id,
    artist_latitude,
    artist_longitude,
    artist_location,
    artist_name,
    song_id,
    title,
    duration,
    year
)
from '{{songs_manifest_url}}'
iam_role '{{copy_role_arn}}'
manifest
region '{{source_region}}'
format as json 'auto'
maxerror {{songs_max_errors}}
compupdate off
statupdate off
