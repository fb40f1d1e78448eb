-- What the log said of the song of each play, kept so that a song that joins the catalogue later finds its plays.
-- Grain: one row a row of songplays. Key: songplay_id.
-- Sorted by title, the column by which late songs look for their plays.
create table etl.plays (
    songplay_id bigint not null encode az64 distkey,
    title varchar(512) encode zstd sortkey,
    artist_name varchar(512) encode zstd,
    length double precision encode zstd,
    primary key (songplay_id)
)
