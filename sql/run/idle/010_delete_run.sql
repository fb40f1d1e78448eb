-- A run that failed before and is delivered again has one row, that of its success.
-- Grain: one row a run. Key: run_id.
delete from etl.runs
where run_id = '{{run_id}}'
