-- The activity log as it came, for the files of the last run that loaded any.
-- Grain: one row an event of the log. Key: none, a file delivered twice stands here twice.
-- The four not null columns make COPY name file and line of an event that no table could take. user_id is a number
-- in a string: '' (a logged-out visitor) becomes null, anything else that is no number fails with file and line.
-- registration is a float in the source. Even distribution: COPY spreads the files over all slices, whatever they hold.
create table public.staging_events (
    artist varchar(512) encode zstd,
    auth varchar(64) encode zstd,
    firstname varchar(256) encode zstd,
    gender varchar(16) encode zstd,
    iteminsession integer not null encode az64,
    lastname varchar(256) encode zstd,
    length double precision encode zstd,
    level varchar(16) encode zstd,
    location varchar(512) encode zstd,
    method varchar(16) encode zstd,
    page varchar(64) not null encode zstd,
    registration double precision encode zstd,
    sessionid integer not null encode az64,
    song varchar(512) encode zstd,
    status integer encode az64,
    ts bigint not null encode az64,
    useragent varchar(1024) encode zstd,
    userid integer encode az64
)
diststyle even
