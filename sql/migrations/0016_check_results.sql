-- What the checks of each committed run found. A run whose error checks fail is rolled back, its rows here too.
-- Grain: one row a check of a run. Key: (run_id, check_name).
-- severity is error or warn; examples holds up to five offending rows.
create table etl.check_results (
    run_id varchar(128) not null encode zstd,
    check_name varchar(128) not null encode zstd,
    severity varchar(16) not null encode zstd,
    offending_rows bigint not null encode az64,
    passed boolean not null,
    examples varchar(4096) encode zstd,
    primary key (run_id, check_name)
)
diststyle all
sortkey (run_id)
