-- The rows that COPY could not load and left out, where an environment allows a number of them.
-- Grain: one row a rejected row of a source file and run. Key: (run_id, file_url, line_number, column_name).
-- Written in the transaction that loads the good rows: a run that fails leaves none. A refresh reads all files again
-- and meets the rejects of earlier runs again, under its own run_id. The columns are as stl_load_errors tells them:
-- value has at most 1,024 bytes; column_name and value are null where the whole line is no object.
create table etl.rejects (
    run_id varchar(128) not null encode zstd,
    source varchar(16) not null encode zstd,
    file_url varchar(256) not null encode zstd,
    line_number bigint not null encode az64,
    column_name varchar(127) encode zstd,
    value varchar(1024) encode zstd,
    error_code integer not null encode az64,
    reason varchar(256) encode zstd,
    rejected_at timestamp not null default sysdate encode az64
)
diststyle even
sortkey (run_id)
