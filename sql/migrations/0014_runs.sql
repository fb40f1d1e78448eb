-- What ran, when, why and with what outcome.
-- Grain: one row a run. Key: run_id.
-- finished_at is the later of getdate(), which has no fractions of a second, and sysdate, when the transaction began.
-- trigger is deploy, schedule or operator; mode is incremental or refresh; status is succeeded or failed. Digests are
-- those of the load's SQL and of the sources' addresses: a run that finds others here rebuilds the star.
create table etl.runs (
    run_id varchar(128) not null encode zstd,
    trigger varchar(16) not null encode zstd,
    mode varchar(16) not null encode zstd,
    status varchar(16) not null encode zstd,
    started_at timestamp not null encode az64,
    finished_at timestamp not null encode az64,
    files bigint not null encode az64,
    bytes bigint not null encode az64,
    staged_events bigint not null encode az64,
    staged_songs bigint not null encode az64,
    vanished_files bigint not null encode az64,
    load_digest varchar(64) encode zstd,
    source_digest varchar(64) encode zstd,
    error varchar(4096) encode zstd,
    primary key (run_id)
)
diststyle all
sortkey (finished_at)
