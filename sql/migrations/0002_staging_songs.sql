-- The song files as they came, for the files of the last run that loaded any.
-- Grain: one row a song file. Key: none, a file delivered twice stands here twice.
-- Numbers stand in string fields of the source (titles, names, locations): COPY takes them as their text.
create table public.staging_songs (
    num_songs integer encode az64,
    artist_id varchar(64) not null encode zstd,
    artist_latitude double precision encode zstd,
    artist_longitude double precision encode zstd,
    artist_location varchar(512) encode zstd,
    artist_name varchar(512) encode zstd,
    song_id varchar(64) not null encode zstd,
    title varchar(512) encode zstd,
    duration double precision encode zstd,
    year integer encode az64
)
diststyle even
