-- The songs of the catalogue.
-- Grain: one row a song_id. Key: song_id.
-- year is null where the source says 0, which means unknown; duration is in seconds.
-- On every node: it is small beside the plays that join it.
create table public.songs (
    song_id varchar(64) not null encode zstd,
    title varchar(512) encode zstd,
    artist_id varchar(64) not null encode zstd,
    year integer encode az64,
    duration double precision encode zstd,
    primary key (song_id),
    foreign key (artist_id) references public.artists (artist_id)
)
diststyle all
sortkey (song_id)
