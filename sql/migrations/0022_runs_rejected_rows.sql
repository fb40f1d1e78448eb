-- How many rows of its files a run has left out; they stand in etl.rejects.
-- Grain: one row a run. Key: run_id.
alter table etl.runs
add column rejected_rows bigint default 0 encode az64 not null
