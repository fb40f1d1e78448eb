-- Which migrations this warehouse has.
-- Grain: one row an applied migration. Key: version.
-- checksum is the SHA-256 of the file's text: an applied migration that was edited is refused.
create table if not exists etl.migrations (
    version integer not null encode az64,
    name varchar(256) not null encode zstd,
    checksum varchar(64) not null encode zstd,
    run_id varchar(128) not null encode zstd,
    applied_at timestamp not null default sysdate encode az64,
    primary key (version)
)
diststyle all
sortkey (version)
