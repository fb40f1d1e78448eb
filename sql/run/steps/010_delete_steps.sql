-- A run whose event is delivered again has its steps once.
-- Grain: one row a step of the run. Key: (run_id, position).
delete from etl.run_steps
where run_id = '{{run_id}}'
