-- Runs, files, checks and rejects are an operator's business.
-- Grain: no rows. Key: none.
grant usage on schema etl to role sparkify_operator
