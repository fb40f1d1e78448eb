-- All different rows that the song files ever brought, from which songs and artists are chosen.
-- Grain: one row a distinct content of a song file. Key: all columns.
-- On every node: songs look up their versions by song_id, artists theirs by artist_id, plays by title and name.
create table etl.song_versions (
    song_id varchar(64) not null encode zstd,
    title varchar(512) encode zstd,
    artist_id varchar(64) not null encode zstd,
    artist_name varchar(512) encode zstd,
    artist_location varchar(512) encode zstd,
    artist_latitude double precision encode zstd,
    artist_longitude double precision encode zstd,
    year integer encode az64,
    duration double precision encode zstd
)
diststyle all
sortkey (title, artist_name)
