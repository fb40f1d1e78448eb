-- Tells runs that have compared before this commit that they are overtaken.
-- Grain: one row in all. Key: none.
update etl.run_lock
set generation = generation + 1
