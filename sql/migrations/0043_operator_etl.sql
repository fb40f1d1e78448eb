-- Runs, files, checks and rejects are an operator's business, to read.
-- Grain: no rows. Key: none.
grant select on all tables in schema etl to role sparkify_operator
