-- What was played: the fact table of the star.
-- Grain: one row a NextSong event of the log. Key: (session_id, item_in_session), and the surrogate songplay_id.
-- songplay_id is session_id * 1000000 + item_in_session: unlike an identity it stays the same over a full refresh, so
-- that what points at a play keeps pointing at it. song_id and artist_id are null where the catalogue has no such song.
-- Distributed and sorted by start_time: questions are about periods, and time, the only dimension that is not on
-- every node, is joined by it.
create table public.songplays (
    songplay_id bigint not null encode az64,
    start_time timestamp not null encode raw distkey sortkey,
    user_id integer encode az64,
    level varchar(16) encode zstd,
    song_id varchar(64) encode zstd,
    artist_id varchar(64) encode zstd,
    session_id integer not null encode az64,
    item_in_session integer not null encode az64,
    location varchar(512) encode zstd,
    user_agent varchar(1024) encode zstd,
    primary key (songplay_id),
    unique (session_id, item_in_session),
    foreign key (start_time) references public.time (start_time),
    foreign key (user_id) references public.users (user_id),
    foreign key (song_id) references public.songs (song_id),
    foreign key (artist_id) references public.artists (artist_id)
)
