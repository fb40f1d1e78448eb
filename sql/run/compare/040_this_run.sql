-- What this run has already done: a delivery that comes again does nothing twice.
-- Grain: one row if this run has succeeded before. Key: run_id.
select
    mode,
    files,
    bytes
from etl.runs
where
    run_id = '{{run_id}}'
    and status = 'succeeded'
