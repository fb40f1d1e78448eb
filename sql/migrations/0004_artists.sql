-- The artists of the catalogue.
-- Grain: one row an artist_id. Key: artist_id.
-- An artist_id bears several names and places in the source: the name that most of its songs bear is taken, between
-- equals the shortest, then the first by alphabet; the place comes from a song with that name, a known one first.
-- On every node: it is small beside the plays that join it.
create table public.artists (
    artist_id varchar(64) not null encode zstd,
    name varchar(512) encode zstd,
    location varchar(512) encode zstd,
    latitude double precision encode zstd,
    longitude double precision encode zstd,
    primary key (artist_id)
)
diststyle all
sortkey (artist_id)
