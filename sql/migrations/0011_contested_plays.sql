-- The winners among plays that came more than once: twice in a run's files, or again after an earlier run.
-- Grain: one row a contested play. Key: (session_id, item_in_session). Emptied by each run that loads; usually empty.
-- replaced_start_time is the play's start_time in songplays before this run, null where it was not there.
create table etl.contested_plays (
    songplay_id bigint not null encode az64,
    start_time timestamp not null encode raw,
    user_id integer encode az64,
    level varchar(16) encode zstd,
    title varchar(512) encode zstd,
    artist_name varchar(512) encode zstd,
    length double precision encode zstd,
    session_id integer not null encode az64,
    item_in_session integer not null encode az64,
    location varchar(512) encode zstd,
    user_agent varchar(1024) encode zstd,
    replaced_start_time timestamp encode raw
)
diststyle all
