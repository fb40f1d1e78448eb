-- How long each step of a run took.
-- Grain: one row a step of a run that succeeded. Key: (run_id, position).
create table etl.run_steps (
    run_id varchar(128) not null encode zstd,
    position integer not null encode az64,
    step varchar(256) not null encode zstd,
    started_at timestamp not null encode az64,
    duration_ms bigint not null encode az64,
    primary key (run_id, position)
)
diststyle all
sortkey (run_id)
